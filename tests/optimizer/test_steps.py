"""The operators of steps where one call with drawn numbers does not show what they do; tests/ops compares the rest."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.comparison import assert_same


@pytest.mark.parametrize("clip", [-1, 0.3])
@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_a_step_of_adamw_scales_and_clips(oracle, scale, clip):
    code = """
        weight, grad, mean, var = nd.array([1, -2]), nd.array([3, 0.5]), nd.array([0.1, 0.2]), nd.array([0.3, 0.4])
        nd.contrib.adamw_update(
            weight, grad, mean, var, scale, lr=0.1, eta=0.5, wd=0.2, clip_gradient=clip, out=weight)
        return weight, mean, var"""
    assert_same(*oracle.both(code, scale=scale, clip=clip), rtol=1e-6)


def test_a_step_of_adamw_leaves_the_gradient_as_it_is():
    """MXNet writes the scaled gradient into it."""
    grad = mx.nd.array([3, 0.5])
    mx.nd.contrib.adamw_update(mx.nd.ones((2,)), grad, mx.nd.zeros((2,)), mx.nd.ones((2,)), 0.5, lr=0.1, eta=1)
    assert grad.asnumpy().tolist() == [3, 0.5]


MADE = """
    draw = np.random.RandomState(0)
    def made(kind, low=-1.0):
        return [nd.array(draw.uniform(low, 1, shape), dtype=kind) for shape in ((2, 3), (4,))]
    kind = "float16" if mixed else "float32"
    weights, grads, mean, var = made(kind), made(kind), made("float32"), made("float32", 0.0)
    copies = [weights[0].astype("float32"), weights[1].astype("float32")]
"""


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("scale", ["0.5", "nd.array([0.5])", "float('nan')", "0"])
def test_adamw_of_several_weights(oracle, mixed, scale):
    code = f"""{MADE}
    settings = dict(lrs=[0.1, 0.2], wds=[0.01, 0], etas=[1, 0.5], out=weights, clip_gradient=0.8)
    if mixed:
        nd.contrib.multi_mp_adamw_update(weights, grads, mean, var, copies, {scale}, **settings)
    else:
        nd.contrib.multi_adamw_update(weights, grads, mean, var, {scale}, **settings)
    return weights, mean, var, copies"""
    assert_same(*oracle.both(code, mixed=mixed), rtol=1e-3 if mixed else 1e-6)


@pytest.mark.parametrize("mixed", [False, True])
def test_lamb_of_several_weights(oracle, mixed):
    code = f"""{MADE}
    settings = dict(out=weights, num_tensors=2, beta1=0.8, rescale_grad=0.5)
    if mixed:
        nd.contrib.multi_mp_lamb_update(
            weights, grads, mean, var, copies, [1, 3], [0.1, 0.2], [0.01, 0], **settings)
    else:
        nd.contrib.multi_lamb_update(weights, grads, mean, var, [1, 3], [0.1, 0.2], [0.01, 0], **settings)
    return weights, mean, var, copies"""
    assert_same(*oracle.both(code, mixed=mixed), rtol=1e-3 if mixed else 1e-5)


def test_one_weight_of_adamw_in_mixed_precision(oracle):
    code = f"""{MADE}
    nd.contrib.mp_adamw_update(weights[0], grads[0], mean[0], var[0], copies[0], 0.5, 0.1, 1.0, out=weights[0])
    return weights, mean, var, copies"""
    assert_same(*oracle.both(code, mixed=True), rtol=1e-3)


def step_by_rows(mx, sparse):
    weight, grad, history = mx.nd.array([[1, 2], [3, 4]]), mx.nd.array([[1, -2], [0.2, 0.1]]), mx.nd.array([[0.5], [0]])
    given = grad.tostype("row_sparse") if sparse else grad
    mx.nd.contrib.group_adagrad_update(
        weight, given, history, lr=0.1, rescale_grad=0.5, clip_gradient=0.6, epsilon=0.25, out=weight
    )
    return weight, history


def test_a_step_of_adagrad_by_rows(oracle):
    """MXNet has it for sparse gradients only; with a gradient in every row the result is the same."""
    ours = [array.asnumpy() for array in step_by_rows(mx, sparse=False)]
    assert_same(ours, list(oracle.run(step_by_rows, sparse=True)), rtol=1e-6)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_the_number_of_weights_must_be_given_and_fit(oracle, number):
    code = """
        arrays, weights = [nd.ones((2,))] * 4, [nd.ones((2,))] * 2
        return nd.multi_sgd_update(*arrays, lrs=[0.1] * 2, wds=[0] * 2, num_weights=number, out=weights)"""
    ours, theirs = oracle.both(code, number=number)
    assert ours.failed and theirs.failed


def test_states_of_a_graph_with_a_step_of_several_weights():
    """They are auxiliary states, which a graph that is run in training writes."""
    names = ["w0", "g0", "m0", "w1", "g1", "m1"]
    step = mx.sym.multi_sgd_mom_update(*map(mx.sym.var, names), lrs=(0.5, 1), wds=(0, 0), momentum=0.5, num_weights=2)
    assert step.list_arguments() == ["w0", "g0", "w1", "g1"]
    assert step.list_auxiliary_states() == ["m0", "m1"]
    again = mx.sym.fromjson(step.tojson())
    executor = again.bind(
        mx.cpu(), {name: mx.nd.ones((2,)) for name in step.list_arguments()},
        aux_states={"m0": mx.nd.zeros((2,)), "m1": mx.nd.ones((2,))},
    )  # fmt: skip
    outputs = executor.forward(is_train=True)
    assert [one.asnumpy().tolist() for one in outputs] == [[0.5, 0.5], [0.5, 0.5]]
    assert {name: state.asnumpy().tolist() for name, state in executor.aux_dict.items()} == {
        "m0": [-0.5, -0.5], "m1": [-0.5, -0.5],
    }  # fmt: skip
