"""Sparse arrays: how they are made, what they are, how they are copied, cut, written to and pickled."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import scipy.sparse

import glueball as mx
from glueball import MXNetError, nd
from tests.comparison import assert_same

DENSE = np.array([[0, 2, 0], [1, 0, 3], [0, 0, 0]], dtype=np.float32)

_CSR = [
    "sp.csr_matrix((2, 3))", "sp.csr_matrix(dense)", "sp.csr_matrix(dense.astype('float64'))",
    "sp.csr_matrix(dense.tolist())", "sp.csr_matrix(dense, dtype='float64')", "sp.csr_matrix(mx.nd.array(dense))",
    "sp.csr_matrix(sp.csr_matrix(dense))", "sp.csr_matrix(([1, 2], [0, 1], [0, 1, 2]))",
    "sp.csr_matrix(([1, 2], [0, 1], [0, 1, 2]), shape=(2, 3))",
    "sp.csr_matrix((mx.nd.array([1, 2]), mx.nd.array([0, 1]), mx.nd.array([0, 1, 2])), shape=(2, 3))",
    "sp.csr_matrix(([1, 2], ([0, 1], [2, 0])))", "sp.csr_matrix(([1., 2, 3], ([1, 0, 1], [2, 0, 2])), shape=(3, 4))",
    "sp.csr_matrix((2, 3), shape=(3, 3))", "sp.csr_matrix(dense, shape=(2, 2))", "sp.csr_matrix(5)",
    "sp.csr_matrix((1, 2, 3, 4))", "sp.csr_matrix(np.zeros((2, 2, 2)))", "sp.zeros('csr', (2, 3))",
    "sp.zeros('csr', (2, 3), dtype='float64')", "sp.zeros('csr', (2,))", "sp.zeros('coo', (2, 3))",
    "sp.empty('csr', (2, 3))", "sp.array(sp.csr_matrix(dense))", "sp.array(dense)", "sp.array([1, 2])",
    "mx.nd.zeros((2, 3), stype='csr')", "mx.nd.array(dense).tostype('csr')",
    "mx.nd.cast_storage(mx.nd.array(dense), 'csr')",
]  # fmt: skip

_ROW_SPARSE = [
    "sp.row_sparse_array((3, 2))", "sp.row_sparse_array((3, 2, 2))", "sp.row_sparse_array(dense)",
    "sp.row_sparse_array(dense.tolist())", "sp.row_sparse_array(([[1, 2]], [1]))",
    "sp.row_sparse_array(([[1, 2]], [1]), shape=(4, 2))",
    "sp.row_sparse_array((mx.nd.array([[1, 2]]), mx.nd.array([1])), shape=(4, 2), dtype='float64')",
    "sp.row_sparse_array(([[1, 2], [3, 4]], [2, 0]), shape=(4, 2))",
    "sp.row_sparse_array(([1, 2], [2, 0]), shape=(4,))",
    "sp.row_sparse_array((2,))", "sp.row_sparse_array(([[1, 2]], [1]), shape=(4, 3))",
    "sp.row_sparse_array(dense, shape=(4, 3))", "sp.zeros('row_sparse', (2, 3, 4))",
    "mx.nd.empty((2, 3), stype='row_sparse')", "mx.nd.array(dense).tostype('row_sparse')",
    "sp.array(mx.nd.array(dense).tostype('row_sparse'), dtype='float64')", "mx.nd.array(dense).tostype('coo')",
]  # fmt: skip


def _made(mx, dense, text):
    found = eval(text, {"mx": mx, "sp": mx.nd.sparse, "dense": dense, "np": np})
    parts = [found.indices, found.data, *([found.indptr] if found.stype == "csr" else [])]
    return found.stype, type(found).__name__, found.shape, np.dtype(found.dtype).name, found, parts


@pytest.mark.parametrize("text", [*_CSR, *_ROW_SPARSE])
def test_creation(oracle, text):
    assert_same(*oracle.both(_made, DENSE, text))


_USES = [
    "len(x)", "x.ndim", "x.shape", "repr(x)", "x.stype", "x[:]", "x[0]", "x[-1]", "x[1:3]", "x[0:-1]", "x[::2]",
    "x[1, 2]",
    "x[9]", "x[2:1]", "x.size", "x.asscalar()", "bool(x)", "x.reshape((9,))", "x._at(0)", "x._slice(0, 1)",
    "x.astype('float64')", "x.copy()", "x.detach()", "x.copyto(mx.cpu(0))", "x.copyto(mx.nd.zeros((3, 3)))",
    "mx.nd.array(dense * 2).copyto(x) is x", "x.as_in_context(mx.cpu(1))", "x.as_in_context(mx.cpu(0)) is x",
    "x.asnumpy()",
    "x.tostype('default')", "x.tostype('csr')", "x.tostype('row_sparse')", "x.T", "x.transpose()", "x.flatten()",
    "x.expand_dims(0)", "x.zeros_like()", "x.ones_like()", "x.check_format()", "x.indices.dtype", "x._num_aux",
    "x._aux_data(0)", "x.norm()", "x.square()", "x.clip(-1, 1)", "-x", "abs(x)", "x * 2", "x / 2", "x + 1",
    "2 - x", "x > 0",
    "x == x", "x + x", "x - x", "x * x", "x + mx.nd.array(dense)", "mx.nd.array(dense) + x", "x.sum()", "x.sum(axis=0)",
    "x.mean(axis=1)", "mx.nd.stack(x, x)", "mx.nd.concat(x, x, dim=0)", "x.context", "x.grad", "hasattr(x, 'retain')",
    "hasattr(x, 'asscipy')",
]  # fmt: skip


def _used(mx, dense, stype, text):
    x = mx.nd.array(dense).tostype(stype)
    found = eval(text, {"mx": mx, "x": x, "dense": dense})
    is_array = isinstance(found, mx.nd.NDArray)
    return (found.stype if is_array else type(found).__name__), found if is_array else str(found)


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
@pytest.mark.parametrize("text", _USES)
def test_what_an_array_can_do(oracle, stype, text):
    assert_same(*oracle.both(_used, DENSE, stype, text))


def _assigned(mx, dense, stype, text):
    x = mx.nd.array(dense).tostype(stype)
    exec(text, {"mx": mx, "x": x, "dense": dense})
    return x.stype, x, x.indices


@pytest.mark.parametrize(
    ("stype", "text"),
    [
        ("csr", "x[:] = mx.nd.array(dense * 2)"),
        ("csr", "x[:] = mx.nd.sparse.csr_matrix(dense * 3)"),
        ("csr", "x[:] = [[1, 2, 3]] * 3"),
        ("csr", "x[0] = 1"),
        ("csr", "x *= 2"),
        ("row_sparse", "x[:] = 5"),
        ("row_sparse", "x[:] = mx.nd.array(dense * 2)"),
        ("row_sparse", "x += x"),
        ("row_sparse", "x += 1"),
        ("row_sparse", "x -= mx.nd.array(dense * 2).tostype('row_sparse')"),
        ("row_sparse", "mx.nd.square(mx.nd.array(dense), out=x)"),
    ],
)
def test_writing(oracle, stype, text):
    ours, theirs = oracle.both(_assigned, DENSE, stype, text)
    if theirs.failed and theirs.class_name == "Exception":  # MXNet's own class here is the base of all
        assert ours.failed
    else:
        assert_same(ours, theirs)


def test_scipy():
    matrix = scipy.sparse.csr_matrix(DENSE)
    made = nd.sparse.csr_matrix(matrix)
    assert made.dtype is np.float32 and (made.asscipy() != matrix).nnz == 0
    assert nd.array(matrix).stype == "csr" and nd.sparse.array(matrix, dtype="float64").dtype is np.float64
    for other in (matrix.tocoo(), matrix.tocsc()):
        with pytest.raises(MXNetError, match="tocsr"):
            nd.sparse.csr_matrix(other)
    unsorted = scipy.sparse.csr_matrix((np.array([1.0, 2.0]), np.array([2, 0]), np.array([0, 2])), shape=(1, 3))
    nd.sparse.csr_matrix(unsorted).check_format()


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
def test_pickles_and_copies(stype):
    x = nd.array(DENSE).tostype(stype)
    for other in (pickle.loads(pickle.dumps(x)), copy.copy(x), copy.deepcopy(x)):
        assert type(other) is type(x) and other is not x
        assert (other.asnumpy() == DENSE).all() and (other.indices.asnumpy() == x.indices.asnumpy()).all()
    other = copy.deepcopy(x)
    other[:] = nd.zeros((3, 3))
    assert (x.asnumpy() == DENSE).all()


@pytest.mark.parametrize(
    "text",
    [
        "sp.csr_matrix(([1, 2], [0, 5], [0, 1, 2]), shape=(2, 3))",
        "sp.csr_matrix(([1, 2], [1, 0], [0, 2, 2]), shape=(2, 3))",
        "sp.csr_matrix(([1, 2], [0, 1], [0, 2, 1]), shape=(2, 3))",
        "sp.csr_matrix(([1, 2], [0, 1], [0, 1, 2]), shape=(2, 3))",
        "sp.row_sparse_array(([[1, 2]], [9]), shape=(4, 2))",
        "sp.row_sparse_array(([[1, 2], [3, 4]], [2, 0]), shape=(4, 2))",
        "sp.row_sparse_array(([[1, 2], [3, 4]], [0, 2]), shape=(4, 2))",
    ],
)
def test_check_format(oracle, text):
    assert_same(*oracle.both(f"sp = mx.nd.sparse\nreturn {text}.check_format()"))


def test_dense_code_never_takes_a_sparse_array_for_a_dense_one():
    x = nd.array(DENSE).tostype("csr")
    for use in (lambda: x.to_torch(), lambda: nd.to_dlpack_for_read(x), lambda: x._data, lambda: nd.save("x.npz", x)):
        with pytest.raises(MXNetError, match="tostype"):
            use()


def test_the_names_of_the_namespaces(oracle):
    names = oracle.run("return [n for n in dir(mx.nd.sparse) if n.islower() and not n.startswith('_')]")
    internal = {"c_array_buf", "check_call", "ctypes", "integer_types", "mx_real_t", "native_array", "np",
                "numeric_types", "op", "operator", "py_slice", "py_sum", "spsp", "warnings", "gs_retain"}  # fmt: skip
    assert [name for name in names if name not in internal and not hasattr(mx.nd.sparse, name)] == []
    symbols = oracle.run("return [n for n in dir(mx.sym.sparse) if not n.startswith('_')]")
    assert [name for name in symbols if not hasattr(mx.sym.sparse, name)] == []
