"""Other shapes, axes in another order, and elements at other places in ``mx.np`` against MXNet."""

from __future__ import annotations

import random

import numpy as onp
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.numpy.against_numpy import compare_with_numpy
from tests.numpy.calls import compare
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

_RESHAPES = [
    "np.reshape(x,newshape=(3,2))", "np.reshape(x,(3,2),'A')", "np.reshape(x,-1)",
    "np.reshape(x,(3,-1))", "np.reshape(x,(0,-1))", "np.reshape(x,(-2,))", "np.reshape(x,(4,2))",
    "np.reshape(x,(4,-1))", "np.reshape(x,(-1,-1))", "np.reshape(e,(3,0))", "np.reshape(e,(-1,3))",
    "np.reshape(e,(-1,0))", "np.reshape(e,-1)", "np.reshape(s,())", "np.reshape(s,(1,1))", "np.reshape(x,())",
    "np.reshape(v[:1],())", "np.reshape(x,[3,2])", "np.reshape(x,6,out=np.zeros((6,)))", "np.reshape([1,2],(2,1))",
    "np.reshape(x,3.0)", "np.reshape(b,(3,2))", "npx.reshape(c,(-2,-2,2,-1))", "npx.reshape(c,(-6,2,1,-4))",
    "npx.reshape(c,(-6,1,-1,-4))", "npx.reshape(c,(-5,-4))", "npx.reshape(c,(-5,-2))", "npx.reshape(c,(-4,))",
    "npx.reshape(c,(-3,))", "npx.reshape(c,(0,-1))", "npx.reshape(c[:1],(-3,-4))", "npx.reshape(c,(-1,-3))",
    "npx.reshape(c,(-1,4),reverse=True)", "npx.reshape(c,(-2,-1),reverse=True)",
    "npx.reshape(c,(-4,-6,2,2),reverse=True)", "npx.reshape(c,(-5,-4),reverse=True)", "npx.reshape(c,(-2,-2,-2,-2))",
    "npx.reshape(c,(-2,-2))", "npx.reshape(c,(-7,))", "npx.reshape(c,(-6,5,-1,-4))", "npx.reshape(e,(-2,-1))",
    "npx.reshape(e,(-5,))", "npx.reshape(e,(-1,))", "npx.reshape(e,(-4,1))",
    "npx.reshape(c,-1)", "npx.reshape(s,(1,))", "npx.reshape(s,(-4,))", "npx.reshape(s,(-1,))", "np.ravel(x)",
    "np.ravel(x,'F')", "np.ravel(x,order='F')", "np.ravel(s)", "np.ravel(3)", "np.ravel([1,2])",
]  # fmt: skip

_AXES = [
    "np.transpose(x)", "np.transpose(x,(1,0))", "np.transpose(x,axes=(1,0))", "np.transpose(x,[1,0])",
    "np.transpose(c,(0,-1,1))", "np.transpose(x,(0,))", "np.transpose(x,(0,0))", "np.transpose(x,(0,2))",
    "np.transpose(s)", "np.transpose(e)", "np.transpose(v)", "np.transpose(i)",
    "np.transpose(c,())", "np.transpose(x,None)", "np.swapaxes(c,0,2)", "np.swapaxes(c,-1,0)", "np.swapaxes(c,1,1)",
    "np.swapaxes(c,3,0)", "np.swapaxes(e,1,0)", "np.moveaxis(c,0,2)", "np.moveaxis(c,-1,0)",
    "np.moveaxis(c,(0,1),(-1,-2))", "np.moveaxis(c,[0,1],[1,2])", "np.moveaxis(c,(0,1),(1,))",
    "np.moveaxis(c,(0,0),(1,2))", "np.moveaxis(c,3,1)", "np.moveaxis(c,0,3)", "np.moveaxis(e,0,1)",
    "np.squeeze(c[:1])", "np.squeeze(c[:1],0)", "np.squeeze(c[:1],-3)", "np.squeeze(c[:1,:1],(0,1))",
    "np.squeeze(c[:1,:1],(0,-2))", "np.squeeze(c,0)", "np.squeeze(c[:1],3)", "np.squeeze(c[:1],(0,0))",
    "np.squeeze(c[:1],())", "np.squeeze(s)", "np.squeeze(s,0)", "np.squeeze(s,())", "np.squeeze(e[None])",
    "np.squeeze(np.ones((1,1)))", "np.squeeze(x[:1],out=np.zeros((3,)))", "np.squeeze(b[:1])",
    "np.squeeze(x[:1],[0])", "np.expand_dims(x,0)", "np.expand_dims(x,-1)", "np.expand_dims(x,3)",
    "np.expand_dims(x,-4)", "np.expand_dims(x,(0,1))", "np.expand_dims(s,0)", "np.expand_dims(e,0)",
    "np.expand_dims(b,0)",
]  # fmt: skip

