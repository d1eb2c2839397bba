"""mx.util: what programs import from it."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.comparison import assert_same, succeeded
from tests.errors import class_of

OPTIONS = [
    ("where", False), ("casting", "safe"), ("casting", "x"), ("order", "C"), ("dtype", None), ("dtype", "int32"),
    ("dtype", 3), ("subok", False), ("subok", 3), ("other", 1),
]  # fmt: skip


def legal(mx):
    return [mx.util.np_ufunc_legal_option(*each) for each in OPTIONS]


def test_options_of_universal_functions(oracle):
    assert_same(*succeeded(oracle.both(legal)))


def wrapped(mx, code):
    names = {
        "one": mx.util.wrap_np_unary_func(lambda x, out=None, **options: [x, out, options]),
        "two": mx.util.wrap_np_binary_func(lambda x, y, out=None, **options: [x, y, out, options]),
    }
    try:
        return eval(code, names)
    except Exception as error:
        return "NotImplementedError" if isinstance(error, NotImplementedError) else class_of(error)


@pytest.mark.parametrize(
    "code",
    [
        "one(1)", "one(1, out=2)", "one(1, 2)", "one(1, where=True, dtype=None)", "two(1, 2)", "two(1, 2, out=3)",
        "two(1, 2, 3)", "one(1, where=False)", "one(1, casting='safe')", "two(1, 2, order='C')", "one(1, other=3)",
    ],
)  # fmt: skip
def test_functions_with_such_options(oracle, code):
    assert_same(*succeeded(oracle.both(wrapped, code)))


def moved(mx):
    function = mx.util.set_module("a.b")(lambda: 1)
    return function.__module__, mx.util.set_module(None)(moved) is moved, function()


def test_where_a_function_is_from(oracle):
    assert_same(*succeeded(oracle.both(moved)))


def test_a_cpu_has_no_compute_capability():
    with pytest.raises(ValueError, match=r"ctx must be a GPU; received cpu\(0\)"):
        mx.test_utils.get_cuda_compute_capability(mx.cpu())
