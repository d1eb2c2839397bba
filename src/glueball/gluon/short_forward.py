"""The forward pass of a HybridBlock on one array, compiled for the names of the block's parameters.

It does what `HybridBlock._forward` does, without the dict that carries the parameters there: filling that dict and
passing it on takes longer than all else that is done on the way from a layer to its operator.
"""

from __future__ import annotations

import functools
import keyword
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import ndarray as nd
from ..ndarray.ndarray import NDArray

if TYPE_CHECKING:
    from .hybrid_block import HybridBlock

# For a weight and a bias:
#     array0, array1, = own['weight']._arrays[ctx], own['bias']._arrays[ctx],
#     return block.hybrid_forward(nd, x, weight=array0, bias=array1, )
_SOURCE = """
def forward(block, x):
    own, ctx = block._reg_params, x._ctx
    try:
        {arrays} = {lookups}
    except KeyError:
        return block._forward(x)
    return block.hybrid_forward(nd, x, {keywords})
"""


@functools.cache
def short_forward(names: tuple[str, ...]) -> Callable[[HybridBlock, NDArray], Any]:
    """Return the forward pass for blocks whose own parameters have these names, in this order."""
    if not all(name.isidentifier() and not keyword.iskeyword(name) for name in names):
        return lambda block, x: block._forward(x)
    source = _SOURCE.format(
        arrays="".join(f"array{number}, " for number in range(len(names))),
        lookups="".join(f"own[{name!r}]._arrays[ctx], " for name in names),
        keywords="".join(f"{name}=array{number}, " for number, name in enumerate(names)),
    )
    scope: dict[str, Any] = {"nd": nd}
    exec(compile(source, f"<forward with {', '.join(names)}>", "exec"), scope)
    return scope["forward"]
