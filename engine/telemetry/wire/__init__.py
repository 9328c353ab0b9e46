"""OTLP as bytes: decoded into columns on the way in, opened span by span when somebody looks, written as JSON.

Rule: this package alone knows OTLP messages and the lean ones (`lean.proto`) that leave attributes undecoded.
"""
