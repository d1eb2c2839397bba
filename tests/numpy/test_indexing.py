"""Parts of arrays of ``mx.np``: against NumPy what they are, against MXNet what is a view, and gradients and errors."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle

_SHAPES = {"a": (5,), "m": (3, 4), "t": (2, 3, 4), "s": (), "e": (0, 3)}

#: Keys with one array that has them; A makes an array of indices of the library, and onp is NumPy.
_KEYS = [
    "a[()]", "a[...]", "a[None]", "a[True]", "a[False]", "a[A([])]", "a[[]]", "a[A(2)]", "a[10:]", "a[3:1]", "a[-1]",
    "a[range(2)]", "a[onp.int64(1)]", "a[slice(onp.int64(1), 3)]", "a[A([[0, 1], [4, 2]])]",
    "s[()]", "s[...]", "s[None]", "s[True]", "s[False]", "s[M(True)]", "s[M(False)]", "s[..., None]",
    "e[:]", "e[()]", "e[:, 1]", "e[[]]", "e[None, :, 0]", "e[M([])]",
    "m[1, 2]", "m[(1, 2)]", "m[[1, 2], [0, 1]]", "m[m > 5]", "m[m[:, 0] > 3]",
    "m[m[:, 0] > 3, 1]", "m[1, m[0] > 1]", "m[..., m[0] > 1]", "m[None, m > 5]", "m[True, 1]", "m[1, True]",
    "m[m > 99]",
    "m[M(True)]", "m[onp.bool_(True)]", "m[onp.array(True)]", "m[[True, False, True]]",
    "m[onp.array([True, False, True])]",
    "m[M([True, False, True]), [0, 1]]", "m[[0, 1], None, [1, 2]]", "m[True, [0, 1]]", "m[None, None]", "m[::-1, ::-2]",
    "t[0, :, [0, 1]]", "t[[0, 1], :, [0, 1]]", "t[:, [0, 1], [0, 1]]", "t[None, [0, 1]]", "t[[0, 1], None]", "t[t > 5]",
    "t[:, (t > 5)[0]]", "t[(t > 5)[:, :, 0]]", "t[(t > 5)[:, :, 0], 1]", "t[(t > 5)[:, :, 0], :2]", "t[1, (t > 5)[0]]",
    "t[(t > 5)[:, 0, 0], [0], :]", "t[(t > 5)[:, 0, 0], ::-1]", "t[1, 2, 3]", "t[0, ..., 0]", "t[None, ..., None]",
    "t[A([[0], [1]]), A([[0, 1]])]", "t[1, True, None, ::2]",
]  # fmt: skip


def _drawn(count: int) -> list[str]:
    """Return keys of all kinds, mixed."""
    rng = random.Random(7)

    def positions(length: int) -> list[int]:
        return [rng.randrange(-length, length) for _ in range(2)]

    def bools(shape: tuple[int, ...]) -> Any:
        flat = [rng.random() < 0.5 for _ in range(int(onp.prod(shape)))]
        return onp.array(flat).reshape(shape).tolist()

    keys = []
    while len(keys) < count:
        name = rng.choice("ammttt")
        shape, parts, axis, has_ellipsis = _SHAPES[name], [], 0, False
        while axis < len(shape) and rng.random() < 0.85:
            length, kind = shape[axis], rng.randrange(10)
            used = 1
            if kind == 0:
                parts.append(str(rng.randrange(-length, length)))
            elif kind < 4:
                parts.append(rng.choice([":", "1:", ":2", "::2", "-2:", "0:0", ":-1", "::-1", "2:0:-1", "::-2"]))
            elif kind == 4 and not has_ellipsis:
                has_ellipsis, used = True, rng.randrange(len(shape) - axis + 1)
                parts.append("...")
            elif kind < 6:
                used = 0
                parts.append(rng.choice(["None", "None", "True", "M(False)"]))
            elif kind < 8:
                parts.append(rng.choice(["{}", "A({})", "onp.array({})"]).format(positions(length)))
            else:
                used = min(rng.choice([1, 1, 2]), len(shape) - axis)
                text = rng.choice(["{}", "M({})", "onp.array({})"])
                parts.append(text.format(bools(shape[axis : axis + used])))
            axis += used
        if parts:
            keys.append(f"{name}[{', '.join(parts)}]")
    return keys


def _scope(array: Callable[..., Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"onp": onp, "A": lambda v: array(v, dtype="int64"), "M": lambda v: array(v, dtype="bool")}
    for name, shape in _SHAPES.items():
        made[name] = array(onp.arange(float(onp.prod(shape))).reshape(shape) + 1, dtype="float32")
    return made


def _outcome(text: str, array: Callable[..., Any]) -> Any:
    """Return what reading and writing at a key give, or None if it is refused."""
    name, _, key = text.partition("[")
    reading, numbers, arrays = _scope(array), _scope(array), _scope(array)
    try:
        part = eval(f"{name}[{key}", reading)
    except (IndexError, ValueError):
        return None
    exec(f"{name}[{key} = 99", numbers)
    arrays["value"] = array(onp.arange(float(part.size)).reshape(part.shape) - 50, dtype="float32")
    exec(f"{name}[{key} = value", arrays)
    return [
        onp.asarray(each.asnumpy() if hasattr(each, "asnumpy") else each)
        for each in (part, numbers[name], arrays[name])
    ]


@pytest.mark.parametrize("texts", [_KEYS, _drawn(300)], ids=["chosen", "drawn"])
def test_keys_are_those_of_numpy(texts: list[str]) -> None:
    refused = 0
    for text in texts:
        ours, theirs = _outcome(text, mx.np.array), _outcome(text, onp.array)
        assert_same(ours, theirs, about=text)
        refused += theirs is None
    assert refused < len(texts) / 4


def _views(mx: Any, texts: Any) -> list[Any]:
    """Return of each key whether the result is the array itself, and whether writing to it changes the array."""
    import numpy as onp

    mx.npx.set_np()
    found = []
    for text in texts:
        t = mx.np.array(onp.arange(24.0).reshape(2, 3, 4), dtype="float32")
        part = eval(text, {"t": t, "np": mx.np, "onp": onp})
        is_itself = part is t
        part[()] = 99
        found.append([text, is_itself, bool((t.asnumpy() == 99).any())])
    mx.npx.reset_np()
    return found


def test_views_and_copies_are_those_of_mxnet(oracle: Oracle) -> None:
    texts = [
        "t[:]", "t[()]", "t[::1]", "t[...]", "t[:, :]", "t[0:]", "t[None]", "t[None, :]", "t[0]", "t[-1]", "t[1, 1]",
        "t[1, 1, 1]", "t[1, ...]", "t[..., 1]", "t[0:1]", "t[::2]", "t[::-1]", "t[0:1, 1:2]", "t[0:1, :, 1:3]",
        "t[:, 0:1]",
        "t[1, 0:2]", "t[1, 0:2, 0:3]", "t[1, :, 1]", "t[0, None]", "t[0, None, 0, 0]", "t[..., 0:4]", "t[onp.int64(1)]",
        "t[np.array(1, dtype='int64')]", "t[np.array(1, dtype='int64'), 0]", "t[np.array([1], dtype='int64')]",
        "t[[0]]", "t[t > 3]", "t[t > -1]", "t[True]",
    ]  # fmt: skip
    ours, theirs = oracle.both(_views, texts)
    assert ours.get() == theirs.get()


def _gradients(mx: Any, texts: Any) -> list[Any]:
    import numpy as onp

    mx.npx.set_np()
    found = []
    for text in texts:
        t = mx.np.array(onp.arange(24.0).reshape(2, 3, 4), dtype="float32")
        t.attach_grad()
        with mx.autograd.record():
            part = eval(text, {"t": t, "np": mx.np, "onp": onp})
            weights = mx.np.array(onp.arange(1.0, 1 + part.size).reshape(part.shape), dtype="float32")
            result = part * part * weights
        result.backward()
        found.append([text, t.grad.asnumpy()])
    mx.npx.reset_np()
    return found


def test_gradients_through_keys(oracle: Oracle) -> None:
    texts = [
        "t[:]", "t[()]", "t[0]", "t[1, 2, 3]", "t[::-1, 1:]", "t[None, ..., 0]", "t[t > 5]", "t[t[:, 0, 0] > 5]",
        "t[True]",
        "t[False]", "t[[1, 1, 0]]", "t[:, np.array([0, 0, 2], dtype='int64')]", "t[[1, 0], [2, 2]]", "t[1][1][1:]",
        "t[(t > 5)[:, :, 0], 1:]", "t[np.array(1, dtype='int64')]", "t[0:0]", "t[t > 99]",
    ]  # fmt: skip
    ours, theirs = oracle.both(_gradients, texts)
    assert_same(ours.get(), theirs.get())


def _writes(mx: Any, texts: Any) -> list[Any]:
    """Run statements on x, a variable, y, recorded, m, neither, and a scalar s; return the values, or the error."""
    import numpy as onp

    mx.npx.set_np()
    found: list[Any] = []
    for text in texts:
        values = onp.arange(24.0).reshape(2, 3, 4)
        scope = {"mx": mx, "np": mx.np, "onp": onp, "s": mx.np.array(1.5)}
        scope |= {name: mx.np.array(values, dtype="float32") for name in "xm"}
        scope["x"].attach_grad()
        try:
            with mx.autograd.record():
                scope["y"] = scope["x"] * 2
                with mx.autograd.pause():  # the first half of a statement with a bar is not recorded
                    exec(text.rpartition("|")[0], scope)
                exec(text.rpartition("|")[2], scope)
                loss = scope["y"] * 3
            loss.backward()
            found.append([text, [scope[name].asnumpy() for name in "ymxs"], scope["x"].grad.asnumpy()])
        except Exception as error:
            found.append([text, [each.__name__ for each in type(error).__mro__]])
    mx.npx.reset_np()
    return found


def _compare_writes(oracle: Oracle, texts: list[str]) -> None:
    ours, theirs = [each.get() for each in oracle.both(_writes, texts)]
    for one, other in zip(ours, theirs, strict=True):
        if len(one) == len(other) == 2:
            assert other[1][0] in one[1], f"{one[0]}: MXNet raises {other[1][0]}, and ours {one[1]}"
        else:
            assert_same(one, other, about=str(one[0]))


def test_writing_while_recording(oracle: Oracle) -> None:
    _compare_writes(oracle, [
        "y[0] = 1", "y[:] = 1", "y[()] = 1", "y[:] = m", "y[y > 3] = 0", "y[::-1] = m", "y[:] = onp.ones((2, 3, 4))",
        "y[0] = onp.ones((3, 4))", "x[0] = 1", "x[:] = m", "x[x > 3] = 1", "m[0] = 1; y = y * m", "m[0] = x[0]; y = m",
        "m[:] = x; y = m", "m[:] = x * 3; y = m", "m[...] = x; y = m", "m[()] = x; y = m", "m[m > 5] = 0; y = y * m",
        "m[m > 5] = x[0, 0, 0]; y = m", "m[[0, 1]] = x; y = m", "m[1:] = y[1:]; y = m", "y += 1", "y *= m", "y -= x",
        "y /= 2", "y %= 3", "x += 1", "m += x; y = m", "m += 1; y = y * m", "y = y.copy(); y += 1", "x[0] = 7|",
    ])  # fmt: skip


def test_values_that_are_written(oracle: Oracle) -> None:
    _compare_writes(oracle, [f"{text}|" for text in [
        "m[m > 5] = np.array([1.0, 2.0])", "m[m > 21] = np.array([1.0, 2.0])", "m[m > 21] = True",
        "m[m > 2] = np.array(3.0)",
        "m[m > 21] = np.array([3.0])", "m[m[:, 0, 0] > 5] = np.ones((3, 4)) * 7",
        "m[m[:, 0, 0] > 5] = np.ones((1, 3, 4)) * 7",
        "m[m[:, :, 0] > 15] = np.ones((4,)) * 7", "m[m[:, 0, 0] > 5, 0] = 7",
        "m[:, m[0, :, 0] > 5] = np.ones((4,)) * 7",
        "m[0] = [1, 2, 3, 4]", "m[0] = [[1, 2, 3, 4]]", "m[0] = 'a'", "m[0] = 1 + 2j", "m[0, 0, 0] = np.array([5.0])",
        "m[0, 0] = np.array([[5.0, 6, 7, 8]])", "m[0, 0] = np.ones((1, 1, 4)) * 5", "m[True] = 3", "m[False] = 3",
        "m[None] = 3", "m[None, 0] = 3", "m[...] = np.ones((4,))", "m[:] = np.ones((3, 1))", "m[0:0] = 4", "m[5:] = 4",
        "m[:] = onp.ones((4,), dtype='int32')", "m[:] = np.ones((1, 2, 3, 4))", "m[np.array(True, dtype='bool')] = 3",
        "m[0] = mx.nd.ones((3, 4))", "m[:] = mx.nd.ones((2, 3, 4))", "m[m > 5] = mx.nd.ones((1,))",
        "m[m > 5] = m[m > 5] * 2",
        "m[m > 500] = np.array([])", "m[0] = onp.float64(3)", "m[0] = onp.array(3)", "m[0][m[0] > 5] = 1",
        "m['a'] = 1", "m[1.5] = 1", "m[0, 0, 0, 0] = 1", "m[7] = 1", "m[mx.nd.array([0.0])] = 1", "del m[0]",
        "s[()] = 3", "s[True] = 4", "s[False] = 4", "s[s > 1] = 7", "s[0] = 1", "s[:] = 1", "s[()] = np.array([2.0])",
        "s[()] = onp.array([[2.0]])",
    ]])  # fmt: skip


def test_the_array_itself_in_both_faces(oracle: Oracle) -> None:
    ours, theirs = oracle.both("[x is x[:] for x in [nd.ones((2, 3))]] + [x is x[()] for x in [nd.ones((2,))]]")
    assert ours.get() == theirs.get()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("t[2]", "np.ndarray: index 2 is out of bounds for axis 0 with size 2"),
        ("t[..., ...]", "np.ndarray: an index may contain one ellipsis"),
        ("t[0, 0, 0, 0]", "np.ndarray: at most 3 indices fit shape"),
        ("t[M([True])]", r"np.ndarray: a boolean mask must have the shape of what it selects from, \(2,\)"),
        ("t[[0, 1], [0, 1, 2]]", "np.ndarray: arrays of indices must broadcast"),
        ("t['x']", "np.ndarray: an index must be made of ints"),
        ("t[::0]", "np.ndarray: the step of a slice must not be 0"),
        ("t[1.0:]", "np.ndarray: the bounds of a slice must be ints"),
    ],
)
def test_refusals(text: str, message: str) -> None:
    with pytest.raises(mx.MXNetError, match=message):
        eval(text, _scope(mx.np.array))
