"""Operators of everyday array work."""
