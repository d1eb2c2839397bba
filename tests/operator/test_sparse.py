"""Operators written in Python whose arrays or gradients are sparse: what they are handed, and what comes out."""

import numpy as np
import pytest

import glueball as mx
from glueball import MXNetError
from tests.comparison import assert_same

DENSE = np.array([[1, 0, 2], [0, 0, 0], [0, 3, 0]], np.float32)


def program(mx, data, how, stype, grad_stype, makes, inputs):
    """Call an operator that doubles its first input; return the storage of all that it was handed, and the results."""
    seen = []

    def stypes(arrays):
        return [array.stype for array in arrays]

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            seen.append(["forward", stypes(in_data), stypes(out_data), list(req), is_train])
            for target, request in zip(out_data, req, strict=True):
                self.assign(target, request, (in_data[0] * 2).tostype(target.stype))

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            seen.append(["backward", stypes(in_data), stypes(out_data), stypes(in_grad), list(req)])
            for target, request in zip(in_grad, req, strict=True):
                self.assign(target, request, (out_grad[0] * 3).tostype(target.stype))

    class Prop(mx.operator.CustomOpProp):
        def list_arguments(self):
            return ["first", "second"][:inputs]

        def list_outputs(self):
            return ["one", "two"][:inputs]

        def infer_shape(self, in_shape):
            return in_shape, [in_shape[0]] * inputs, []

        def infer_storage_type(self, in_stype):
            return in_stype, [makes or in_stype[0], "default"][:inputs], []

        def infer_storage_type_backward(self, ograd_stype, in_stype, out_stype, igrad_stype, aux_stype):
            known = [kind if kind != "undefined" else of for kind, of in zip(igrad_stype, in_stype, strict=True)]
            return ograd_stype, in_stype, out_stype, known, aux_stype

        def create_operator(self, ctx, in_shapes, in_dtypes):
            seen.append(["made", [list(shape) for shape in in_shapes], [int(kind) for kind in in_dtypes]])
            return Op()

    mx.operator.register("sparse_of_the_test")(Prop)

    class Net(mx.gluon.HybridBlock):
        def hybrid_forward(self, F, *arrays):
            return F.Custom(*arrays, op_type="sparse_of_the_test")

    x = mx.nd.array(data).tostype(stype)
    arrays = [x, mx.nd.array(data + 1)][:inputs]
    if how == "intermediate":
        x = mx.nd.array(data)
    if how == "without gradients":
        result = mx.nd.Custom(*arrays, op_type="sparse_of_the_test")
        mx.nd.waitall()
        return seen, result.stype, result
    x.attach_grad(stype=grad_stype)
    net = Net(prefix="net_")
    if how == "hybridized":
        net.hybridize()
    with mx.autograd.record():
        if how == "intermediate":
            arrays[0] = x.tostype(stype)
        results = net(*arrays)
    results = results if isinstance(results, list | tuple) else [results]
    mx.autograd.backward(list(results))
    mx.nd.waitall()
    return seen, [(one.stype, one) for one in results], x.grad.stype, x.grad


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
@pytest.mark.parametrize("how", ["imperative", "hybridized", "intermediate", "without gradients"])
def test_it_is_handed_sparse_arrays(oracle, how, stype):
    mine, theirs = oracle.both(program, data=DENSE, how=how, stype=stype, grad_stype=None, makes=None, inputs=1)
    assert_same(mine.get(), theirs.get())


@pytest.mark.parametrize("grad_stype", [None, "row_sparse"])
def test_it_makes_sparse_arrays_and_gradients_of_dense_ones(oracle, grad_stype):
    given = {"how": "imperative", "stype": "default", "makes": "row_sparse", "inputs": 1}
    mine, theirs = oracle.both(program, data=DENSE, grad_stype=grad_stype, **given)
    assert_same(mine.get(), theirs.get())


@pytest.mark.parametrize("how", ["imperative", "hybridized"])
def test_only_the_gradient_is_sparse(oracle, how):
    given = {"stype": "default", "makes": None, "inputs": 1, "grad_stype": "row_sparse"}
    mine, theirs = oracle.both(program, data=DENSE, how=how, **given)
    assert_same(mine.get(), theirs.get())


def test_several_inputs_of_several_storage_types(oracle):
    given = {"how": "imperative", "stype": "csr", "grad_stype": None, "makes": None, "inputs": 2}
    mine, theirs = oracle.both(program, data=DENSE, **given)
    assert_same(mine.get(), theirs.get())


