"""A module that has a graph for each kind of batch, such as for each length of a sequence."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..core.context import cpu
from ..core.errors import MXNetError, RefusedError
from ..core.warning import warn
from ..initializer import Uniform
from ..ndarray import NDArray
from .bound_buckets import BoundBuckets
from .bucket_files import load_buckets, save_buckets


class BucketingModule(BoundBuckets):
    """A `Module` for each bucket: all have the same parameters, gradients and optimizer, each has a graph of its own.

    A batch says with its ``bucket_key`` which graph it is for; a graph is made and bound when it is first needed.

    Parameters
    ----------
    sym_gen : callable
        Called with the key of a bucket; returns its graph and the names of its inputs and labels, as for `Module`.
    default_bucket_key : object
        The key of the bucket that is bound first. Its graph must have all parameters.
    logger, context, work_load_list, fixed_param_names, state_names, group2ctxs, compression_params
        As for `Module`.

    Differs from MXNet
    ------------------
    Binding again keeps the optimizer, too. `save_checkpoint` writes the graphs that run, where MXNet makes them again
    with `sym_gen`. `load` reads checkpoints with keys that are tuples.

    Examples
    --------
    >>> import glueball as mx
    >>> def network(length):
    ...     words = mx.sym.Embedding(mx.sym.var("data"), input_dim=10, output_dim=4, name="words")
    ...     outputs, _ = mx.rnn.GRUCell(8).unroll(length, words, merge_outputs=True)
    ...     scores = mx.sym.FullyConnected(mx.sym.reshape(outputs, (-1, 8)), num_hidden=10, name="scores")
    ...     labels = mx.sym.reshape(mx.sym.var("softmax_label"), (-1,))
    ...     return mx.sym.SoftmaxOutput(scores, labels, name="softmax"), ("data",), ("softmax_label",)
    >>> sentences = [[1, 2, 3]] * 8 + [[4, 5, 6, 7, 8]] * 8
    >>> batches = mx.rnn.BucketSentenceIter(sentences, batch_size=4, buckets=[3, 5], invalid_label=0)
    >>> module = mx.mod.BucketingModule(network, default_bucket_key=batches.default_bucket_key)
    >>> module.fit(batches, num_epoch=30, eval_metric=mx.metric.Perplexity(0), optimizer="adam",
    ...            optimizer_params={"learning_rate": 0.05})
    >>> module.score(batches, mx.metric.Perplexity(0))[0][1] < 2
    True
    """

    def __init__(
        self,
        sym_gen: Callable[[Any], tuple[Any, Any, Any]],
        default_bucket_key: Any = None,
        logger: Any = logging,
        context: Any = cpu(),  # noqa: B008  (contexts are constants)
        work_load_list: Sequence[float] | None = None,
        fixed_param_names: Sequence[str] | None = None,
        state_names: Sequence[str] | None = None,
        group2ctxs: Any = None,
        compression_params: Any = None,
    ) -> None:
        super().__init__(
            sym_gen,
            default_bucket_key,
            logger,
            context,
            work_load_list,
            fixed_param_names,
            state_names,
            group2ctxs,
            compression_params,
        )

    # --- parameters -----------------------------------------------------------------------------------------

    def get_params(self) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        """Return the parameters and the auxiliary states by name; see `Module.get_params`."""
        self._glueball_require("get_params", "params")
        self._curr_module._params_dirty = self._params_dirty
        found: tuple[dict[str, NDArray], dict[str, NDArray]] = self._curr_module.get_params()
        self._params_dirty = False
        return found

    def set_params(
        self,
        arg_params: Mapping[str, NDArray] | None,
        aux_params: Mapping[str, NDArray] | None,
        allow_missing: bool = False,
        force_init: bool = True,
        allow_extra: bool = False,
    ) -> None:
        """Set parameters and auxiliary states; see `Module.set_params`."""
        if not allow_missing:
            super().set_params(arg_params, aux_params, allow_missing, force_init, allow_extra)
            return
        if self.params_initialized and not force_init:
            warn("BucketingModule.set_params: the parameters keep their values; force_init=True sets them", UserWarning)
            return
        self._glueball_require("set_params", "bound")
        self._curr_module.set_params(
            arg_params, aux_params, allow_missing=allow_missing, force_init=force_init, allow_extra=allow_extra
        )
        self._params_dirty = True
        self.params_initialized = True

    def init_params(
        self,
        initializer: Any = Uniform(0.01),  # noqa: B008  (it is never modified)
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_missing: bool = False,
        force_init: bool = False,
        allow_extra: bool = False,
    ) -> None:
        """Initialize the parameters of all buckets; see `Module.init_params`."""
        if self.params_initialized and not force_init:
            return
        self._glueball_require("init_params", "bound")
        self._curr_module.init_params(
            initializer=initializer, arg_params=arg_params, aux_params=aux_params, allow_missing=allow_missing,
            force_init=force_init, allow_extra=allow_extra,
        )  # fmt: skip
        self._params_dirty = False
        self.params_initialized = True

    def get_states(self, merge_multi_context: bool = True) -> Any:
        """Return the arguments named in `state_names`; see `Module.get_states`."""
        self._glueball_require("get_states", "bound", "params")
        return self._curr_module.get_states(merge_multi_context=merge_multi_context)

    def set_states(self, states: Any = None, value: Any = None) -> None:
        """Set the arguments named in `state_names`; see `Module.set_states`."""
        self._glueball_require("set_states", "bound", "params")
        self._curr_module.set_states(states, value)

    # --- optimizer ------------------------------------------------------------------------------------------

    def init_optimizer(
        self,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        force_init: bool = False,
    ) -> None:
        """Set the optimizer of all buckets; see `Module.init_optimizer`."""
        self._glueball_require("init_optimizer", "bound", "params")
        if self.optimizer_initialized and not force_init:
            self.logger.warning(
                "BucketingModule.init_optimizer: the optimizer is left unchanged; force_init=True replaces it"
            )
            return
        self._curr_module.init_optimizer(kvstore, optimizer, optimizer_params, force_init=force_init)
        for module in self._buckets.values():
            if module is not self._curr_module and module.binded:
                module.borrow_optimizer(self._curr_module)
        self.optimizer_initialized = True

    # --- computing ------------------------------------------------------------------------------------------

    def forward(self, data_batch: Any, is_train: bool | None = None) -> None:
        """Compute the outputs for a batch, in the bucket of its ``bucket_key``; see `Module.forward`."""
        self._glueball_require("forward", "bound", "params")
        self._glueball_switch_to(data_batch)
        self._curr_module.forward(data_batch, is_train=is_train)

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients for the last `forward`; see `Module.backward`."""
        self._glueball_require("backward", "bound", "params")
        self._curr_module.backward(out_grads=out_grads)

    def update(self) -> None:
        """Update the parameters, which are those of all buckets."""
        self._glueball_require("update", "bound", "params", "optimizer")
        self._params_dirty = True
        self._curr_module.update()

    def get_outputs(self, merge_multi_context: bool = True) -> Any:
        """Return the outputs of the last `forward`; see `Module.get_outputs`."""
        self._glueball_require("get_outputs", "bound", "params")
        return self._curr_module.get_outputs(merge_multi_context=merge_multi_context)

    def get_input_grads(self, merge_multi_context: bool = True) -> Any:
        """Return the gradients of the inputs; see `Module.get_input_grads`."""
        self._glueball_require("get_input_grads", "bound", "params")
        if not self.inputs_need_grad:
            raise RefusedError(
                "BucketingModule.get_input_grads: it must have been bound with inputs_need_grad=True; it was not"
            )
        return self._curr_module.get_input_grads(merge_multi_context=merge_multi_context)

    def update_metric(self, eval_metric: Any, labels: Any, pre_sliced: bool = False) -> None:
        """Update a metric with the outputs of the last `forward`; see `Module.update_metric`."""
        self._glueball_require("update_metric", "bound", "params")
        self._curr_module.update_metric(eval_metric, labels, pre_sliced)

    def install_monitor(self, mon: Any) -> None:
        """Install a monitor in all buckets, and in those to come."""
        self._glueball_require("install_monitor", "bound")
        self._monitor = mon
        for module in self._buckets.values():
            if module.binded:
                module.install_monitor(mon)

    # --- files ----------------------------------------------------------------------------------------------

    def save_checkpoint(self, prefix: str | os.PathLike[str], epoch: int, remove_amp_cast: bool = False) -> None:
        """Save the graphs of all buckets that were used, and the parameters.

        Parameters
        ----------
        prefix : path
            Prefix of the file names: ``PREFIX-KEY-symbol.json`` for each bucket, ``PREFIX-0001.params``, and
            ``PREFIX.buckets`` with the keys.
        epoch : int
            The epoch.
        remove_amp_cast : bool, default False
            Save the graphs without the casts that mixed precision inserted.

        Raises
        ------
        AssertionError
            It is not bound.
        TypeError
            A key is neither an int nor a tuple of ints.
        """
        if not self._buckets:
            raise RefusedError("BucketingModule.save_checkpoint: it must be bound; call bind() first")
        graphs = {key: module.symbol for key, module in self._buckets.items()}
        save_buckets("BucketingModule.save_checkpoint", prefix, epoch, graphs, self.get_params(), remove_amp_cast)

    @staticmethod
    def load(
        prefix: str | os.PathLike[str], epoch: int, sym_gen: Any = None, default_bucket_key: Any = None, **kwargs: Any
    ) -> BucketingModule:
        """Create a module from a checkpoint that `save_checkpoint` or MXNet wrote.

        Parameters
        ----------
        prefix, epoch
            As for `save_checkpoint`.
        sym_gen : callable
            As for `BucketingModule`: for the names, and for buckets that are not in the checkpoint.
        default_bucket_key : object
            The key of the default bucket, which must be in the checkpoint.
        **kwargs
            The other arguments of `BucketingModule`.
        """
        if sym_gen is None:
            raise RefusedError("BucketingModule.load: sym_gen must be given; received None")
        graphs, arg_params, aux_params = load_buckets("BucketingModule.load", prefix, epoch)
        return BucketingModule.load_dict(graphs, sym_gen, default_bucket_key, arg_params, aux_params, **kwargs)

    @staticmethod
    def load_dict(
        sym_dict: Mapping[Any, Any] | None = None,
        sym_gen: Any = None,
        default_bucket_key: Any = None,
        arg_params: dict[str, NDArray] | None = None,
        aux_params: dict[str, NDArray] | None = None,
        **kwargs: Any,
    ) -> BucketingModule:
        """Create a module from graphs and parameters.

        Parameters
        ----------
        sym_dict : dict
            The graph of each bucket, by its key.
        sym_gen : callable
            As for `BucketingModule`: for the names, and for buckets that are not in `sym_dict`.
        default_bucket_key : object
            The key of the default bucket, which must be in `sym_dict`.
        arg_params, aux_params : dict of str to NDArray
            The parameters and the auxiliary states.
        **kwargs
            The other arguments of `BucketingModule`.
        """
        if sym_dict is None:
            raise RefusedError("BucketingModule.load_dict: sym_dict must be given; received None")
        made = BucketingModule(sym_gen, default_bucket_key, **kwargs)
        if default_bucket_key not in sym_dict:
            raise MXNetError(
                f"BucketingModule: the default bucket must be among the graphs; {default_bucket_key!r} is not in "
                f"{list(sym_dict)}"
            )
        made._buckets = {key: made._glueball_module(key, symbol) for key, symbol in sym_dict.items()}
        made._curr_module = made._buckets[default_bucket_key]
        made._curr_module._arg_params, made._curr_module._aux_params = arg_params, aux_params
        made._curr_module.params_initialized = made.params_initialized = True
        return made
