"""Initializers fill arrays like MXNet's: with the same numbers, or draws from the same distribution."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pytest
import torch

import glueball as mx
from tests.comparison import assert_same


def filled(mx, init, name="fc_weight", shape=(2, 3), attrs=None, dtype="float32"):
    """An array of sevens after an initializer, given by class name and arguments."""
    kind, arguments = init
    array = mx.nd.full(shape, 7, dtype=dtype)
    getattr(mx.init, kind)(**arguments)(mx.init.InitDesc(name, attrs), array)
    return array


@pytest.mark.parametrize("own", ["[" * 5000, '[["zero"], {}]', '["zero", 3]', "[" + '["zero", {}],' * 2000 + "0]"])
def test_an_initializer_in_a_hostile_file_is_refused(own):
    weight = mx.sym.var("w", attr={"__init__": own})
    module = mx.mod.Module(mx.sym.FullyConnected(mx.sym.var("x"), weight, num_hidden=2, no_bias=True), ["x"], None)
    module.bind([("x", (3, 4))], for_training=False)
    with pytest.raises((mx.MXNetError, ValueError), match=r"JSON must be \[") as caught:
        module.init_params()
    assert len(str(caught.value)) < 500


# --- which method fills which parameter ---------------------------------------------------------------------

NAMES = [
    "weight", "fc_weight", "fc_bias", "bn_gamma", "bn_beta", "x_min", "x_max", "minmax", "a_bias_weight",
    "running_mean", "bn_moving_mean", "bn_moving_var", "foo", "weight_1", "gamma_", "prelu0_alpha",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_end_of_the_name_decides(oracle, name):
    assert_same(*oracle.both(filled, ("Constant", {"value": 3}), name))


@pytest.mark.filterwarnings("ignore:.*InitDesc:DeprecationWarning")
@pytest.mark.parametrize("name", [*NAMES, "bn_moving_inv_var", "bn_moving_avg", "bn_running_var"])
def test_a_plain_name_has_the_older_rules(oracle, name):
    code = "x = nd.full((2,), 7); mx.init.Constant(3)(name, x); return x"
    assert_same(*oracle.both(code, name=name))


def test_a_plain_name_is_deprecated():
    with pytest.warns(DeprecationWarning, match=r"Zero: a plain name is deprecated; pass mx.init.InitDesc"):
        mx.init.Zero()("x_weight", mx.nd.ones((1,)))


@pytest.mark.parametrize("own", ["ones", "One", '["constant", {"value": 5}]', '["one", {}]', "nope", "[1"])
@pytest.mark.parametrize("name", ["x_weight", "x_bias", "anything"])
def test_an_initializer_of_its_own_fills_a_parameter_whatever_its_name(oracle, name, own):
    ours, theirs = oracle.both(filled, ("Zero", {}), name, (3,), {"__init__": own})
    if own == "[1":  # json's own error
        assert "ValueError" in ours.mro
        assert "ValueError" in theirs.mro
    else:
        assert_same(ours, theirs)


def test_an_unknown_name_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match=r"Uniform: .* end in weight, .*; received 'scale'; give .* \(init="):
        mx.init.Uniform()(mx.init.InitDesc("scale"), mx.nd.ones((1,)))


def test_the_description_keeps_what_is_known(oracle):
    code = """
        d = mx.init.InitDesc("a_weight", attrs={"lr_mult": "2"})
        before = d.global_init
        init = mx.init.One()
        init(d, nd.zeros((1,)))
        return str(d), d.attrs, before is None, d.global_init is init, isinstance(d, str), d == "a_weight"
    """
    assert_same(*oracle.both(code))
    again = pickle.loads(pickle.dumps(mx.init.InitDesc("a", {"x": 1})))
    assert (again, again.attrs) == ("a", {"x": 1})


# --- without randomness -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("init", "shape"),
    [
        (("Zero", {}), (2, 3)),
        (("One", {}), (2, 3)),
        (("Constant", {"value": 2.5}), (2, 3)),
        (("Constant", {"value": [1, 2, 3]}), (2, 3)),
        (("Constant", {"value": np.arange(6.0).reshape(2, 3)}), (2, 3)),
        (("Constant", {"value": [1, 2]}), (2, 3)),
        (("Bilinear", {}), (2, 3, 4, 4)),
        (("Bilinear", {}), (1, 1, 3, 3)),
        (("Bilinear", {}), (1, 2, 5, 5)),
        (("Bilinear", {}), (1, 1, 2, 4)),
        (("Bilinear", {}), (1, 1, 5, 3)),
        (("LSTMBias", {"forget_bias": 2.0}), (12,)),
        (("LSTMBias", {}), (8,)),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int32"])
def test_values_that_are_not_drawn(oracle, init, shape, dtype):
    # 1e-7: MXNet computes the bilinear kernel in float32, whatever the dtype of the weight
    assert_same(*oracle.both(filled, init, "fc_weight", shape, None, dtype), rtol=1e-7)


def test_lstm_bias_fills_only_as_the_parameters_own(oracle):
    assert_same(*oracle.both(filled, ("LSTMBias", {}), "lstm_bias", (8,)))
    assert_same(*oracle.both(filled, ("Zero", {}), "lstm_bias", (8,), {"__init__": '["lstmbias", {}]'}))


def test_bilinear_needs_four_axes():
    with pytest.raises(mx.MXNetError, match=r"Bilinear: the weight must have 4 axes; .* shape \(4, 4\)"):
        filled(mx, ("Bilinear", {}), shape=(4, 4))


# --- random ------------------------------------------------------------------------------------------------


def moments(mx, init, shape, dtype="float32"):
    """Mean, standard deviation and limits of the draws, in units of the deviation; and their shape."""
    mx.random.seed(11)
    values = filled(mx, init, shape=shape, dtype=dtype).asnumpy().astype("float64")
    scale = values.std()
    return (
        [values.mean() / scale, scale, values.min() / scale, values.max() / scale],
        values.dtype,
        values.shape,
    )


DRAWN = [
    ("Uniform", {}),
    ("Uniform", {"scale": 0.5}),
    ("Normal", {}),
    ("Normal", {"sigma": 2.0}),
    *(
        ("Xavier", {"rnd_type": kind, "factor_type": factor, "magnitude": 2.24})
        for kind, factor in itertools.product(["uniform", "gaussian"], ["avg", "in", "out"])
    ),
    ("Xavier", {}),
    ("MSRAPrelu", {}),
    ("MSRAPrelu", {"factor_type": "in", "slope": 0.0}),
    ("MSRAPrelu", {"factor_type": "out", "slope": 0.5}),
    ("Orthogonal", {}),
    ("Orthogonal", {"scale": 2.0, "rand_type": "normal"}),
]


@pytest.mark.parametrize("init", DRAWN, ids=str)
@pytest.mark.parametrize("shape", [(250, 40), (16, 20, 3, 7), (60, 8, 25)])
def test_distributions_equal_mxnets(oracle, init, shape):
    ours, theirs = (outcome.get() for outcome in oracle.both(moments, init, shape))
    assert ours[1:] == theirs[1:]
    mean, scale, low, high = ours[0]
    their_mean, their_scale, their_low, their_high = theirs[0]
    assert abs(mean) < 0.05
    assert abs(their_mean) < 0.05
    assert scale == pytest.approx(their_scale, rel=0.03)
    if init[0] == "Uniform" or init[1].get("rnd_type") == "uniform" or init == ("Xavier", {}):
        assert low == pytest.approx(their_low, rel=0.03)
        assert high == pytest.approx(their_high, rel=0.03)
    elif init[0] != "Orthogonal":  # normal: all of 10,000 draws are within 5 deviations, and at least one beyond 3
        assert -5.5 < low < -3
        assert 3 < high < 5.5


@pytest.mark.parametrize("init", DRAWN, ids=str)
def test_other_types_are_drawn_too(init):
    for dtype in ("float16", "float64"):
        values = filled(mx, init, shape=(40, 50), dtype=dtype).asnumpy()
        assert values.dtype == dtype
        assert values.std() == pytest.approx(filled(mx, init, shape=(40, 50)).asnumpy().std(), rel=0.1)


def test_uniform_fills_its_whole_range():
    values = filled(mx, ("Uniform", {"scale": 0.5}), shape=(100, 100)).asnumpy()
    assert -0.5 <= values.min() < -0.49
    assert 0.49 < values.max() < 0.5


def products(mx, shape, scale, kind):
    init = ("Orthogonal", {"scale": scale, "rand_type": kind})
    matrix = filled(mx, init, shape=shape).asnumpy().reshape(shape[0], -1)
    return matrix @ matrix.T if matrix.shape[0] <= matrix.shape[1] else matrix.T @ matrix


@pytest.mark.parametrize("kind", ["uniform", "normal"])
@pytest.mark.parametrize("shape", [(4, 3, 2, 2), (10, 3), (5, 5), (1, 4)])
def test_orthogonal_rows_or_columns(oracle, shape, kind):
    for outcome in oracle.both(products, shape, 2.0, kind):
        found = outcome.get()
        np.testing.assert_allclose(found, 4 * np.eye(len(found)), atol=1e-5)


def test_draws_follow_our_seed_and_leave_torch_and_numpy_alone():
    torch_state, numpy_state = torch.get_rng_state(), np.random.get_state()
    draws = []
    for _ in range(2):
        mx.random.seed(3)
        draws.append([filled(mx, init, shape=(4, 5)).asnumpy() for init in DRAWN])
    assert_same(draws[0], draws[1], rtol=0)
    assert len({draw.tobytes() for draw in draws[0]}) == len(DRAWN)
    assert torch.equal(torch_state, torch.get_rng_state())
    assert np.random.get_state()[2] == numpy_state[2]
    assert np.array_equal(np.random.get_state()[1], numpy_state[1])


@pytest.mark.parametrize(
    ("init", "shape", "dtype", "rule"),
    [
        (
            ("Xavier", {}),
            (5,),
            "float32",
            r"Xavier: a weight must have 2 or more axes; 'fc_weight' has .*\(5,\)",
        ),
        (("MSRAPrelu", {}), (5,), "float32", r"MSRAPrelu: a weight must have 2 or more axes"),
        (("Xavier", {"rnd_type": "cubic"}), (5, 5), "float32", "rnd_type must be .* received 'cubic'"),
        (("Xavier", {"factor_type": "up"}), (5, 5), "float32", "factor_type must be .* received 'up'"),
        (("Xavier", {"magnitude": -1}), (5, 5), "float32", "magnitude must be 0 or more; received -1"),
        (("Xavier", {"magnitude": "much"}), (5, 5), "float32", "much"),
        (("Uniform", {"scale": -1}), (5, 5), "float32", "Uniform: the limit .* received -1"),
        (("Normal", {"sigma": -1}), (5, 5), "float32", "Normal: .* positive; received -1"),
        (("Normal", {"sigma": 0}), (5, 5), "float32", "Normal: .* positive; received 0"),
        (("Orthogonal", {}), (5,), "float32", "Orthogonal: a weight must have 2 or more axes"),
        (("Uniform", {}), (5, 5), "int32", "Uniform: .* floating-point array; received int32"),
        (("Xavier", {}), (5, 5), "uint8", "Xavier: .* floating-point array; received uint8"),
        (("Initializer", {}), (5, 5), "float32", "Initializer: _init_weight.* must be implemented"),
    ],
)
def test_refusals_have_mxnets_class_and_name_the_rule(oracle, init, shape, dtype, rule):
    ours, theirs = oracle.both(filled, init, "fc_weight", shape, None, dtype)
    assert ours.failed
    assert_same(ours, theirs)
    with pytest.raises(Exception, match=rule):
        filled(mx, init, shape=shape, dtype=dtype)


def test_an_unknown_distribution_is_refused_where_mxnet_breaks():
    with pytest.raises(mx.MXNetError, match="rand_type must be 'uniform' or 'normal'; received 'cubic'"):
        filled(mx, ("Orthogonal", {"rand_type": "cubic"}))


def test_what_is_filled_must_be_an_array_with_a_name():
    with pytest.raises(TypeError, match="One: arr must be an NDArray; received ndarray"):
        mx.init.One()(mx.init.InitDesc("weight"), np.zeros(3))
    with pytest.raises(TypeError, match="One: desc must be an InitDesc; received int"):
        mx.init.One()(3, mx.nd.zeros((3,)))


# --- text forms ---------------------------------------------------------------------------------------------

INSTANCES = [
    ("Zero", {}), ("One", {}), ("Constant", {"value": 3}), ("Constant", {"value": np.ones(2)}), ("Bilinear",
    {}), ("LSTMBias", {}), *DRAWN,
]  # fmt: skip


@pytest.mark.parametrize("init", INSTANCES, ids=str)
def test_dumps_equals_mxnets_and_creates_the_same_again(oracle, init):
    code = "return getattr(mx.init, kind)(**arguments).dumps()"
    ours, theirs = oracle.both(code, kind=init[0], arguments=init[1])
    assert_same(ours, theirs)
    made = getattr(mx.init, init[0])(**init[1])
    again = mx.init.create(theirs.get())
    assert type(again) is type(made)
    assert again == made
    assert again != mx.init.Normal(123)


CALLS = [
    "'zeros'", "'ones'", "'zero'", "'XAVIER'", "'uniform'", "'normal', sigma=3", "'uniform', 0.2",
    "'msraprelu'", "'orthogonal'", "'bilinear'", "'lstmbias'", "mx.init.One()", "initializer='normal'",
    "'constant'", "'gaussian'", "'mixed'", "None", "3", "mx.init.One", "mx.init.One(), 1", "'xavier', nope=1",
    """'["xavier", {"magnitude": 7}]'""", """'["xavier", {}]', magnitude=2""",
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_create(oracle, call):
    assert_same(*oracle.both(f"return mx.init.create({call}).dumps()"))


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(mx.MXNetError, match=r"one of bilinear, .* zeros; received 'xaver'; did you mean 'xavier'"):
        mx.init.create("xaver")


def test_register_and_alias():
    @mx.init.register
    @mx.init.alias("Sevens", "siebener")
    class TestOnlySeven(mx.init.Initializer):
        def _init_weight(self, name, arr):
            arr[:] = 7

    for name in ("testonlyseven", "TESTONLYSEVEN", "sevens", "Siebener"):
        assert type(mx.init.create(name)) is TestOnlySeven
    assert TestOnlySeven().dumps() == '["testonlyseven", {}]'
    before = TestOnlySeven
    with pytest.warns(UserWarning, match="'testonlyseven' named .* from now on"):

        @mx.init.register
        class TestOnlySeven(mx.init.Initializer):
            pass

    assert type(mx.init.create("testonlyseven")) is TestOnlySeven is not before
    with pytest.raises(mx.MXNetError, match=r"initializer.register: the class must derive from Initializer"):
        mx.init.register(dict)


# --- Mixed, Load, and what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["fc_bias", "fc_weight", "foo", "bias_weight"])
@pytest.mark.parametrize("last", [".*", "fc"])
def test_mixed_takes_the_first_pattern_that_matches(oracle, name, last):
    code = """
        x = nd.full((2,), 7)
        mx.init.Mixed([".*bias", last], [mx.init.Zero(), mx.init.Constant(0.5)])(mx.init.InitDesc(name), x)
        return x
    """
    assert_same(*oracle.both(code, name=name, last=last))


def test_mixed_needs_as_many_patterns_as_initializers(oracle):
    ours, theirs = oracle.both("mx.init.Mixed(['a', 'b'], [mx.init.One()])")
    assert_same(ours, theirs)
    assert "received 2 and 1" in ours.message


def test_mixed_fills_a_gluon_network():
    net = mx.gluon.nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(mx.gluon.nn.Dense(2, in_units=3, bias_initializer=None), mx.gluon.nn.Dense(2, in_units=2))
    net.initialize(mx.init.Mixed([".*dense0_bias", ".*dense0", ".*"], [mx.init.Constant(v) for v in (1, 2, 3)]))
    values = {name: param.data().asnumpy().ravel()[0] for name, param in net.collect_params().items()}
    assert values == {
        "net_dense0_weight": 2, "net_dense0_bias": 1, "net_dense1_weight": 3, "net_dense1_bias": 0,
    }  # fmt: skip


LOAD = """
    saved = {"arg:a": nd.array([1, 2]), "aux:b": nd.array([3, 4, 5])}
    load = mx.init.Load(saved, default_init=mx.init.One() if default else None)
    x = nd.zeros((2,))
    load(name, x)
    return x
