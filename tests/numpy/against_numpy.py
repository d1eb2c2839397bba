"""Expressions whose result NumPy decides, because MXNet refuses them, crashes, or is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as onp

import glueball as mx
from tests.comparison import assert_same
from tests.numpy.calls import ARRAYS


def compare_with_numpy(texts: Sequence[str], **arrays: Any) -> None:
    """Fail if an expression, in which np is mx.np or NumPy, gives other shapes or values in mx.np.

    Types are compared but for those that are float64 or int64 in NumPy by default.
    """
    arrays = {**ARRAYS, **arrays}
    with mx.util.np_shape(True), mx.util.np_array(True):
        for text in texts:
            given = {name: mx.np.array(value, dtype=value.dtype) for name, value in arrays.items()}
            ours = _values(eval(text, {"np": mx.np, "onp": onp, **given}))
            theirs = _values(eval(text, {"np": onp, "onp": onp, **{name: one.copy() for name, one in arrays.items()}}))
            for one, other in zip(ours, theirs, strict=True):
                kind = one.dtype if other.dtype in (onp.dtype("float64"), onp.dtype("int64")) else other.dtype
                assert_same(one, other.astype(kind), about=text)


def _values(made: Any) -> list[Any]:
    several = made if isinstance(made, list | tuple) else [made]
    return [each.asnumpy() if isinstance(each, mx.np.ndarray) else onp.asarray(each) for each in several]
