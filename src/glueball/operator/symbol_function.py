"""``sym.Custom``: nodes of a graph that call operators written in Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.doors import door
from ..core.errors import MXNetError
from ..symbol import Symbol
from ..symbol.compose import compose, to_text
from .family import NAME, custom_operator


@door
def Custom(
    *data: Symbol, op_type: str = "", name: str | None = None, attr: Mapping[str, str] | None = None, **kwargs: Any
) -> Symbol:
    """Return a symbol of an operator that is written in Python; see `glueball.operator.register`.

    Parameters
    ----------
    *data : Symbol
        The inputs; those that are not given become variables, named after the node.
    op_type : str
        The name under which its class is registered.
    name : str, optional
        The name of the node.
    attr : dict of str to str, optional
        Further attributes of the node.
    **kwargs
        Inputs by name; and arguments of the class, which receives them as str.
    """
    symbols = {key: value for key, value in kwargs.items() if isinstance(value, Symbol)}
    texts = {"op_type": op_type, **{key: to_text(value) for key, value in kwargs.items() if key not in symbols}}
    operator = custom_operator(texts)
    if len(data) > len(operator.inputs):
        raise MXNetError(f"{NAME}: it must be given at most {len(operator.inputs)} inputs; received {len(data)}")
    unknown = set(symbols) - set(operator.inputs[len(data) :])
    if unknown:
        raise MXNetError(
            f"{NAME}: a symbol by name must be one of {', '.join(operator.inputs)} that no other is given for; "
            f"received {', '.join(sorted(unknown))}"
        )
    inputs = {**dict.fromkeys(operator.inputs), **dict(zip(operator.inputs, data, strict=False)), **symbols}
    return compose(operator, "custom", inputs, texts, name, attr)
