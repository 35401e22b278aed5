"""Breakwater: the anonymised commissioning analytics warehouse of a place."""

__version__ = "0.1.0"
