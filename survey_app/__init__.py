"""Paroles: the web application of citizen councils (conseils citoyens)."""

__version__ = "0.1.0"
