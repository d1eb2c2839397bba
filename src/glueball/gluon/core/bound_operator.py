"""An operator as a layer calls it: with attributes that are given once, when the layer is constructed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from ... import ndarray as nd
from ...core.mode import mode
from ...ndarray.invoke import invoke
from ...ndarray.namespace import is_plain, tensors_of
from ...ndarray.ndarray import NDArray
from ...ops import registry

# As in ndarray.namespace, the short way is for what is not recorded; what does not fit or fails takes the long one.
_SOURCE = """
def bind(function, values, attributes):
    def call(F, {parameters}):
        if F is not nd:
            return getattr(F, operator.name)({inputs}name="fwd", **attributes)
        if not mode.recording:
            try:
                return NDArray(function({tensors}), {first}._ctx)
            except Exception:
                pass
        return invoke(operator, ({inputs}), values)
    return call
"""


class BoundOperator:
    """What ``F.Convolution(..., name="fwd", **attributes)`` does, without reading the attributes again on each call.

    Parameters
    ----------
    name : str
        The operator's name; it makes one new array and asks for nothing but arrays and attributes.
    attributes : dict
        Its attributes by name. They are read here; a later change has no effect.

    Attributes
    ----------
    call : callable
        ``call(F, *arrays)``, where `F` is ``nd``, or ``sym`` while a graph is traced.
    """

    __slots__ = ("_arguments", "call")

    def __init__(self, name: str, attributes: Mapping[str, Any]) -> None:
        operator = registry[name]
        self._arguments = name, dict(attributes)
        values = operator.in_order(attributes)
        self.call = _compiled(name)(operator.bind(values), values, self._arguments[1])

    def __reduce__(self) -> tuple[type[BoundOperator], tuple[str, Mapping[str, Any]]]:
        return BoundOperator, self._arguments


@functools.cache
def _compiled(name: str) -> Callable[..., Callable[..., Any]]:
    operator = registry[name]
    if not is_plain(operator) or operator.may_alias:
        raise ValueError(f"BoundOperator: the operator must make one new array; received {name}")
    source = _SOURCE.format(
        parameters="".join(f"{array}=None, " for array in operator.inputs),
        tensors=tensors_of(operator),
        first=operator.inputs[0],
        inputs="".join(f"{array}, " for array in operator.inputs),
    )
    scope: dict[str, Any] = {"nd": nd, "mode": mode, "NDArray": NDArray, "invoke": invoke, "operator": operator}
    exec(compile(source, f"<{name} of a layer>", "exec"), scope)
    return scope["bind"]
