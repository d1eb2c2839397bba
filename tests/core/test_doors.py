"""What comes out of public functions and methods: see ``core/doors.py``."""

from __future__ import annotations

import contextlib
import gc
import pickle
import warnings
import weakref

import numpy as np
import pytest

import glueball as mx
from glueball import gluon, nd
from glueball.core import errors
from glueball.core.doors import guard

#: A call with an argument of the wrong kind, the built-in class that it raises besides MXNetError, and what it says.
WRONG = {
    "split_data": ("gluon.utils.split_data('x', 2)", AttributeError,
                   "split_data: 'str' object has no attribute 'shape'; received data='x', num_slice=2; "
                   "pass data: NDArray or numpy.ndarray; num_slice: int"),
    "annotated": ("gluon.utils.clip_global_norm([nd.ones((2,))], 'x')", TypeError,
                  "clip_global_norm: max_norm must be float; received 'x'"),
    "items": ("gluon.utils.clip_global_norm([1], 1)", AttributeError,
              "clip_global_norm: arrays must be list of NDArray; received [1]"),
    "method": ("mx.metric.Accuracy().update(3, 4)", TypeError, "Accuracy.update: "),
    "constructor": ("gluon.data.FilterSampler(len, 3)", TypeError,
                    "FilterSampler: object of type 'int' has no len(); received fn="),
    "inherited": ("mx.metric.Accuracy().update_dict(1, 2)", AttributeError, "Accuracy.update_dict: label must be "),
    "an input": ("gluon.nn.HybridLambda(lambda F, x: x)('x')", ValueError,
                 "HybridLambda: at least one input must be an NDArray or a Symbol; received str"),
    "too few": ("gluon.utils.split_data()", TypeError, "split_data: missing a required argument: 'data'; it "),
    "too many inputs": ("gluon.nn.Activation('relu')(nd.ones((2, 3)), 1, 2)", TypeError, "Activation: "),
    "an installed method": ("nd.ones((2,)).broadcast_like(3)", AttributeError, "NDArray.broadcast_like: other must be"),
    "words": ("nd.ones((2, 3)).asscalar()", ValueError, "NDArray.asscalar: the array must have one element; received"),
    "abstract": ("gluon.Block()(1)", NotImplementedError, "Block: forward must be implemented"),
    "two numbers": ("nd.modulo(2.0, 10**400)", OverflowError, "modulo: "),
    "too many parts": ("gluon.utils.split_data(np.ones((0, 2)), 2**63)", RuntimeError, "num_slice must be at most"),
    "out": ("nd.relu(nd.ones((2,)), out=3)", RuntimeError, "out must be 1 NDArray; received 3"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_an_error_is_of_both_classes_and_says_what_is_wrong(name):
    code, kind, text = WRONG[name]
    with pytest.raises(kind) as caught:
        eval(code)
    assert isinstance(caught.value, mx.MXNetError)
    assert text in str(caught.value)


@pytest.mark.parametrize("name", [name for name in WRONG if name not in ("out", "too many parts")])
def test_mxnet_raises_that_class(oracle, name):
    if name in ("an installed method", "items"):
        pytest.skip("MXNet or its NumPy takes it")
    theirs = oracle.theirs(WRONG[name][0])
    assert theirs.failed
    assert theirs.class_name in [kind.__name__ for kind in (WRONG[name][1], mx.MXNetError, AssertionError)], theirs


def test_an_error_that_causes_itself_ends():
    error = ValueError("x")
    error.__cause__ = error

    def fails(block):
        raise error

    with pytest.raises(ValueError, match="x") as caught:
        gluon.nn.Dense(1).apply(fails)
    assert caught.value is error
    with pytest.raises(mx.MXNetError, match=r"gpu\(99\): the device must exist"):
        mx.io.NDArrayIter(nd.array([1], ctx=mx.gpu(99)))


@pytest.mark.parametrize("scope", [mx.cpu(1), mx.AttrScope(), mx.name.NameManager(), mx.name.Prefix("a_")])
def test_leaving_a_scope_that_was_not_entered(scope):
    with pytest.raises(mx.MXNetError, match="its 'with' block must have been entered; it was not"):
        scope.__exit__(None, None, None)
    assert nd.ones((1,)).context == mx.cpu()
    assert (mx.sym.var("x") + 1).name.startswith("_plusscalar")
    with scope:
        pass


class _OwnError(ValueError):
    pass


def _fail(*args, **kwargs):
    raise _OwnError("mine")


def _once(block):
    next(iter(block.collect_params().values())).set_data(int("mine"))


#: Programs that pass a function. Its own exception comes out, whether it is written in Python or in C.
PASSED = {
    "transform": lambda fail: gluon.data.SimpleDataset(["mine"]).transform(fail)[0],
    "transform, not lazy": lambda fail: gluon.data.SimpleDataset(["mine"]).transform(fail, lazy=False),
    "transform_first": lambda fail: gluon.data.SimpleDataset([("mine", 2)]).transform_first(fail)[0],
    "filter": lambda fail: gluon.data.SimpleDataset(["mine"]).filter(fail),
    "batchify_fn": lambda fail: list(gluon.data.DataLoader(["mine"], 1, batchify_fn=lambda data: fail(data[0]))),
    "feval": lambda fail: mx.metric.CustomMetric(lambda label, pred: fail("mine")).update([nd.ones(1)], [nd.ones(1)]),
    "Lambda": lambda fail: gluon.nn.Lambda(lambda x: fail("mine"))(nd.ones((1,))),
    "apply": lambda fail: gluon.nn.Dense(1).apply(lambda block: fail("mine")),
}


@pytest.mark.parametrize("name", PASSED)
@pytest.mark.parametrize("fail", [_fail, int], ids=["Python", "C"])
def test_what_a_users_function_raises_comes_out_as_it_is(name, fail):
    with pytest.raises(ValueError, match="mine") as caught:
        PASSED[name](fail)
    assert type(caught.value) is (_OwnError if fail is _fail else ValueError)


@pytest.mark.parametrize("fail", [_fail, int], ids=["Python", "C"])
@pytest.mark.parametrize("options", [{"num_workers": 1}, {"num_workers": 1, "thread_pool": True}], ids=str)
def test_what_a_users_function_raises_in_a_worker_comes_out_as_it_is(options, fail):
    data = gluon.data.SimpleDataset(["mine"]).transform(fail)
    with pytest.raises(ValueError, match="mine") as caught:
        list(gluon.data.DataLoader(data, 1, **options))
    assert type(caught.value) is (_OwnError if fail is _fail else ValueError)


def test_what_a_users_class_raises_comes_out_as_it_is():
    class Metric(mx.metric.EvalMetric):
        def update(self, labels, preds):
            return labels.nothing

    class Net(gluon.HybridBlock):
        def hybrid_forward(self, F, x):
            return F.nothing(x)

    for fails in (lambda: Metric("m").update_dict({"a": 1}, {"b": 2}), lambda: Net()(nd.ones((1,)))):
        with pytest.raises(AttributeError, match="nothing") as caught:
            fails()
        assert not isinstance(caught.value, mx.MXNetError)


def test_a_users_class_has_no_doors():
    class Sampler(gluon.data.Sampler):
        def __len__(self):
            return len(None)

    assert not hasattr(Sampler.__len__, "__wrapped__")
    with pytest.raises(TypeError) as caught:
        len(Sampler())
    assert not isinstance(caught.value, mx.MXNetError)


def test_a_guard_is_no_base_class():
    class Thing:
        pass

    before = Thing.__mro__
    assert guard(Thing) is Thing
    assert Thing.__mro__ == before


def test_a_failure_keeps_nothing_alive():
    class Thing:
        pass

    thing = Thing()
    kept = weakref.ref(thing)
    gc.disable()
    try:
        with contextlib.suppress(mx.MXNetError):
            gluon.utils.split_data(thing, 2)
        del thing
        assert kept() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("kind", errors._BOTH)
def test_errors_travel_between_processes(kind):
    error = pickle.loads(pickle.dumps(kind("what is wrong")))
    assert type(error) is kind and str(error) == "what is wrong"
    assert isinstance(errors.with_class_of(kind.__bases__[1](), "x"), kind)


def test_warnings_name_the_line_of_the_user():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gluon.utils.clip_global_norm([nd.array([float("nan")])], 1)
        block = gluon.nn.Dense(1, in_units=1)
        block.initialize()
        block.collect_params().initialize()
        mx.init.Zero()("a_weight", nd.ones((1,)))
    assert len(caught) == 4
    assert {one.filename for one in caught} == {__file__}


def test_a_value_with_a_hostile_repr():
    class Hostile:
        def __repr__(self):
            raise ValueError

    with pytest.raises(mx.MXNetError, match="received data=an object of Hostile"):
        gluon.utils.split_data(Hostile(), 2)
    with pytest.raises(mx.MXNetError, match="split_data: num_slice must be int; received 'x'"):
        gluon.utils.split_data(np.ones((2, 3)), "x")
