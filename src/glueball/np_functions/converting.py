"""The options of ``astype``, which NumPy has and MXNet allows at their defaults."""

from __future__ import annotations

from ..core.errors import InvalidValueError


def check_conversion(owner: str, order: str, casting: str, subok: bool) -> None:
    """Refuse values of NumPy's options that nothing here does."""
    if order not in ("K", "C"):
        raise InvalidValueError(f"{owner}.astype: order must be 'K' or 'C'; received {order!r}; leave it out")
    if casting != "unsafe":
        raise InvalidValueError(f"{owner}.astype: casting must be 'unsafe'; received {casting!r}; leave it out")
    if not subok:
        raise InvalidValueError(f"{owner}.astype: subok must be True; received {subok!r}; leave it out")
