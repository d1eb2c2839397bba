"""Attributes: values survive a round trip through text, and invalid text is refused with a message."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import glueball as mx
from glueball.core import dtype as dtypes
from glueball.ops.attrs import AtLeast, Indices, NonNegative, Positive, Shape, Shapes, to_text, type_of

INTS = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats(allow_nan=False)
VALUES: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (int, INTS),
    (NonNegative, st.integers(0, 2**63 - 1)),
    (Positive, st.integers(1, 2**63 - 1)),
    (float, FLOATS),
    (Annotated[float, AtLeast(0)], st.floats(0, allow_nan=False)),
    (bool, st.booleans()),
    (str, st.text()),
    (Shape, st.lists(INTS, max_size=6).map(tuple)),
    (Shapes, st.lists(st.lists(INTS, max_size=3).map(tuple), min_size=1, max_size=4).map(tuple)),
    (Shapes, st.lists(INTS, max_size=6).map(tuple)),
    (Indices, st.lists(INTS | st.none(), max_size=6).map(tuple)),
    (tuple[float, ...], st.lists(FLOATS, max_size=6).map(tuple)),
    (torch.dtype, st.sampled_from(list(dtypes.TORCH_TO_NAME))),
    (Literal["valid", "full"], st.sampled_from(["valid", "full"])),
    (int | None, INTS | st.none()),
    (Shape | None, st.lists(INTS, max_size=6).map(tuple) | st.none()),
    (bool | None, st.booleans() | st.none()),
    (Literal["NCHW", "NHWC"] | None, st.sampled_from(["NCHW", "NHWC", None])),
]


def _named(annotation: Any) -> str:
    return str(annotation).replace("typing.", "")


@pytest.mark.parametrize(("annotation", "values"), VALUES, ids=[_named(annotation) for annotation, _ in VALUES])
@settings(max_examples=50)
@given(data=st.data())
def test_round_trip(annotation: Any, values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    value, kind = data.draw(values), type_of(annotation)
    parsed = kind.parse(value, "op", "attribute")
    assert parsed == value and type(parsed) is type(value)
    again = kind.parse(to_text(parsed), "op", "attribute")
    assert again == value and type(again) is type(value)
    hash(parsed)


@pytest.mark.parametrize("annotation", [annotation for annotation, _ in VALUES if annotation is not str], ids=_named)
@settings(max_examples=50)
@given(text=st.text() | st.text("()[],0123456789-+.eNoneTrue \n"))
def test_any_text_is_read_or_refused_with_a_message(annotation: Any, text: str) -> None:
    kind = type_of(annotation)
    try:
        parsed = kind.parse(text, "Convolution", "kernel")
    except mx.MXNetError as error:
        assert str(error).startswith(("Convolution: kernel must be ", "dtype: dtype must be one of"))
    else:
        assert kind.parse(to_text(parsed), "Convolution", "kernel") == pytest.approx(parsed, nan_ok=True)


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (Shape, "(3, 3)", (3, 3)),
        (Shape, "(3,3)", (3, 3)),
        (Shape, "(3,)", (3,)),
        (Shape, "[3,3]", (3, 3)),
        (Shape, "[3L, 4L]", (3, 4)),
        (Shape, "3, 4", None),
        (Shape, "(3,,4)", None),
        (Shape, "(,)", None),
        (Shape, "", None),
        (Shape, "3", (3,)),
        (Shape, "()", ()),
        (Shape, "[]", ()),
        (Shape, " ( 1 , -2 ) ", (1, -2)),
        (Indices, "(None, 2)", (None, 2)),
        (Indices, "(0, None, None)", (0, None, None)),
        (tuple[float, ...], "(0.1, 1e-3)", (0.1, 1e-3)),
        (bool, "True", True),
        (bool, "true", True),
        (bool, "1", True),
        (bool, "False", False),
        (bool, "0", False),
        (bool, "yes", None),
        (float, "1e-05", 1e-05),
        (float, "0.899999976", 0.899999976),
        (float, "inf", math.inf),
        (bool, "TRUE", True),
        (bool, " True", None),
        (bool, "2", None),
        (float, "1_0", None),
        (int, "-1", -1),
        (int, "+1", 1),
        (int, "5L", 5),
        (int, "1_0", None),
        (int, str(2**63), None),
        (int, "1.5", None),
        (int, "", None),
        (torch.dtype, "float32", torch.float32),
        (torch.dtype, "float8", None),
    ],
)
def test_text_of_a_graph_file(annotation: Any, text: str, value: Any) -> None:
    kind = type_of(annotation)
    if value is None:
        with pytest.raises(mx.MXNetError, match=re.escape(repr(text))):
            kind.parse(text, "op", "attribute")
    else:
        assert kind.parse(text, "op", "attribute") == value


@pytest.mark.parametrize(
    "text",
    [
        "(3, 3", "3, 3)", "((3, 3))", "(3; 3)", "(3 3)", "(a, b)", "(3, 3), 4", "[3, (3)]", "(1_0 0)",
        "__import__('os').system('true')", "(" * 10_000, "1" * 5_000, "0x10", "1e400", "(1e3,)", "\x00", "((((",
    ],
    ids=repr,
)  # fmt: skip
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(mx.MXNetError, match=r"^op: kernel must be an int or a tuple of ints; received "):
        type_of(Shape).parse(text, "op", "kernel")


def test_a_long_value_does_not_flood_the_message() -> None:
    with pytest.raises(mx.MXNetError) as caught:
        type_of(Shape).parse("(" * 1_000_000, "op", "kernel")
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    ("annotation", "value", "rule"),
    [
        (int, 1.5, "an int"),
        (int, "one", "an int"),
        (int, None, "an int"),
        (int, (1,), "an int"),
        (Positive, 0, "an int of at least 1"),
        (NonNegative, -1, "an int of at least 0"),
        (float, "fast", "a number"),
        (float, None, "a number"),
        (float, [1.0], "a number"),
        (Annotated[float, AtLeast(0)], math.nan, "a number of at least 0"),
        (bool, "maybe", "True or False"),
        (bool, 0.5, "True or False"),
        (bool, 2, "True or False"),
        (int, 2**63, "an int"),
        (int, math.inf, "an int"),
        (str, 3, "a str"),
        (Shape, (1.5, 2), "an int or a tuple of ints"),
        (Shape, {"a": 1}, "an int or a tuple of ints"),
        (Shape, None, "an int or a tuple of ints"),
        (Shape, ((1, 2), 3), "an int or a tuple of ints"),
        (Indices, ("a",), "a tuple of ints and None"),
        (Literal["valid", "full"], "ful", "one of 'valid', 'full'; received 'ful'"),
        (Literal["valid", "full"], 1, "one of 'valid', 'full'"),
        (Literal["valid", "full"], [], "one of 'valid', 'full'"),
        (int | None, "x", "an int, or None"),
    ],
)
def test_a_wrong_value_names_owner_rule_and_value(annotation: Any, value: Any, rule: str) -> None:
    with pytest.raises(mx.MXNetError, match=re.escape(f"Pooling: stride must be {rule}")):
        type_of(annotation).parse(value, "Pooling", "stride")


@pytest.mark.parametrize(
    ("annotation", "value", "parsed"),
    [
        (int, np.int64(3), 3),
        (int, True, 1),
        (int, 3.0, 3),
        (int, np.float32(3), 3),
        (float, np.float32(0.5), 0.5),
        (float, 1, 1.0),
        (float, True, 1.0),
        (bool, np.bool_(True), True),
        (bool, 1, True),
        (Shape, [3, 3], (3, 3)),
        (Shape, np.array([3, 3]), (3, 3)),
        (Shape, torch.Size([3, 3]), (3, 3)),
        (Shape, 3, (3,)),
        (Shape, (3.0, np.int32(2)), (3, 2)),
        (torch.dtype, np.float32, torch.float32),
        (torch.dtype, np.dtype("int8"), torch.int8),
        (torch.dtype, torch.bfloat16, torch.bfloat16),
        (torch.dtype, float, torch.float64),
    ],
)
def test_values_of_python_and_numpy(annotation: Any, value: Any, parsed: Any) -> None:
    result = type_of(annotation).parse(value, "op", "attribute")
    assert result == parsed and type(result) is type(parsed)


def test_an_annotation_that_is_no_attribute_is_refused_where_it_is_declared() -> None:
    for annotation in (dict, list[int], int | str, complex):
        with pytest.raises(TypeError, match="cannot be annotated"):
            type_of(annotation)
