"""Loops and branches, ``foreach``, ``while_loop`` and ``cond`` of ``nd.contrib`` and ``sym.contrib``.

With arrays they are Python's own. With symbols each becomes one node that holds graphs and runs them.
"""

from __future__ import annotations

from .. import ndarray as _ndarray
from .. import symbol as _symbol
from ..core.group_module import own_names as _own_names
from . import array_functions as _array_functions
from . import cond as _cond
from . import foreach as _foreach
from . import while_loop as _while_loop
from .branch import Branch as _Branch
from .for_each import ForEach as _ForEach
from .graph_operator import declare as _declare
from .while_ import While as _While

for _kind in (_Branch, _ForEach, _While):
    _declare(_kind)
for _name in ("cond", "foreach", "while_loop"):
    _own_names(_ndarray.contrib)[_name] = getattr(_array_functions, _name)
for _name, _module in (("cond", _cond), ("foreach", _foreach), ("while_loop", _while_loop)):
    _own_names(_symbol.contrib)[_name] = getattr(_module, _name)
