"""Where telemetry comes in and goes out: OTLP over gRPC and HTTP, `/metrics`, and on to a collector."""
