"""Functions of ``mx.np`` that NumPy computes: values and types as MXNet's, arrays in and out; what is refused."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import glueball as mx
from glueball.ndarray.numpy import protocols
from tests.numpy.calls import compare
from tests.oracle.client import Oracle

_ARRAYS = {
    "w": onp.array([[1, 2, 3], [4, -5, 6]], dtype="float32"),
    "p": onp.array([[2, 1], [1, 3]], dtype="float32"),
    "a": onp.array([1, 2], dtype="float32"),
    "n": onp.array([[1, onp.nan, 3], [onp.nan, -5, 6]], dtype="float32"),
}

# Some types depend on the release of NumPy, such as those of quantiles of float32.
TEXTS = """
np.allclose(w, w)
np.alltrue(w)
np.apply_along_axis(lambda row: row.sum(), 0, w)
np.apply_along_axis(lambda row: row * 2, 1, w)
np.apply_over_axes(onp.sum, c, [0, 1])
np.argpartition(w, 1)
np.argwhere(b)
np.array_equal(w, w)
np.array_equal(w, p)
np.array_equiv(w, w)
np.choose(l[1:], [a, a + 1])
np.compress([True, False], w, axis=0)
np.corrcoef(w)
np.correlate(a, a)
np.count_nonzero(w)
np.count_nonzero(w, axis=0)
np.cov(w)
np.cov(a, a)
np.digitize(a, np.array([0, 1.5, 3]))
np.divmod(w, 2)
np.divmod(w, w)
np.extract(w > 2, w)
np.flatnonzero(w)
np.float_power(w, 2)
np.frexp(w)
np.heaviside(w, 0.5)
np.histogram2d(d[0], d[1], bins=2)
np.histogram_bin_edges(w, bins=3)
np.histogramdd(d.T, bins=2)
np.i0(a)
np.in1d(w, a)
np.in1d(w, [1, 2], invert=True)
np.interp(a, a, a)
np.interp(a, onp.array([1.0, 2.0]), [3, 4])
np.interp(1.5, a, a)
np.intersect1d(w, a)
np.intersect1d(w, a, return_indices=True)
np.isclose(w, w)
np.isin(w, a)
np.isin(w, [1, 2])
np.isin(w, onp.array([1, 2]))
np.ix_(a, a)
np.ix_(l, [0, 1])
np.lexsort((a, a))
np.modf(w / 2)
np.msort(w)
np.nanargmax(n)
np.nanargmax(w, axis=0)
np.nanargmin(n)
np.nancumprod(n)
np.nancumsum(n, axis=1)
np.nanmax(n)
np.nanmax(n, axis=1)
np.nanmedian(n)
np.nanmedian(n, axis=1)
np.nanmin(n)
np.nanmin(n, axis=1, keepdims=True)
np.nanpercentile(d, 50, axis=0)
np.nanprod(n)
np.nanquantile(d, 0.5, axis=0)
np.ndim(w)
np.ndim([1, 2])
np.packbits(b)
np.partition(w, 1)
np.piecewise(w, [w < 0, w >= 0], [-1, 1])
np.piecewise(w, [w < 0, w >= 0], [lambda t: -t, lambda t: t])
np.poly(a)
np.poly(p)
np.polyadd(a, a)
np.polyadd(a, [1, 2, 3])
np.polydiv(a, a)
np.polyfit(a, a, 1)
np.polyint(a)
np.polymul(a, a)
np.polysub(a, a)
np.positive(w)
np.ptp(w)
np.ptp(w, axis=0)
np.real(w)
np.real(3)
np.rollaxis(w, 1)
np.roots(a)
np.roots(np.array([1, 0, 1]))
np.searchsorted(a, np.array([1.5, 5]))
np.select([w < 0, w > 2], [w, w * 2])
np.setdiff1d(w, a)
np.setxor1d(w, a)
np.signbit(w)
np.size(w)
np.size(w, 0)
np.size([1, 2])
np.spacing(a)
np.take_along_axis(w, np.array([[0], [1]], dtype='int64'), axis=1)
np.trapz(w)
np.trapz(w, dx=2.0, axis=0)
np.trapz(a, a)
np.tril_indices_from(p)
np.trim_zeros(np.array([0, 1, 2, 0]))
np.triu_indices_from(p)
np.union1d(w, a)
np.unpackbits(u)
np.unwrap(w)
np.vander(a)
np.vander(a, 3, increasing=True)
np.cov(w, a)
np.npv(0.28, [1.0, 2.0])
np.ppmt(0.1, 1, 60, 55000)
np.mirr([-1.0, 2.0], 0.1, 0.1)
np.linalg.lstsq(w.T, np.ones((3,)), rcond=None)
np.linalg.matrix_rank(w)
np.linalg.matrix_power(p, 3)
np.linalg.matrix_power(p, -1)
np.linalg.multi_dot([p, w, w.T])
np.linalg.cond(p)
np.linalg.qr(w, 'r')
np.allclose([1], [1])
np.allclose(w, 'text')
np.promote_types('float32', 'int64')
np.min_scalar_type(3)
np.genfromtxt(['1 2', '3 4'])
np.genfromtxt(['1 2', '3 4'], dtype='int32')
np.finfo('float32').eps
[np.NINF, np.NZERO, np.PINF, np.PZERO, np.e, np.inf, np.newaxis, np.pi]
[str(each) for each in (np.NAN, np.NaN, np.nan)]
[each.__name__ for each in (np.bool, np.float16, np.float32, np.float64, np.int8, np.int32, np.int64, np.uint8)]
""".strip().splitlines()


def numbers(mx: Any, texts: list[str], arrays: dict[str, Any]) -> list[Any]:
    """Evaluate expressions, and say which of the values are arrays of mx.np, and which are numbers of NumPy."""
    import numpy as onp

    def described(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [type(value).__name__, [described(each) for each in value]]
        if hasattr(value, "asnumpy"):
            return ["mx.np", value.asnumpy()]
        if isinstance(value, onp.integer | int) and not isinstance(value, bool):  # which one differs between NumPys
            return ["int", int(value)]
        if isinstance(value, onp.generic):
            return [value.dtype.name, value.item()]
        return ["dtype" if isinstance(value, onp.dtype) else type(value).__name__, str(value)]

    results: list[Any] = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for text in texts:
            scope = {"mx": mx, "np": mx.np, "onp": onp}
            scope |= {name: mx.np.array(value, dtype=value.dtype) for name, value in arrays.items()}
            try:
                results.append(described(eval(text, scope)))
            except Exception as error:
                results.append(["raised", type(error).__name__, [each.__name__ for each in type(error).__mro__]])
    return results


def _same(oracle: Oracle, texts: list[str]) -> None:
    from tests.comparison import assert_same
    from tests.numpy.calls import ARRAYS

    ours, theirs = [each.get() for each in oracle.both(numbers, texts, {**ARRAYS, **_ARRAYS})]
    different = []
    for text, one, other in zip(texts, ours, theirs, strict=True):
        if one[0] == other[0] == "raised" and other[1] in one[2]:
            continue
        try:
            assert_same(one, other, 1e-5, about=text)
        except AssertionError as error:
            different.append(str(error))
    assert not different, "\n".join(different)


def test_functions_that_numpy_computes(oracle: Oracle) -> None:
    _same(oracle, TEXTS)


def test_every_function_of_the_fallback_is_there() -> None:
    used = {text.partition("(")[0] for text in TEXTS}
    untested = [name for name in mx.np.fallback.__all__ if f"np.{name}" not in used]
    assert untested == ["pv", "rate", "result_type"]  # two more of those that are refused, and one below


def test_types_are_returned_as_types() -> None:
    """MXNet tries to make arrays of them."""
    w = mx.np.array([1, 2])
    assert mx.np.result_type(w, 3) == onp.float32
    assert mx.np.min_scalar_type(mx.np.array([1, 2], dtype="int32")) == onp.int32


def test_functions_that_only_the_module_has() -> None:
    n = mx.np.array(_ARRAYS["n"])
    assert float(mx.np.fallback.nansum(n)) == 5
    assert not hasattr(mx.np, "nansum")


@pytest.mark.parametrize("text", ["np.interp(a, a, a)", "np.linalg.qr(p)", "np.isclose(a, 1)", "onp.median(a)"])
def test_what_numpy_computes_is_not_recorded(text: str) -> None:
    scope = {"np": mx.np, "onp": onp, **{name: mx.np.array(value) for name, value in _ARRAYS.items()}}
    with mx.autograd.record(), pytest.raises(mx.MXNetError, match=r"it has no gradient.*autograd.pause"):
        eval(text, scope)
    with mx.autograd.record(), mx.autograd.pause():
        eval(text, scope)


def test_out_is_written() -> None:
    n, out = mx.np.array(_ARRAYS["n"]), mx.np.zeros((2,))
    assert mx.np.nanmax(n, axis=1, out=out) is out
    assert out.tolist() == [3, 6]


def test_results_stay_on_the_context() -> None:
    w = mx.np.array([1, 2], ctx=mx.cpu(1))
    assert mx.np.isin(w, [1]).ctx == mx.cpu(1)


@pytest.mark.parametrize("call", ["fill_diagonal(w, 1)", "copyto(w, w)", "put(w, [0], [5])"])
def test_what_would_write_into_a_copy_is_refused(call: str) -> None:
    with pytest.raises(TypeError, match="it would change a copy"):
        eval(f"onp.{call}", {"onp": onp, "w": mx.np.array(_ARRAYS["w"])})


def test_financial_functions_say_where_they_are() -> None:
    with pytest.raises(RuntimeError, match=r"use numpy_financial\.rate on NumPy's arrays"):
        mx.np.rate(10, -100, 900, 0)


def test_print_options_are_those_of_mx_np_alone() -> None:
    before = onp.get_printoptions()
    mx.np.set_printoptions(precision=2, threshold=4)
    try:
        assert repr(mx.np.array([1.2345])) == "array([1.23])"
        assert str(mx.np.array(range(9))) == "[0. 1. 2. ... 6. 7. 8.]"
        assert onp.get_printoptions() == before
        with pytest.raises(mx.MXNetError):
            mx.np.set_printoptions(precision="two")
        with pytest.raises(mx.MXNetError):
            mx.np.set_printoptions(colour=1)
    finally:
        mx.np.set_printoptions(precision=8, threshold=1000)


DISPATCHED = """
onp.mean(w)
onp.mean(w, axis=0)
onp.sum(w, axis=1, keepdims=True)
onp.add(w, w)
onp.add(w, 2)
onp.add(2, w)
onp.add(w, onp.ones((2, 3)))
onp.add(onp.ones((2, 3), dtype='float32'), w)
onp.exp(w / 9)
onp.exp(w / 9, out=np.zeros((2, 3)))
onp.add(w, w, out=onp.zeros((2, 3)))
onp.add.reduce(w)
onp.add.outer(a, a)
onp.multiply.accumulate(w)
onp.concatenate([w, w])
onp.concatenate([w, onp.ones((2, 3))])
onp.stack([w, w], axis=1)
onp.vstack((w, w))
onp.where(w > 2, w, -w)
onp.linalg.norm(w)
onp.linalg.inv(p)
onp.dot(w, w.T)
onp.einsum('ij,kj->ik', w, w)
onp.reshape(w, (3, 2))
onp.transpose(w)
onp.copy(w)
onp.sort(w)
onp.split(w, 3, axis=1)
onp.power(w, 2)
onp.sin(w)
onp.equal(w, 3)
onp.matmul(w, w.T)
onp.nan_to_num(w)
onp.clip(w, 0, 1)
onp.tile(w, 2)
onp.prod(w)
onp.expand_dims(w, 0)
onp.ravel(w)
onp.round(w)
onp.cumsum(w)
onp.trace(w)
onp.broadcast_to(w, (2, 2, 3))
onp.float32(2) * w
w * onp.float32(2)
onp.int64(2) + w
onp.float64(2) - w
onp.ones((2, 3)) * w
w * onp.ones((2, 3))
""".strip().splitlines()

BY_NUMPY = """
onp.zeros_like(w)
onp.full_like(w, 3)
onp.median(w, axis=0)
onp.var(w)
onp.std(w)
onp.cov(w)
onp.histogram(w)
onp.logaddexp(w, w)
onp.linalg.matrix_rank(w)
onp.linalg.det(p)
onp.isnan(w)
onp.floor_divide(w, 2)
onp.allclose(w, w)
onp.array_equal(w, w)
onp.cross(w, w)
onp.kron(a, a)
onp.fft.fft(a)
onp.gradient(a)
onp.cumprod(w)
onp.block([[w], [w]])
onp.isreal(w)
onp.ndim(w)
onp.size(w)
onp.shape(w)
""".strip().splitlines()


def test_numpys_own_functions(oracle: Oracle) -> None:
    compare(oracle, DISPATCHED, **_ARRAYS)


def test_numpys_own_functions_that_numpy_computes(oracle: Oracle) -> None:
    _same(oracle, BY_NUMPY)


def test_every_function_that_mxnet_hands_on() -> None:
    names = [*protocols.FUNCTIONS, *protocols.UFUNCS]
    assert [name for name in names if not callable(protocols.of_this_library(name))] == []


def test_which_functions_mxnet_hands_on(oracle: Oracle) -> None:
    def listed(mx: Any) -> Any:
        from mxnet import numpy_dispatch_protocol as protocol

        return [protocol._NUMPY_ARRAY_FUNCTION_LIST, protocol._NUMPY_ARRAY_UFUNC_LIST]

    functions, ufuncs = oracle.run(listed)
    assert set(protocols.UFUNCS) >= {*ufuncs} - {"abs", "bitwise_not", "mod"}  # the same objects have other names
    former = {"product", "round_", "sometrue"}  # NumPy has them no longer
    assert set(protocols.FUNCTIONS) == {*functions} - former - {"isfinite", "isinf", "isnan"}  # universal functions


def test_a_copy_for_numpy_is_a_plain_array() -> None:
    """MXNet makes arrays of objects."""
    w = mx.np.array(_ARRAYS["w"])
    assert onp.array(w).dtype == onp.asarray(w).dtype == onp.float32
    assert onp.asarray(w).tolist() == _ARRAYS["w"].tolist()


def test_out_of_what_numpy_computes() -> None:
    """MXNet recurses without end."""
    w, out = mx.np.array(_ARRAYS["w"]), mx.np.zeros((2, 3))
    assert onp.logaddexp(w, w, out=out) is out
    onp.testing.assert_allclose(out.asnumpy(), onp.logaddexp(_ARRAYS["w"], _ARRAYS["w"]), rtol=1e-6)


def test_numbers_of_numpy_are_compared_with_arrays(oracle):
    # MXNet's arrays stay what they are in a list that NumPy looks through; here NumPy makes a number of them.
    def programs(mx):
        import numpy

        mx.npx.set_np()
        try:
            one, two = mx.np.array(1.0), mx.np.array(2.0)
            largest = numpy.max([one, two])
            return [bool(largest > one), bool(one < largest), bool(max(one, largest) <= 1.5), bool(two == largest)]
        finally:
            mx.npx.reset_np()

    ours, theirs = oracle.both(programs)
    assert ours.get() == theirs.get() == [True, True, False, True]
