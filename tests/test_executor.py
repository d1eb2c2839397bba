"""Executors: bind, simple_bind, forward, backward and their attributes."""

from __future__ import annotations

import re
import textwrap

import pytest

import glueball as mx
from glueball import nd, sym
from tests.comparison import assert_same, succeeded

#: Programs that must give the same results under MXNet.
SAME = {
    "forward": "return bind(x * w).forward()",
    "a list of arguments": "return bind(x * w, args=[ones * 3, ones * 2]).forward()",
    "too short a list": "bind(x * w, args=[ones])",
    "an argument missing": "bind(x * w, args={'x': ones})",
    "one more argument": "return bind(x * w, args={'x': ones, 'w': ones, 'q': ones}).forward()",
    "shapes that contradict": "bind(x * w, args={'x': ones, 'w': nd.ones((2, 4))})",
    "types that contradict": "bind(x * w, args={'x': ones, 'w': nd.ones((2, 3), dtype='float64')})",
    "a number for an array": "bind(x * w, args={'x': 1, 'w': ones})",
    "outputs are kept": """
        e = bind(x * w); before = e.outputs[0]; e.forward(x=ones * 5)
        return before is e.outputs[0], before, list(e.output_dict)""",
    "values by keyword": "e = bind(x * w); return e.forward(x=ones * 5), e.forward(x=np.ones((2, 3))), e.arg_dict",
    "values of an unknown name": "bind(x * w).forward(z=ones)",
    "values of another shape": "bind(x * w).forward(x=nd.ones((2, 4)))",
    # gradients
    "backward": """
        e = bind(x * w, args_grad={'x': nd.zeros((2, 3))}); e.forward(is_train=True); e.backward(ones * 3)
        return e.grad_dict, e.grad_arrays[0], e.grad_arrays[1]""",
    "backward of a list": """
        e = bind(sym.Group([x * w, x + w]), args_grad={'x': nd.zeros((2, 3)), 'w': nd.zeros((2, 3))})
        e.forward(is_train=True); e.backward([ones * 3, ones]); return e.grad_dict""",
    "backward after a prediction": """
        e = bind(x * w, args_grad={'x': nd.zeros((2, 3))}); e.forward(); e.backward(ones); return e.grad_dict""",
    "backward without forward": """
        e = bind(x * w, args_grad={'x': nd.zeros((2, 3))}); e.backward(ones); return e.grad_dict""",
    "add": """
        e = bind(x * w, args_grad={'x': nd.zeros((2, 3))}, grad_req='add'); e.forward(is_train=True)
        e.backward(ones); e.backward(ones); return e.grad_dict""",
    "write": """
        e = bind(x * w, args_grad={'x': ones * 9}); e.forward(is_train=True)
        e.backward(ones); e.backward(ones); return e.grad_dict""",
    "requests by name": """
        e = bind(x * w, args_grad={'x': ones * 9, 'w': ones * 9}, grad_req={'x': 'write'}); e.forward(is_train=True)
        e.backward(ones); return e.grad_arrays[0]""",
    "requests as a list": """
        e = bind(x * w, args_grad=[ones * 9, ones * 8], grad_req=['write', 'add']); e.forward(is_train=True)
        e.backward(ones); return e.grad_dict""",
    "integers, by default with a gradient": """
        net = sym.Embedding(x, input_dim=5, output_dim=2, name='e')
        e = net.simple_bind(mx.cpu(), x=(2,), type_dict={'x': 'int32'})
        return e.forward(is_train=True), e.grad_dict['x']""",
    "gradients beside integers": """
        e = sym.take(w, x).simple_bind(mx.cpu(), x=(2,), w=(4,), type_dict={'x': 'int32', 'w': 'float32'})
        e.forward(is_train=True, x=nd.array([1, 3], dtype='int32')); e.backward(nd.ones(2)); return e.grad_dict""",
    "gradients of integers": """
        e = (x * w).simple_bind(mx.cpu(), x=(2,), w=(2,), type_dict={'x': 'int32', 'w': 'int32'})
        e.arg_dict['x'][:] = 3; e.arg_dict['w'][:] = 4
        e.forward(is_train=True); e.backward(nd.ones(2, dtype='int32')); return e.grad_dict, e.outputs""",
    "gradients of integers that become real": """
        e = (sym.cast(x, 'float32') * 2).simple_bind(mx.cpu(), x=(2,), type_dict={'x': 'uint8'}, grad_req='add')
        e.grad_arrays[0][:] = 7; e.forward(is_train=True); e.backward(nd.ones(2)); return e.grad_dict""",
    "an output of integers": """
        e = sym.cast(x * 2, 'int32').simple_bind(mx.cpu(), x=(2,)); e.arg_dict['x'][:] = 1.7
        e.forward(is_train=True); e.backward(nd.ones(2)); return e.grad_dict, e.outputs""",
    "an output of integers beside another": """
        e = sym.Group([sym.argmax(x, axis=0), sym.shape_array(x), x * 2]).simple_bind(mx.cpu(), x=(2,))
        e.forward(is_train=True); e.backward([nd.ones(1), nd.ones(1), nd.ones(2)]); return e.grad_dict""",
    "the gradient of an output without one is not looked at": """
        e = sym.Group([sym.BlockGrad(x), x * 2]).simple_bind(mx.cpu(), x=(2,)); e.forward(is_train=True)
        e.backward([nd.ones((5, 5)), nd.ones(2)]); return e.grad_dict""",
    "too many gradients": """
        e = bind(x * w, args_grad={'x': ones * 9}); e.forward(is_train=True)
        e.backward([ones, ones]); return e.grad_dict['x']""",
    "the gradient of a loss is left out": """
        e = sym.Group([x * 3, sym.MakeLoss(x), sym.BlockGrad(x)]).simple_bind(mx.cpu(), x=(2,))
        e.forward(is_train=True); e.backward([nd.ones(2) * 5]); return e.grad_dict""",
    "a gradient is missing": """
        e = sym.Group([sym.BlockGrad(x), x * 2]).simple_bind(mx.cpu(), x=(2,)); e.forward(is_train=True)
        e.backward([nd.ones(2)])""",
    "the only loss is left out": """
        e = sym.MakeLoss(x).simple_bind(mx.cpu(), x=(2,)); e.forward(is_train=True)
        e.backward([]); return e.grad_dict""",
    "a number for a gradient": "e = bind(x * w, args_grad={'x': ones}); e.forward(is_train=True); e.backward([5])",
    "a gradient by an unknown name": """
        e = bind(x * w, args_grad={'x': ones}); e.forward(is_train=True); e.backward({'y': ones})""",
    # in prediction mode
    "a prediction keeps its outputs": """
        e = (x * x).simple_bind(mx.cpu(), x=(2,)); e.forward(is_train=False, x=nd.array([1, 2]))
        e.arg_dict['x'][:] = nd.array([5, 6]); e.backward(nd.ones(2)); return e.grad_dict, e.outputs""",
    "after training and a prediction": """
        e = (x * x).simple_bind(mx.cpu(), x=(2,)); e.forward(is_train=True, x=nd.array([1, 2]))
        e.forward(is_train=False, x=nd.array([5, 6])); e.backward(nd.ones(2)); return e.grad_dict, e.outputs""",
    "dropout in a prediction": """
        e = sym.Dropout(x, p=0.5).simple_bind(mx.cpu(), x=(20, 20)); e.arg_dict['x'][:] = 1
        e.forward(is_train=False); e.backward(nd.ones((20, 20))); return e.grad_dict, e.outputs""",
    "states in a prediction": """
        e = sym.BatchNorm(x, name='bn', fix_gamma=False).simple_bind(mx.cpu(), x=(4, 2))
        e.arg_dict['x'][:] = nd.array(np.arange(8).reshape(4, 2)); e.arg_dict['bn_gamma'][:] = 1
        e.aux_dict['bn_moving_var'][:] = 2
        e.forward(is_train=False); e.backward(nd.array(np.arange(8).reshape(4, 2)), is_train=False)
        return e.aux_dict, e.grad_dict, e.outputs""",
    "a prediction of a module": """
        m = mx.mod.Module(sym.MakeLoss(x * x), data_names=['x'], label_names=None)
        m.bind([('x', (2,))], for_training=True, inputs_need_grad=True); m.init_params()
        m.forward(mx.io.DataBatch([nd.array([1, 2])]), is_train=False); m.backward(); return m.get_input_grads()""",
    "an unknown request": "bind(x * w, args_grad={'x': ones}, grad_req='foo')",
    "a loss": """
        e = sym.SoftmaxOutput(sym.FullyConnected(x, num_hidden=3, name='fc'), name='softmax').simple_bind(
            mx.cpu(), x=(2, 4))
        e.copy_params_from({'fc_weight': nd.array(np.arange(12).reshape(3, 4) / 10)})
        e.forward(is_train=True, x=nd.array(np.arange(8).reshape(2, 4) / 5), softmax_label=nd.array([0, 2]))
        e.backward(); return e.outputs, e.grad_dict['fc_weight'], e.grad_dict['fc_bias'], e.grad_dict['x']""",
    "states": """
        e = sym.BatchNorm(x, name='bn', fix_gamma=False).simple_bind(mx.cpu(), x=(4, 2))
        e.arg_dict['x'][:] = nd.array(np.arange(8).reshape(4, 2)); e.arg_dict['bn_gamma'][:] = 1
        e.forward(is_train=True); e.backward(nd.array(np.arange(8).reshape(4, 2)))
        a = e.aux_dict; return a, e.grad_dict, [b.shape for b in e.aux_arrays], e.forward()""",
    "states missing": """
        sym.BatchNorm(x, name='b').bind(mx.cpu(), {'x': ones, 'b_gamma': nd.ones(3), 'b_beta': nd.ones(3)})""",
    # simple_bind
    "simple_bind": """
        e = sym.FullyConnected(x, num_hidden=3, name='fc').simple_bind(mx.cpu(), x=(2, 4))
        return e.arg_dict, e.grad_dict, e.aux_dict, e.outputs[0].shape""",
    "simple_bind without gradients": """
        e = sym.FullyConnected(x, num_hidden=3).simple_bind(mx.cpu(), x=(2, 4), grad_req='null')
        return e.grad_arrays""",
    "simple_bind with requests": """
        e = sym.FullyConnected(x, num_hidden=3, name='fc').simple_bind(
            mx.cpu(), x=(2, 4), grad_req={'fc_weight': 'write'})
        return [g is None for g in e.grad_arrays]""",
    "simple_bind with types": """
        e = sym.FullyConnected(x, num_hidden=3).simple_bind(mx.cpu(), x=(2, 4), type_dict={'x': 'float64'})
        return [a.dtype.__name__ for a in e.arg_arrays], e.outputs[0].dtype.__name__""",
    "simple_bind that does not lead to all shapes": "sym.FullyConnected(x, num_hidden=3).simple_bind(mx.cpu())",
    # changes
    "copy_params_from": """
        e = bind(x * w); e.copy_params_from({'x': ones * 4}); return e.forward()""",
    "copy_params_from an unknown name": "bind(x * w).copy_params_from({'q': ones})",
    "copy_params_from an unknown state": "bind(x * w).copy_params_from({}, {'q': ones})",
    "copy_params_from with more": """
        e = bind(x * w); e.copy_params_from({'q': ones}, {'r': ones}, allow_extra_params=True); return e.forward()""",
    "copy_params_from another shape": "bind(x * w).copy_params_from({'w': nd.ones((1, 3))})",
    "is_train as a number": "e = bind(x * w); return e.forward(1), e.forward(np.bool_(True)), e.forward(is_train=0)",
    "is_train that is none": "bind(x * w).forward(is_train=None)",
    "bind without a list": "bind(x, args=5)",
    "bind with a number for gradients": "bind(x, args_grad=5)",
    "simple_bind without requests": "return x.simple_bind(mx.cpu(), grad_req=None, x=(2,)).grad_dict",
    "simple_bind with a number for a shape": "x.simple_bind(mx.cpu(), x=5)",
    "simple_bind with a number for a buffer": "x.simple_bind(mx.cpu(), x=(2,), shared_buffer=5)",
    "simple_bind with a name for a list": "x.simple_bind(mx.cpu(), x=(2,), shared_arg_names='x')",
    "reshape": """
        e = bind(x * w).reshape(x=(1, 3), w=(1, 3)); return e.forward(), e.arg_dict""",
    "two outputs of one kind": """
        return list(sym.Group([x + 1, x + 1]).bind(mx.cpu(), {'x': ones}).output_dict)""",
}  # fmt: skip

