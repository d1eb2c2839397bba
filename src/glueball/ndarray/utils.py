"""What MXNet has under this path: the functions that make, read and write arrays."""

from __future__ import annotations

from .creation import array, empty, zeros
from .files import load, load_frombuffer, save

__all__ = ["array", "empty", "load", "load_frombuffer", "save", "zeros"]
