"""Parameter and Constant: shapes, initialization, contexts, gradients, dtypes, as in MXNet; and clear refusals."""

from __future__ import annotations

import copy
import pickle
import warnings

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, gluon, nd
from tests.comparison import assert_same

#: Programs in which w is an initialized Parameter of ones, u one without initialization, and d a deferred one.
SAME = {
    "what it is": "return repr(u), u.shape, u.dtype.__name__, u.grad_req, u.lr_mult, u.wd_mult, u.name, u.init",
    "a shape of one number": "p = gluon.Parameter('p', shape=3); return p.shape, repr(p)",
    "a shape not known": "p = gluon.Parameter('p'); return p.shape, repr(p)",
    "lr_mult and wd_mult": """
        p = gluon.Parameter('p', lr_mult=2, wd_mult=0.5); p.lr_mult = 3; return p.lr_mult, p.wd_mult""",
    "the class of deferred errors": "return issubclass(gluon.parameter.DeferredInitializationError, mx.MXNetError)",
    # not initialized
    "u.data": "u.data()",
    "u.grad": "u.grad()",
    "u.list_data": "u.list_data()",
    "u.list_grad": "u.list_grad()",
    "u.list_ctx": "u.list_ctx()",
    "u.set_data": "u.set_data(nd.ones((2,)))",
    "u.zero_grad": "return u.zero_grad()",
    "u.reset_ctx": "u.reset_ctx(mx.cpu(1))",
    "no shape": "gluon.Parameter('p').initialize()",
    "a shape with 0": "gluon.Parameter('p', shape=(2, 0)).initialize()",
    "an empty shape": "gluon.Parameter('p', shape=()).initialize()",
    "a negative length": "gluon.Parameter('p', shape=(2, -1)).initialize()",
    "a negative length, deferred": "gluon.Parameter('p', shape=(2, -1), allow_deferred_init=True).initialize()",
    "a length that is no int": "gluon.Parameter('p', shape=(2.5,)).initialize()",
    "a shape that is no shape": "gluon.Parameter('p', shape='ab').initialize()",
    # deferred
    "d.data": "d.data()",
    "d.grad": "d.grad()",
    "d.list_data": "d.list_data()",
    "d.list_grad": "d.list_grad()",
    "d.zero_grad": "return d.zero_grad()",
    "d.list_ctx": "return [str(c) for c in d.list_ctx()]",
    "d.reset_ctx": "d.reset_ctx(mx.cpu(3)); return [str(c) for c in d.list_ctx()]",
    "d.set_data fixes the shape": "d.set_data(nd.ones((2, 4))); return d.shape",
    "d.set_data leaves it deferred": "d.set_data(nd.ones((2, 4))); d.data()",
    "d.set_data of a wrong shape": "d.set_data(nd.ones((3, 4)))",
    "d.shape fills in": "d.shape = (2, 5); return d.shape",
    "d.shape contradicts": "d.shape = (3, 5)",
    "d.shape of other length": "d.shape = (2, 5, 1)",
    "d.shape leaves it deferred": "d.shape = (2, 5); d.data()",
    "a shape for none": "p = gluon.Parameter('p', allow_deferred_init=True); p.shape = (2, 5); return p.shape",
    # initializing
    "once more is a warning": """
        import warnings
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            w.initialize(init='zeros')
        return w.data(), [c.category.__name__ for c in caught]""",
    "force_reinit": "w.initialize(init='zeros', force_reinit=True); return w.data()",
    "its own before the default": """
        p = gluon.Parameter('p', shape=(2,), init='ones'); p.initialize(default_init='zeros'); return p.data()""",
    "the given one before its own": """
        p = gluon.Parameter('p', shape=(2,), init='ones'); p.initialize(init='zeros'); return p.data()""",
    "the default": "u.initialize(default_init=mx.init.One()); return u.data()",
    "an unknown name": "u.initialize(init='nonsense')",
    "no initializer": "u.initialize(init=3)",
    "a keyword it has not": "u.initialize(nonsense=1)",
    "a random one stays within bounds": """
        p = gluon.Parameter('p', shape=(50,)); p.initialize(default_init=mx.init.Uniform(0.5))
        return bool(abs(p.data().asnumpy()).max() <= 0.5), p.data().asnumpy().std() > 0.1""",
    "while recording": """
        with autograd.record():
            u.initialize(init='ones'); y = u.data() * 2
        y.backward(); return u.grad()""",
    # contexts
    "several contexts": """
        u.initialize(ctx=[mx.cpu(0), mx.cpu(1)]); a, b = u.list_data()
        return str(a.context), str(b.context), a == b, [str(c) for c in u.list_ctx()], len(u.list_grad())""",
    "a tuple of contexts": "u.initialize(ctx=(mx.cpu(2),)); return [str(c) for c in u.list_ctx()]",
    "data on another context": "w.data(mx.cpu(1))",
    "grad on another context": "w.grad(mx.cpu(1))",
    "data of the only one": "u.initialize(ctx=mx.cpu(1)); return str(u.data().context)",
    "data of the current one": """
        u.initialize(ctx=[mx.cpu(0), mx.cpu(1)])
        with mx.Context('cpu', 1):
            return str(u.data().context)""",
    "data where the current one is none": "u.initialize(ctx=[mx.cpu(1), mx.cpu(2)]); u.data()",
    "the current context": """
        with mx.Context('cpu', 1):
            u.initialize()
        return str(u.list_ctx()[0])""",
    "a GPU that is not there": "u.initialize(ctx=mx.gpu(0))",
    "reset_ctx takes the mean": """
        u.initialize(ctx=[mx.cpu(0), mx.cpu(1)]); a, b = u.list_data(); a[:] = 2; b[:] = 4
        u.reset_ctx(mx.cpu(3)); return u.data(mx.cpu(3)), [str(c) for c in u.list_ctx()]""",
    "reset_ctx empties the gradient": "w.grad()[:] = 5; w.reset_ctx([mx.cpu(0)]); return w.grad()",
    "reset_ctx to the current one": "w.reset_ctx(None); return [str(c) for c in w.list_ctx()]",
    # values
    "set_data everywhere": """
        u.initialize(ctx=[mx.cpu(0), mx.cpu(1)]); u.set_data(nd.array([3, 4])); return u.list_data()""",
    "set_data keeps the array": "a = w.data(); w.set_data(nd.array([3, 4])); return a",
    "set_data keeps the type": "w.set_data(nd.array([3, 4], dtype='float64')); return w.data()",
    "set_data of NumPy": "w.set_data(np.array([3, 4])); return w.data()",
    "set_data of another shape": "w.set_data(nd.array([3, 4, 5]))",
    "set_data that would broadcast": "w.set_data(nd.array([3]))",
    "set_data while recording": """
        with autograd.record():
            w.set_data(nd.zeros((2,)))""",
    # gradients
    "no gradient": "p = gluon.Parameter('p', shape=(2,), grad_req='null'); p.initialize(); p.grad()",
    "no gradients": "p = gluon.Parameter('p', shape=(2,), grad_req='null'); p.initialize(); p.list_grad()",
    "zero_grad without": "p = gluon.Parameter('p', shape=(2,), grad_req='null'); p.initialize(); return p.zero_grad()",
    "an unknown request": "gluon.Parameter('p', grad_req='overwrite')",
    "an unknown request, later": "w.grad_req = 'overwrite'",
    "write": "f(); f(); return w.grad()",
    "null, then write": "w.grad_req = 'null'; w.grad_req = 'write'; f(); return w.grad()",
    "write, then null": "f(); w.grad_req = 'null'; w.grad()",
    "write, then add": "f(); w.grad_req = 'add'; f(); f(); return w.grad()",
    "the same again keeps it": "f(); w.grad_req = 'write'; return w.grad()",
    "zero_grad": "f(); w.zero_grad(); return w.grad()",
    "not differentiable": """
        p = gluon.Parameter('p', shape=(2,), differentiable=False); p.grad_req = 'write'; return p.grad_req""",
    # types
    "cast": "f(); w.cast('float64'); return w.data(), w.grad(), w.dtype",
    "cast, then backward": "w.cast('float64'); f(); return w.grad()",
    "cast before": "u.cast('float16'); u.initialize(init='ones'); return u.data(), u.dtype",
    "dtype casts": "w.dtype = 'float64'; return w.data(), w.dtype",
    "int32": """
        p = gluon.Parameter('p', shape=(2,), dtype='int32', init='ones', grad_req='null'); p.initialize()
        return p.data()""",
    "float16": "p = gluon.Parameter('p', shape=(2,), dtype='float16', init='ones'); p.initialize(); return p.data()",
    "an unknown type": "p = gluon.Parameter('p', shape=(2,), dtype='float42'); p.initialize()",
    "a type that MXNet lacks": "p = gluon.Parameter('p', shape=(2,), dtype='complex64'); p.initialize()",
    # storage
    "an unknown stype": "gluon.Parameter('p', stype='dense')",
    "an unknown grad_stype": "gluon.Parameter('p', grad_stype='dense')",
    "row_sparse_data": "w.row_sparse_data(nd.array([0]))",
    "list_row_sparse_data": "w.list_row_sparse_data(nd.array([0]))",
    # Constant
    "a Constant": """
        c = gluon.Constant('c', [[1, 2], [3, 4]]); c.initialize()
        return c.data(), c.grad_req, repr(c), c.shape, c.dtype.__name__""",
    "a Constant of an NDArray": """
        c = gluon.Constant('c', nd.array([1, 2], dtype='int32')); c.initialize(); return c.data(), c.value""",
    "a Constant of NumPy": "c = gluon.Constant('c', np.array([1.0, 2.0])); c.initialize(); return c.data(), c.value",
    "a Constant of a number": "gluon.Constant('c', 3).initialize()",
    "a Constant of a text": "gluon.Constant('c', 'abc')",
    "a Constant has no gradient": "c = gluon.Constant('c', [1, 2]); c.grad_req = 'write'; return c.grad_req",
    "a Constant initialized otherwise": "c = gluon.Constant('c', [1, 2]); c.initialize(init='zeros'); return c.data()",
    "a Constant with a default": """
        c = gluon.Constant('c', [1, 2]); c.initialize(default_init='zeros'); return c.data()""",
    "a Constant cast": "c = gluon.Constant('c', [1, 2]); c.initialize(); c.cast('float64'); return c.data()",
}  # fmt: skip

