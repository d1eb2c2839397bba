"""``mx.contrib``: MXNet's older place for the contrib operators, ``mx.nd.contrib`` and ``mx.sym.contrib``."""

from __future__ import annotations

import sys as _sys

from ..ndarray import contrib as nd
from ..symbol import contrib as sym

ndarray, symbol = nd, sym
_sys.modules.update({f"{__name__}.ndarray": ndarray, f"{__name__}.symbol": symbol})

__all__ = ["nd", "ndarray", "sym", "symbol"]
