"""Upgrades graph files of older MXNet versions as MXNet 1.9.1 does."""

from __future__ import annotations

from ..core.errors import MXNetError
from ..ops.operator import Operator
from .attribute import HIDDEN_KEYS
from .json_document import Record

# Before these versions of MXNet ...
_WITHOUT_HIDDEN_KEYS = 10901  # ... the user's own attributes may have their short names
_WITH_AXIS_MINUS_ONE = 905  # ... argmax and argmin had -1 for "all axes"
_WITHOUT_INITIALIZERS = 904  # ... states did not name their initializer
_WITHOUT_ALL_INPUTS = 900  # ... inputs that were not given were omitted

# The short names that were in use then.
_SHORT = tuple(key for key in HIDDEN_KEYS if key != "profiler_scope")


def upgrade(records: list[Record], operators: list[Operator | None], version: int) -> None:
    """Upgrade the records of a file in place; missing variables are appended to both lists."""
    if version >= _WITHOUT_HIDDEN_KEYS:
        return
    for record, operator in zip(list(records), list(operators), strict=True):
        _rename_hidden(record)
        if operator is None:
            continue
        if version < _WITH_AXIS_MINUS_ONE and operator.name in ("argmax", "argmin"):
            _drop_axis_minus_one(record)
        moved = _take_hidden_of_inputs(record, operator)
        if version < _WITHOUT_ALL_INPUTS:
            _complete_inputs(record, operator, records, operators)
        _give_hidden_to_inputs(record, operator, records, moved)
        if version < _WITHOUT_INITIALIZERS:
            _add_initializers(record, operator, records)


def _rename_hidden(record: Record) -> None:
    """``lr_mult`` is ``__lr_mult__`` now."""
    for key in _SHORT:
        if key in record.attributes:
            record.attributes[f"__{key}__"] = record.attributes.pop(key)


def _drop_axis_minus_one(record: Record) -> None:
    if record.attributes.get("axis") == "-1":
        del record.attributes["axis"]


def _take_hidden_of_inputs(record: Record, operator: Operator) -> dict[str, dict[str, str]]:
    """Remove ``weight_lr_mult`` and its like from the node, and return them by input.

    They set the learning rate of the variable that an operator had made for its input. MXNet 1.9.1 does not move them
    if an operator has only one input.
    """
    moved: dict[str, dict[str, str]] = {}
    if len(operator.inputs) == 1:
        return moved
    for key in list(record.attributes):
        for short in _SHORT:
            name = key.removesuffix(f"_{short}")
            if name != key and name in operator.inputs:
                moved.setdefault(name, {})[f"__{short}__"] = record.attributes.pop(key)
    return moved


def _complete_inputs(
    record: Record, operator: Operator, records: list[Record], operators: list[Operator | None]
) -> None:
    if operator.variadic_by:
        return
    for name in _input_names(record, operator)[len(record.inputs) :]:
        record.inputs.append((len(records), 0))
        records.append(Record(len(records), "null", f"{record.name}_{name}", dict(record.attributes), []))
        operators.append(None)


def _give_hidden_to_inputs(
    record: Record, operator: Operator, records: list[Record], moved: dict[str, dict[str, str]]
) -> None:
    if not moved:
        return
    for name, (source, _) in zip(_input_names(record, operator), record.inputs, strict=False):
        if name in moved and records[source].is_variable:
            records[source].attributes |= moved.pop(name)
    for name, attributes in moved.items():  # no variable takes them: the check of attributes refuses them
        record.attributes |= {f"{name}_{key.strip('_')}": text for key, text in attributes.items()}


def _add_initializers(record: Record, operator: Operator, records: list[Record]) -> None:
    """Set the initializer of variables that hold states, if they have none."""
    if not operator.initializers:
        return
    for name, (source, _) in zip(_input_names(record, operator), record.inputs, strict=False):
        if name in operator.initializers and records[source].is_variable:
            records[source].attributes.setdefault("__init__", operator.initializers[name])


def _input_names(record: Record, operator: Operator) -> tuple[str, ...]:
    if operator.variadic_by:
        return ()
    try:
        given = {name: text for name, text in record.attributes.items() if name in operator.attribute_names}
        return operator.applied_named(given).inputs
    except MXNetError as error:
        raise MXNetError(f"{record}: {error}") from error
