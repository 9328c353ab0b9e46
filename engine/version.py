"""The program's version, one place for all."""

VERSION = "0.1.0"
