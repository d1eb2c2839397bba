"""``mx.contrib``: mixed precision, and MXNet's older place for the contrib operators, ``mx.nd.contrib``."""

from __future__ import annotations

import sys as _sys

from ..ndarray import contrib as nd
from ..symbol import contrib as sym
from . import amp

ndarray, symbol = nd, sym
_sys.modules.update({f"{__name__}.ndarray": ndarray, f"{__name__}.symbol": symbol})

__all__ = ["amp", "nd", "ndarray", "sym", "symbol"]
