"""Reductions along axes."""

from __future__ import annotations

from ..call import Call, rule

_KINDS = {"sum": "sum", "mean": "mean", "max": "amax", "min": "amin"}


def _declare(name: str, method: str) -> None:
    @rule(name)
    def reduction(call: Call) -> str:
        rank = len(call.data.shape)
        named = {axis % rank for axis in call["axis"] or range(rank)}
        axes = [axis for axis in range(rank) if (axis in named) is not (call["exclude"] and bool(call["axis"]))]
        if not axes:
            return call.x
        dims = str(axes[0]) if len(axes) == 1 else str(tuple(axes))
        keep = ", keepdim=True" if call["keepdims"] else ""
        text = f"{call.x}.{method}({dims}{keep})"
        return f"{text}.reshape(1)" if len(axes) == rank and not call["keepdims"] else text


for _name, _method in _KINDS.items():
    _declare(_name, _method)
