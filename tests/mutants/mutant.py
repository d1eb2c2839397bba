"""What a mutant is."""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """One edit: `old`, which occurs once in `file` (under src/glueball), becomes `new`; one of `tests` must fail.

    If it `needs_mxnet`, only a comparison with real MXNet notices it.
    """

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    needs_mxnet: bool = False