_MOVES = [
    "np.roll(x,1)", "np.roll(x,-1)", "np.roll(x,7)", "np.roll(x,1,0)", "np.roll(x,1,-1)", "np.roll(x,(1,2),(0,1))",
    "np.roll(x,(1,2),0)", "np.roll(x,1,(0,1))", "np.roll(x,(1,2,3),(0,1))", "np.roll(x,(1,1))", "np.roll(x,1,2)",
    "np.roll(e,1)", "np.roll(e,1,1)", "np.roll(s,1)", "np.roll(i,1)", "np.roll(x,1.5)",
    "np.roll(x,None)", "np.roll(x,(1,2),(0,0))", "np.flip(x)", "np.flip(x,0)", "np.flip(x,(0,1))",
    "np.flip(x,())", "np.flip(x,2)", "np.flip(x,(0,0))", "np.flip(s)", "np.flip(s,())", "np.flip(e)", "np.flip(e,0)",
    "np.flip(i,1)", "np.flip(x,out=np.zeros((2,3)))", "np.fliplr(x)", "np.flipud(x)", "np.fliplr(v)",
    "np.flipud(s)", "np.copy(x)", "np.copy(s)", "np.copy(e)", "np.copy(i)", "np.copy(b)", "np.copy([1,2])",
    "np.copy(x,out=np.zeros((2,3)))",
    "np.resize(i,(3,))", "np.resize(x,(-1,2))",
    "np.shape(x)", "np.shape(s)", "np.shape(3)",
]  # fmt: skip

_BROADCASTS = [
    "np.broadcast_to(v, (2, 3))", "np.broadcast_to(x, (4, 2, 3))", "np.broadcast_to(x[:, :1], (2, 5))",
    "np.broadcast_to(e, (2, 0, 3))", "np.broadcast_arrays(x, v)", "np.broadcast_arrays(x, y[:, :1], s)",
]  # fmt: skip
_WITHOUT_GRADIENTS = [
    "np.repeat(x,2)", "np.repeat(x,2,1)", "np.repeat(x,2,axis=-1)", "np.repeat(x,0)", "np.repeat(x,-1)",
    "np.repeat(x,[1,2],axis=0)", "np.repeat(x,np.array([1,2]),axis=0)", "np.repeat(x,2,2)", "np.repeat(s,2)",
    "np.repeat(e,2)", "np.repeat(e,2,1)", "np.repeat(i,2)", "np.repeat(b,2)", "np.repeat(3,2)",
    "np.broadcast_to(v,(2,3))", "np.broadcast_to(s,(2,3))", "np.broadcast_to(s,2)", "np.broadcast_to(x,(4,2,3))",
    "np.broadcast_to(x,(2,2))", "np.broadcast_to(x,(3,))", "np.broadcast_to(e,(2,0,3))", "np.broadcast_to(v,(0,3))",
    "np.broadcast_to(i,(1,2,3))", "np.broadcast_to(b,(1,2,3))", "np.broadcast_to(3,(2,))",
    "np.broadcast_to([1,2],(2,2))", "np.broadcast_to(x,(-1,3))", "np.broadcast_arrays(x,v)",
    "np.broadcast_arrays(x)", "np.broadcast_arrays()", "np.broadcast_arrays(x,[1,2,3])",
    "np.broadcast_arrays(x,s)", "np.broadcast_arrays(e,v)", "np.broadcast_arrays(x,np.ones((4,)))",
    "np.broadcast_to(s,())",
    "np.tile(x,2)", "np.tile(x,(2,1))", "np.tile(x,0)", "np.tile(x,(0,2))", "np.tile(x,-1)", "np.tile(s,2)",
    "np.tile(s,(2,3))", "np.tile(e,2)", "np.tile(i,2)", "np.tile(b,2)", "np.tile(3,2)", "np.tile([1,2],2)",
    "np.tile(x,(2,1,2))", "np.tile(x,())", "np.broadcast_to(v[:1],(0,))", "np.resize(x,(3,3))", "np.resize(x,4)",
    "np.resize(x,(0,))", "np.resize(x,())", "np.resize(e,(2,))", "np.resize(s,2)", "np.resize([1,2],3)",
    "np.rot90(x)", "np.rot90(x,0)", "np.rot90(x,2)", "np.rot90(x,3)", "np.rot90(x,4)", "np.rot90(x,5)",
    "np.rot90(x,-1)", "np.rot90(c,1,(1,2))", "np.rot90(c,1,(2,0))", "np.rot90(c,1,(-1,0))", "np.rot90(c,3,(0,-1))",
    "np.rot90(c,1,(0,0))", "np.rot90(c,1,(0,3))", "np.rot90(c,1,(0,1,2))", "np.rot90(v)", "np.rot90(e)",
    "np.rot90(i)",
]  # fmt: skip

