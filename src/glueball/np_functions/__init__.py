"""The functions of ``mx.np`` and ``mx.npx``, written once for arrays and for symbols.

A file here has functions of one kind; each takes the `Face` first, which says what the arrays are and calls operators.
`FUNCTIONS` has them under their public names, such as ``np.linalg.svd``, without that parameter.
"""

from __future__ import annotations

import importlib
import pkgutil

from .face import FUNCTIONS, Face, Group

__all__ = ["FUNCTIONS", "Face", "Group"]

for _module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
    importlib.import_module(_module.name)
