"""CustomOp and CustomOpProp: what a program subclasses to write an operator of its own in Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.doors import guard
from ..core.errors import MXNetError, RefusedError
from ..ndarray import NDArray

_REQUESTS = ("null", "write", "inplace", "add")
_BACKWARD = ("gradient of output", "input", "output", "gradient of input", "state")


@guard
class CustomOp:
    """The computation of an operator written in Python; subclass it and write `forward` and `backward`.

    `CustomOpProp` says what an operator takes and returns, and makes objects of this class.
    """

    def forward(
        self,
        is_train: bool,
        req: Sequence[str],
        in_data: Sequence[NDArray],
        out_data: Sequence[NDArray],
        aux: Sequence[NDArray],
    ) -> None:
        """Compute the outputs; overridden by the user.

        Parameters
        ----------
        is_train : bool
            Whether the network is in training mode.
        req : list of {'write', 'null'}
            What to do with each result, for `assign`.
        in_data, out_data : list of NDArray
            The inputs, and the outputs to write to.
        aux : list of NDArray
            The states, which may be written to.
        """

    def backward(
        self,
        req: Sequence[str],
        out_grad: Sequence[NDArray],
        in_data: Sequence[NDArray],
        out_data: Sequence[NDArray],
        in_grad: Sequence[NDArray],
        aux: Sequence[NDArray],
    ) -> None:
        """Compute the gradients of the inputs from those of the outputs; overridden by the user.

        Parameters
        ----------
        req : list of {'write', 'null'}
            What to do with each result, for `assign`; 'null' for an input without a gradient.
        out_grad : list of NDArray
            The gradients of the outputs.
        in_data, out_data, aux : list of NDArray
            As in `forward`.
        in_grad : list of NDArray
            The gradients to write to, which are 0 before.

        Differs from MXNet
        ------------------
        A variable's request 'add' is not handed on: the gradient is asked for with 'write', and added to what there was
        when `backward` has returned. MXNet asks with 'add', and hands over the variable's own gradient, where nothing
        else depends on the variable. With `assign`, the results are equal.
        """

    def assign(self, dst: NDArray, req: str, src: Any) -> None:
        """Write a result into an array, as far as it is asked for.

        Parameters
        ----------
        dst : NDArray
            Where to write.
        req : {'null', 'write', 'inplace', 'add'}
            Write nothing, overwrite (both 'write' and 'inplace'), or add.
        src : NDArray, numpy.ndarray or float
            The result.

        Examples
        --------
        >>> import glueball as mx
        >>> y = mx.nd.ones((2,))
        >>> mx.operator.CustomOp().assign(y, "add", mx.nd.ones((2,)))
        >>> y.asnumpy().tolist()
        [2.0, 2.0]
        """
        if req in ("write", "inplace"):
            dst[:] = src
        elif req == "add":
            dst[:] += src
        elif req != "null":
            raise MXNetError(f"CustomOp.assign: req must be one of {', '.join(_REQUESTS)}; received {req!r}")


@guard
class CustomOpProp:
    """What an operator written in Python takes and returns; subclass it and `register` the subclass.

    Its constructor receives the keywords of each call as str.

    Parameters
    ----------
    need_top_grad : bool, default True
        False for an operator such as a loss, whose gradient does not depend on those of its outputs.

    Examples
    --------
    >>> import glueball as mx
    >>> class Square(mx.operator.CustomOp):
    ...     def forward(self, is_train, req, in_data, out_data, aux):
    ...         self.assign(out_data[0], req[0], in_data[0] ** 2)
    ...     def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
    ...         self.assign(in_grad[0], req[0], 2 * in_data[0] * out_grad[0])
    >>> @mx.operator.register("square_of_the_example")
    ... class SquareProp(mx.operator.CustomOpProp):
    ...     def create_operator(self, ctx, in_shapes, in_dtypes):
    ...         return Square()
    >>> mx.nd.Custom(mx.nd.array([1, 2, 3]), op_type="square_of_the_example").asnumpy().tolist()
    [1.0, 4.0, 9.0]
    """

    def __init__(self, need_top_grad: bool = True) -> None:
        self.need_top_grad_ = need_top_grad

    def infer_shape(self, in_shape: list[list[int]]) -> Sequence[Sequence[Any]]:
        """Return the shapes of inputs, outputs and states; by default all outputs are like the first input.

        Parameters
        ----------
        in_shape : list of list of int
            The shapes of the inputs; ``[]`` where nothing is known yet.

        Returns
        -------
        tuple
            Lists of shapes of the inputs, the outputs and, unless there are none, the states.
        """
        return in_shape, [in_shape[0]] * len(self.list_outputs()), []

    def infer_type(self, in_type: list[Any]) -> Sequence[Sequence[Any]]:
        """Return the types of inputs, outputs and states; by default all outputs and states are like the first input.

        Parameters
        ----------
        in_type : list of numpy.dtype
            The types of the inputs; None where nothing is known yet.
        """
        return (
            in_type,
            [in_type[0]] * len(self.list_outputs()),
            [in_type[0]] * len(self.list_auxiliary_states()),
        )

    def infer_storage_type(self, in_stype: list[str]) -> Sequence[Sequence[str]]:
        """Return the storage types of inputs, outputs and states; by default all are 'default'.

        An operator whose inputs may be sparse overrides it. Then `CustomOp.forward` is handed sparse arrays, and writes
        to outputs of these types. It must return the types of the inputs as they are given.

        Parameters
        ----------
        in_stype : list of str
            Those of the inputs.
        """
        self._refuse_sparse("infer_storage_type", input=in_stype)
        return (
            in_stype,
            ["default"] * len(self.list_outputs()),
            ["default"] * len(self.list_auxiliary_states()),
        )

    def infer_storage_type_backward(
        self,
        ograd_stype: list[str],
        in_stype: list[str],
        out_stype: list[str],
        igrad_stype: list[str],
        aux_stype: list[str],
    ) -> Sequence[Sequence[str]]:
        """Return the storage types of what `CustomOp.backward` takes and writes; by default all are 'default'.

        An operator with sparse inputs or gradients overrides it; `CustomOp.backward` is handed arrays of these types.

        Parameters
        ----------
        ograd_stype, in_stype, out_stype : list of str
            Those of the gradients of the outputs, of the inputs and of the outputs.
        igrad_stype, aux_stype : list of str
            Those of the gradients of the inputs, and of the states; ``'undefined'`` where nothing is known yet.

        Differs from MXNet
        ------------------
        Gradients of outputs are given as they come; MXNet, in a graph that is bound, gives them in the storage of the
        outputs. Where the returned type is another one than that given, the array is converted; MXNet refuses it.
        """
        groups = ograd_stype, in_stype, out_stype, igrad_stype, aux_stype
        self._refuse_sparse("infer_storage_type_backward", **dict(zip(_BACKWARD, groups, strict=True)))
        return tuple([["default"] * len(group) for group in groups])

    def _refuse_sparse(self, method: str, **groups: list[str]) -> None:
        for name, stypes in groups.items():
            for number, stype in enumerate(stypes):
                if stype not in ("default", "undefined"):
                    raise RefusedError(
                        f"{type(self).__name__}.{method}: {name} {number} must be 'default'; received {stype!r}; "
                        f"override {method}"
                    )

    def list_outputs(self) -> list[str]:
        """Return the names of the outputs, ``['output']`` by default."""
        return ["output"]

    def list_arguments(self) -> list[str]:
        """Return the names of the inputs, ``['data']`` by default."""
        return ["data"]

    def list_auxiliary_states(self) -> list[str]:
        """Return the names of the states, none by default."""
        return []

    def declare_backward_dependency(
        self, out_grad: Sequence[int], in_data: Sequence[int], out_data: Sequence[int]
    ) -> list[int]:
        """Return which arrays `CustomOp.backward` reads, by the numbers that the arguments give them.

        The others are not kept until then. `backward` gets arrays in their place that have no values.

        Parameters
        ----------
        out_grad, in_data, out_data : sequence of int
            The numbers of the gradients of the outputs, of the inputs and of the outputs.
        """
        return [*(out_grad if self.need_top_grad_ else ()), *in_data, *out_data]

    def create_operator(self, ctx: Any, in_shapes: list[list[int]], in_dtypes: list[int]) -> CustomOp:
        """Return the `CustomOp` that computes; overridden by the user.

        Parameters
        ----------
        ctx : Context
            Where the arrays are.
        in_shapes : list of list of int
            The shapes of inputs and states.
        in_dtypes : list of int
            Their types, as MXNet's numbers.
        """
        return CustomOp()
