"""The forward pass of a HybridBlock on one array, compiled for the names of its parameters, or for its graph.

It does what `HybridBlock._forward` and `HybridBlock._forward_graph` do, without the dict or the list that carries the
parameters there: filling it and passing it on takes longer than all else that is done on the way to an operator.
Whatever does not fit, and whatever fails, goes the long way, which does it again and explains what is wrong.
"""

from __future__ import annotations

import functools
import keyword
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor

from ... import ndarray as nd
from ...core.mode import mode
from ...ndarray.ndarray import NDArray

if TYPE_CHECKING:
    from .hybrid_block import HybridBlock
    from .parameter import Parameter

ShortForward = Callable[["HybridBlock", NDArray], Any]

# For a weight and a bias:
#     array0, array1, = own['weight']._arrays[ctx], own['bias']._arrays[ctx],
#     return block.hybrid_forward(nd, x, weight=array0, bias=array1, )
_IMPERATIVE = """
def forward(block, x):
    own, ctx = block._reg_params, x._ctx
    try:
        {arrays} = {lookups}
    except KeyError:
        return block._forward(x)
    return block.hybrid_forward(nd, x, {keywords})
"""

# Outside of record() and of training, for a graph with one output that draws no random numbers.
_GRAPH = """
def forward(block, x):
    if not mode.recording and not mode.training:
        ctx = x._ctx
        try:
            return NDArray(function(x._data, {tensors}None, ctx._device)[0], ctx)
        except Exception:
            pass
    return block._forward_graph(x)
"""


@functools.cache
def imperative(names: tuple[str, ...]) -> ShortForward:
    """Return the forward pass for blocks whose own parameters have these names, in this order."""
    if not all(name.isidentifier() and not keyword.iskeyword(name) for name in names):
        return lambda block, x: block._forward(x)
    source = _IMPERATIVE.format(
        arrays="".join(f"array{number}, " for number in range(len(names))),
        lookups="".join(f"own[{name!r}]._arrays[ctx], " for name in names),
        keywords="".join(f"{name}=array{number}, " for number, name in enumerate(names)),
    )
    scope: dict[str, Any] = {"nd": nd}
    exec(compile(source, f"<forward with {', '.join(names)}>", "exec"), scope)
    return scope["forward"]


def graph(function: Callable[..., tuple[Tensor, ...]], parameters: Sequence[Parameter]) -> ShortForward:
    """Return the forward pass for a block whose graph `function` computes from one input and these parameters."""
    scope: dict[str, Any] = {"mode": mode, "NDArray": NDArray, "function": function}
    scope.update((f"parameter{number}", parameter) for number, parameter in enumerate(parameters))
    source = _GRAPH.format(
        tensors="".join(f"parameter{number}._arrays[ctx]._data, " for number in range(len(parameters)))
    )
    exec(compile(source, "<forward of a graph>", "exec"), scope)
    return scope["forward"]