_BEGINNING = """
w = gluon.Parameter('w', shape=(2,)); w.initialize(init='ones')
u = gluon.Parameter('u', shape=(2,))
d = gluon.Parameter('d', shape=(2, 0), allow_deferred_init=True); d.initialize(ctx=[mx.cpu(0), mx.cpu(1)])
def f():
    with autograd.record():
        y = w.data() * w.data() * 3
    y.backward()
"""


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, name):
    import textwrap

    assert_same(*oracle.both(_BEGINNING + textwrap.dedent(SAME[name])))


def initialized(**options):
    parameter = gluon.Parameter("w", **{"shape": (2,), "init": "ones", **options})
    parameter.initialize()
    return parameter


REFUSED = [
    (lambda: gluon.Parameter("w", shape=(2,)).data(), "Parameter w: it must be initialized before use; call net.init"),
    (lambda: initialized().data(mx.cpu(1)), r"on cpu\(1\); it is on \[cpu\(0\)\]; .* reset_ctx"),
    (lambda: initialized(grad_req="null").grad(), "no gradient, because grad_req is 'null'; set it to 'write'"),
    (lambda: initialized().set_data([1, 2]), "the data must be an NDArray; received list"),
    (lambda: initialized().set_data(nd.ones((3,))), r"must agree with \(2,\); received \(3,\)"),
    (lambda: initialized(dtype="float42"), r"dtype must be one of float32, .*; received 'float42'"),
    (lambda: initialized().cast("float42"), "received 'float42'"),
    (lambda: initialized(stype="coo"), "stype must be one of default, row_sparse, csr; received 'coo'"),
    (lambda: initialized(grad_stype="coo"), "grad_stype must be one of default, row_sparse, csr; received 'coo'"),
    (lambda: initialized().row_sparse_data(nd.zeros((1,))), r"its storage is default; use data\(\)"),
    (lambda: initialized(stype="row_sparse").data(), r"its storage is row_sparse; use row_sparse_data\(row_id\)"),
    (lambda: initialized(stype="row_sparse").row_sparse_data(nd.zeros((1,))), "there must be a Trainer"),
    (
        lambda: gluon.Parameter("w", shape=(2,)).initialize(ctx="cpu"),
        "must be a Context or .*; received 'cpu'; use mx.",
    ),
    (lambda: gluon.Parameter("w", shape=(2,)).initialize(ctx=[]), "list of at least one; received"),
    (lambda: gluon.Parameter("w", shape=(2, -1)), r"ints of at least 0, where 0 means unknown; received \(2, -1\)"),
]


