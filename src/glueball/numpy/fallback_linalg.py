"""Functions of ``mx.np.linalg`` that NumPy computes, on copies of the arrays; see `glueball.numpy.fallback`."""

from __future__ import annotations

import numpy as onp

from .fallback import copied_from_numpy

_NAMES = ("cond", "lstsq", "matrix_power", "matrix_rank", "multi_dot", "qr")

for _name in _NAMES:
    globals()[_name] = copied_from_numpy(_name, getattr(onp.linalg, _name), f"np.linalg.{_name}", __name__)

__all__ = sorted(_NAMES)