_BEGINNING = """
x, w, ones = sym.var('x'), sym.var('w'), nd.ones((2, 3))
def bind(symbol, **options):
    options.setdefault('args', {'x': nd.ones((2, 3)), 'w': nd.ones((2, 3)) * 2})
    return symbol.bind(mx.cpu(), **options)
"""


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, name):
    assert_same(*oracle.both(_BEGINNING + textwrap.dedent(SAME[name])))


def _executor() -> mx.executor.Executor:
    return (sym.var("x") * 2).bind(mx.cpu(), {"x": nd.ones((2,))}, {"x": nd.zeros((2,))})


def test_every_array_is_reported_while_it_is_watched():
    with mx.name.NameManager():
        executor, seen = _executor(), []
    executor.set_monitor_callback(lambda name, array: seen.append((name, array.asnumpy().tolist())))
    executor.forward()
    executor.set_monitor_callback(lambda name, array: seen.append(name), monitor_all=True)
    executor.forward()
    assert seen == [("_mulscalar0_output", [2.0, 2.0]), "x", "_mulscalar0_input0", "_mulscalar0_output"]
    executor.set_monitor_callback(None)
    executor.forward()
    assert len(seen) == 4
    with pytest.raises(TypeError, match="callback must be callable; received 5"):
        executor.set_monitor_callback(5)


