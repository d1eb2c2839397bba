"""What a block was traced to, as text in a file: see `structure`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.errors import MXNetError
from ...symbol import Symbol, fromjson, var
from . import nested
from .traced_graph import Trace


def written_trace(trace: tuple[Any, Trace] | None) -> dict[str, Any]:
    """Return the entries of a block's last trace, which has the structure of its inputs with it."""
    if trace is None:
        return {"hybridized": False}
    structure, (inputs, outputs, output_structure) = trace
    return {
        "in_format": _format(structure),
        "out_format": _format(output_structure),
        "inputs": [each.tojson() for each in inputs],
        "symbol": outputs.tojson(),
        "hybridized": True,
    }


def _format(structure: Any) -> Any:
    """Return how MXNet writes a structure of `nested.flatten`."""
    if structure is None:
        return -1
    if structure == nested.ONE:
        return 0
    return [_format(item) for item in structure[1]]


def read_trace(entry: Mapping[str, Any], owner: str) -> tuple[Any, Trace] | None:
    """Return the structure of the inputs and the trace that the entries of a block describe; None if it has none.

    Raises
    ------
    MXNetError
        They are damaged; the message begins with `owner`.
    """
    if not entry.get("hybridized"):
        return None
    texts, text = entry.get("inputs"), entry.get("symbol")
    if not isinstance(texts, list) or not all(isinstance(each, str) for each in (*texts, text)):
        raise MXNetError(f"{owner}: a block with a graph must have inputs and a symbol; received {str(entry)[:80]}")
    outputs = fromjson(str(text))
    variables = {str(each.name): each for each in outputs.get_internals() if each._node().is_variable}
    names = [_name(fromjson(each), owner) for each in texts]
    inputs = [variables[name] if name in variables else var(name) for name in names]
    structure = _structure(entry.get("in_format"), tuple, owner)
    output_structure = _structure(entry.get("out_format"), list, owner)
    if (_count(structure), _count(output_structure)) != (len(inputs), len(outputs.list_outputs())):
        raise MXNetError(
            f"{owner}: in_format and out_format must fit {len(inputs)} inputs and {len(outputs.list_outputs())} "
            f"outputs; received {entry.get('in_format')} and {entry.get('out_format')}"
        )
    return structure, Trace(inputs, outputs, output_structure)


def _name(symbol: Symbol, owner: str) -> str:
    if not symbol._node().is_variable:
        raise MXNetError(f"{owner}: the inputs of a graph must be variables; received {symbol!r}")
    return symbol._node().name


def _structure(text: Any, kind: type, owner: str) -> Any:
    """Return the structure that MXNet's text says; what it nests are lists, but for the arguments of a call."""
    if text == -1:
        return None
    if text == 0:
        return nested.ONE
    if isinstance(text, int) and 1 < text < 1 << 16:  # a symbol of several outputs
        return (list, (nested.ONE,) * text)
    if isinstance(text, list):
        return (kind, tuple(_structure(item, list, owner) for item in text))
    raise MXNetError(f"{owner}: a format must be made of -1, 0, numbers of outputs, and lists; received {text!r}")


def _count(structure: Any) -> int:
    if structure is None or structure == nested.ONE:
        return int(structure is not None)
    return sum(map(_count, structure[1]))
