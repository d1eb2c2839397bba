"""Operators that a program writes in Python: imperative, in graphs, in blocks, in files."""

import numpy as np
import pytest

import glueball as mx
from glueball import MXNetError
from tests.comparison import assert_same

# Programs, each run under both libraries: `mx` is the one or the other.


def two_inputs_and_a_state(mx, run):
    """An operator with two outputs and a counting state; `run` says how it is called."""
    seen = []

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.assign(out_data[0], req[0], in_data[0] * 2)
            self.assign(out_data[1], req[1], in_data[1] + aux[0].sum())
            if is_train:
                aux[0][:] += 1

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            self.assign(in_grad[0], req[0], out_grad[0] * 2 * in_data[0])
            self.assign(in_grad[1], req[1], out_grad[1] + out_data[1])

    @mx.operator.register("two_inputs_and_a_state")
    class Prop(mx.operator.CustomOpProp):
        def __init__(self, scale="1"):
            super().__init__(need_top_grad=True)
            seen.append(scale)

        def list_arguments(self):
            return ["left", "right"]

        def list_outputs(self):
            return ["first", "second"]

        def list_auxiliary_states(self):
            return ["count"]

        def infer_shape(self, in_shape):
            return [in_shape[0], [in_shape[0][0]]], [in_shape[0], [in_shape[0][0]]], [[3]]

        def create_operator(self, ctx, shapes, dtypes):
            seen.append(f"{[list(shape) for shape in shapes]} {dtypes}")
            return Op()

    left, right = mx.nd.arange(6).reshape((2, 3)), mx.nd.array([3, 4])
    count = mx.nd.zeros((3,))
    if run == "array":
        left.attach_grad()
        right.attach_grad("add")
        for _ in range(2):
            with mx.autograd.record():
                first, second = mx.nd.Custom(left, right, count, op_type="two_inputs_and_a_state", scale=(1, 2))
                loss = (first * first).sum() + second.sum()
            loss.backward()
        return first, second, left.grad, right.grad, count, sorted(set(seen))
    x = mx.sym.var("x")
    symbol = mx.sym.Custom(x, op_type="two_inputs_and_a_state", scale=(1, 2), name="custom")
    if run == "file":
        symbol = mx.sym.load_json(symbol.tojson())
    executor = symbol.simple_bind(mx.cpu(), x=(2, 3))
    executor.arg_dict["x"][:] = left
    executor.arg_dict["custom_right"][:] = right
    for _ in range(2):
        executor.forward(is_train=True)
        executor.backward([mx.nd.ones((2, 3)), mx.nd.ones((2,))])
        mx.nd.waitall()
    executor.forward(is_train=False)
    names = symbol.list_arguments(), symbol.list_outputs(), symbol.list_auxiliary_states(), symbol.tojson()
    return names, executor.outputs, executor.grad_arrays, executor.aux_arrays, sorted(set(seen))


@pytest.mark.parametrize("run", ["array", "symbol", "file"])
def test_outputs_gradients_and_states(oracle, run):
    ours, theirs = oracle.both(two_inputs_and_a_state, run)
    assert_same(ours, theirs)


def what_it_sees(mx):
    """What an operator is told: requests, the mode that it runs in, and its state as it is by then."""
    seen = []

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            seen.append(("forward", bool(is_train), list(req), mx.autograd.is_recording()))
            self.assign(out_data[0], req[0], in_data[0] * in_data[1])

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            seen.append(("backward", list(req), mx.autograd.is_recording(), aux[0].asnumpy().tolist()))
            self.assign(in_grad[0], req[0], out_grad[0] * in_data[1])

    @mx.operator.register("what_it_sees")
    class Prop(mx.operator.CustomOpProp):
        def list_arguments(self):
            return ["left", "right"]

        def list_auxiliary_states(self):
            return ["state"]

        def infer_shape(self, in_shape):
            return in_shape, [in_shape[0]], [[1]]

        def create_operator(self, ctx, shapes, dtypes):
            return Op()

    left, right, state = mx.nd.ones((2,)), mx.nd.array([3, 4]), mx.nd.zeros((1,))
    left.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(left, right, state, op_type="what_it_sees")
    mx.nd.waitall()
    state[:] = 7
    y.backward()
    mx.nd.waitall()
    return seen, left.grad


def test_what_it_sees(oracle):
    ours, theirs = oracle.both(what_it_sees)
    assert_same(ours, theirs)


