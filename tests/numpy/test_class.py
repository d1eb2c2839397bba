"""The classes of arrays and symbols of ``mx.np``: methods and signatures, and Python's protocols."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import glueball as mx
from tests.comparison import assert_same
from tests.numpy.calls import compare
from tests.oracle.client import Oracle

#: What MXNet shows of its C handles, and of its way to write to an array.
_OF_MXNET_ALONE = {"handle", "writable"}


def _signatures(mx: Any) -> dict[str, Any]:
    """Return of the public names of both classes whether the class defines them itself, and their parameters."""
    import inspect

    found = {}
    for owner in (type(mx.sym.var("x").as_np_ndarray()), mx.np.ndarray):
        for name in sorted(dir(owner)):
            member = inspect.getattr_static(owner, name)
            if name.startswith("_"):
                continue
            shown = (
                "property"
                if isinstance(member, property) or not callable(getattr(owner, name))
                else str(inspect.signature(getattr(owner, name)))
            )
            found[f"{owner.__name__}.{name}"] = [name in vars(owner), shown]
    return found


def test_methods_and_their_parameters(oracle: Oracle) -> None:
    ours, theirs = [each.get() for each in oracle.both(_signatures)]
    missing = sorted(name for name in theirs if name not in ours and name.partition(".")[2] not in _OF_MXNET_ALONE)
    assert missing == []
    # Inherited methods are those of mx.nd and mx.sym, which are compared elsewhere.
    own = {name: parameters for name, (is_own, parameters) in theirs.items() if is_own and parameters != "property"}
    different = {name: (ours[name][1], own[name]) for name in own if _plain(ours[name][1]) != own[name]}
    assert different == {}


def _plain(signature: str) -> str:
    """Return a signature without its annotations."""
    import ast

    if not signature.startswith("("):
        return signature
    arguments = ast.parse(f"def f{signature}: pass").body[0].args  # type: ignore[attr-defined]
    for each in [*arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]:
        if each is not None:
            each.annotation = None
    return f"({ast.unparse(arguments)})"


def test_protocols_of_python(oracle: Oracle) -> None:
    compare(oracle, [
        "len(x)", "len(e)", "len(s)", "bool(s)", "bool(x)", "bool(e)", "not s", "float(s)", "float(x)", "float(e)",
        "int(s)",
        "int(x)", "range(2)[np.array(1, dtype='int32')]", "[1, 2, 3][l[0]]", "list(v)", "list(x)", "list(e)",
        "x in [x]",
        "'%.2f' % s", "'{:.2f}'.format(s)", "'{:.2f}'.format(x)", "'{}'.format(x)", "format(v)", "str(x)", "str(s)",
        "str(e)",
        "repr(x)", "repr(s)", "repr(e)", "repr(b)", "repr(l)", "repr(h)", "repr(d)", "repr(u)",
        "repr(e.astype('int32'))",
        "repr(e.astype(bool))", "repr(np.array([1e10, 1.0]))", "repr(np.array([onp.nan, onp.inf]))", "x.item(1)",
        "x.item(0, 1)",
        "x.item((0, 1))", "x.item(7)", "x.item()", "s.item()", "b[0, 0].item()", "x.tolist()", "s.tolist()",
        "e.tolist()",
        "b.tolist()", "type(x).__name__", "isinstance(x, mx.nd.NDArray)", "max(v)", "min(v)", "sum(v)", "[*v][0]",
        "sorted([s, np.array(1.0)])", "dict(enumerate(v))[1]",
    ], gradient=False)  # fmt: skip


def test_copies_types_and_contexts(oracle: Oracle) -> None:
    compare(oracle, [
        "x.copy()", "x.copy('C')", "x.copy('F')", "x.astype('int32')", "x.astype(onp.int64)",
        "x.astype('float32') is x",
        "x.astype('float32', copy=False) is x", "x.astype('int32', order='F')", "x.astype('int32', casting='safe')",
        "x.astype('int32', subok=False)", "x.astype(bool)", "x.astype('foo')", "x.copyto(mx.cpu())", "x.copyto(y)",
        "x.copyto(mx.nd.zeros((2, 3)))", "x.copyto(3)", "mx.nd.ones((2, 3)).copyto(y)", "x.copyto(v)",
        "x.as_in_ctx(mx.cpu())",
        "x.as_in_ctx(mx.cpu()) is x", "str(x.as_in_ctx(mx.cpu(1)).ctx)", "str(x.as_in_context(mx.cpu(1)).context)",
        "x.detach()", "x.as_nd_ndarray()", "x.as_np_ndarray() is x", "x.as_nd_ndarray().as_np_ndarray()",
        "s.as_nd_ndarray()",
        "x.reshape_view(3, 2)", "x.reshape_view((3, 2))", "x.reshape_view(-1)", "x.attach_grad('foo')",
        "x.attach_grad('write', 'default')", "x.size, x.ndim, x.shape, str(x.dtype)", "s.size, s.ndim, s.shape",
    ], gradient=False)  # fmt: skip


def test_methods_that_are_refused(oracle: Oracle) -> None:
    names = [
        "abs", "exp", "sin", "norm", "softmax", "relu", "split", "topk", "one_hot", "pick", "expand_dims", "tile",
        "asscalar",
        "sign", "zeros_like", "nansum",
    ]  # fmt: skip
    compare(oracle, [f"x.{name}()" for name in names] + ["x.tostype('csr')", "x.broadcast_like(y)"], gradient=False)


def test_a_refusal_says_what_to_use() -> None:
    with pytest.raises(AttributeError, match=r"ndarray\.norm: mx\.np does not have this method; use np\.linalg\.norm"):
        mx.np.ones((2,)).norm()


def test_what_python_allows_of_more_than_mxnet() -> None:
    x, s = mx.np.array([1.0, 2.5]), mx.np.array(2.5)
    assert 2.5 in x
    assert 3 not in x
    assert hash(x) != hash(s)
    with pytest.raises(TypeError, match="cannot be iterated"):
        iter(s)


def _faces(mx: Any) -> list[Any]:
    """Return what one face shows of what was done with the other: values, the recorded graph, gradients."""
    found = []
    x = mx.np.array([1.0, 2.0])
    shown = x.as_nd_ndarray()
    shown[0] = 5
    x[1] = 7
    found += [x.asnumpy(), shown.asnumpy()]
    x.attach_grad()
    with mx.autograd.record():
        result = mx.nd.square((x * 2).as_nd_ndarray()).as_np_ndarray() * 3
    result.backward()
    found += [type(result).__name__, x.grad.asnumpy(), type(x.grad).__name__]
    return found


def test_both_faces_share_memory_and_graph(oracle: Oracle) -> None:
    ours, theirs = oracle.both(_faces)
    assert_same(ours.get(), theirs.get())


def _pickled(mx: Any) -> list[Any]:
    import pickle

    mx.npx.set_np()
    arrays = [mx.np.array([1.0, 2.0]), mx.np.array(3.0), mx.np.array([[True, False]], dtype="bool")]
    texts = [list(pickle.dumps(each, protocol=2)) for each in arrays]
    states = [list(each.__getstate__()["handle"]) for each in arrays]
    mx.npx.reset_np()
    return [texts, states]


def test_pickles(oracle: Oracle) -> None:
    import copy
    import io
    import pickle

    class AsGlueball(pickle.Unpickler):
        """Finds the classes of MXNet as ``install_as_mxnet()`` does."""

        def find_class(self, module: str, name: str) -> Any:
            return mx.np.ndarray if module == "mxnet.numpy" else super().find_class(module, name)

    ours, theirs = [each.get() for each in oracle.both(_pickled)]
    assert ours[1] == theirs[1]
    found = [AsGlueball(io.BytesIO(bytes(text))).load() for text in theirs[0]]
    for array, expected in zip(found, [[1, 2], 3, [[True, False]]], strict=True):
        for same in (array, pickle.loads(pickle.dumps(array)), copy.copy(array), copy.deepcopy(array)):
            assert type(same) is mx.np.ndarray
            assert same.tolist() == expected


@pytest.mark.parametrize("arguments", ["(2, 3)", "[1, 2]", "2", "onp.ones(3)", "x", "(2, 3), 'int32'"])
@pytest.mark.parametrize("owner", ["mx.np.ndarray", "mx.nd.NDArray"])
def test_the_class_is_not_called(oracle: Oracle, owner: str, arguments: str) -> None:
    compare(oracle, [f"{owner}({arguments})"])


def test_who_calls_the_class_is_told_what_to_call() -> None:
    with pytest.raises(mx.MXNetError, match=r"ndarray: .* tuple; received \(2, 3\); make an array with mx\.np\.array"):
        mx.np.ndarray((2, 3))


def test_dlpack_shares_the_memory_of_arrays_of_mx_np() -> None:
    """MXNet's arrays have only the methods; there NumPy and torch cannot take them by themselves."""
    array = mx.np.array([[1.0, 2.0], [3.0, 4.0]])
    torch.from_dlpack(array)[0, 0] = 7
    back = mx.nd.from_dlpack(array.to_dlpack_for_write()).as_np_ndarray()
    back[1, 1] = 9
    assert array.tolist() == np.from_dlpack(array).tolist() == [[7.0, 2.0], [3.0, 9.0]]
    assert type(back) is mx.np.ndarray
