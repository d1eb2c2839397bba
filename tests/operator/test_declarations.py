"""What a class of an operator declares beyond shapes and types: dependencies of gradients, and storage."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from torch.multiprocessing.reductions import StorageWeakRef

import glueball as gb
from tests.comparison import assert_same


def dependent(mx, numbers, run):
    """What arrives in backward, of an operator of two inputs and two outputs that declares some of them."""
    seen = []

    def known(array):
        return array.asnumpy() if array.shape else (array.shape, array.size, array.stype, array.dtype)

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.assign(out_data[0], req[0], in_data[0] * in_data[1])
            self.assign(out_data[1], req[1], in_data[0] + in_data[1])

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            seen.append([[known(array) for array in group] for group in (out_grad, in_data, out_data, in_grad)])
            for number in range(2):
                self.assign(in_grad[number], req[number], 1.0 + number)

    @mx.operator.register("dependent_%s" % "".join(map(str, numbers)))  # noqa: UP031
    class Prop(mx.operator.CustomOpProp):
        def list_arguments(self):
            return ["a", "b"]

        def list_outputs(self):
            return ["o", "p"]

        def create_operator(self, ctx, in_shapes, in_dtypes):
            return Op()

        def declare_backward_dependency(self, out_grad, in_data, out_data):
            seen.append((list(out_grad), list(in_data), list(out_data)))
            return list(numbers)

    arrays = [mx.nd.array([1.0, 2.0]), mx.nd.array([3.0, 4.0])]
    name = "dependent_%s" % "".join(map(str, numbers))  # noqa: UP031
    for array in arrays:
        array.attach_grad()
    if run == "graph":
        outputs = mx.sym.Custom(mx.sym.var("a"), mx.sym.var("b"), op_type=name)
        executor = outputs.bind(mx.cpu(), arrays, [array.grad for array in arrays])
        executor.forward(is_train=True)
        executor.backward([mx.nd.ones(2), mx.nd.ones(2) * 2])
    else:
        with mx.autograd.record():
            one, other = mx.nd.Custom(*arrays, op_type=name)
            total = (one * 5 + other).sum()
        total.backward()
    gradients = [array.grad.asnumpy() for array in arrays]
    return gradients, seen


@pytest.mark.parametrize("run", ["call", "graph"])
@pytest.mark.parametrize("numbers", [[0, 1, 2, 3, 4, 5], [0, 1], [0, 2, 5], [3], []], ids=str)
def test_what_the_gradient_does_not_depend_on_has_no_values(oracle, numbers, run):
    mine, theirs = oracle.both(dependent, numbers, run)
    assert_same(mine.get(), theirs.get())


class _Twice(gb.operator.CustomOp):
    def forward(self, is_train, req, in_data, out_data, aux):
        self.assign(out_data[0], req[0], in_data[0] * 2)

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        self.assign(in_grad[0], req[0], out_grad[0] * (in_data[0] if self.reads else 2))


def twice(answer, reads=False, **methods):
    class Op(_Twice):
        pass

    Op.reads = reads

    class Prop(gb.operator.CustomOpProp):
        def create_operator(self, ctx, in_shapes, in_dtypes):
            return Op()

        def declare_backward_dependency(self, out_grad, in_data, out_data):
            return answer

    for name, method in methods.items():
        setattr(Prop, name, method)
    gb.operator.register("twice")(Prop)


def differentiate():
    x = gb.nd.array([1.0, 2.0])
    x.attach_grad()
    with gb.autograd.record():
        y = gb.nd.Custom(x, op_type="twice")
    y.backward()
    return x.grad.asnumpy().tolist()


def test_what_is_not_declared_says_so_when_it_is_read():
    twice([0], reads=True)
    with pytest.raises(gb.MXNetError, match=r"in_data\[0\] must be among what declare_backward_dependency returns"):
        differentiate()


@pytest.mark.parametrize(("declared", "is_kept"), [([0], False), ([0, 1], True)])
def test_what_is_not_declared_is_not_kept(declared, is_kept):
    twice(declared)
    assert differentiate() == [2.0, 2.0]
    x = gb.nd.zeros((3,))
    x.attach_grad()
    with gb.autograd.record():
        data = x * 3
        y = gb.nd.Custom(data, op_type="twice")
    memory = StorageWeakRef(data._data.untyped_storage())
    del data
    gc.collect()
    assert memory.expired() is not is_kept
    y.backward()


@pytest.mark.parametrize(
    ("answer", "message"),
    [([77], r"declare_backward_dependency: it must return numbers that it is given, \[0, 1, 2\]; received \[77\]"),
     ("abc", r"declare_backward_dependency: it must return a list of int; received 'abc'")],
)  # fmt: skip
def test_dependencies_that_there_are_not(answer, message):
    twice(answer)
    with pytest.raises(gb.MXNetError, match=message):
        differentiate()


def storage(mx):
    """The rules of the base class, and what a class of a program is asked."""
    prop = mx.operator.CustomOpProp()
    made = [prop.infer_storage_type(["default", "default"])]
    dense = ["default"]
    made.append(prop.infer_storage_type_backward(dense, dense, dense, ["undefined"], []))
    for arguments in ((["csr"], dense, dense, dense, []), (dense, dense, dense, ["row_sparse"], [])):
        try:
            made.append(prop.infer_storage_type_backward(*arguments))
        except AssertionError:
            made.append("refused")
    try:
        prop.infer_storage_type(["row_sparse"])
    except AssertionError:
        made.append("refused")
    return made


def test_storage_types_of_the_base_class(oracle):
    mine, theirs = oracle.both(storage)
    assert_same(mine.get(), theirs.get())


def test_a_class_is_asked_for_storage_types():
    seen = []

    def infer(self, in_stype):
        seen.append(in_stype)
        return in_stype, ["default"], []

    def infer_backward(self, *groups):
        seen.append(groups)
        return groups

    twice([0], infer_storage_type=infer, infer_storage_type_backward=infer_backward)
    assert differentiate() == [2.0, 2.0]
    dense, unknown = ["default"], ["undefined"]
    assert seen == [dense, (dense, dense, dense, unknown, []), (dense, dense, dense, dense, [])]


@pytest.mark.parametrize(
    ("methods", "message"),
    [({"infer_storage_type_backward": lambda self, *of: (*of[:3], [of[3][0].replace("default", "csr")], [])},
      r"infer_storage_type_backward: gradients that are 'default' must stay so; received \['csr'\]"),
     ({"infer_storage_type": lambda self, kinds: kinds}, "infer_storage_type: it must return 3 lists")],
)  # fmt: skip
def test_what_does_not_fit_dense_arrays_is_refused(methods, message):
    twice([0], **methods)
    with pytest.raises(gb.MXNetError, match=message):
        differentiate()


def test_gradients_of_an_operator_without_gradients_of_outputs_are_right():
    """`need_top_grad=False` says that they are not read."""

    class Prop(gb.operator.CustomOpProp):
        def __init__(self):
            super().__init__(need_top_grad=False)

        def create_operator(self, ctx, in_shapes, in_dtypes):
            class Op(gb.operator.CustomOp):
                def forward(self, is_train, req, in_data, out_data, aux):
                    self.assign(out_data[0], req[0], in_data[0])

                def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
                    assert out_grad[0].shape == ()
                    self.assign(in_grad[0], req[0], out_data[0] + 1)

            return Op()

    gb.operator.register("twice")(Prop)
    np.testing.assert_array_equal(differentiate(), [2.0, 3.0])


class _Doubled(gb.gluon.data.Dataset):
    """Computes its items with an operator of a program, in whatever process asks for them."""

    def __init__(self):
        self.symbol = gb.sym.Custom(gb.sym.var("data"), op_type="twice", name="custom")

    def __len__(self):
        return 6

    def __getitem__(self, number):
        x = gb.nd.array([number, 1.0])
        x.attach_grad()
        with gb.autograd.record():
            y = gb.nd.Custom(x, op_type="twice")
        y.backward()
        return gb.nd.concat(y, x.grad, self.symbol.eval(data=x)[0], dim=0)


@pytest.mark.parametrize("workers", [0, 2])
def test_workers_of_a_loader_compute_with_it(workers):
    twice([0])
    loader = gb.gluon.data.DataLoader(_Doubled(), batch_size=3, num_workers=workers)
    made = np.concatenate([batch.asnumpy() for batch in loader])
    numbers = np.arange(6.0)
    expected = np.stack([2 * numbers, np.full(6, 2.0), *[np.full(6, 2.0)] * 2, 2 * numbers, np.full(6, 2.0)], axis=1)
    np.testing.assert_array_equal(made, expected)
