"""Modules whose computation is Python code: a layer without parameters, and a loss."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..core.errors import MXNetError, RefusedError
from ..core.strangers import call
from ..initializer import Uniform
from ..ndarray import NDArray, array
from .base_module import BaseModule


class PythonModule(BaseModule):
    """A base class for modules without parameters: a subclass computes in `forward` and `backward`.

    Parameters
    ----------
    data_names, label_names, output_names : list of str
        The names of the inputs, the labels (None without labels) and the outputs.
    logger : logging.Logger, default the module ``logging``
        Where `fit` logs its progress.

    Examples
    --------
    >>> import glueball as mx
    >>> class Double(mx.mod.PythonModule):
    ...     def _compute_output_shapes(self):
    ...         return [("double_output", self.data_shapes[0][1])]
    ...
    ...     def forward(self, data_batch, is_train=None):
    ...         self.doubled = data_batch.data[0] * 2
    ...
    ...     def get_outputs(self, merge_multi_context=True):
    ...         return [self.doubled]
    >>> layer = Double(["data"], None, ["double_output"])
    >>> layer.bind([("data", (1, 2))])
    >>> layer.forward(mx.io.DataBatch([mx.nd.array([[1, 3]])]))
    >>> layer.output_shapes, layer.get_outputs()[0].asnumpy().tolist()
    ([('double_output', (1, 2))], [[2.0, 6.0]])
    """

    def __init__(
        self,
        data_names: Sequence[str],
        label_names: Sequence[str] | None,
        output_names: Sequence[str],
        logger: Any = logging,
    ) -> None:
        super().__init__(logger)
        self._data_names = list(data_names)
        self._label_names = None if label_names is None else list(label_names)
        self._output_names = list(output_names)
        self._data_shapes: Any = None
        self._label_shapes: Any = None
        self._output_shapes: Any = None

    @property
    def data_names(self) -> list[str]:
        """The names of the inputs."""
        return self._data_names

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs."""
        return self._output_names

    @property
    def data_shapes(self) -> Any:
        """Descriptions of the inputs, as `bind` was given them; None before."""
        return self._data_shapes

    @property
    def label_shapes(self) -> Any:
        """Descriptions of the labels, as `bind` was given them; None before, and without labels."""
        return self._label_shapes

    @property
    def output_shapes(self) -> Any:
        """Names and shapes of the outputs, once bound."""
        return self._output_shapes

    # --- parameters: there are none -------------------------------------------------------------------------

    def get_params(self) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        """Return two empty dicts: a subclass that has parameters overrides it."""
        return {}, {}

    def init_params(
        self,
        initializer: Any = Uniform(0.01),  # noqa: B008  (it is never modified)
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_missing: bool = False,
        force_init: bool = False,
        allow_extra: bool = False,
    ) -> None:
        """Do nothing: a subclass that has parameters overrides it."""

    def init_optimizer(
        self,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        force_init: bool = False,
    ) -> None:
        """Do nothing: a subclass that has parameters overrides it."""

    def update(self) -> None:
        """Do nothing: a subclass that has parameters overrides it."""

    # --- binding and computing ------------------------------------------------------------------------------

    def bind(
        self,
        data_shapes: Sequence[Any],
        label_shapes: Sequence[Any] | None = None,
        for_training: bool = True,
        inputs_need_grad: bool = False,
        force_rebind: bool = False,
        shared_module: Any = None,
        grad_req: Any = "write",
    ) -> None:
        """Note the shapes of the inputs, from which `_compute_output_shapes` of a subclass computes the outputs'.

        Parameters
        ----------
        data_shapes, label_shapes : list of DataDesc or of (name, shape)
            The inputs, and the labels if there are any, in the order of `data_names` and `label_names`.
        for_training, inputs_need_grad, force_rebind
            As for `Module.bind`.
        shared_module : object
            Has no effect, as in MXNet: there are no parameters to share.
        grad_req : {'write'}
            How a gradient is stored.

        Raises
        ------
        AssertionError
            The names are not those of the module, or `grad_req` is not 'write'.
        """
        if self.binded and not force_rebind:
            self.logger.warning(
                "%s.bind: it is already bound and left unchanged; force_rebind=True binds it again", type(self).__name__
            )
            return
        if grad_req != "write":
            raise RefusedError(f"{type(self).__name__}.bind: grad_req must be 'write'; received {grad_req!r}")
        self._glueball_require_names("data_shapes", self._data_names, data_shapes)
        if label_shapes is not None:
            self._glueball_require_names("label_shapes", self._label_names, label_shapes)
        self.for_training, self.inputs_need_grad = for_training, inputs_need_grad
        self._data_shapes, self._label_shapes = data_shapes, label_shapes
        self._output_shapes = self._compute_output_shapes()

    def _glueball_require_names(self, argument: str, names: Any, shapes: Sequence[Any]) -> None:
        found = [one[0] for one in shapes]
        if found != names:
            raise RefusedError(
                f"{type(self).__name__}.bind: {argument} must be of {names}, in this order; received {found}"
            )

    def _compute_output_shapes(self) -> Any:
        """Return names and shapes of the outputs; a subclass implements it, from ``self.data_shapes``."""
        raise self._glueball_not_implemented("_compute_output_shapes")

    def update_metric(self, eval_metric: Any, labels: Any, pre_sliced: bool = False) -> None:
        """Update a metric with the outputs, if the module was bound with labels.

        Parameters
        ----------
        eval_metric : EvalMetric
            The metric.
        labels : list of NDArray
            The labels of the batch.
        pre_sliced : bool, default False
            Must be False: there is one context.
        """
        if self._label_shapes is None:
            return
        if pre_sliced:
            raise MXNetError(
                f"{type(self).__name__}.update_metric: labels must be those of the whole batch; received "
                "pre_sliced=True; pass the labels before they are split"
            )
        eval_metric.update(labels, self.get_outputs())


