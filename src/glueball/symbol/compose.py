"""Making symbols: variables, groups, and an operator applied to symbols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from ..core import dtype as dtypes
from ..core import naming
from ..core.errors import MXNetError
from ..ops.attrs import Null
from ..ops.operator import Operator
from . import attribute
from .node import Entry, Node
from .symbol import Symbol


def var(
    name: str,
    attr: Mapping[str, str] | None = None,
    shape: Sequence[int] | None = None,
    lr_mult: float | None = None,
    wd_mult: float | None = None,
    dtype: Any = None,
    init: Any = None,
    stype: str | None = None,
    **kwargs: str,
) -> Symbol:
    """Return a symbol that stands for an array from outside.

    Parameters
    ----------
    name : str
        Its name, by which the array is given later.
    attr : dict of str to str, optional
        Attributes of any name.
    shape : tuple of int, optional
        Its shape, where a length of 0 is not known yet.
    lr_mult, wd_mult : float, optional
        Factors on the learning rate and weight decay of an optimizer.
    dtype : str or numpy.dtype, optional
        Its type.
    init : Initializer or str, optional
        How ``Module.init_params`` fills it.
    stype : {'default'}, optional
        Its storage.
    **kwargs : str
        More attributes; their names must begin and end with two underscores.

    Raises
    ------
    TypeError
        The name is no str.
    ValueError
        A name in `kwargs` lacks the underscores.
    MXNetError
        The storage is sparse, or the type unknown.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.sym.var("data", shape=(0, 3)).attr("__shape__")
    '(0, 3)'
    """
    if not isinstance(name, str):
        raise TypeError(f"var: name must be a str; received {name!r}")
    attributes = {attribute.stored(key): value for key, value in attribute.current().get(attr).items()}
    for key, value in attributes.items():
        if not isinstance(value, str):
            raise MXNetError(f"var {name}: attribute {key} must be a str; received {value!r}")
    given = {"shape": shape, "lr_mult": lr_mult, "wd_mult": wd_mult}
    attributes |= {f"__{key}__": str(value) for key, value in given.items() if value is not None}
    if dtype is not None:
        attributes["__dtype__"] = str(dtypes.TORCH_TO_FLAG[dtypes.to_torch(dtype, f"var {name}")])
    if init is not None:
        if not isinstance(init, str) and not hasattr(init, "dumps"):
            raise AttributeError(f"var {name}: init must be an Initializer or its name; received {init!r}")
        attributes["__init__"] = init if isinstance(init, str) else init.dumps()
    if stype is not None:
        if stype != "default":
            raise MXNetError(f"var {name}: stype must be 'default'; received {stype!r}; sparse storage is not provided")
        attributes["__storage_type__"] = "0"
    for key, value in kwargs.items():
        if not attribute.is_own(key):
            raise ValueError(f"var {name}: an attribute's name must be __name__; received {key!r}; write __{key}__")
        attributes[key] = str(value)
    return Symbol((Entry(Node(None, name, attributes), 0),))


def Group(symbols: Sequence[Symbol]) -> Symbol:
    """Return one symbol with the outputs of all the given ones.

    Parameters
    ----------
    symbols : sequence of Symbol
        One or more.

    Raises
    ------
    TypeError
        Something else is given.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.sym.var("x")
    >>> mx.sym.Group([mx.sym.relu(x, name="a"), mx.sym.tanh(x, name="b")]).list_outputs()
    ['a_output', 'b_output']
    """
    given = list(symbols) if isinstance(symbols, Iterable) else []
    if not given or not all(isinstance(symbol, Symbol) for symbol in given):
        raise TypeError(f"Group: at least one symbol must be given in a list, and nothing else; received {symbols!r}")
    return Symbol(tuple([entry for symbol in given for entry in symbol._entries]))


def compose(
    operator: Operator,
    hint: str,
    inputs: Mapping[str, Any] | Sequence[Any],
    attributes: Mapping[str, Any],
    name: str | None = None,
    attr: Mapping[str, str] | None = None,
) -> Symbol:
    """Apply an operator to symbols.

    Parameters
    ----------
    operator : Operator
        The declaration.
    hint : str
        What the automatic name begins with.
    inputs : dict, or sequence for an operator of any number of inputs
        The input symbols by name; a variable is made for what is None, unless the attributes say that it is not taken.
    attributes : dict
        The operator's attributes by name, with the user's own among them; Null where not given.
    name : str, optional
        The name of the node; default the hint and a number.
    attr : dict of str to str, optional
        More of the user's own attributes.
    """
    texts = {attribute.stored(key): to_text(value) for key, value in attributes.items() if value is not Null}
    if operator.variadic_by and texts.get(operator.variadic_by) is None:
        texts[operator.variadic_by] = str(len(inputs))
    for key in texts:
        if not attribute.is_own(key) and key not in operator.attribute_names:
            raise operator.unknown_attribute(key)
    own = {attribute.stored(key): str(value) for key, value in attribute.current().get(attr).items()}
    for key in own:
        if not attribute.is_own(key) and key not in operator.attribute_names:
            raise operator.unknown_attribute(key)
    if not isinstance(name, str | None):
        raise MXNetError(f"{operator.name}: name must be a str; received {name!r}")
    node = Node(operator, naming.current().get(name, hint), {**own, **texts})
    node.inputs = tuple(_entries(node, inputs))
    return Symbol(tuple([Entry(node, index) for index in range(node.output_count)]))


def _entries(node: Node, inputs: Mapping[str, Any] | Sequence[Any]) -> list[Entry]:
    operator = node.operator
    assert operator is not None
    if operator.variadic_by:
        given = dict(zip((f"arg{number}" for number in range(len(inputs))), inputs, strict=True))
        names: Sequence[str] = [f"arg{number}" for number in range(node.applied.attributes[operator.variadic_by])]
        if not names:
            raise operator.missing_arrays()
    else:
        given, names = dict(inputs), node.applied.inputs
    entries = []
    for name in names:
        symbol = given.pop(name, None)
        entry = _made_up(node, name) if symbol is None else _single(operator, name, symbol)
        if name in operator.initializers and entry.node.is_variable:
            entry.node.attributes.setdefault("__init__", operator.initializers[name])
        entries.append(entry)
    for name, symbol in given.items():
        if symbol is not None:
            raise MXNetError(
                f"{operator.name}: {name} must not be given with these attributes; received {symbol!r}; leave it out"
            )
    return entries


def _made_up(node: Node, name: str) -> Entry:
    """The variable for an input that the user has not given. MXNet gives it the attributes of its node."""
    assert node.operator is not None
    return Entry(Node(None, f"{node.name}_{name}", node.attributes), 0)


def _single(operator: Operator, name: str, symbol: Any) -> Entry:
    if not isinstance(symbol, Symbol):
        raise MXNetError(
            f"{operator.name}: {name} must be a Symbol; received {type(symbol).__name__}; "
            "a graph is made of symbols alone: mx.sym.var(...) stands for an array"
        )
    if len(symbol._entries) != 1:
        raise MXNetError(
            f"{operator.name}: {name} must be a Symbol with one output; received {symbol!r} with "
            f"{len(symbol._entries)}; choose one with symbol[0]"
        )
    return symbol._entries[0]


def to_text(value: Any) -> str:
    """Write an attribute's value as MXNet writes what a user gives."""
    if isinstance(value, np.dtype | torch.dtype) or (isinstance(value, type) and value is not type(None)):
        return dtypes.name_of(value)
    return str(_plain(value))


def _plain(value: Any) -> Any:
    """Turn NumPy's numbers into Python's, which print without the name of their type."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value)) if type(value) in (list, tuple) else tuple(map(_plain, value))
    return value