@pytest.mark.parametrize("call, message", REFUSED, ids=[message[:45] for _, message in REFUSED])
def test_refusals_say_what_to_do(call, message):
    with pytest.raises(mx.MXNetError, match=message):
        call()


def test_a_refused_cast_changes_nothing():
    parameter = initialized()
    with pytest.raises(mx.MXNetError):
        parameter.cast("float42")
    assert (parameter.dtype, parameter.data().dtype) == (np.float32, np.float32)


def test_the_second_initialization_warns_with_the_way_out():
    with pytest.warns(UserWarning, match="Parameter w is already initialized; .* force_reinit=True"):
        initialized().initialize()


def test_set_data_before_the_shape_is_known_gives_the_values():
    parameter = gluon.Parameter("w", shape=(2, 0), allow_deferred_init=True)
    parameter.initialize(ctx=[mx.cpu(0), mx.cpu(1)])
    parameter.set_data(nd.array([[1, 2, 3], [4, 5, 6]]))
    parameter._finish_deferred_init()
    for array in parameter.list_data():
        assert array.asnumpy().tolist() == [[1, 2, 3], [4, 5, 6]]


def test_contexts_do_not_share_memory():
    parameter = gluon.Parameter("w", shape=(2,), init="ones")
    parameter.initialize(ctx=[mx.cpu(0), mx.cpu(1)])
    parameter.data(mx.cpu(0))[:] = 5
    assert parameter.data(mx.cpu(1)).asnumpy().tolist() == [1, 1]
    with autograd.record():
        y = parameter.data(mx.cpu(1)) * 2
    y.backward()
    assert parameter.grad(mx.cpu(0)).asnumpy().tolist() == [0, 0]
    assert parameter.grad(mx.cpu(1)).asnumpy().tolist() == [2, 2]


