"""Symbols of ``mx.np``: parts, classes of what is made of them, refusals, and running them, against MXNet."""

from __future__ import annotations

from typing import Any

import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle


def _described(mx: Any, texts: Any) -> list[Any]:
    """Evaluate expressions of symbols x, y of mx.np and n of mx.sym, and an array a; return nodes, or the error.

    Of a part of x the values are computed, too.
    """
    import json

    import numpy as onp

    def nodes(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [nodes(each) for each in value]
        if hasattr(value, "tojson"):
            made = json.loads(value.tojson())["nodes"]
            return [type(value).__name__, value.list_outputs(), [[n["op"], n["name"], n.get("attrs")] for n in made]]
        return [type(value).__name__, value.asnumpy()] if hasattr(value, "asnumpy") else value

    found = []
    mx.npx.set_np()
    for text in texts:
        scope = {name: mx.sym.var(name).as_np_ndarray() for name in "xy"}
        scope |= {"n": mx.sym.var("n"), "mx": mx, "np": mx.np, "a": mx.np.array(onp.arange(24.0).reshape(2, 3, 4))}
        try:
            with mx.name.NameManager():
                value = eval(text, scope)
            result = nodes(value)
            if text.startswith("x["):
                result.append(value.bind(mx.cpu(), {"x": scope["a"]}).forward()[0].asnumpy())
            found.append([text, result])
        except Exception as error:
            found.append([text, [each.__name__ for each in type(error).__mro__]])
    mx.npx.reset_np()
    return found


def _compare(oracle: Oracle, texts: list[str]) -> None:
    ours, theirs = [each.get() for each in oracle.both(_described, texts)]
    for one, other in zip(ours, theirs, strict=True):
        if isinstance(other[1], list) and isinstance(other[1][-1], str) and other[1][-1] == "object":
            assert other[1][0] in one[1], f"{one[0]}: MXNet raises {other[1][0]}, and ours {one[1]}"
        else:
            assert_same(one, other, about=one[0])


def test_parts(oracle: Oracle) -> None:
    _compare(oracle, [
        "x[0]", "x[1]", "x[1:]", "x[:1]", "x[::2]", "x[::-1]", "x[-1:]", "x[0, 1]", "x[1:, 0]", "x[:, 0]", "x[:, -1]",
        "x[:, ::-1]", "x[:]", "x[()]", "x[0, 0, 0]", "x[:, :, 1]", "x[1, 1:, 0]", "x[2:1]", "x[None]", "x[...]",
        "x[[0]]",
        "x[True]", "x[x]", "x['x']",
    ])  # fmt: skip


def test_the_last_part_has_its_values() -> None:
    # MXNet 1.9.1 makes a node of it that it refuses to run.
    x = mx.sym.var("x").as_np_ndarray()
    part = x[-1].bind(mx.cpu(), {"x": mx.np.array([[1, 2], [3, 4]])}).forward()[0]
    assert part.asnumpy().tolist() == [3, 4]


def test_classes_and_nodes(oracle: Oracle) -> None:
    _compare(oracle, [
        "x + 1", "x + y", "x ** 2", "x * y", "x.astype('int32')",
        "x.astype('int32', copy=False)", "x.as_nd_ndarray()", "x.as_nd_ndarray().as_np_ndarray()",
        "(x + 1).as_nd_ndarray() * 2",
        "mx.sym.Group([x, y])", "mx.sym.Group([x + 1, n])", "mx.sym.Group([x + 1, y * 2])[0]",
        "list(mx.sym.Group([x, y]))",
        "(x + 1).get_internals()", "(x + 1).get_internals()['x']", "(x + 1).get_children()", "(x + 1)(x=y)",
        "mx.sym.load_json((x + 1).tojson())", "x.num_outputs", "(x + 1).num_outputs", "repr(x)",
    ])  # fmt: skip


def test_refusals(oracle: Oracle) -> None:
    _compare(oracle, [
        "len(x)", "list(x)", "iter(x)", "bool(x)", "hash(x)", "x + n", "n + x", "x + a", "a + x", "x + [1]",
        "x.asnumpy()",
        "x.asscalar()", "x.copy()", "x.detach()", "x.backward()", "x.wait_to_read()", "x.exp()", "x.norm()",
        "x.split(2)",
        "x.broadcast_to((2, 3))", "x.expand_dims(0)", "x.cbrt()", "x.softmax()", "x.astype('int32', order='F')",
        "x.astype('float32', casting='safe')", "x.__setitem__(0, 1)", "x.shape", "x.dtype", "x.ctx",
    ])  # fmt: skip


def _ran(mx: Any) -> list[Any]:
    """Return the classes and values of outputs and arguments, with either kind of symbol and array."""
    x, n = mx.sym.var("x").as_np_ndarray(), mx.sym.var("n")
    found: list[Any] = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for symbol, name in [(x + 1, "x"), (n + 1, "n")]:
            for array in (mx.np.array([1.0, 2.0]), mx.nd.ones((2,))):
                bound = symbol.bind(mx.cpu(), {name: array})
                for made in (bound.forward()[0], bound.arg_dict[name]):
                    found.append([type(made).__name__, made.asnumpy()])
        for symbol, array in [(x + 1, mx.np.array([1.0, 2.0])), (n + 1, mx.nd.ones((2,)))]:
            made = mx.nd.CachedOp(symbol)(array)
            found.append([type(made).__name__, made.asnumpy()])
        for shape in [(2,), (), (0, 3)]:
            bound = (x + 1).simple_bind(mx.cpu(), x=shape)
            found += [[type(each).__name__, each.shape] for each in (*bound.arg_arrays, *bound.grad_arrays)]
            found.append([type(bound.forward()[0]).__name__, bound.outputs[0].shape])
        for inputs, outputs in [(x, x + 1), ([x], [x + 1])]:
            made = mx.gluon.SymbolBlock(outputs, inputs)(mx.np.array([1.0, 2.0]))
            found.append([type(made).__name__, made.asnumpy() if hasattr(made, "asnumpy") else len(made)])
    return found


def test_running(oracle: Oracle) -> None:
    ours, theirs = oracle.both(_ran)
    assert_same(ours.get(), theirs.get())


def test_a_message_says_what_to_use() -> None:
    x = mx.sym.var("x").as_np_ndarray()
    with pytest.raises(AttributeError, match=r"_Symbol\.norm: mx\.np does not have this method; use np\.linalg\.norm"):
        x.norm()
