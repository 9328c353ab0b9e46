"""Meter."""