"""


@pytest.mark.filterwarnings("ignore:.*InitDesc:DeprecationWarning")
@pytest.mark.parametrize("name", ["a", "b", "c_weight"])
@pytest.mark.parametrize("default", [True, False])
def test_load(oracle, name, default):
    assert_same(*oracle.both(LOAD, name=name, default=default))


def test_load_reads_a_file(oracle, tmp_path):
    path = str(tmp_path / "x.params")
    oracle.run("nd.save(path, {'arg:w': nd.array([1, 2])})", path=path)
    assert_same(*oracle.both("load = mx.init.Load(path); return load.param", path=path))
    assert_same(*oracle.both("mx.init.Load([nd.ones((1,))])"))


# --- packed parameters of recurrent layers ------------------------------------------------------------------


def packed(mx, mode, gates, layers, directions, outer, inner):
    """Packed parameters of 3 features and 2 units, filled as those of a network."""
    size = sum(gates * 2 * directions * ((2 * directions if layer else 3) + 2 + 2) for layer in range(layers))
    own = mx.init.FusedRNN(inner and getattr(mx.init, inner)(), 2, layers, mode, directions == 2, 2.0)
    array = mx.nd.full((size,), 7)
    name = mx.init.InitDesc("net_parameters", {"__init__": own.dumps()} if inner is None else {})
    (getattr(mx.init, outer)() if inner is None else own)(
        name if inner is None else mx.init.InitDesc("a_weight"), array
    )
    return array, own.dumps(), own._kwargs


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize(("mode", "gates"), [("lstm", 4), ("gru", 3), ("rnn_relu", 1), ("rnn_tanh", 1)])
@pytest.mark.parametrize(("outer", "inner"), [("One", None), ("Zero", "One")])
def test_packed_parameters(oracle, mode, gates, layers, directions, outer, inner):
    assert_same(*oracle.both(packed, mode, gates, layers, directions, outer, inner))


def test_packed_parameters_are_filled_matrix_by_matrix():
    """Xavier's scale is that of each matrix, not of one long vector; an initializer survives as text."""
    init = mx.init.create(mx.init.FusedRNN(mx.init.Xavier(), 100, 1, "gru").dumps())
    array = mx.nd.zeros((300 * (50 + 100 + 2),))
    init(mx.init.InitDesc("net_weight"), array)
    bound = np.sqrt(3 / ((50 + 100) / 2))  # the matrices of each gate are (100, 50)
    values = array[: 300 * 50].asnumpy()
    assert bound * 0.99 < abs(values).max() < bound


@pytest.mark.parametrize(("mode", "size", "text"), [("lstm", 7, "weights of 1 layers"), ("elman", 7, "mode must be")])
def test_packed_parameters_that_do_not_fit(mode, size, text):
    with pytest.raises(mx.MXNetError, match=text):
        mx.init.FusedRNN(mx.init.One(), 2, 1, mode)(mx.init.InitDesc("a_weight"), mx.nd.zeros((size,)))
