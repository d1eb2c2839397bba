"""The page of the documentation about operators: which of MXNet's are there, and why one is not.

``make stubs`` writes it; `page` makes it in memory, for the test that keeps the file current.
"""

from .page import FILE, page

__all__ = ["FILE", "page"]
