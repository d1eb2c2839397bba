"""The names of symbol.

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
from .op import *
from . import _internal as _internal
from . import contrib as contrib
from . import image as image
from . import linalg as linalg
from . import op as op
from . import sparse as sparse
from .compose import Group as Group
from .compose import var as var
from .files import fromjson as fromjson
from .files import load as load
from .files import load_json as load_json
from .symbol import Symbol as Symbol
from . import random as random
from .creation import arange as arange
from .creation import eye as eye
from .creation import full as full
from .creation import histogram as histogram
from .creation import linspace as linspace
from .creation import ones as ones
from .creation import split_v2 as split_v2
from .creation import zeros as zeros
Variable = var
from . import numpy as np
from . import numpy_extension as npx

@overload
def hypot(left: Symbol, right: Symbol | Scalar) -> Symbol: ...
@overload
def hypot(left: Scalar, right: Symbol) -> Symbol: ...
@overload
def hypot(left: float, right: float) -> float:
    """Return `hypot` of two Symbols, or of one and a number, element-wise."""
@overload
def maximum(left: Symbol, right: Symbol | Scalar) -> Symbol: ...
@overload
def maximum(left: Scalar, right: Symbol) -> Symbol: ...
@overload
def maximum(left: float, right: float) -> float:
    """Return `maximum` of two Symbols, or of one and a number, element-wise."""
@overload
def minimum(left: Symbol, right: Symbol | Scalar) -> Symbol: ...
@overload
def minimum(left: Scalar, right: Symbol) -> Symbol: ...
@overload
def minimum(left: float, right: float) -> float:
    """Return `minimum` of two Symbols, or of one and a number, element-wise."""
@overload
def pow(base: Symbol, exp: Symbol | Scalar) -> Symbol: ...
@overload
def pow(base: Scalar, exp: Symbol) -> Symbol: ...
@overload
def pow(base: float, exp: float) -> float:
    """Return `power` of two Symbols, or of one and a number, element-wise."""
@overload
def power(base: Symbol, exp: Symbol | Scalar) -> Symbol: ...
@overload
def power(base: Scalar, exp: Symbol) -> Symbol: ...
@overload
def power(base: float, exp: float) -> float:
    """Return `power` of two Symbols, or of one and a number, element-wise."""
