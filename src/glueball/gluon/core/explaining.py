"""`HybridBlock.explain`: what runs when a hybridized block is called."""

from __future__ import annotations

from typing import Any

from ...core.errors import MXNetError
from ...core.methods import method_of
from ...graph.explanation import Explanation
from . import nested
from .graph_inputs import graph_inputs
from .hybrid_block import HybridBlock
from .parameter import DeferredInitializationError


@method_of(HybridBlock)
def explain(self: HybridBlock, x: Any, *args: Any) -> Explanation:
    """Return a table of what runs when the block is called with these inputs, and how long each step takes.

    Each row is a step of the graph: the layers and operators that it stands for, by the names of the graph's nodes,
    the kernels that compute them, the shape of the result, and the time, which is the median of several runs. Above
    the table it says which passes have rewritten the graph, or why it runs as it was lowered. An engine that makes
    one program of the whole graph shows no steps.

    The graph runs several times, and nothing else changes: parameters, states and random numbers stay what they
    are. A program's own method of this name takes precedence: MXNet does not have this one.

    Parameters
    ----------
    x, *args : NDArray
        The inputs of a call.

    Returns
    -------
    Explanation
        Its text is the table; `steps`, `passes` and other attributes are for programs. See
        `glueball.graph.explanation.Explanation`.

    Raises
    ------
    MXNetError
        The block is not hybridized, or its parameters have no values yet; or the call fails.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> net = nn.HybridSequential(prefix="net_")
    >>> with net.name_scope():
    ...     net.add(nn.Conv2D(8, 3, padding=1), nn.BatchNorm(), nn.Activation("relu"), nn.MaxPool2D())
    >>> net.initialize()
    >>> net.hybridize()
    >>> x = nd.ones((4, 3, 32, 32))
    >>> y = net(x)
    >>> print(net.explain(x))
    net: prediction with the engine '...', ... us a run ...
    Layers  Kernel  Output  us  Share ...
    >>> net.explain(x).steps[0].nodes[0]
    'net_conv0_fwd'
    """
    if not self._active:
        raise MXNetError(f"{self.name}.explain: the block must be hybridized; call hybridize() first")
    given = graph_inputs(self, (x, *args), f"{self.name}.explain")
    inputs, structure = nested.flatten(given, f"{type(self).__name__}: the inputs")
    ctx = self._glueball_context_of(*given)
    graph = self._glueball_graphs.get(structure) or self._glueball_new_graph(given, structure)
    try:
        parameters = graph.held.arrays(ctx)
    except DeferredInitializationError as error:
        raise MXNetError(
            f"{self.name}.explain: the parameters must have values; call the block once, which finds their shapes"
        ) from error
    return graph.explain([*inputs, *parameters], ctx)
