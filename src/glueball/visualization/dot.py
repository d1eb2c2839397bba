"""The graph of a network in Graphviz's DOT language: ``mx.viz.plot_network``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..core.doors import door
from ..core.warning import warn
from ..symbol.node import Node, topological_order
from ..symbol.symbol import Symbol
from .network import PARAMETER_SUFFIXES
from .summary import plain, require_complete, require_symbol

_BOX = {"shape": "box", "fixedsize": "true", "width": "1.3", "height": "0.8034", "style": "filled"}
_INPUT_COLOR = "#8dd3c7"
_OTHER_COLOR = "#fccde5"
# What MXNet colors and, in `_label`, describes: these operators and no others, whatever their kind.
_COLORS = {
    "Convolution": "#fb8072",
    "FullyConnected": "#fb8072",
    "BatchNorm": "#bebada",
    "Activation": "#ffffb3",
    "LeakyReLU": "#ffffb3",
    "Pooling": "#80b1d3",
    "Concat": "#fdb462",
    "Flatten": "#fdb462",
    "Reshape": "#fdb462",
}


@door
def plot_network(
    symbol: Symbol,
    title: str = "plot",
    save_format: str = "pdf",
    shape: Mapping[str, tuple[int, ...]] | None = None,
    dtype: Mapping[str, Any] | None = None,
    node_attrs: Mapping[str, str] = {},  # MXNet's default; it is only read
    hide_weights: bool = True,
) -> Any:
    """Return a graph as a ``graphviz.Digraph``, which notebooks show and ``.render()`` writes to a file.

    It needs the package graphviz, and Graphviz itself for drawing. ``glueball inspect FILE --svg OUT.svg`` draws
    without either.

    Parameters
    ----------
    symbol : Symbol
        The graph.
    title : str
        The name of the drawing and of its file.
    save_format : str
        A format of Graphviz, such as 'pdf', 'png' or 'svg'.
    shape : dict of str to tuple of int, optional
        The shapes of inputs by name; if given, edges show the shapes, without the batch axis.
    dtype : dict of str to str or numpy.dtype, optional
        The types of inputs by name; if given, edges show the types.
    node_attrs : dict of str to str, optional
        Graphviz attributes for all nodes, such as ``{"fixedsize": "false"}``.
    hide_weights : bool
        Omit parameters, which are recognized by their names, such as ``fc_weight``.

    Returns
    -------
    graphviz.Digraph
        The drawing.

    Raises
    ------
    ImportError
        The package graphviz is not installed.
    TypeError
        `symbol` is not a Symbol, or `shape`, `dtype` or `node_attrs` is not a dict.
    ValueError
        The given shapes do not determine all others, or Graphviz has no such format.
    MXNetError
        The shapes or types contradict one another.

    Differs from MXNet
    ------------------
    A Pooling without ``pool_type`` is drawn as max pooling, its default; MXNet raises KeyError.
    """
    require_symbol(symbol, "plot_network")
    require_complete(symbol, shape, "plot_network")
    if dtype is not None and not isinstance(dtype, Mapping):
        raise TypeError(f"plot_network: dtype must be a dict of name to type; received {dtype!r}")
    if not isinstance(node_attrs, Mapping):
        raise TypeError(f"plot_network: node_attrs must be a dict of str to str; received {node_attrs!r}")
    digraph = _graphviz().Digraph
    nodes = topological_order(symbol._entries)
    _warn_of_repeated_names(nodes)
    box = {**_BOX, **node_attrs}
    drawing = digraph(name=title, format=save_format)
    hidden = {node for node in nodes if node.is_variable and node.name.endswith(PARAMETER_SUFFIXES)}
    for node in nodes:
        if node not in hidden:
            drawing.node(name=node.name, label=_label(node), **{**box, **_look(node)})
    labels = _edge_labels(symbol, nodes, shape, dtype)
    for node in nodes:
        for entry in node.inputs:
            if not (hide_weights and entry.node in hidden):
                look = {"dir": "back", "arrowtail": "open", "label": labels[entry.node, entry.index]}
                drawing.edge(tail_name=node.name, head_name=entry.node.name, **look)
    return drawing


def _graphviz() -> Any:
    try:
        import graphviz
    except ImportError as error:
        raise ImportError(
            "plot_network: the package graphviz must be installed; it could not be imported; "
            "run 'pip install graphviz', or draw with 'glueball inspect FILE --svg OUT.svg', which needs nothing"
        ) from error
    return graphviz


def _warn_of_repeated_names(nodes: Sequence[Node]) -> None:
    repeated = [name for name, count in Counter(node.name for node in nodes).items() if count > 1]
    if repeated:
        warn(
            f"plot_network: names must be unique, or nodes are drawn as one; repeated are {', '.join(repeated)}",
            RuntimeWarning,
        )


def _look(node: Node) -> dict[str, str]:
    """Return the attributes for a kind of node, which override the user's."""
    if node.operator is None:
        return {"shape": "oval", "fillcolor": _INPUT_COLOR}
    return {"fillcolor": _COLORS.get(node.operator.name, _OTHER_COLOR)}


def _label(node: Node) -> str:
    kind = "" if node.operator is None else node.operator.name
    attributes = node.attributes
    if kind == "Convolution":
        return f"Convolution\n{_sizes(attributes['kernel'])}/{_stride(node)}, {attributes['num_filter']}"
    if kind == "FullyConnected":
        return f"FullyConnected\n{attributes['num_hidden']}"
    if kind == "Pooling":
        way = attributes.get("pool_type", "max")
        return f"Pooling\n{way}, {_sizes(attributes.get('kernel', '()'))}/{_stride(node)}"
    if kind == "Activation":
        return f"Activation\n{attributes['act_type']}"
    if kind == "LeakyReLU":
        return f"LeakyReLU\n{attributes.get('act_type', 'Leaky')}"
    return node.name


def _sizes(text: str) -> str:
    return "x".join(re.findall(r"\d+", text))


def _stride(node: Node) -> str:
    return _sizes(node.attributes.get("stride", "1"))


def _edge_labels(symbol: Symbol, nodes: Sequence[Node], shape: Any, dtype: Any) -> dict[tuple[Node, int], str]:
    """Return the labels of the edges from each output."""
    internals = symbol.get_internals()
    entries = internals._entries
    shapes = [""] * len(entries)
    types = [""] * len(entries)
    if shape is not None:
        shapes = [plain(one) for one in internals.infer_shape(**shape)[1] or ()]
    if dtype is not None:
        types = [f"({one.__name__})" for one in internals.infer_type(**dtype)[1] or ()]
    return {(entry.node, entry.index): s + t for entry, s, t in zip(entries, shapes, types, strict=True)}
