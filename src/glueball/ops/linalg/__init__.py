"""Operators of ``nd.linalg``: matrices in the last two axes of arrays; all axes before them count matrices."""