def test_gradients_of_ones_are_the_default():
    executor = _executor()
    executor.forward(is_train=True)
    executor.backward()
    assert executor.grad_dict["x"].asnumpy().tolist() == [2.0, 2.0]


def test_a_prediction_is_differentiated_without_changing_states():
    """MXNet differentiates BatchNorm as in training then, from a mean and a variance that it has not computed."""
    net = sym.BatchNorm(sym.var("x"), name="bn", fix_gamma=False)
    executor = net.simple_bind(mx.cpu(), x=(4, 2))
    executor.arg_dict["bn_gamma"][:] = 1
    executor.aux_dict["bn_moving_var"][:] = 4
    values = nd.array([[0, 1], [2, 3], [4, 5], [6, 7]])
    output = executor.forward(x=values)[0].asnumpy()
    executor.backward(nd.ones((4, 2)))
    assert executor.grad_dict["x"].asnumpy() == pytest.approx(0.5, rel=1e-3)
    assert executor.aux_dict["bn_moving_var"].asnumpy().tolist() == [4, 4]
    assert (executor.outputs[0].asnumpy() == output).all()


def test_values_are_copied_all_or_none():
    executor = _executor()
    with pytest.raises(ValueError, match="'q' must be one of the arguments"):
        executor.copy_params_from({"x": nd.zeros((2,)), "q": nd.zeros((2,))})
    assert executor.arg_dict["x"].asnumpy().tolist() == [1.0, 1.0]