_METHODS = [
    "x.reshape(-1)", "x.reshape(3,2)", "x.reshape((3,2))", "x.reshape(())", "x.reshape()",
    "x.reshape(s.shape)", "s.reshape(())", "s.reshape(1,1)", "s.reshape(-1)", "x.reshape(3,2,order='C')",
    "x.reshape(3,2,order='F')", "x.reshape((3,2),foo=1)", "x.reshape(4,2)", "x.reshape(0,-1)", "x.reshape(-2,)",
    "x.reshape(newshape=(3,2))", "x.reshape(shape=(3,2))", "x.reshape_view(3,2)", "x.reshape_view((3,2))",
    "x.reshape_view(-1)", "x.reshape_view(0,-1)", "x.reshape_view(-3,)", "x.reshape_view(3,2,order='F')",
    "x.transpose()", "x.transpose(1,0)", "x.transpose((1,0))", "x.transpose([1,0])", "x.transpose(None)",
    "c.transpose(2,0,1)", "c.transpose(-1,0,1)", "x.transpose(0)", "x.T", "s.T", "c.T.shape", "x.flatten()",
    "x.flatten('C')", "x.flatten(order='F')", "x.ravel()", "x[:1].squeeze()", "x[:1].squeeze(0)",
    "x[:1].squeeze(axis=(0,))", "x.squeeze(0)", "x.swapaxes(0,1)", "x.swapaxes(0,2)", "x.repeat(2)",
    "x.repeat(2,axis=1)", "x.repeat(2,1)", "x.copy(order='F')", "x.copy(order='K')", "v.broadcast_to((2,3))",
    "x.broadcast_to((2,2))", "v.broadcast_to(3)", "x.astype('int32')", "x.astype('int32',order='C')",
    "x.astype('int32',order='F')", "x.astype('int32',casting='unsafe')", "x.astype('int32',casting='safe')",
    "x.astype('int32',subok=False)", "x.astype('float32',copy=False) is x", "x.astype('float32',copy=True) is x",
    "str(x.astype('float64',copy=False).dtype)", "x.astype(onp.float16)", "x.astype(bool)", "str(x.astype(int).dtype)",
    "x.astype('foo')", "x.astype(None)", "str(x.astype(float).dtype)", "b.astype('float32')", "x.astype('int32','K')",
    "x.copyto(np.zeros((2,3)))", "x.copyto(np.zeros((3,2)))", "x.copyto(mx.cpu(0))",
    "x.copyto(3)", "s.copyto(np.zeros(()))",
]  # fmt: skip

_GRAPHS = [
    "np.reshape(x, (2, 3))", "np.reshape(x, -1)", "np.ravel(x)", "np.ravel(x, order='F')", "np.transpose(x)",
    "np.transpose(x, (1, 0))", "np.transpose(x, [1, 0])", "np.swapaxes(x, 0, 1)", "np.moveaxis(x, 0, 1)",
    "np.moveaxis(x, (0, 1), (1, 2))", "np.moveaxis(x, [0], [1])", "np.roll(x, 1)", "np.roll(x, (1, 2), (0, 1))",
    "np.roll(x, 1, 0)", "np.rot90(x)", "np.rot90(x, 2, (1, 2))", "np.flip(x)", "np.flip(x, 0)", "np.flip(x, (0, 1))",
    "np.fliplr(x)", "np.flipud(x)", "np.squeeze(x)", "np.squeeze(x, 0)", "np.squeeze(x, (0, 1))",
    "np.expand_dims(x, 0)",
    "np.expand_dims(x, -1)", "np.repeat(x, 2)", "np.repeat(x, 2, axis=0)", "np.tile(x, 2)", "np.tile(x, (2, 1))",
    "np.broadcast_to(x, (2, 3))", "np.broadcast_to(x, 3)", "np.broadcast_to(2, (2, 3))", "np.copy(x)",
    "np.atleast_1d(x)", "np.atleast_1d(x, y)", "np.atleast_2d(x)", "np.atleast_3d(x, y)", "npx.reshape(x, (-2, 3))",
    "npx.reshape(x, -1, reverse=True)", "x.reshape(-1)", "x.reshape(2, -1)", "x.reshape((2, 3))", "x.reshape()",
    "x.reshape((2, 3), order='C')", "x.reshape(2, 3, order='F')", "x.reshape(newshape=(2, 3))", "x.transpose()",
    "x.transpose(1, 0)", "x.transpose((1, 0))", "x.transpose(None)", "x.T", "x.flatten()", "x.flatten('F')",
    "x.squeeze()",
    "x.squeeze(0)", "x.swapaxes(0, 1)", "x.repeat(2)", "x.repeat(2, axis=0)", "x.copy()", "x.astype('int32')",
    "x.astype('int32', copy=False)", "x.astype('float32', order='C')", "x.astype('float32', casting='safe')",
    "x.astype('float16', subok=False)", "x.astype('float16', order='F')",
]  # fmt: skip

