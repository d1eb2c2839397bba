"""Checks the names and shapes of a module's inputs and labels against the graph."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

from ..core.errors import MXNetError, nearest
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
    arguments = symbol.list_arguments()
    for name in found:
        if name in arguments:
            continue
        inputs = [one for one in arguments if not one.endswith(_PARAMETER_SUFFIXES)]
        text = (
            f"Module: {argument} must be arguments of the graph; it has no {name!r}{nearest(str(name), arguments)}; "
            f"it has {', '.join(inputs)} and {len(arguments) - len(inputs)} parameters"
        )
        if argument != "label_names":
            raise ValueError(text)
        warnings.warn(text, UserWarning, stacklevel=4)
    return found


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
    inputs, found = _descriptions("data_shapes", data[1]), _descriptions("label_shapes", labels[1])
    if sorted(one.name for one in inputs) != sorted(data_names):
        raise ValueError(f"Module.bind: data_shapes must be of the data_names {data_names}; received {inputs}")
    if sorted(one.name for one in found) != sorted(label_names):
        warnings.warn(
            f"Module.bind: label_shapes should be of the label_names {label_names}; received {found}",
            UserWarning,
            stacklevel=4,
        )
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
