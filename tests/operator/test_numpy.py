"""Operators written in Python in programs with mx.np."""

import pytest

import glueball as mx
from tests.comparison import assert_same


def program(mx, hybrid, shape):
    """A block that hands arrays of mx.np to an operator, as classic ones, and takes its result back."""
    import numpy as onp

    seen = []

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            seen.append(["forward", type(in_data[0]).__name__, type(out_data[0]).__name__, in_data[0].shape])
            self.assign(out_data[0], req[0], in_data[0] * 2)

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            seen.append(["backward", *[type(one).__name__ for one in (*out_grad, *in_data, *out_data, *in_grad)]])
            self.assign(in_grad[0], req[0], out_grad[0] * 2)

    class Prop(mx.operator.CustomOpProp):
        def create_operator(self, ctx, in_shapes, in_dtypes):
            return Op()

    mx.operator.register("twice_in_numpy")(Prop)

    class Net(mx.gluon.HybridBlock):
        def hybrid_forward(self, F, x):
            return F.Custom(x.as_nd_ndarray(), op_type="twice_in_numpy").as_np_ndarray()

    with mx.util.np_shape(True), mx.util.np_array(True):
        net = Net(prefix="net_")
        if hybrid:
            net.hybridize()
        x = mx.np.array(onp.arange(1, 7, dtype="float32")[: onp.prod(shape, dtype=int)].reshape(shape))
        x.attach_grad()
        with mx.autograd.record():
            y = net(x)
        y.backward()
        mx.nd.waitall()
        return seen, type(y).__name__, y.shape, y.asnumpy(), type(x.grad).__name__, x.grad.asnumpy()


@pytest.mark.parametrize("shape", [(2, 3), (3,)])
@pytest.mark.parametrize("hybrid", [False, True])
def test_blocks_hand_arrays_of_numpy_over_as_classic_ones(oracle, hybrid, shape):
    mine, theirs = oracle.both(program, hybrid=hybrid, shape=shape)
    assert_same(mine.get(), theirs.get())


def test_arrays_of_numpy_may_be_given_directly():
    """MXNet refuses them; here all operators of mx.nd take them, and the results are of mx.np."""

    class Twice(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.assign(out_data[0], req[0], in_data[0] * 2)

    class Prop(mx.operator.CustomOpProp):
        def create_operator(self, ctx, in_shapes, in_dtypes):
            return Twice()

    mx.operator.register("twice_given_directly")(Prop)
    for values in ([1.0, 2.0], [], 3.0):  # with no axes, MXNet's threads do not know that shapes have NumPy's meaning
        result = mx.nd.Custom(mx.np.array(values), op_type="twice_given_directly")
        assert type(result) is mx.np.ndarray
        assert result.tolist() == (mx.np.array(values) * 2).tolist()
