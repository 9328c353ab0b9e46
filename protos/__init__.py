"""The contract between console and engine: .proto files, generated code, and a typed client without Qt."""