def bound(mx, data, stype):
    """Square a sparse argument of a bound graph; return the storage types and values of results and gradients."""

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.assign(out_data[0], req[0], mx.nd.square(in_data[0]))

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            dense = in_data[0].tostype("default") * out_grad[0].tostype("default")
            self.assign(in_grad[0], req[0], (2 * dense).tostype(in_grad[0].stype))

    class Prop(mx.operator.CustomOpProp):
        def infer_storage_type(self, in_stype):
            return in_stype, in_stype, []

        def infer_storage_type_backward(self, ograd_stype, in_stype, out_stype, igrad_stype, aux_stype):
            return ograd_stype, in_stype, out_stype, in_stype, aux_stype

        def create_operator(self, ctx, in_shapes, in_dtypes):
            return Op()

    mx.operator.register("square_of_the_test")(Prop)
    x = mx.sym.var("x", stype=stype)
    executor = mx.sym.Custom(x, op_type="square_of_the_test", name="square").simple_bind(mx.cpu(), x=data.shape)
    executor.arg_dict["x"][:] = mx.nd.array(data).tostype(stype)
    result = executor.forward(is_train=True)[0]
    executor.backward([mx.nd.array(data + 1)])
    gradient = executor.grad_dict["x"]
    return result.stype, result, gradient.stype, gradient


@pytest.mark.parametrize("stype", ["default", "csr", "row_sparse"])
def test_bound_graphs(oracle, stype):
    mine, theirs = oracle.both(bound, data=DENSE, stype=stype)
    assert_same(mine.get(), theirs.get())


class Twice(mx.operator.CustomOp):
    def forward(self, is_train, req, in_data, out_data, aux):
        if aux:
            aux[0][:] = in_data[0]
        self.assign(out_data[0], req[0], in_data[0] * 2)

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        self.assign(in_grad[0], req[0], out_grad[0] * 2)


def register(states=(), **methods):
    class Prop(mx.operator.CustomOpProp):
        def list_auxiliary_states(self):
            return list(states)

        def infer_shape(self, in_shape):
            return in_shape, in_shape, in_shape[: len(states)]

        def create_operator(self, ctx, in_shapes, in_dtypes):
            return Twice()

    for name, method in methods.items():
        setattr(Prop, name, method)
    mx.operator.register("twice_of_the_test")(Prop)


def test_states_and_out_may_be_sparse():
    register(["state"], infer_storage_type=lambda self, kinds: (kinds, kinds, ["csr"]))
    x, state, out = (mx.nd.array(value).tostype("csr") for value in (DENSE, DENSE * 0, DENSE * 0))
    assert mx.nd.Custom(x, state, op_type="twice_of_the_test", out=out) is out
    assert (state.stype, state.asnumpy().tolist()) == ("csr", DENSE.tolist())
    assert (out.stype, out.asnumpy().tolist()) == ("csr", (2 * DENSE).tolist())
    dense = mx.nd.zeros((3, 3))
    mx.nd.Custom(x, state, op_type="twice_of_the_test", out=dense)
    assert dense.asnumpy().tolist() == (2 * DENSE).tolist()
    with pytest.raises(MXNetError, match="out must be 1 NDArray"):
        mx.nd.Custom(x, state, op_type="twice_of_the_test", out=[out, out])


def test_what_nobody_differentiates_has_no_gradient():
    register(infer_storage_type=lambda self, kinds: (kinds, kinds, []))
    x = mx.nd.array(DENSE).tostype("csr")
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="twice_of_the_test")
    with pytest.raises(MXNetError, match="has no recorded graph"):
        y.backward()


@pytest.mark.parametrize(
    ("methods", "message"),
    [({}, "infer_storage_type: input 0 must be 'default'; received 'csr'"),
     ({"infer_storage_type": lambda self, kinds: (["default"], ["default"], [])},
      r"inputs must be taken as they are stored, \['csr'\]; received \['default'\]"),
     ({"infer_storage_type": lambda self, kinds: (kinds, ["undefined"], [])},
      "a storage type must be one of 'default', 'row_sparse', 'csr'; received 'undefined'"),
     ({"infer_storage_type": lambda self, kinds: (kinds, ["coo"], [])}, "received 'coo'"),
     ({"infer_storage_type": lambda self, kinds: kinds}, "it must return 3 lists")],
)  # fmt: skip
def test_refusals(methods, message):
    register(**methods)
    with pytest.raises(MXNetError, match=message):
        mx.nd.Custom(mx.nd.array(DENSE).tostype("csr"), op_type="twice_of_the_test")


def test_gradients_of_gradients_are_refused():
    register(
        infer_storage_type=lambda self, kinds: (kinds, kinds, []),
        infer_storage_type_backward=lambda self, out_grad, ins, outs, in_grad, aux: (out_grad, ins, outs, ins, aux),
    )
    x = mx.nd.array(DENSE).tostype("row_sparse")
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="twice_of_the_test")
        with pytest.raises(MXNetError, match="the gradient of a CustomOp cannot be differentiated"):
            mx.autograd.grad(y, [x], create_graph=True)


def test_the_class_must_take_sparse_gradients_of_sparse_inputs():
    """The base class's `infer_storage_type_backward` takes dense arrays alone."""
    register(infer_storage_type=lambda self, kinds: (kinds, kinds, []))
    x = mx.nd.array(DENSE).tostype("csr")
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="twice_of_the_test")
    with pytest.raises(MXNetError, match=r"infer_storage_type_backward: .* must be 'default'; received 'csr'"):
        y.backward()
