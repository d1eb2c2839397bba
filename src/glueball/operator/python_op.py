"""PythonOp and its two kinds: how MXNet programs wrote operators before `CustomOp`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from ..core.doors import guard
from ..core.errors import MXNetError
from ..core.warning import warn
from ..ndarray import NDArray
from ..ops import registry
from ..symbol import Symbol
from ..symbol.compose import compose
from .custom_op import CustomOp, CustomOpProp
from .declared import CustomOperator


@guard
class PythonOp:
    """An operator of a graph, written in Python; the base class of `NumpyOp` and `NDArrayOp`. Use `CustomOp` instead.

    Parameters
    ----------
    need_top_grad : bool, default True
        False for an operator such as a loss, whose gradient does not depend on that of its output.
    """

    _graph_name: ClassVar[str] = ""

    def __init__(self, need_top_grad: bool = True) -> None:
        warn(f"{type(self).__name__}: {_kind(self)} has been deprecated; write a CustomOp instead")
        self.info_: Any = None
        self.need_top_grad_ = need_top_grad

    def __call__(self, *args: Symbol, **kwargs: Any) -> Symbol:
        return self.get_symbol(*args, **kwargs)

    def get_symbol(self, *args: Symbol, **kwargs: Any) -> Symbol:
        """Return a symbol that computes this operator of symbols, given in the order of `list_arguments` or by name."""
        if not self._graph_name:
            raise MXNetError("PythonOp.get_symbol: it must be called on a NumpyOp or an NDArrayOp; derive from one")
        name, attr = kwargs.pop("name", None), kwargs.pop("attr", None)
        texts = {"info": f"{id(self):x}", "need_top_grad": str(self.need_top_grad_)}
        operator = CustomOperator(self._graph_name, _Prop(self), tuple(texts), type(self).__name__, keeps=True)
        inputs = {**dict.fromkeys(operator.inputs), **dict(zip(operator.inputs, args, strict=False)), **kwargs}
        return compose(operator, self._graph_name.lower(), inputs, texts, name, attr)

    def forward(self, in_data: Sequence[Any], out_data: Sequence[Any]) -> None:
        """Compute the outputs, by default the inputs; overridden by the user."""
        out_data[0][:] = in_data[0]

    def backward(
        self, out_grad: Sequence[Any], in_data: Sequence[Any], out_data: Sequence[Any], in_grad: Sequence[Any]
    ) -> None:
        """Compute the gradients of the inputs, by default 1; overridden by the user."""
        in_grad[0][:] = 1.0

    def infer_shape(self, in_shape: list[list[int]]) -> Sequence[Sequence[Any]]:
        """Return the shapes of inputs and outputs; by default the output is like the first input."""
        return in_shape, [in_shape[0]]

    def list_outputs(self) -> list[str]:
        """Return the names of the outputs, ``['output']`` by default."""
        return ["output"]

    def list_arguments(self) -> list[str]:
        """Return the names of the inputs, ``['data']`` by default."""
        return ["data"]

    def need_top_grad(self) -> bool:
        """Return whether the gradient depends on that of the output."""
        return self.need_top_grad_


@guard
class NumpyOp(PythonOp):
    """An operator of a graph whose `forward` and `backward` are given NumPy arrays. Use `CustomOp` instead."""

    _graph_name = "_Native"


@guard
class NDArrayOp(PythonOp):
    """An operator of a graph whose `forward` and `backward` are given NDArrays. Use `CustomOp` instead."""

    _graph_name = "_NDArray"

    def declare_backward_dependency(
        self, out_grad: Sequence[int], in_data: Sequence[int], out_data: Sequence[int]
    ) -> list[int]:
        """Return which arrays `backward` reads; see `CustomOpProp.declare_backward_dependency`."""
        return [*(out_grad if self.need_top_grad() else ()), *in_data, *out_data]


def _kind(operator: PythonOp) -> str:
    return next(kind.__name__ for kind in type(operator).__mro__ if kind.__module__ == __name__)


class _Prop(CustomOpProp):
    """A PythonOp as a CustomOpProp."""

    def __init__(self, operator: PythonOp) -> None:
        super().__init__(operator.need_top_grad_)
        self._operator = operator
        # The program's own methods take the place of those of the class, which a type checker does not expect.
        self.list_arguments, self.list_outputs = operator.list_arguments, operator.list_outputs  # type: ignore[method-assign]
        self.infer_shape = operator.infer_shape  # type: ignore[method-assign]
        if isinstance(operator, NDArrayOp):
            self.declare_backward_dependency = operator.declare_backward_dependency  # type: ignore[method-assign]

    def create_operator(self, ctx: Any, in_shapes: list[list[int]], in_dtypes: list[int]) -> CustomOp:
        return _WithArrays(self._operator) if isinstance(self._operator, NDArrayOp) else _WithNumpy(self._operator)


class _WithArrays(CustomOp):
    def __init__(self, operator: PythonOp) -> None:
        self._operator = operator

    def forward(self, is_train: Any, req: Any, in_data: Any, out_data: Any, aux: Any) -> None:
        self._operator.forward(in_data=in_data, out_data=out_data)

    def backward(self, req: Any, out_grad: Any, in_data: Any, out_data: Any, in_grad: Any, aux: Any) -> None:
        self._operator.backward(out_grad=out_grad, in_data=in_data, out_data=out_data, in_grad=in_grad)


class _WithNumpy(_WithArrays):
    def forward(self, is_train: Any, req: Any, in_data: Any, out_data: Any, aux: Any) -> None:
        outputs = _to_numpy(out_data)
        self._operator.forward(in_data=_to_numpy(in_data), out_data=outputs)
        _write(out_data, outputs)

    def backward(self, req: Any, out_grad: Any, in_data: Any, out_data: Any, in_grad: Any, aux: Any) -> None:
        gradients, read = _to_numpy(in_grad), out_grad if self._operator.need_top_grad() else ()
        self._operator.backward(
            out_grad=_to_numpy(read), in_data=_to_numpy(in_data), out_data=_to_numpy(out_data), in_grad=gradients
        )
        _write(in_grad, gradients)


def _to_numpy(arrays: Sequence[NDArray]) -> list[Any]:
    return [array.asnumpy() for array in arrays]


def _write(arrays: Sequence[NDArray], values: Sequence[Any]) -> None:
    for array, value in zip(arrays, values, strict=True):
        array[:] = value


def _refuse_file(attributes: Any, subgraphs: Any) -> CustomOperator:
    raise MXNetError(
        "a graph file does not hold NumpyOp and NDArrayOp, only their place in the memory of the process that wrote "
        "it; write the operator as a CustomOp, and the graph again"
    )


for _name in (NumpyOp._graph_name, NDArrayOp._graph_name):
    registry.add_family(_name, _refuse_file)
