"""The notation in which declarations say how types agree."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from glueball.ops import Operator, registry
from glueball.ops.type_rule import Conflict, TypeRule, parse

F16, F32, F64 = torch.float16, torch.float32, torch.float64
I32, I64, BOOL = torch.int32, torch.int64, torch.bool


def _complete(rule: str, inputs: list[Any], outputs: list[Any], **attributes: Any) -> tuple[list[Any], list[Any]]:
    default = attributes.pop("default", False)
    return parse(rule).complete(inputs, outputs, attributes, default=default)


@pytest.mark.parametrize(
    ("rule", "inputs", "outputs", "expected"),
    [
        ("T... -> T...", [None, F16, None], [None], ([F16, F16, F16], [F16])),
        ("T... -> T...", [None], [F64, None], ([F64], [F64, F64])),
        ("T... -> T...", [], [], ([], [])),
        ("T, I -> T", [F32, None], [None], ([F32, None], [F32])),
        ("T, int32 -> T", [None, None], [F64], ([F64, I32], [F64])),
        ("T, T+ -> T", [F16, None], [None], ([F16, F32], [F16])),
        ("T, T+ -> T", [F64, None], [None], ([F64, F64], [F64])),
        ("T, T+ -> T", [None, F32], [None], ([None, F32], [None])),
        ("T -> T~", [I32], [None], ([I32], [F64])),
        ("T -> T~", [F16], [None], ([F16], [F16])),
        ("T -> T~", [None], [F32], ([F32], [F32])),
        ("T -> T#", [BOOL], [None], ([BOOL], [I64])),
        ("T -> T#", [None], [I64], ([I64], [I64])),
        ("T -> T:float16", [F32], [None], ([F32], [F16])),
        ("T -> T:float16", [I32], [None], ([I32], [I32])),
        ("-> int64", [], [None], ([], [I64])),
    ],
)
def test_what_follows(rule: str, inputs: list[Any], outputs: list[Any], expected: Any) -> None:
    assert _complete(rule, inputs, outputs) == expected


def test_attributes_and_defaults() -> None:
    assert _complete("S -> {dtype}", [I32], [None], dtype=F16) == ([I32], [F16])
    assert _complete("T -> {dtype|T}", [F32], [None], dtype=None) == ([F32], [F32])
    assert _complete("T -> {dtype|T}", [F32], [None], dtype="float64") == ([F32], [F64])
    assert _complete("-> {dtype|int32}", [], [None], dtype=None) == ([], [I32])
    assert _complete("I, T={dtype} -> T", [I32, None], [None], dtype=F16) == ([I32, None], [None])
    assert _complete("I, T={dtype} -> T", [I32, None], [None], dtype=F16, default=True) == ([I32, F16], [F16])
    assert _complete("I, T={dtype} -> T", [I32, F64], [None], dtype=F16, default=True) == ([I32, F64], [F64])
    assert _complete("T, I=T -> T", [F64, None], [None], default=True) == ([F64, F64], [F64])
    assert _complete("T, I=T -> T", [None, None], [None], default=True) == ([None, None], [None])


@pytest.mark.parametrize(
    ("rule", "inputs", "outputs"),
    [
        ("T... -> T...", [F32, F64], [None]),
        ("T -> T", [F32], [F64]),
        ("T, T+ -> T", [F16, F16], [None]),
        ("T, int32 -> T", [F32, I64], [None]),
        ("-> int64", [], [I32]),
        ("T -> T#", [BOOL], [BOOL]),
    ],
)
def test_contradictions(rule: str, inputs: list[Any], outputs: list[Any]) -> None:
    with pytest.raises(Conflict):
        _complete(rule, inputs, outputs)


@pytest.mark.parametrize("text", ["T, T", "t -> T", "T -> float31", "T -> {dtype", "T* -> T"])
def test_what_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match="a type rule must"):
        parse(text)


@pytest.mark.parametrize("operator", list(registry), ids=lambda operator: operator.name)
def test_every_declared_rule_has_a_place_for_every_array(operator: Operator) -> None:
    for sample in operator.samples:
        counts = operator.variadic_by and not operator.inputs_by
        counted = {operator.variadic_by: len(sample.inputs)} if counts else {}
        applied = operator.applied_named(counted | sample.attributes)
        attributes, rule = applied.attributes, applied.types
        if not isinstance(rule, TypeRule):
            continue
        inputs = len(sample.inputs) if operator.variadic_by else len(operator.inputs)
        assert len(rule.inputs.spread(inputs, attributes)) == inputs
        outputs = applied.output_count
        assert len(rule.outputs.spread(outputs, attributes)) == outputs