_SLICES = [
    "x[0]", "x[0, 1]", "x[-2]", "x[0:2]", "x[0:2, 1]", "x[::2]", "x[::-1]", "x[()]", "x[:]", "x[1:2:3, 2:1:-1]",
    "x[0][1]",
    "x[0:-1]", "x[-1:]", "x[0, -1]", "x[0, :]", "x[:, 0]", "x[:, 0:2]", "x[0, 1, 2]", "x[...]", "x[..., 0]",
    "x[:, None]",
    "x[None]", "x[y]", "x[[0, 1]]", "x['x']", "x[1.5]", "list(x)", "np.split(x, 3)[0][0]",
]  # fmt: skip


def test_reshape(oracle: Oracle) -> None:
    compare(oracle, _RESHAPES)


def test_axes(oracle: Oracle) -> None:
    compare(oracle, _AXES)


def test_moves(oracle: Oracle) -> None:
    repeated = [
        "np.tile(x, 2)",
        "np.tile(x, (2, 1))",
        "np.repeat(x, 2)",
        "np.repeat(x, 3, axis=-1)",
        "np.repeat(x, 2, 0)",
    ]
    compare(oracle, [*_MOVES, *repeated, *_BROADCASTS])


def test_functions_whose_gradient_mxnet_lacks_or_has_wrong(oracle: Oracle) -> None:
    compare(oracle, _WITHOUT_GRADIENTS, gradient=False)


def test_methods(oracle: Oracle) -> None:
    compare(oracle, _METHODS, gradient=False)
    recorded = ["x.reshape(-1)", "x.reshape(3, -1)", "x.T", "c.transpose(1, 0, 2)", "x.flatten()", "x[:1].squeeze()"]
    compare(
        oracle,
        [*recorded, "x.swapaxes(0, 1)", "x.repeat(2)", "x.copy()", "v.broadcast_to((2, 3))", "x.astype('float64')"],
    )


def test_graphs(oracle: Oracle) -> None:
    compare_graphs(oracle, _GRAPHS)


def test_graphs_of_slices(oracle: Oracle) -> None:
    compare_graphs(oracle, _SLICES)


@pytest.mark.parametrize(
    "text", ["x[0]", "x[-1]", "x[-2]", "x[0, -1]", "x[:, 0]", "x[0:2, 1]", "x[:, 1:2]", "x[::-1]", "x[-1:]", "x[0:-1]",
    "x[1:2:3, 2:1:-1]", "x[()]", "x[0, 1, 2]", "x[-1, -1, -1]", "x[0, -3]", "x[1:9]", "x[0][1]",
    "x[:, :, ::-2]"],
)  # fmt: skip
def test_slices_of_symbols_are_those_of_arrays(text: str) -> None:
    values = onp.arange(24, dtype="float32").reshape(2, 3, 4)
    with mx.util.np_shape(True), mx.util.np_array(True):
        symbol = eval(text, {"x": mx.sym.var("x").as_np_ndarray()})
        found = symbol.bind(mx.cpu(), {"x": mx.np.array(values)}).forward()[0]
    assert_same(found.asnumpy(), eval(text, {"x": values}))


def test_what_numpy_defines() -> None:
    compare_with_numpy([
    "np.reshape(x, (3, 2), order='F')", "np.reshape(c, (4, -1), 'F')", "np.transpose(b)", "np.swapaxes(b, 1, 0)",
    "np.roll(b, 1)", "np.rot90(b)", "np.flip(x, -1)", "np.flip(b, 1)", "np.flip(c, (0, -1))", "np.tile(x, 0)",
    "np.tile(s, (2, 2))", "np.resize(x, (3, 5))", "np.resize(i, 2)", "np.atleast_3d(v)", "x.reshape([3, 2])",
    ])  # fmt: skip


