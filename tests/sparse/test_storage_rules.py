"""What each operator gives for each storage type of its inputs: the type and the values, as MXNet."""

from __future__ import annotations

import itertools
import logging

import numpy as np
import pytest

from glueball import nd
from glueball.ndarray.invoke import invoke_applied
from glueball.ndarray.sparse import fallback
from glueball.ops import registry
from tests.comparison import assert_same, succeeded

STYPES = ("csr", "row_sparse", "default")
A = np.array([[0, 0, 0], [0.5, 0, -0.25], [0, 0, 0], [0, 0.5, 0]], np.float32)
B = np.array([[0, 0.25, 0], [0.125, 0, 0], [0, 0, 0], [0, 0, 0.75]], np.float32)


def _results(mx, first, second, calls):
    found = []
    for name, stypes, attributes in calls:
        arrays = [
            mx.nd.array(each).tostype(stype) for each, stype in zip((first, second, second * 2), stypes, strict=False)
        ]
        function = getattr(mx.nd.op, name, None) or getattr(mx.nd._internal, name, None)
        result = (function or getattr(mx.nd.contrib, name))(*arrays, **attributes)
        found.append((result.stype, result.asnumpy()))
    return found


def _same(oracle, calls):
    ours, theirs = succeeded(oracle.both(_results, A, B, calls))
    for call, own, other in zip(calls, ours, theirs, strict=True):
        assert_same(own, other, about=str(call))


_UNARY = (
    "abs arcsin arcsinh arctan arctanh cbrt ceil degrees expm1 fix floor log1p negative radians relu rint round sign "
    "sin sinh square tan tanh trunc zeros_like BlockGrad _copy make_loss cos exp sigmoid erf softsign ones_like"
)


def test_functions_of_one_array(oracle):
    _same(oracle, [(name, (stype,), {}) for name in _UNARY.split() for stype in STYPES])


def test_functions_of_two_arrays(oracle):
    names = [
        "elemwise_add",
        "elemwise_sub",
        "elemwise_mul",
        "_maximum",
        "_minimum",
        "_hypot",
        "_grad_add",
        "broadcast_add",
        "broadcast_sub",
    ]
    pairs = list(itertools.product(STYPES, STYPES))
    _same(oracle, [(name, pair, {}) for name in names for pair in pairs if pair != ("default", "default")])
    _same(oracle, [("broadcast_mul", ("csr", "default"), {}), ("broadcast_mul", ("default", "csr"), {})])
    _same(oracle, [("add_n", stypes, {}) for stypes in itertools.product(STYPES, repeat=3)])


def test_quotients(oracle):
    ours, theirs = oracle.both(_results, A, B + 1, [("elemwise_div", (a, "default"), {}) for a in STYPES])
    assert_same(ours, theirs)


def test_functions_with_a_number(oracle):
    names = [
        "plus",
        "minus",
        "mul",
        "div",
        "equal",
        "not_equal",
        "greater",
        "greater_equal",
        "lesser",
        "lesser_equal",
        "maximum",
        "power",
        "rminus",
    ]
    _same(oracle, [
        (f"_{name}_scalar", (stype,), {"scalar": scalar})
        for name in names for stype in ("csr", "row_sparse") for scalar in (0, 1, 2.5, -1)
        if not (name in ("div", "power") and scalar in (0, -1))
    ])  # fmt: skip


def test_sums_and_norms(oracle):
    _same(oracle, [
        (name, (stype,), {"axis": axis, "keepdims": keep} if axis is not None else {"keepdims": keep})
        for name in ("sum", "mean", "norm") for stype in ("csr", "row_sparse")
        for axis in (None, 0, 1, (0,), -1, (0, 1)) for keep in (False, True)
    ])  # fmt: skip
    _same(oracle, [("_square_sum", ("row_sparse",), {"axis": a, "keepdims": k}) for a in (0, 1) for k in (False, True)])


def test_parts(oracle):
    slices = [((1,), (3,)), ((1, 0), (3, 2)), ((None, 1), (None, 3)), ((-2,), (None,))]
    _same(oracle, [("slice", (s,), {"begin": b, "end": e}) for s in ("csr", "row_sparse") for b, e in slices])
    _same(oracle, [("Concat", ("csr", "csr"), {"dim": 0}), ("Concat", ("csr", "csr"), {"dim": 1})])
    _same(oracle, [("where", ("csr", "default", "default"), {}), ("clip", ("csr",), {"a_min": -0.1, "a_max": 0.3})])