def test_a_missing_gpu_leaves_the_parameter_as_it_was():
    parameter = initialized()
    if mx.num_gpus():
        pytest.skip("there is a GPU")
    with pytest.raises(mx.MXNetError, match="gpu"):
        parameter.reset_ctx([mx.cpu(1), mx.gpu(0)])
    assert parameter.data(mx.cpu(0)).asnumpy().tolist() == [1, 1]


@pytest.mark.parametrize("whole", [False, True], ids=["one parameter", "a block"])
def test_an_initialization_that_fails_keeps_all_values(whole):
    class Fails(mx.init.Initializer):
        def _init_weight(self, name, array):
            array[:] = 7
            if name.endswith("last"):
                raise ValueError("no")

    block = gluon.Block()
    parameters = [block.params.get(name, shape=(2,), init="ones") for name in ("first", "last")]
    if whole:
        block.initialize()
        for parameter in parameters:
            parameter.init = None
    else:
        parameters[1].initialize()
    kept = parameters[1].data()
    with autograd.record():
        y = kept * 3
    with pytest.raises(ValueError, match="no"):
        if whole:
            block.initialize(Fails(), mx.cpu(1), force_reinit=True)
        else:
            parameters[1].initialize(Fails(), mx.cpu(1), force_reinit=True)
    y.backward()
    for parameter in parameters[not whole :]:
        assert parameter.list_ctx() == [mx.cpu(0)]
        assert parameter.data().asnumpy().tolist() == [1, 1]
    assert parameters[1].data() is kept
    assert parameters[1].grad().asnumpy().tolist() == [3, 3]


def test_a_first_initialization_that_fails_can_be_repeated():
    block = gluon.Block()
    parameters = [block.params.get(name, shape=(2,), init=init) for name, init in (("a", "ones"), ("b", "nonsense"))]
    with pytest.raises(mx.MXNetError, match="nonsense"):
        block.initialize()
    parameters[1].init = "zeros"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        block.initialize()
    assert [parameter.data().asnumpy().tolist() for parameter in parameters] == [[1, 1], [0, 0]]


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))], ids=["copy", "pickle"])
def test_copies_are_separate_and_still_learn(duplicate):
    original = initialized(lr_mult=3.0)
    other = duplicate(original)
    other.data()[:] = 7
    with autograd.record():
        y = other.data() * other.data()
    y.backward()
    assert original.data().asnumpy().tolist() == [1, 1]
    assert (other.name, other.lr_mult, other.grad().asnumpy().tolist()) == ("w", 3.0, [14, 14])


def test_the_array_stays_the_same_object_through_a_step():
    """An array returned by data() sees the optimizer's updates."""
    parameter = initialized()
    array = parameter.data()
    parameter.set_data(nd.array([5, 6]))
    assert parameter.data() is array
    assert array.asnumpy().tolist() == [5, 6]


def test_mxnets_module_has_the_classes():
    from glueball.gluon.parameter import Constant, ParameterDict

    assert Constant is gluon.Constant
    assert ParameterDict is gluon.ParameterDict
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"):
        gluon.parameter.Nonsense  # noqa: B018