def test_reshape_shares_what_stays_and_refuses_to_grow():
    executor = _executor()
    smaller = executor.reshape(x=(1,))
    smaller.arg_dict["x"][:] = 7
    assert executor.arg_dict["x"].asnumpy().tolist() == [7.0, 1.0]
    with pytest.raises(mx.MXNetError, match=r"x would grow from \(2,\) to \(3,\); pass allow_up_sizing=True"):
        executor.reshape(x=(3,))
    assert executor.reshape(allow_up_sizing=True, x=(3,)).forward()[0].shape == (3,)


def test_arrays_are_shared_by_name():
    first = (sym.var("x") * 2).simple_bind(mx.cpu(), x=(2,))
    second = (sym.var("x") * 3).simple_bind(mx.cpu(), x=(2,), shared_arg_names=["x"], shared_exec=first)
    first.arg_dict["x"][:] = 5
    assert second.forward()[0].asnumpy().tolist() == [15.0, 15.0]


def test_a_computation_that_fails_names_the_node():
    executor = sym.Reshape(sym.var("x"), shape=(-1, 3), name="rows").bind(mx.cpu(), {"x": nd.ones((2, 3))})
    executor.arg_arrays[0] = nd.ones((1, 2))
    with pytest.raises(mx.MXNetError, match=r"rows: Reshape: "):
        executor.forward()


REFUSED = [
    (
        lambda: _executor().backward([]),
        "the gradient of each output .*_mulscalar.*; received 0 for 1 outputs",
    ),
    (lambda: _executor().backward(nd.ones((3,))), r"must have the shape \(2,\); received \(3,\)"),
    (lambda: _executor().backward([5]), "the gradient of _mulscalar.* must be an NDArray; received int"),
    (lambda: _executor().backward({"y": nd.ones((2,))}), "the gradient of each output; it lacks _mulscalar"),
    (
        lambda: sym.var("x").bind(mx.cpu(), {"x": nd.ones(1)}, group2ctx=[mx.cpu()]),
        r"group2ctx must be a dict of str to Context; received \[cpu\(0\)\]",
    ),
    (lambda: sym.var("x").bind(mx.cpu(), {"x": nd.ones(1, mx.cpu(1))}), r"must be on cpu\(0\).*; x is on cpu\(1\)"),
    (
        lambda: sym.var("x").simple_bind(mx.cpu(), x=(1,), stype_dict={"x": "coo"}),
        "storage of x must be one of default, row_sparse, csr; received 'coo'",
    ),
    (lambda: sym.var("x").simple_bind(mx.cpu(), x=(-1,)), r"the shape of x must be .*, 0 or more; received \(-1,\)"),
]


