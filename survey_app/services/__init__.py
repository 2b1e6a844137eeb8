"""Capabilities, one a file. Each takes a session and an actor; none knows Flask."""
