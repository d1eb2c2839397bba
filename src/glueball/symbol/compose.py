"""Creating symbols: variables, groups, and operators applied to symbols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from ..core import dtype as dtypes
from ..core import naming
from ..core.doors import door
from ..core.errors import MissingNameError, MXNetError, RefusedError
from ..core.sparse_forms import STORAGE_NUMBERS
from ..ops.attrs import Null
from ..ops.keywords import check_keywords, is_own
from ..ops.operator import Operator
from . import attribute
from .node import Entry, Node
from .symbol import Symbol

#: The class of the symbols of ``mx.sym.np``: `numpy/` puts it here, which is made of this file.
numpy_face: list[type[Symbol]] = []


@door
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
    """Return a symbol for an array that the caller provides.

    Parameters
    ----------
    name : str
        The name, by which the array is passed later.
    attr : dict of str to str, optional
        Attributes with any names.
    shape : tuple of int, optional
        The shape, where 0 is an unknown length.
    lr_mult, wd_mult : float, optional
        Multipliers of the optimizer's learning rate and weight decay.
    dtype : str or numpy.dtype, optional
        The type.
    init : Initializer or str, optional
        The initializer that ``Module.init_params`` uses.
    stype : {'default', 'row_sparse', 'csr'}, optional
        The storage type.
    **kwargs : str
        More attributes; their names must begin and end with two underscores.

    Raises
    ------
    TypeError
        The name is not a str.
    ValueError
        A name in `kwargs` lacks the underscores.
    MXNetError
        The storage type or the type is unknown.

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
        if stype not in STORAGE_NUMBERS:
            raise MissingNameError(f"var {name}: stype must be one of {', '.join(STORAGE_NUMBERS)}; received {stype!r}")
        attributes["__storage_type__"] = str(STORAGE_NUMBERS[stype])
    for key, value in kwargs.items():
        if not is_own(key):
            raise ValueError(f"var {name}: an attribute's name must be __name__; received {key!r}; write __{key}__")
        attributes[key] = str(value)
    return Symbol((Entry(Node(None, name, attributes), 0),))


@door
def Group(symbols: Sequence[Symbol]) -> Symbol:
    """Return one symbol with the outputs of all given symbols.

    Parameters
    ----------
    symbols : sequence of Symbol
        One or more symbols.

    Raises
    ------
    TypeError
        `symbols` is anything else.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.sym.var("x")
    >>> mx.sym.Group([mx.sym.relu(x, name="a"), mx.sym.tanh(x, name="b")]).list_outputs()
    ['a_output', 'b_output']
    """
    given = list(symbols) if isinstance(symbols, Iterable) else []
    if not given or not all(isinstance(symbol, Symbol) for symbol in given):
        raise TypeError(f"Group: symbols must be a list of one or more Symbols; received {symbols!r}")
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
        Prefix of the automatic name.
    inputs : dict, or sequence for a variadic operator
        The input symbols by name; None becomes a variable, unless the attributes disable the input.
    attributes : dict
        The attributes by name, both the operator's and the user's own; Null where not given.
    name : str, optional
        The name of the node; by default the hint and a number.
    attr : dict of str to str, optional
        More of the user's own attributes.
    """
    texts = {attribute.stored(key): to_text(value) for key, value in attributes.items() if value is not Null}
    texts.update((key, dtypes.own_name(texts[key])) for key in operator.dtype_attributes & texts.keys())
    if operator.variadic_by and not operator.inputs_by and texts.get(operator.variadic_by) is None:
        texts[operator.variadic_by] = str(len(inputs))
    own = {attribute.stored(key): str(value) for key, value in attribute.current().get(attr).items()}
    check_keywords(operator, [*texts, *own], stacklevel=5)
    if not isinstance(name, str | None):
        raise MXNetError(f"{operator.name}: name must be a str; received {name!r}")
    node = Node(operator, naming.current().get(name, hint), {**own, **texts})
    node.inputs = tuple(_entries(node, inputs))
    face = _face_of(inputs) or (numpy_face[0] if operator.is_np else Symbol)
    return face(tuple([Entry(node, index) for index in range(node.output_count)]))


def _face_of(inputs: Mapping[str, Any] | Sequence[Any]) -> type[Symbol] | None:
    """Return the class of what an operator makes of its inputs: that of the first one, or None without any."""
    for symbol in inputs.values() if isinstance(inputs, Mapping) else inputs:
        if isinstance(symbol, Symbol):
            return symbol._face
    return None


def _entries(node: Node, inputs: Mapping[str, Any] | Sequence[Any]) -> list[Entry]:
    operator = node.operator
    assert operator is not None
    if operator.variadic_by:
        given = dict(zip((f"arg{number}" for number in range(len(inputs))), inputs, strict=True))
        names: Sequence[str] = [f"arg{number}" for number in range(node.applied.input_count)]
        if not names:
            raise operator.missing_arrays()
    else:
        given, names = dict(inputs), node.applied.inputs
    entries = []
    for name in names:
        symbol = given.pop(name, None)
        entry = _new_variable(node, name) if symbol is None else _single(operator, name, symbol)
        if name in operator.initializers and entry.node.is_variable:
            entry.node.attributes.setdefault("__init__", operator.initializers[name])
        entries.append(entry)
    for name, symbol in given.items():
        if symbol is not None:
            raise MXNetError(
                f"{operator.name}: {name} must not be given with these attributes; received {symbol!r}; leave it out"
            )
    return entries


def _new_variable(node: Node, name: str) -> Entry:
    """Return the variable for an omitted input. MXNet gives it the attributes of its node."""
    assert node.operator is not None
    return Entry(Node(None, f"{node.name}_{name}", node.attributes), 0)


def _single(operator: Operator, name: str, symbol: Any) -> Entry:
    if not isinstance(symbol, Symbol):
        raise RefusedError(
            f"{operator.name}: {name} must be a Symbol; received {type(symbol).__name__}; "
            "a graph contains no arrays: use mx.sym.var(...)"
        )
    if len(symbol._entries) != 1:
        raise MXNetError(
            f"{operator.name}: {name} must be a Symbol with one output; received {symbol!r} with "
            f"{len(symbol._entries)}; choose one with symbol[0]"
        )
    return symbol._entries[0]


def to_text(value: Any) -> str:
    """Return an attribute's value as text, formatted as MXNet formats a user's value."""
    if isinstance(value, np.dtype | torch.dtype) or (isinstance(value, type) and value is not type(None)):
        return dtypes.name_of(value)
    return str(_plain(value))


def _plain(value: Any) -> Any:
    """Convert NumPy numbers to Python numbers, which print without the name of their type."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value)) if type(value) in (list, tuple) else tuple(map(_plain, value))
    return value
