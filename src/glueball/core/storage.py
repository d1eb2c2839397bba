"""The error that code for dense tensors raises when it meets an array in a sparse form.

Whoever holds the arrays catches it and computes in a way that knows such forms. Where nobody does, the user reads what
to do, so that no code takes a sparse array for a dense one.
"""

from __future__ import annotations

from .errors import MXNetError


class SparseStorage(MXNetError):
    """A sparse array was used where only dense ones can be, or would be the result."""
