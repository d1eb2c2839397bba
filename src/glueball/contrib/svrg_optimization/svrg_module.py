"""A module that corrects the gradient of each batch by that of all data, computed every few epochs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from ...core.blame import short
from ...core.context import cpu
from ...core.errors import InvalidTypeError, InvalidValueError, RefusedError
from ...core.integers import is_int_not_bool
from ...module import Module
from ...ndarray import NDArray, add_n

__all__ = ["SVRGModule"]


class SVRGModule(Module):
    """A `Module` with stochastic variance reduced gradients (SVRG).

    Every `update_freq` epochs, the parameters are kept and their gradient over all batches is computed. From then on
    each batch is updated with its own gradient, minus that which the kept parameters have for it, plus that over all
    batches, so that gradients vary less from batch to batch and the learning rate need not shrink.

    Parameters
    ----------
    symbol, data_names, label_names, logger, context, work_load_list, fixed_param_names, state_names, group2ctxs
        As in `Module`.
    compression_params : None
        As in `Module`.
    update_freq : int
        Every how many epochs the gradient over all data is computed; required.

    Raises
    ------
    TypeError
        `update_freq` is no int.
    ValueError
        `update_freq` is not positive.

    Differs from MXNet
    ------------------
    With several contexts and a store, the parameters stay as they are while gradients over all data are computed. The
    optimizer of the module is the one that was asked for, without a wrapper.

    Examples
    --------
    >>> import glueball as mx
    >>> from glueball.contrib.svrg_optimization.svrg_module import SVRGModule
    >>> x = mx.nd.array([[1, 0], [0, 1], [1, 1], [2, 1]])
    >>> batches = mx.io.NDArrayIter(x, mx.nd.dot(x, mx.nd.array([2, -1])), 2, label_name="lin_label")
    >>> out = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=1, no_bias=True, name="fc")
    >>> module = SVRGModule(mx.sym.LinearRegressionOutput(out, name="lin"), label_names=["lin_label"], update_freq=2)
    >>> module.fit(batches, num_epoch=40, eval_metric="mse", optimizer_params={"learning_rate": 0.3})
    >>> module.get_params()[0]["fc_weight"].round().asnumpy().tolist()
    [[2.0, -1.0]]
    """

    def __init__(
        self,
        symbol: Any,
        data_names: Sequence[str] | None = ("data",),
        label_names: Sequence[str] | None = ("softmax_label",),
        logger: Any = logging,
        context: Any = cpu(),  # noqa: B008  (contexts do not change)
        work_load_list: Sequence[float] | None = None,
        fixed_param_names: Sequence[str] | None = None,
        state_names: Sequence[str] | None = None,
        group2ctxs: Any = None,
        compression_params: Any = None,
        update_freq: int | None = None,
    ) -> None:
        settings = (
            data_names, label_names, logger, context, work_load_list, fixed_param_names, state_names, group2ctxs,
            compression_params,
        )  # fmt: skip
        super().__init__(symbol, *settings)
        if not is_int_not_bool(update_freq):
            raise InvalidTypeError(f"SVRGModule: update_freq must be an int; received {short(update_freq)}")
        if update_freq is None or update_freq < 1:
            raise InvalidValueError(f"SVRGModule: update_freq must be 1 or more epochs; received {update_freq}")
        self.update_freq = int(update_freq)
        self._mod_aux = Module(symbol, *settings)
        self._param_dict: list[dict[str, NDArray]] | None = None

    def bind(
        self,
        data_shapes: Any,
        label_shapes: Any = None,
        for_training: bool = True,
        inputs_need_grad: bool = False,
        force_rebind: bool = False,
        shared_module: Any = None,
        grad_req: Any = "write",
    ) -> None:
        """Allocate memory for inputs of these shapes, as `Module.bind`, for the kept parameters too.

        Parameters
        ----------
        data_shapes, label_shapes, for_training, inputs_need_grad, force_rebind, shared_module, grad_req
            As in `Module.bind`.
        """
        super().bind(data_shapes, label_shapes, for_training, inputs_need_grad, force_rebind, shared_module, grad_req)
        if for_training:
            self._mod_aux.bind(
                data_shapes, label_shapes, for_training, inputs_need_grad, force_rebind, shared_module, grad_req
            )

    def reshape(self, data_shapes: Any, label_shapes: Any = None) -> None:
        """Allocate memory for inputs of other shapes, as `Module.reshape`.

        Parameters
        ----------
        data_shapes, label_shapes
            As in `Module.reshape`.
        """
        super().reshape(data_shapes, label_shapes)
        self._mod_aux.reshape(data_shapes, label_shapes)

    def forward(self, data_batch: Any, is_train: bool | None = None) -> None:
        """Run the graph, and in training with the kept parameters too.

        Parameters
        ----------
        data_batch, is_train
            As in `Module.forward`.
        """
        super().forward(data_batch, is_train)
        if self.for_training if is_train is None else is_train:
            self._glueball_require_full("forward")
            self._mod_aux.forward(data_batch, is_train)

    def backward(self, out_grads: Any = None) -> None:
        """Compute gradients, with the kept parameters too.

        Parameters
        ----------
        out_grads : NDArray or list of NDArray, optional
            As in `Module.backward`.
        """
        super().backward(out_grads)
        self._mod_aux.backward(out_grads)

    def update(self) -> None:
        """Update the parameters with the corrected gradients."""
        self._glueball_require_updates("update")
        self._update_svrg_gradients()
        super().update()

    def update_full_grads(self, train_data: Any) -> None:
        """Keep the parameters, and compute their gradient over all batches.

        As in MXNet, the sum over the batches begins with the gradient of the last time, not with zero.

        Parameters
        ----------
        train_data : DataIter
            The batches. It is reset before, and stands at its end afterwards.
        """
        updates = self._glueball_require_updates("update_full_grads")
        arg_params, aux_params = self.get_params()
        self._mod_aux.init_params(arg_params=arg_params, aux_params=aux_params, allow_missing=False, force_init=True)
        train_data.reset()
        names = self._exec_group.param_names
        # MXNet adds to the gradient that it computed the last time, and divides both by the number of batches, of which
        # the last counts without its padding, although its gradient is of the padded batch.
        sums: list[dict[str, NDArray]] = [dict(of_one) for of_one in self._param_dict or [{} for _ in self._context]]
        count, pad = 0, 0
        for batch in train_data:
            self._mod_aux.forward(batch, is_train=True)
            self._mod_aux.backward()
            count, pad = count + 1, batch.pad or 0
            for name, gradients in zip(names, self._mod_aux._exec_group.grad_arrays or [], strict=True):
                for of_one, gradient in zip(sums, gradients, strict=True):
                    if gradient is not None:
                        of_one[name] = of_one[name] + gradient if name in of_one else gradient.copy()
        for name in sums[0]:
            parts = [of_one[name] / (count - pad / self._exec_group.batch_size) for of_one in sums]
            if updates.together and len(parts) > 1:
                mean = add_n(*[part.as_in_context(parts[0].context) for part in parts]) / len(parts)
                parts = [mean.as_in_context(part.context) for part in parts]
            for of_one, part in zip(sums, parts, strict=True):
                of_one[name] = part
        self._param_dict = sums

    def _svrg_grads_update_rule(
        self, g_curr_batch_curr_weight: Any, g_curr_batch_special_weight: Any, g_special_weight_all_batch: Any
    ) -> Any:
        """Return a corrected gradient."""
        return g_curr_batch_curr_weight - g_curr_batch_special_weight + g_special_weight_all_batch

    def _update_svrg_gradients(self) -> None:
        """Correct the gradients of the last batch."""
        whole = self._glueball_require_full("update")
        own, kept = self._exec_group.grad_arrays or [], self._mod_aux._exec_group.grad_arrays or []
        for name, here, there in zip(self._exec_group.param_names, own, kept, strict=True):
            for of_one, gradient, kept_gradient in zip(whole, here, there, strict=True):
                if gradient is not None:
                    gradient[:] = self._svrg_grads_update_rule(gradient, kept_gradient, of_one[name])

    def _glueball_require_full(self, method: str) -> list[dict[str, NDArray]]:
        if self._param_dict is None:
            raise RefusedError(
                f"SVRGModule.{method}: update_full_grads(train_data) must have been called; it was not; fit() does so"
            )
        return self._param_dict

    def _glueball_train_epoch(self, epoch: int, train_data: Any, *arguments: Any) -> list[tuple[str, float]]:
        if self._param_dict is None or epoch % self.update_freq == 0:
            self.update_full_grads(train_data)
            train_data.reset()
        return super()._glueball_train_epoch(epoch, train_data, *arguments)
