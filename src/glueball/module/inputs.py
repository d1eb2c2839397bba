"""Checks the names and shapes of a module's inputs and labels against the graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..core.errors import MXNetError, nearest
from ..core.warning import warn
from ..io import DataDesc
from ..ndarray import NDArray
from ..symbol import Symbol

_PARAMETER_SUFFIXES = ("_weight", "_bias", "_gamma", "_beta")


def named_arguments(symbol: Symbol, argument: str, names: Sequence[str] | None) -> list[str]:
    """Return the list of graph arguments that an argument of `Module` names.

    Raises
    ------
    TypeError
        `names` is not a list.
    ValueError
        A name is not an argument of the graph; for ``label_names`` it is a UserWarning.
    """
    if isinstance(names, str):
        raise ValueError(f"Module: {argument} must be a list of names; received {names!r}; write [{names!r}]")
    found = _as_list(f"Module: {argument}", "names", names)
    for name in found:
        text = _unknown_argument(symbol, argument, name)
        if text and argument != "label_names":
            raise ValueError(text)
        if text:
            warn(text, UserWarning)
    return found


def _unknown_argument(symbol: Symbol, argument: str, name: str) -> str:
    """Return what to say of a name that is not an argument of the graph; '' if it is one."""
    arguments = symbol.list_arguments()
    if name in arguments:
        return ""
    inputs = [one for one in arguments if not one.endswith(_PARAMETER_SUFFIXES)]
    return (
        f"Module: {argument} must be arguments of the graph; it has no {name!r}{nearest(str(name), arguments)}; "
        f"it has {', '.join(inputs)} and {len(arguments) - len(inputs)} parameters"
    )


def _check_input_names(symbol: Symbol, names: Sequence[str], typename: str, throw: bool) -> None:
    """Refuse names that are not arguments of a graph.

    Parameters
    ----------
    symbol : Symbol
        The graph.
    names : list of str
        The names.
    typename : str
        What they are names of, such as ``'data'``.
    throw : bool
        Whether to raise ValueError; otherwise it is a UserWarning.
    """
    for name in names:
        text = _unknown_argument(symbol, f"{typename}_names", name)
        if text and throw:
            raise ValueError(text)
        if text:
            warn(text, UserWarning)


def _check_names_match(data_names: Sequence[str], data_shapes: Sequence[Any], name: str, throw: bool) -> None:
    """Refuse descriptions of other arrays than the named ones.

    Parameters
    ----------
    data_names : list of str
        The names.
    data_shapes : list of DataDesc or of (name, shape)
        The descriptions.
    name : str
        What they are, such as ``'data'``.
    throw : bool
        Whether to raise ValueError; otherwise it is a UserWarning.
    """
    if sorted(data_names) == sorted(one[0] for one in data_shapes):
        return
    text = f"Module.bind: {name}_shapes must be of the {name}_names {list(data_names)}; received {list(data_shapes)}"
    if throw:
        raise ValueError(text)
    warn(text, UserWarning)


def _parse_data_desc(
    data_names: Sequence[str], label_names: Sequence[str], data_shapes: Sequence[Any], label_shapes: Any
) -> tuple[list[DataDesc], list[DataDesc] | None]:
    """Return descriptions of inputs and labels, each given as DataDesc or as (name, shape).

    Raises
    ------
    ValueError
        The names of the inputs differ; for labels it is a UserWarning.
    """
    inputs = _descriptions("data_shapes", data_shapes)
    _check_names_match(data_names, inputs, "data", throw=True)
    labels = None if label_shapes is None else _descriptions("label_shapes", label_shapes)
    _check_names_match(label_names, labels or [], "label", throw=False)
    return inputs, labels


def described(
    symbol: Symbol, data: tuple[list[str], Any], labels: tuple[list[str], Any]
) -> tuple[list[DataDesc], list[DataDesc] | None]:
    """Return descriptions of inputs and of labels, each given as the names and the user's shapes.

    Raises
    ------
    TypeError
        They are not lists, or a shape is not a tuple.
    ValueError
        The names of the inputs differ; for labels it is a UserWarning.
    KeyError
        A label is not an argument of the graph.
    """
    data_names, label_names = data[0], labels[0]
    inputs, labelled = _parse_data_desc(data_names, label_names, data[1], labels[1])
    found = labelled or []
    arguments = symbol.list_arguments()
    for one in found:
        if one.name not in arguments:
            raise KeyError(
                f"Module.bind: labels must be arguments of the graph; it has no {one.name!r}; "
                "leave label_shapes out, or add the loss that takes it"
            )
    return inputs, found or None


def require_batch(batch: Any, data_names: Sequence[str]) -> None:
    """Refuse what is not a batch with an array for each input."""
    if not isinstance(getattr(batch, "data", None), list | tuple):
        raise MXNetError(
            f"Module.forward: data_batch must be a DataBatch; received {type(batch).__name__}; "
            "write mx.io.DataBatch([array])"
        )
    if len(batch.data) < len(data_names):
        raise ValueError(
            f"Module.forward: there must be an array for each of the inputs {data_names}; received {len(batch.data)}"
        )
    for name, array in zip(data_names, batch.data, strict=False):
        require_array(name, array)


def require_array(name: str, array: Any) -> None:
    """Refuse what is not an array in a batch."""
    if not isinstance(array, NDArray):
        raise MXNetError(
            f"Module.forward: data and labels must be NDArrays; {name} is a {type(array).__name__}; "
            "convert it with mx.nd.array(...)"
        )


def _descriptions(argument: str, given: Any) -> list[DataDesc]:
    listed = _as_list(f"Module.bind: {argument}", "DataDesc or of (name, shape)", given)
    for one in listed:
        if not isinstance(one, list | tuple) or len(one) < 2 or not isinstance(one[1], list | tuple):
            raise TypeError(f"Module.bind: {argument} must be made of (name, shape); received {one!r}")
    return [one if isinstance(one, DataDesc) else DataDesc(*one) for one in listed]


def _as_list(argument: str, of_what: str, given: Any) -> list[Any]:
    if given is not None and not isinstance(given, Iterable):
        raise TypeError(f"{argument} must be a list of {of_what}; received {given!r}")
    return list(given or [])
