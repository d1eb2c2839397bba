"""Expressions of ``mx.np`` in both libraries: what they return, which error they raise, and their gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as onp

from tests.comparison import assert_same
from tests.oracle.client import Oracle

#: What the names in expressions stand for, unless a test says otherwise.
ARRAYS = {
    "x": onp.arange(1, 7, dtype="float32").reshape(2, 3) / 2 - 1.2,
    "y": onp.array([[2.5, -1, 3], [0.5, 4, -2]], dtype="float32"),
    "v": onp.array([3, 1, 2], dtype="float32"),
    "s": onp.array(1.5, dtype="float32"),
    "d": onp.array([[1.5, -2], [0.25, 3]], dtype="float64"),
    "h": onp.array([1.5, -2], dtype="float16"),
    "i": onp.array([[3, -1, 2], [0, 2, 2]], dtype="int32"),
    "l": onp.array([2, 0, 1], dtype="int64"),
    "u": onp.array([2, 0, 1], dtype="uint8"),
    "b": onp.array([[True, False, True], [False, False, True]]),
    "e": onp.zeros((0, 3), dtype="float32"),
    "c": onp.arange(24, dtype="float32").reshape(2, 3, 4) / 5 - 2,
}


def evaluate(mx: Any, texts: Sequence[str], gradient: bool, **arrays: Any) -> list[Any]:
    """Evaluate expressions in which mx, np, npx and the arrays are bound; each has arrays of its own.

    Each result is a list: the error's class, its bases and text; or the class of the value, the value, and gradients.
    """
    import numpy as onp

    def described(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [type(value).__name__, [described(each) for each in value]]
        return [type(value).__name__, onp.asarray(value.asnumpy()) if hasattr(value, "asnumpy") else value]

    def gradients(value: Any, scope: dict[str, Any]) -> Any:
        first = [each for each in (value if isinstance(value, list | tuple) else [value]) if hasattr(each, "backward")]
        first = [each for each in first if onp.dtype(each.dtype).kind == "f"]
        if not first or not gradient:
            return []
        numbers = [onp.arange(1, 1 + each.size).reshape(each.shape) / 7 for each in first]
        heads = [mx.np.array(one, dtype=each.dtype) for one, each in zip(numbers, first, strict=True)]
        mx.autograd.backward(first, heads)
        return [[name, scope[name].grad.asnumpy()] for name in sorted(arrays) if scope[name].grad is not None]

    results: list[Any] = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for text in texts:
            scope: dict[str, Any] = {"mx": mx, "np": mx.np, "npx": mx.npx, "onp": onp}
            scope |= {name: mx.np.array(value, dtype=value.dtype) for name, value in arrays.items()}
            for name, value in arrays.items():
                if gradient and value.dtype.kind == "f":
                    scope[name].attach_grad()
            try:
                with mx.autograd.record() if gradient else mx.autograd.predict_mode():
                    value = eval(text, scope)
                results.append(["value", described(value), gradients(value, scope)])
            except Exception as error:
                bases = [each.__name__ for each in type(error).__mro__]
                results.append(["raised", type(error).__name__, bases, str(error)])
    return results


def compare(
    oracle: Oracle, texts: Sequence[str], *, gradient: bool = True, rtol: float | None = None, **arrays: Any
) -> None:
    """Fail if an expression does not return, or raise, the same in both libraries.

    Parameters
    ----------
    oracle : Oracle
        Real MXNet.
    texts : sequence of str
        The expressions.
    gradient : bool
        Whether they are recorded, and the gradients of the arrays are compared, too.
    rtol : float, optional
        As in `assert_same`.
    **arrays
        What names stand for, in addition to `ARRAYS`.
    """
    ours, theirs = [each.get() for each in oracle.both(evaluate, list(texts), gradient, **{**ARRAYS, **arrays})]
    for text, one, other in zip(texts, ours, theirs, strict=True):
        if one[0] == "raised":
            assert other[0] == "raised", f"{text}: MXNet returns {other[1]}, and ours raises {one[3]}"
            assert other[1] in one[2], f"{text}: MXNet raises {other[1]}, and ours {one[1]}"
        else:
            assert_same(one, other, rtol, about=text)