def train_with_a_loss(mx, hybridize):
    """A network whose loss is the softmax of MXNet's tutorial, trained for a few steps by Gluon."""

    class Softmax(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            x = in_data[0].asnumpy()
            y = np.exp(x - x.max(axis=1).reshape((x.shape[0], 1)))
            y /= y.sum(axis=1).reshape((x.shape[0], 1))
            self.assign(out_data[0], req[0], mx.nd.array(y))

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            label = in_data[1].asnumpy().ravel().astype(int)
            y = out_data[0].asnumpy()
            y[np.arange(label.shape[0]), label] -= 1.0
            self.assign(in_grad[0], req[0], mx.nd.array(y))

    @mx.operator.register("softmax_of_the_test")
    class SoftmaxProp(mx.operator.CustomOpProp):
        def __init__(self):
            super().__init__(need_top_grad=False)

        def list_arguments(self):
            return ["data", "label"]

        def infer_shape(self, in_shape):
            return [in_shape[0], (in_shape[0][0],)], [in_shape[0]], []

        def infer_type(self, in_type):
            return in_type, [in_type[0]], []

        def create_operator(self, ctx, shapes, dtypes):
            return Softmax()

    class Net(mx.gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            with self.name_scope():
                self.dense = mx.gluon.nn.Dense(3)

        def hybrid_forward(self, F, x, label):
            return F.Custom(self.dense(x), label, op_type="softmax_of_the_test")

    net = Net()
    net.initialize(mx.init.Constant(0.1))
    if hybridize:
        net.hybridize()
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    data, label = mx.nd.arange(8).reshape((4, 2)) / 8, mx.nd.array([0, 1, 2, 1])
    for _ in range(3):
        with mx.autograd.record():
            out = net(data, label)
        out.backward()
        trainer.step(4)
    return out, net.dense.weight.data(), net(data, label)


@pytest.mark.parametrize("hybridize", [False, True])
def test_training_with_a_loss_of_ones_own(oracle, hybridize):
    ours, theirs = oracle.both(train_with_a_loss, hybridize)
    assert_same(ours, theirs, rtol=1e-5, atol=1e-6)


def train_a_module(mx):
    class Scale(mx.operator.CustomOp):
        """Counts its own calls, as a program may that keeps its operator in a bound graph."""

        calls = 0

        def forward(self, is_train, req, in_data, out_data, aux):
            self.calls += 1
            self.assign(out_data[0], req[0], in_data[0] * self.calls)

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            self.assign(in_grad[0], req[0], out_grad[0] * self.calls)

    @mx.operator.register("scale_of_the_test")
    class ScaleProp(mx.operator.CustomOpProp):
        def create_operator(self, ctx, shapes, dtypes):
            return Scale()

    x = mx.sym.Custom(mx.sym.var("data"), op_type="scale_of_the_test")
    net = mx.sym.LinearRegressionOutput(mx.sym.FullyConnected(x, num_hidden=1), name="lro")
    module = mx.mod.Module(net, label_names=["lro_label"])
    module.bind([("data", (2, 3))], [("lro_label", (2, 1))])
    module.init_params(mx.init.One())
    module.init_optimizer(optimizer_params={"learning_rate": 0.01})
    batch = mx.io.DataBatch([mx.nd.arange(6).reshape((2, 3)) / 10], [mx.nd.ones((2, 1))])
    outputs = []
    for _ in range(3):
        module.forward_backward(batch)
        module.update()
        outputs.append(module.get_outputs()[0])
    return outputs, module.get_params()[0]


def test_a_bound_graph_keeps_its_operator(oracle):
    ours, theirs = oracle.both(train_a_module)
    assert_same(ours, theirs, rtol=1e-5)


def integer_types(mx, kind):
    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.assign(out_data[0], req[0], in_data[0].astype("int32") + 1)

    @mx.operator.register("integers_of_the_test")
    class Prop(mx.operator.CustomOpProp):
        def infer_type(self, in_type):
            return in_type, [np.int32], []

        def create_operator(self, ctx, shapes, dtypes):
            return Op()

    return mx.nd.Custom(mx.nd.array([1, 2.5], dtype=kind), op_type="integers_of_the_test")


@pytest.mark.parametrize("kind", ["float32", "float16", "float64", "int64"])
def test_types_are_those_that_the_class_infers(oracle, kind):
    ours, theirs = oracle.both(integer_types, kind)
    assert_same(ours, theirs)


class Remembering(mx.operator.CustomOp):
    """Keeps what it needs for its gradient."""

    def __init__(self, shapes):
        self.shapes = shapes

    def forward(self, is_train, req, in_data, out_data, aux):
        assert self.shapes == [list(in_data[0].shape)]
        self.x = in_data[0].copy()
        self.assign(out_data[0], req[0], self.x * self.x)

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        self.assign(in_grad[0], req[0], out_grad[0] * 2 * self.x)


@mx.operator.register("remembering")
class RememberingProp(mx.operator.CustomOpProp):
    def create_operator(self, ctx, in_shapes, in_dtypes):
        return Remembering([list(shape) for shape in in_shapes])


@pytest.mark.parametrize("backwards", [1, 2])
def test_runs_that_are_not_yet_differentiated_have_operators_of_their_own(backwards):
    net = mx.gluon.nn.HybridLambda(lambda F, x: F.Custom(x, op_type="remembering"))
    net.hybridize()
    arrays = [mx.nd.array([one]) for one in (1, 2, 3)]
    for array in arrays:
        array.attach_grad()
    with mx.autograd.record():
        y = net(arrays[0])
    for _ in range(backwards):  # the operator may serve again afterwards, once
        y.backward(retain_graph=True)
    with mx.autograd.record():
        y = net(arrays[0]) + net(arrays[1]) + net(arrays[2])
    y.backward()
    assert [array.grad.asscalar() for array in arrays] == [2, 4, 6]


def test_an_operator_serves_the_shapes_that_it_was_made_for():
    net = mx.gluon.nn.HybridLambda(lambda F, x: F.Custom(x, op_type="remembering"))
    net.hybridize()
    for shape in ((2,), (3,), (2,)):
        assert net(mx.nd.ones(shape)).shape == shape


class Failing(mx.operator.CustomOp):
    def __init__(self, where):
        self.where = where

    def forward(self, is_train, req, in_data, out_data, aux):
        if self.where == "forward":
            raise ZeroDivisionError("in forward")
        self.assign(out_data[0], req[0], in_data[0])

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        raise ZeroDivisionError("in backward")


@mx.operator.register("failing")
class FailingProp(mx.operator.CustomOpProp):
    def __init__(self, where):
        super().__init__()
        self.where = where

    def create_operator(self, ctx, in_shapes, in_dtypes):
        return Failing(self.where)


@pytest.mark.parametrize("hybridize", [False, True])
@pytest.mark.parametrize("where", ["forward", "backward"])
def test_what_the_users_code_raises_reaches_the_user(where, hybridize):
    net = mx.gluon.nn.HybridLambda(lambda F, x: F.Custom(x, op_type="failing", where=where))
    if hybridize:
        net.hybridize()
    x = mx.nd.ones((2,))
    x.attach_grad()
    with pytest.raises(ZeroDivisionError, match=f"^in {where}$"), mx.autograd.record():
        net(x).backward()


def test_the_gradient_cannot_be_differentiated():
    x = mx.nd.ones((2,))
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="failing", where="backward")
        with pytest.raises(MXNetError, match="the gradient of a CustomOp cannot be differentiated"):
            mx.autograd.grad(y, [x], create_graph=True)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mx.nd.Custom(mx.nd.ones(2), op_type="fialing"), r"received 'fialing'; did you mean 'failing'"),
        (lambda: mx.nd.Custom(mx.nd.ones(2)), "op_type must be given"),
        (lambda: mx.sym.Custom(mx.sym.var("x")), "op_type must be given"),
        (lambda: mx.nd.Custom(mx.nd.ones(2), mx.nd.ones(2), op_type="failing", where=""), "given data; received 2 arr"),
        (lambda: mx.nd.Custom([1], op_type="failing", where=""), "an input must be an NDArray; received list"),
        (lambda: mx.sym.Custom(other=mx.sym.var("x"), op_type="failing", where=""), "one of data that no other"),
        (lambda: mx.operator.register("x")(int), "must be a CustomOpProp; received <class 'int'>"),
        (lambda: mx.operator.CustomOp().assign(mx.nd.ones(2), "wirte", 1), "req must be one of null, write"),
        (lambda: mx.sym.load_json(_FILE.replace("failing", "nobody")), "custom0.*op_type must be a registered"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(MXNetError, match=message):
        call()


_FILE = mx.sym.Custom(mx.sym.var("x"), op_type="failing", where="").tojson()


def test_a_class_is_replaced_by_a_later_one_of_its_name():
    @mx.operator.register("replaced")
    class First(mx.operator.CustomOpProp):
        def __init__(self):
            raise AssertionError

    mx.operator.register("replaced")(mx.operator.CustomOpProp)
    assert mx.sym.Custom(mx.sym.var("x"), op_type="replaced").list_arguments() == ["x"]


class Doubling(mx.operator.NumpyOp):
    def forward(self, in_data, out_data):
        out_data[0][:] = in_data[0] * 2

    def backward(self, out_grad, in_data, out_data, in_grad):
        in_grad[0][:] = out_grad[0] * 2


class DoublingArrays(mx.operator.NDArrayOp):
    forward, backward = Doubling.forward, Doubling.backward


@pytest.mark.parametrize("kind", [Doubling, DoublingArrays])
def test_operators_of_the_older_kinds(kind):
    with pytest.warns(UserWarning, match="has been deprecated"):
        operator = kind()
    symbol = operator(mx.sym.var("x"), name="twice")
    assert symbol.list_outputs() == ["twice_output"]
    executor = symbol.simple_bind(mx.cpu(), x=(2, 3))
    executor.arg_dict["x"][:] = 3
    executor.forward(is_train=True)
    executor.backward([mx.nd.ones((2, 3))])
    assert executor.outputs[0].asnumpy().tolist() == [[6] * 3] * 2
    assert executor.grad_dict["x"].asnumpy().tolist() == [[2] * 3] * 2
    with pytest.raises(MXNetError, match="a graph file does not hold NumpyOp"):
        mx.sym.load_json(symbol.tojson())


@pytest.mark.parametrize("backend", ["eager", "onednn", "onnxruntime", "openvino", "inductor"])
def test_every_engine_cuts_its_graph_around_it(backend, recwarn):
    def between(F, x):
        return F.Custom(F.relu(x) + 1, op_type="failing", where="backward") * 2

    if backend in ("onnxruntime", "openvino"):  # they need not be installed
        pytest.importorskip(backend)
    net = mx.gluon.nn.HybridLambda(between)
    net.hybridize(backend=backend, strict=True)
    x = mx.nd.array([[-1, 2], [3, -4]])
    for _ in range(3):
        assert net(x).asnumpy().tolist() == [[2, 6], [8, 2]]


def adding(mx, requests, is_shared):
    """Gradients of two calls that are added up, of variables that other operators may take, too."""

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.assign(out_data[0], req[0], in_data[0] * in_data[1])

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            for number in range(2):
                self.assign(in_grad[number], req[number], out_grad[0] * in_data[1 - number])

    @mx.operator.register("adding")
    class Prop(mx.operator.CustomOpProp):
        def list_arguments(self):
            return ["left", "right"]

        def create_operator(self, ctx, in_shapes, in_dtypes):
            return Op()

    arrays = [mx.nd.array([2.0, 3.0]), mx.nd.array([5.0, 7.0])]
    for array, request in zip(arrays, requests):  # noqa: B905
        array.attach_grad(request)
        array.grad[:] = 100
    for _ in range(2):
        with mx.autograd.record():
            y = mx.nd.Custom(*arrays, op_type="adding")
            y = y + arrays[0] if is_shared else y
        y.backward()
    left, right = (mx.sym.var(name) for name in ("left", "right"))
    graph = mx.sym.Custom(left, right, op_type="adding")
    grads = [mx.nd.ones(2) * 100 for _ in arrays]
    executor = graph.bind(mx.cpu(), arrays, grads, list(requests))
    executor.forward(is_train=True)
    executor.backward(mx.nd.ones(2))
    return [array.grad for array in arrays], grads


@pytest.mark.parametrize("is_shared", [False, True])
@pytest.mark.parametrize("requests", [("add", "write"), ("add", "add")], ids=str)
def test_gradients_that_are_added(oracle, requests, is_shared):
    mine, theirs = oracle.both(adding, requests, is_shared)
    assert_same(mine.get(), theirs.get())


def without_top_gradient(mx):
    """What `backward` gets of an operator of an older kind that says that it does not need the output's gradient."""
    import warnings

    found = []

    class OfNumpy(mx.operator.NumpyOp):
        def backward(self, out_grad, in_data, out_data, in_grad):
            found.append([len(out_grad), len(in_data), len(out_data)])
            in_grad[0][:] = out_data[0] - 1

    class OfArrays(mx.operator.NDArrayOp):
        def declare_backward_dependency(self, out_grad, in_data, out_data):
            return [*out_grad, *out_data]

        def backward(self, out_grad, in_data, out_data, in_grad):
            in_grad[0][:] = out_grad[0] * 2

    for kind in (OfNumpy, OfArrays):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            symbol = kind(False)(mx.sym.var("x"), name="loss")
        executor = symbol.simple_bind(mx.cpu(), x=(2, 3))
        executor.arg_dict["x"][:] = 3
        executor.forward(is_train=True)
        executor.backward([mx.nd.ones((2, 3))])
        found.append(executor.grad_dict["x"].asnumpy().tolist())
    return found


def test_operators_of_the_older_kinds_that_do_not_need_the_gradient_of_the_output(oracle):
    ours, theirs = oracle.both(without_top_gradient)
    assert_same(ours, theirs)