def trained_with_a_mask(mx):
    """A layer whose weight is a parameter of the program's, with all that the old one had, as gluonnlp makes it."""

    class Masked(mx.gluon.Parameter):
        def __init__(self, old):
            super().__init__(old.name, shape=old.shape, init=old.init)
            self._data, self._grad, self._ctx_list, self._ctx_map = old._data, old._grad, old._ctx_list, old._ctx_map
            self._var, self._trainer = old._var, old._trainer

        def data(self, ctx=None):
            return self._check_and_get(self._data, ctx) * mx.nd.array([[1, 0]])

    layer = mx.gluon.nn.Dense(1, in_units=2, use_bias=False, prefix="d_")
    layer.initialize(mx.init.One())
    masked = Masked(layer.weight)
    layer.params._params[masked.name] = masked
    layer._reg_params["weight"] = masked
    layer.hybridize()
    trainer = mx.gluon.Trainer(layer.collect_params(), "sgd", {"learning_rate": 1.0})
    with mx.autograd.record():
        out = layer(mx.nd.ones((1, 2)))
    out.backward()
    trainer.step(1)
    return out, masked._data[0], masked._trainer is trainer


def test_a_parameter_of_a_program_takes_the_place_of_another(oracle):
    assert_same(*oracle.both(trained_with_a_mask))


@pytest.mark.parametrize("name", ["data", "_check_and_get"])
@pytest.mark.parametrize("where", ["a subclass", "the class later", "an object"])
def test_a_graph_calls_each_method_that_a_program_replaces(monkeypatch, name, where):
    seen, theirs = [], getattr(gluon.Parameter, name)

    def own(self, *arguments):
        seen.append(self.name)
        return theirs(self, *arguments)

    layer = gluon.nn.Dense(1, in_units=2, prefix="d_")
    kind = type("Own", (gluon.Parameter,), {name: own} if where == "a subclass" else {})
    for parameter in layer.collect_params().values():
        parameter.__class__ = kind
    layer.initialize()
    if where == "an object":
        setattr(layer.weight, name, lambda *arguments: own(layer.weight, *arguments))
    layer.hybridize()
    layer(nd.ones((1, 2)))
    if where == "the class later":
        monkeypatch.setattr(kind, name, own, raising=False)
    seen.clear()
    layer(nd.ones((1, 2)))
    assert seen == (["d_weight"] if where == "an object" else ["d_weight", "d_bias"])


def on_memory_of_the_host(mx):
    """Networks on cpu(0), run on batches in memory that GPUs or processes copy from, and the other way round."""
    nn, found = mx.gluon.nn, []
    for memory in (mx.cpu_pinned(0), mx.Context("cpu_shared", 0)):
        for where, other in ((mx.cpu(0), memory), (memory, mx.cpu(0))):
            for layer in (nn.Dense(2), nn.BatchNorm(), mx.gluon.rnn.LSTM(2, layout="NTC"), nn.Embedding(3, 2)):
                layer.initialize(mx.init.One(), ctx=where)
                x = mx.nd.ones((1, 2, 3), ctx=other)
                with mx.autograd.record():
                    out = layer(x)
                out.backward()
                values = [p.data(c) for p in layer.collect_params().values() for c in (where, other)]
                found += [out, repr(out.context), [repr(value.context) for value in values]]
                found += [p.grad(other) for p in layer.collect_params().values() if p.grad_req == "write"]
    return found


def test_memory_of_the_host_is_that_of_its_cpu(oracle):
    assert_same(*oracle.both(on_memory_of_the_host))


def with_another_array(mx):
    """Arrays that a program puts in the place of a parameter's, found as MXFusion finds that place."""
    p = mx.gluon.Parameter("p", shape=(2,))
    p.initialize(mx.init.One(), ctx=[mx.cpu(2), mx.cpu(0)])
    x = mx.nd.array([3, 4], ctx=mx.cpu(2))
    x.attach_grad()
    with mx.autograd.record():
        p._data[p._ctx_map[x.context.device_typeid & 1][x.context.device_id]] = x * x
        loss = (p.data(mx.cpu(2)) * 5).sum()
    loss.backward()
    return p._ctx_map, p.data(mx.cpu(0)), x.grad, [repr(c) for c in p.list_ctx()]


def test_the_place_of_an_array_is_found_by_its_device(oracle):
    assert_same(*oracle.both(with_another_array))


def test_a_device_below_zero_is_refused():
    p = gluon.Parameter("p", shape=(2,))
    with pytest.raises(IndexError, match=r"device_id of ctx must be at least 0; received cpu\(-1\)"):
        p.initialize(ctx=mx.cpu(-1))
    with pytest.raises(mx.MXNetError, match="must be initialized before use"):
        p.data()
