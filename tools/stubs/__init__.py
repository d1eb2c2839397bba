"""The stubs (.pyi) of nd, sym and their methods, which are generated from declarations at import.

``python -m tools.stubs`` writes them (``make stubs``); `texts` makes them in memory, for the test that keeps the files
current.
"""

from .package import texts

__all__ = ["texts"]