@pytest.mark.parametrize("forward_stype", [None, "default", "csr", "row_sparse"])
def test_dot(oracle, forward_stype):
    def products(mx, first, second, wanted, combinations):
        found = []
        for left, right, stypes in combinations:
            pair = [first.T if left else first, second.T if right else second]
            arrays = [mx.nd.array(np.ascontiguousarray(one)).tostype(s) for one, s in zip(pair, stypes, strict=True)]
            options = {} if wanted is None else {"forward_stype": wanted}
            made = mx.nd.dot(*arrays, transpose_a=left, transpose_b=right, **options)
            found.append((made.stype, made.asnumpy(), made.indices.asnumpy() if made.stype == "csr" else None))
        return found

    cases = [
        (left, right, pair)
        for left in (False, True) for right in (False, True) for pair in itertools.product(STYPES, STYPES)
        if forward_stype in (None, "default") or pair != ("default", "default")
    ]  # fmt: skip
    ours, theirs = succeeded(oracle.both(products, A, B.T.copy(), forward_stype, cases))
    for case, own, other in zip(cases, ours, theirs, strict=True):
        assert_same(own, other, about=str(case))


def test_retain_and_take(oracle):
    def kept(mx, dense, rows):
        found = mx.nd.sparse.retain(mx.nd.array(dense).tostype("row_sparse"), mx.nd.array(rows))
        taken = mx.nd.take(mx.nd.array(dense).tostype("csr"), mx.nd.array(rows))
        return found.stype, found, found.indices, taken.stype, taken

    for rows in ([1, 2], [3, 1], [0]):
        assert_same(*oracle.both(kept, A, rows))


def test_the_functions_of_the_module(oracle):
    def computed(mx, dense, other):
        sp = mx.nd.sparse
        x, y = mx.nd.array(dense).tostype("csr"), mx.nd.array(other).tostype("csr")
        row, column = mx.nd.array([[1, 2, 3]]), mx.nd.ones((4, 1)) * 2
        found = [sp.add(x, y), sp.subtract(x, y), sp.multiply(x, y), sp.multiply(x, row), sp.multiply(x, column),
                 sp.divide(x, mx.nd.array(other + 1)), sp.multiply(x, 2), sp.add(x, 1), sp.add(x, row),
                 sp.dot(x, row.T)]  # fmt: skip
        return [(one.stype, one.asnumpy()) for one in found]

    assert_same(*oracle.both(computed, A, B))


def test_the_fallback_is_noted_once(caplog, monkeypatch):
    monkeypatch.setattr(fallback, "_said", set())
    monkeypatch.delenv("MXNET_STORAGE_FALLBACK_LOG_VERBOSE", raising=False)
    x = nd.array(A).tostype("csr")
    with caplog.at_level(logging.WARNING):
        nd.exp(x), nd.exp(x), nd.sqrt(x)
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["exp"]
    nd.exp(x.tostype("default").tostype("row_sparse"))
    assert len(caplog.records) == 2
    monkeypatch.setenv("MXNET_STORAGE_FALLBACK_LOG_VERBOSE", "0")
    nd.cos(x)
    assert len(caplog.records) == 2


@pytest.mark.parametrize("name", [each.name for each in registry if each.sparse is not None])
def test_a_rule_never_changes_its_inputs(name):
    operator = registry[name]
    for sample in operator.samples[:1]:
        arrays = [nd.array(np.abs(np.random.RandomState(0).uniform(0.1, 0.9, one.shape)), dtype=one.dtype)
                  for one in sample.inputs]  # fmt: skip
        if not arrays or arrays[0].ndim != 2:
            continue
        sparse = [array.tostype("row_sparse") if number == 0 else array for number, array in enumerate(arrays)]
        before = sparse[0].asnumpy()
        counted = {operator.variadic_by: len(arrays)} if operator.variadic_by else {}
        invoke_applied(operator.applied_named({**sample.attributes, **counted}), sparse, sparse[0].context)
        assert (sparse[0].asnumpy() == before).all()
