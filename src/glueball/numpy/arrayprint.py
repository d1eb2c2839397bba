"""How arrays are printed."""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..core.doors import door
from ..ndarray.numpy.conversion import print_options

__all__ = ["set_printoptions"]


@door
def set_printoptions(precision: int | None = None, threshold: int | None = None, **kwarg: Any) -> None:
    """Set how arrays of ``mx.np`` are printed; NumPy prints its own as before.

    Parameters
    ----------
    precision : int, optional
        How many digits follow the point.
    threshold : int, optional
        From how many elements on only the first and the last are shown.
    **kwarg
        Other options of ``numpy.set_printoptions``.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.set_printoptions(precision=2)
    >>> mx.np.array([1.2345])
    array([1.23])
    >>> mx.np.set_printoptions(precision=8)
    """
    options = {"precision": precision, "threshold": threshold, **kwarg}
    given = {name: value for name, value in options.items() if value is not None}
    with onp.printoptions(**given):  # NumPy says what it does not know
        print_options.update(given)
