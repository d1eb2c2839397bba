"""A graph with parameters, which is run on arrays or iterators: what `FeedForward` has but for training and files."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import io, metric
from .. import ndarray as nd
from ..core.context import Context, cpu
from ..core.doors import guard
from ..core.errors import InvalidTypeError, MissingAttributeError, RefusedError
from ..core.strangers import call
from ..executor_manager import _check_arguments, _load_data
from ..ndarray import NDArray
from .checkpoint import BatchEndParam
from .update import _multiple_callbacks


@guard
class GraphModel:
    """The methods of a `FeedForward` that fill its parameters and compute outputs."""

    if TYPE_CHECKING:
        # A FeedForward has them.
        ctx: list[Context]
        symbol: Any
        sym_gen: Callable[[Any], Any] | None
        initializer: Any
        numpy_batch_size: int
        arg_params: Any
        aux_params: Any
        allow_extra_params: bool
        argument_checked: bool
        _pred_exec: Any

    def _check_arguments(self) -> None:
        """Refuse a graph with two variables of one name; drop extra parameters, if they are allowed."""
        if self.argument_checked:
            return
        _check_arguments(self.symbol)
        if self.allow_extra_params:
            names = {*self.symbol.list_arguments()}
            states = {*self.symbol.list_auxiliary_states()}
            self.arg_params, self.aux_params = (
                given and {name: value for name, value in given.items() if name in known}
                for given, known in ((self.arg_params, names), (self.aux_params, states))
            )
        self.argument_checked = True

    @staticmethod
    def _is_data_arg(name: str) -> bool:
        """Whether an argument is an input or a label, by its name."""
        return name.endswith(("data", "label"))

    # --- data -----------------------------------------------------------------------------------------------

    def _init_iter(self, X: Any, y: Any, is_train: bool) -> Any:
        """Return an iterator over arrays; what is not an array is one already."""
        if not isinstance(X, np.ndarray | NDArray):
            if not isinstance(X, io.DataIter):
                raise InvalidTypeError(
                    f"FeedForward: the data must be a DataIter, an NDArray or a numpy.ndarray; received {X!r}"
                )
            return X
        if y is None:
            if is_train:
                raise ValueError("FeedForward: y must be given where the data are an array; received None")
            y = np.zeros(X.shape[0])
        if not isinstance(y, np.ndarray | NDArray):
            raise InvalidTypeError(f"FeedForward: y must be an NDArray or a numpy.ndarray; received {y!r}")
        if X.shape[0] != y.shape[0]:
            raise ValueError(
                f"FeedForward: there must be a label for each of {X.shape[0]} samples; received {y.shape[0]}"
            )
        if y.ndim == 2 and y.shape[1] == 1:
            y = y.reshape((-1,))
        if y.ndim != 1:
            raise ValueError(f"FeedForward: labels must be of the shape (N,) or (N, 1); received {y.shape}")
        size = min(X.shape[0], self.numpy_batch_size)
        return io.NDArrayIter(X, y, size, shuffle=is_train, last_batch_handle="roll_over" if is_train else "pad")

    def _init_eval_iter(self, eval_data: Any) -> Any:
        """Return an iterator over data to evaluate on: a pair of data and labels, or an iterator, or None."""
        if eval_data is None:
            return None
        if isinstance(eval_data, list | tuple) and len(eval_data) == 2:
            data, labels = eval_data
            if data is None:
                raise ValueError("FeedForward.fit: eval_data must be data and labels; received None for the data")
            if labels is None and isinstance(data, io.DataIter):
                return data
            data = np.array(data) if isinstance(data, list) else data
            return self._init_iter(data, np.array(labels) if isinstance(labels, list) else labels, is_train=True)
        if not isinstance(eval_data, io.DataIter):
            raise InvalidTypeError(
                f"FeedForward.fit: eval_data must be a DataIter, or a pair of data and labels; received {eval_data!r}"
            )
        return eval_data

    # --- parameters -----------------------------------------------------------------------------------------

    def _init_params(self, inputs: Sequence[Any], overwrite: bool = False) -> tuple[list[str], list[str], list[str]]:
        """Fill the parameters for inputs of given shapes; return the names of arguments, parameters and states."""
        described = [one if isinstance(one, io.DataDesc) else io.DataDesc(*one) for one in inputs]
        shapes = {one.name: one.shape for one in described}
        arg_shapes, _, aux_shapes = self.symbol.infer_shape(**shapes)
        arg_types, _, aux_types = self.symbol.infer_type(**{one.name: one.dtype for one in described})
        if arg_shapes is None or arg_types is None:
            raise RefusedError(f"FeedForward: the shapes and types of all parameters must follow from {shapes}")
        names, states = self.symbol.list_arguments(), self.symbol.list_auxiliary_states()
        made = {
            name: nd.zeros(shape, dtype=dtype)
            for name, shape, dtype in zip(names, arg_shapes, arg_types, strict=True)
            if name not in shapes
        }
        auxiliary = {
            name: nd.zeros(shape, dtype=dtype) for name, shape, dtype in zip(states, aux_shapes, aux_types, strict=True)
        }
        for arrays, known in ((made, self.arg_params), (auxiliary, self.aux_params)):
            for name, value in arrays.items():
                if known and name in known and not overwrite:
                    value[:] = known[name].as_in_context(cpu())
                else:
                    self._glueball_fill(name, value)
        self.arg_params, self.aux_params = made, auxiliary
        return names, list(made), states

    def _glueball_fill(self, name: str, value: NDArray) -> None:
        """Initialize an array by its name alone, as MXNet does here; that this is deprecated, no user can mend."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*: a plain name is deprecated", DeprecationWarning)
            call(self.initializer, name, value)

    def _init_predictor(self, input_shapes: Sequence[Any], type_dict: Any = None) -> None:
        """Bind the graph for prediction with inputs of given shapes, unless it is bound for these."""
        shapes = {one[0]: tuple(one[1]) for one in input_shapes}
        if self.arg_params is None:
            raise MissingAttributeError("FeedForward.predict: it must have parameters; call fit() first, or load()")
        if self._pred_exec is not None and all(
            name in self._pred_exec.arg_dict and self._pred_exec.arg_dict[name].shape == shape
            for name, shape in shapes.items()
        ):
            return
        executor = self.symbol.simple_bind(self.ctx[0], grad_req="null", type_dict=type_dict, **shapes)
        executor.copy_params_from(self.arg_params, self.aux_params)
        _check_arguments(self.symbol)
        self._pred_exec = executor

    # --- running --------------------------------------------------------------------------------------------

    def predict(
        self,
        X: Any,
        num_batch: int | None = None,
        return_data: bool = False,
        reset: bool = True,
    ) -> Any:
        """Return the outputs for the given data, as NumPy arrays.

        Parameters
        ----------
        X : DataIter, NDArray or numpy.ndarray
            The data.
        num_batch : int, optional
            The maximum number of batches.
        return_data : bool, default False
            Return the data and the labels, too.
        reset : bool, default True
            Reset an iterator first.

        Returns
        -------
        numpy.ndarray or list of numpy.ndarray
            The output, or a list if there are several; with `return_data`, a tuple of outputs, data and labels.
        """
        data = self._init_iter(X, None, is_train=False)
        found: list[list[list[np.ndarray]]] = []
        for _, batch in self._glueball_batches(data, num_batch, reset):
            size = data.batch_size - (batch.pad or 0)
            kinds = [self._pred_exec.outputs, *([batch.data, batch.label or []] if return_data else [])]
            found.append([[array[:size].asnumpy() for array in kind] for kind in kinds])
        joined = [
            [np.concatenate(parts) for parts in zip(*of_a_kind, strict=True)] for of_a_kind in zip(*found, strict=True)
        ]
        results = [kind[0] if len(kind) == 1 else kind for kind in joined]
        return tuple(results) if return_data else results[0]

    def _glueball_batches(self, data: Any, num_batch: int | None, reset: bool) -> Any:
        """Yield the number of each batch and the batch, after computing its outputs."""
        if reset:
            data.reset()
        types = {name: value.dtype for name, value in (self.arg_params or {}).items()}
        types.update({one[0]: getattr(one, "dtype", np.float32) for one in data.provide_data})
        self._init_predictor(data.provide_data, types)
        arrays = [self._pred_exec.arg_dict[one[0]] for one in data.provide_data]
        for number, batch in enumerate(data):
            if number == num_batch:
                return
            _load_data(batch, arrays)
            self._pred_exec.forward(is_train=False)
            yield number, batch

    def score(
        self,
        X: Any,
        eval_metric: Any = "acc",
        num_batch: int | None = None,
        batch_end_callback: Any = None,
        reset: bool = True,
    ) -> Any:
        """Return the value of a metric on data with labels.

        Parameters
        ----------
        X : DataIter
            The data. Padding samples count too, as in MXNet.
        eval_metric : EvalMetric, str, callable or list of these, default 'acc'
            The metric.
        num_batch : int, optional
            The maximum number of batches.
        batch_end_callback : callable or list of these, optional
            Called with a `BatchEndParam` after each batch.
        reset : bool, default True
            Reset the iterator first.
        """
        eval_metric = eval_metric if isinstance(eval_metric, metric.EvalMetric) else metric.create(eval_metric)
        data = self._init_iter(X, None, is_train=False)
        for number, batch in self._glueball_batches(data, num_batch, reset):
            eval_metric.update(batch.label, self._pred_exec.outputs)
            _multiple_callbacks(
                batch_end_callback, BatchEndParam(0, number, eval_metric, {"self": self, "batch": batch})
            )
        return eval_metric.get()[1]
