"""Operators of ``nd.contrib``."""