class PythonLossModule(PythonModule):
    """A loss at the end of a `SequentialModule`: scores pass through it, and Python code computes their gradient.

    Parameters
    ----------
    name : str, default 'pyloss'
        The output is called ``name_output``.
    data_names, label_names : list of str, default ('data',), ('softmax_label',)
        The names of the scores and the labels, one each.
    logger : logging.Logger, default the module ``logging``
        Where `fit` logs its progress.
    grad_func : callable, optional
        Takes scores and labels, both NDArrays, and returns the gradient of the loss with respect to the scores, as
        an NDArray or what `nd.array` takes. Without it a subclass overrides ``_backward_impl``, which computes
        ``self._scores_grad`` from ``self._scores`` and ``self._labels``.

    Examples
    --------
    >>> import glueball as mx
    >>> net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=1, no_bias=True, name="fc")
    >>> loss = mx.mod.PythonLossModule(grad_func=lambda scores, labels: scores - labels.reshape((-1, 1)))
    >>> module = mx.mod.SequentialModule()
    >>> module = module.add(mx.mod.Module(net, label_names=None)).add(loss, take_labels=True, auto_wiring=True)
    >>> batches = mx.io.NDArrayIter(mx.nd.array([[1], [2]]), mx.nd.array([3, 6]), batch_size=2)
    >>> module.fit(batches, eval_metric="mse", num_epoch=30, optimizer_params={"learning_rate": 0.3})
    >>> module.get_params()[0]["fc_weight"].asscalar().round(2).item()
    3.0
    """

    def __init__(
        self,
        name: str = "pyloss",
        data_names: Sequence[str] = ("data",),
        label_names: Sequence[str] = ("softmax_label",),
        logger: Any = logging,
        grad_func: Callable[[NDArray, NDArray], Any] | None = None,
    ) -> None:
        for argument, names in (("data_names", data_names), ("label_names", label_names)):
            if len(names) != 1:
                raise RefusedError(f"PythonLossModule: {argument} must be one name; received {list(names)}")
        if grad_func is not None and not callable(grad_func):
            raise RefusedError(f"PythonLossModule: grad_func must be callable; received {grad_func!r}")
        super().__init__(data_names, label_names, [f"{name}_output"], logger)
        self._name = name
        self._scores: Any = None
        self._labels: Any = None
        self._scores_grad: Any = None
        self._grad_func = grad_func

    def _compute_output_shapes(self) -> Any:
        return [(self._output_names[0], self._data_shapes[0][1])]

    def forward(self, data_batch: Any, is_train: bool | None = None) -> None:
        """Keep the scores of a batch and, in training mode, its labels.

        Parameters
        ----------
        data_batch : DataBatch
            The batch.
        is_train : bool, optional
            By default the `for_training` of `bind`.
        """
        self._scores = data_batch.data[0]
        if self.for_training if is_train is None else is_train:
            self._labels = data_batch.label[0]

    def get_outputs(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the scores, in a list.

        Parameters
        ----------
        merge_multi_context : bool, default True
            Must be True: there is one context.
        """
        self._glueball_require_merged("get_outputs", merge_multi_context)
        return [self._scores]

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradient of the scores.

        Parameters
        ----------
        out_grads : None
            A loss has no gradient from above.
        """
        if out_grads is not None:
            raise RefusedError("PythonLossModule.backward: out_grads must be None, since a loss has none")
        if not self.for_training:
            raise RefusedError("PythonLossModule.backward: it must have been bound with for_training=True")
        self._backward_impl()

    def _backward_impl(self) -> None:
        """Compute ``self._scores_grad``; a subclass may override it."""
        if self._grad_func is None:
            raise self._glueball_not_implemented("grad_func, or _backward_impl,")
        gradient = call(self._grad_func, self._scores, self._labels)
        self._scores_grad = gradient if isinstance(gradient, NDArray) else array(gradient)

    def get_input_grads(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the gradient of the scores, in a list.

        Parameters
        ----------
        merge_multi_context : bool, default True
            Must be True: there is one context.
        """
        self._glueball_require_merged("get_input_grads", merge_multi_context)
        return [self._scores_grad]

    def _glueball_require_merged(self, method: str, merge_multi_context: bool) -> None:
        if not merge_multi_context:
            raise RefusedError(f"PythonLossModule.{method}: merge_multi_context must be True: there is one context")