@pytest.mark.parametrize("call, message", REFUSED, ids=[message[:40] for _, message in REFUSED])
def test_refusals_say_what_to_do(call, message):
    with pytest.raises(mx.MXNetError, match=message):
        call()


@pytest.mark.parametrize(
    "shapes, undecided", [({}, "x, fc_weight, fc_bias, y"), ({"y": (2, 4)}, "x, fc_weight, fc_bias")]
)
def test_variables_without_a_shape_are_named(shapes, undecided):
    net = sym.FullyConnected(sym.var("x"), num_hidden=4, name="fc") + sym.var("y")
    expected = rf"those of {undecided} do not; received {re.escape(str(shapes or 'no shapes'))}; pass .* such as x=\("
    with pytest.raises(mx.MXNetError, match=expected):
        net.simple_bind(mx.cpu(), **shapes)
    bound = net.simple_bind(mx.cpu(), x=(2, 3))
    with (
        pytest.warns(UserWarning),
        pytest.raises(mx.MXNetError, match=r"Executor.reshape: .* those of x, fc_weight, fc_bias do"),
    ):
        bound.reshape(y=(2, 4))
    module = mx.mod.Module(net, data_names=["y"], label_names=None)
    with pytest.raises(mx.MXNetError, match=r"Module.bind: .* those of x, fc_weight, fc_bias do not"):
        module.bind([("y", (2, 4))])


def test_simple_bind_infers_once(monkeypatch):
    calls = []
    original = mx.symbol.infer.infer_shapes
    monkeypatch.setattr(mx.symbol.infer, "infer_shapes", lambda *args: calls.append(args) or original(*args))
    executor = sym.FullyConnected(sym.var("data"), num_hidden=2, name="fc").simple_bind(mx.cpu(), data=(4, 3))
    assert [output.shape for output in executor.outputs] == [(4, 2)]
    assert len(calls) == 1


def test_simple_bind_refuses_a_request_before_it_makes_arrays():
    buffer = {}
    with pytest.raises(ValueError, match="grad_req must be"):
        sym.var("x").simple_bind(mx.cpu(), grad_req="overwrite", shared_buffer=buffer, x=(2,))
    assert buffer == {}


def listed(mx, images, request):
    net = mx.sym.var("data")
    for _ in range(10):
        net = mx.sym.Convolution(net, kernel=(3, 3), num_filter=16, pad=(1, 1))
        net = mx.sym.Activation(net, act_type="relu")
    executor = net.simple_bind(mx.cpu(), data=(images, 16, 32, 32), grad_req=request)
    return executor.debug_str().split("\n")[-3:]


@pytest.mark.parametrize("images", [1, 64])
def test_the_listing_ends_with_the_memory(images, oracle):
    """Programs read the number of the line before the last; MXNet's for training is less, since it joins operators."""
    ours, theirs = (outcome.get() for outcome in oracle.both(listed, images, "null"))
    assert ours[0] == theirs[0] == f"Total {images // 8} MB allocated"
    assert ours[1].split()[2:] == theirs[1].split()[2:] and ours[2] == theirs[2] == ""
    of_one = images * 16 * 32 * 32 * 4 / 2**20
    assert listed(mx, images, "write")[0] == f"Total {int(20 * of_one)} MB allocated"


def several_times(mx):
    """The gradients of outputs that a graph has several times: the last one given counts."""
    sym, found = mx.sym, []
    a = sym.var("a")
    sine, cosine = sym.sin(a), sym.cos(a)
    parts = sym.split(sym.concat(a, a * 2, dim=0), num_outputs=2, axis=0)
    groups = [
        [a, a], [sine, sine, sine], [sine, cosine, sine, cosine], [sine, sym.exp(sine), sine],
        [sym.sin(a), sym.sin(a)], [parts[0], parts[1], parts[0]], [sym.Group([sine, cosine]), sine],
    ]  # fmt: skip
    for heads in groups:
        executor = sym.Group(heads).bind(mx.cpu(), {"a": mx.nd.array([1, 2])}, {"a": mx.nd.zeros((2,))})
        outputs = executor.forward(is_train=True)
        executor.backward([mx.nd.full(output.shape, 2 * number + 3) for number, output in enumerate(outputs)])
        found.append(executor.grad_dict["a"])
    return found


def test_the_last_gradient_of_an_output_that_is_there_several_times_counts(oracle):
    assert_same(*succeeded(oracle.both(several_times)))