def _drawn_calls(rng: random.Random, shape: tuple[int, ...]) -> list[str]:
    """Return calls with axes that fit an array `a` of the shape."""
    rank = len(shape)
    axes = rng.sample(range(rank), rank)
    some = tuple(axes[: rng.randrange(rank + 1)])
    signed = tuple(axis - rng.choice([0, rank]) for axis in some)
    shifts = tuple(rng.randrange(-3, 4) for _ in some)
    lengths = [length for length in shape if rng.random() < 0.7 or length != 1]
    texts = [
        f"np.transpose(a, {tuple(axes)})", f"np.moveaxis(a, {signed}, {some[::-1]})", f"np.flip(a, {signed})",
        f"np.reshape(a, {tuple(rng.sample(lengths, len(lengths)))})", "np.ravel(a)",
        f"np.roll(a, {rng.randrange(-9, 9)})",
        f"np.tile(a, {tuple(rng.randrange(3) for _ in range(rng.randrange(4)))})",
        f"np.expand_dims(a, {rng.randrange(-rank - 1, rank + 1)})", f"np.repeat(a, {rng.randrange(3)})",
        "np.squeeze(a)", "np.atleast_2d(a)", f"np.broadcast_to(a, {(rng.randrange(3), *shape)})",
    ]  # fmt: skip
    if some:
        texts += [f"np.roll(a, {shifts}, {signed})", f"np.repeat(a, 2, axis={signed[0]})"]
    if rank > 1:
        texts += [
            f"np.rot90(a, {rng.randrange(-5, 6)}, {tuple(axes[:2])})",
            f"np.swapaxes(a, {axes[0]}, {axes[1] - rank})",
        ]
    return texts


def test_drawn_calls_are_numpys() -> None:
    rng = random.Random(11)
    for number in range(60):
        shape = tuple(rng.choice([0, 1, 1, 2, 3, 4]) for _ in range(rng.randrange(5)))
        kind = rng.choice(["float32", "int32", "bool", "float64"])
        values = onp.random.RandomState(number).randint(-9, 9, shape)
        compare_with_numpy(_drawn_calls(rng, shape), a=onp.asarray(values).astype(kind))


def test_copies_and_views_of_memory() -> None:
    x = mx.np.zeros((2, 3))
    for changed in (
        x.reshape(-1),
        x.T,
        x.flatten(),
        mx.np.squeeze(x),
        x.copy(),
        mx.np.expand_dims(x, 0),
        mx.np.ravel(x),
    ):
        changed[:] = 1
    assert x.sum() == 0
    x.reshape_view(-1)[:2] = 1
    assert x.sum() == 2


def test_numbers_are_broadcast() -> None:
    compare_with_numpy(["np.broadcast_arrays(x, 3.5)", "np.broadcast_arrays(2.5, v, v[0])", "np.broadcast_arrays(1.5)"])
    x = mx.np.ones((2, 1), ctx=mx.cpu(1))
    # How matplotlib 3.11 draws lines in space: NumPy's function, and False for what has no mask.
    whole, zero, mask = onp.broadcast_arrays(x, 0, False)
    assert type(zero) is mx.np.ndarray and zero.ctx == mx.cpu(1)
    assert (whole.shape, zero.shape, mask.shape) == ((2, 1),) * 3 and not zero.any() and not mask.any()


def test_refusals_name_what_was_received() -> None:
    x = mx.np.zeros((2, 3))
    for call, message in [
        (lambda: x.reshape(3, 2, order="F"), "order must be 'C'; received 'F'; use np.reshape"),
        (lambda: x.reshape(shape=(3, 2)), "and the keyword order; received 0 lengths and shape"),
        (lambda: mx.np.reshape(x, (4, -1)), r"all 6 elements, .*received \(4, -1\) for shape \(2, 3\)"),
        (lambda: mx.npx.reshape(x, (-3, -4)), r"-3 must stand for an axis of length 1; received \(-3, -4\)"),
        (lambda: mx.npx.reshape(x, -1, order="F"), "order must be 'C'; received 'F'"),
        (lambda: mx.np.resize(x, (-1, 2)), r"lengths of at least 0; received \(-1, 2\)"),
        (lambda: mx.np.broadcast_arrays(x, mx.np.zeros((4,))), r"must broadcast; received \(2, 3\), \(4,\)"),
    ]:
        with pytest.raises(mx.MXNetError, match=message):
            call()
