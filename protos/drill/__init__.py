"""Versions of the contract, one package each."""
