"""A module made of modules, each of which takes the outputs of the one before it."""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from ..core.errors import RefusedError
from ..initializer import Uniform
from ..ndarray import NDArray
from .base_module import BaseModule


class SequentialModule(BaseModule):
    """A chain of modules: each takes the outputs of the one before it.

    Parameters
    ----------
    logger : logging.Logger, default the module ``logging``
        Where `fit` logs its progress.

    Differs from MXNet
    ------------------
    `get_input_grads` works.

    Examples
    --------
    >>> import glueball as mx
    >>> first = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=4, name="fc1")
    >>> second = mx.sym.FullyConnected(mx.sym.var("hidden"), num_hidden=2, name="fc2")
    >>> second = mx.sym.SoftmaxOutput(second, name="softmax")
    >>> module = mx.mod.SequentialModule()
    >>> module = module.add(mx.mod.Module(first, label_names=None))
    >>> module = module.add(mx.mod.Module(second, data_names=["hidden"]), take_labels=True, auto_wiring=True)
    >>> module.bind([("data", (8, 3))], [("softmax_label", (8,))])
    >>> module.init_params()
    >>> module.output_shapes, sorted(module.get_params()[0])
    ([('softmax_output', (8, 2))], ['fc1_bias', 'fc1_weight', 'fc2_bias', 'fc2_weight'])
    """

    META_TAKE_LABELS: ClassVar[str] = "take_labels"
    META_AUTO_WIRING: ClassVar[str] = "auto_wiring"

    def __init__(self, logger: Any = logging) -> None:
        super().__init__(logger)
        self._modules: list[Any] = []
        self._metas: list[dict[str, Any]] = []
        self._label_shapes: Any = None

    def add(self, module: Any, **kwargs: Any) -> SequentialModule:
        """Add a module to the end of the chain; it has to be bound again.

        Parameters
        ----------
        module : BaseModule
            The module.
        **kwargs : bool
            ``take_labels=True``: the module gets the labels. ``auto_wiring=True``: its inputs are those handed on, in
            their order, whatever their names are.

        Returns
        -------
        SequentialModule
            This module, so that calls can be chained.
        """
        known = (self.META_TAKE_LABELS, self.META_AUTO_WIRING)
        for name in kwargs:
            if name not in known:
                raise RefusedError(f"SequentialModule.add: options must be {' or '.join(known)}; received {name}")
        self._modules.append(module)
        self._metas.append(kwargs)
        self.binded = self.params_initialized = self.optimizer_initialized = False
        return self

    def _glueball_with(self, meta: str) -> list[Any]:
        """Return the modules that have an option."""
        return [module for module, options in zip(self._modules, self._metas, strict=True) if options.get(meta)]

    # --- properties -----------------------------------------------------------------------------------------

    @property
    def data_names(self) -> list[str]:
        """The names of the inputs, which are those of the first module."""
        return self._modules[0].data_names if self._modules else []

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs, which are those of the last module."""
        return self._modules[-1].output_names if self._modules else []

    @property
    def data_shapes(self) -> Any:
        """Descriptions of the inputs, once bound."""
        self._glueball_require("data_shapes", "bound")
        return self._modules[0].data_shapes

    @property
    def label_shapes(self) -> Any:
        """Descriptions of the labels, once bound; None if no module takes them."""
        self._glueball_require("label_shapes", "bound")
        return self._label_shapes

    @property
    def output_shapes(self) -> Any:
        """Names and shapes of the outputs, once bound."""
        self._glueball_require("output_shapes", "bound")
        return self._modules[-1].output_shapes

    # --- parameters -----------------------------------------------------------------------------------------

    def get_params(self) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        """Return the parameters and the auxiliary states of all modules by name."""
        self._glueball_require("get_params", "bound", "params")
        args: dict[str, NDArray] = {}
        states: dict[str, NDArray] = {}
        for module in self._modules:
            for into, found in zip((args, states), module.get_params(), strict=True):
                into.update(found)
        return args, states

    def init_params(
        self,
        initializer: Any = Uniform(0.01),  # noqa: B008  (it is never modified)
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_missing: bool = False,
        force_init: bool = False,
        allow_extra: bool = False,
    ) -> None:
        """Initialize the parameters of all modules; see `Module.init_params`.

        Raises
        ------
        AssertionError
            Two modules have a parameter of one name.
        """
        if self.params_initialized and not force_init:
            return
        self._glueball_require("init_params", "bound")
        for module in self._modules:
            module.init_params(
                initializer=initializer, arg_params=arg_params, aux_params=aux_params, allow_missing=allow_missing,
                force_init=force_init, allow_extra=allow_extra,
            )  # fmt: skip
        named = [[list(arrays) for arrays in module.get_params()] for module in self._modules]
        for kind in zip(*named, strict=True):
            _refuse_duplicates(kind)
        self.params_initialized = True

    # --- binding --------------------------------------------------------------------------------------------

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
        """Bind all modules, each to the shapes of the outputs of the one before it.

        Parameters
        ----------
        data_shapes, label_shapes, for_training, inputs_need_grad, force_rebind, grad_req
            As for `Module.bind`.
        shared_module : None
            Must be None, as in MXNet.

        Raises
        ------
        AssertionError
            There is no module, or `shared_module` is given.
        """
        if self.binded and not force_rebind:
            self.logger.warning(
                "SequentialModule.bind: it is already bound and left unchanged; force_rebind=True binds it again"
            )
            return
        if inputs_need_grad and not for_training:
            raise RefusedError("SequentialModule.bind: inputs_need_grad=True must go with for_training=True")
        if shared_module is not None:
            raise RefusedError(f"SequentialModule.bind: shared_module must be None; received {shared_module!r}")
        if not self._modules:
            raise RefusedError("SequentialModule.bind: it must have one or more modules; add() adds one")
        shapes: Any = data_shapes
        for number, (module, options) in enumerate(zip(self._modules, self._metas, strict=True)):
            if options.get(self.META_AUTO_WIRING):
                shapes = _wired(module.data_names, shapes)
            module.bind(
                data_shapes=shapes,
                label_shapes=label_shapes if options.get(self.META_TAKE_LABELS) else None,
                for_training=for_training,
                inputs_need_grad=inputs_need_grad or (for_training and number > 0),
                force_rebind=force_rebind,
                shared_module=None,
                grad_req=grad_req,
            )
            shapes = module.output_shapes
        self._label_shapes = label_shapes if self._glueball_with(self.META_TAKE_LABELS) else None
        self.for_training, self.inputs_need_grad = for_training, inputs_need_grad
        self.binded = True

    def init_optimizer(
        self,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        force_init: bool = False,
    ) -> None:
        """Set the optimizer of each module; see `Module.init_optimizer`."""
        self._glueball_require("init_optimizer", "bound", "params")
        if self.optimizer_initialized and not force_init:
            self.logger.warning(
                "SequentialModule.init_optimizer: the optimizers are left unchanged; force_init=True replaces them"
            )
            return
        for module in self._modules:
            module.init_optimizer(
                kvstore=kvstore, optimizer=optimizer, optimizer_params=optimizer_params, force_init=force_init
            )
        self.optimizer_initialized = True

    # --- computing ------------------------------------------------------------------------------------------

    def forward(self, data_batch: Any, is_train: bool | None = None) -> None:
        """Compute the outputs for a batch, module by module; see `Module.forward`."""
        self._glueball_require("forward", "bound", "params")
        batch = copy.copy(data_batch)  # the user's keeps its data
        for module, is_last in self._glueball_chain():
            module.forward(batch, is_train=is_train)
            if is_last:
                return
            batch.data = module.get_outputs()
            if hasattr(batch, "provide_data"):
                names = [shape[0] for shape in module.output_shapes]
                batch.provide_data = [(name, data.shape) for name, data in zip(names, batch.data, strict=True)]

    def _glueball_chain(self) -> Iterator[tuple[Any, bool]]:
        """Yield each module, and whether it is the last."""
        for number, module in enumerate(self._modules, 1):
            yield module, number == len(self._modules)

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients, from the last module to the first; see `Module.backward`."""
        self._glueball_require("backward", "bound", "params")
        for number, module in reversed(list(enumerate(self._modules))):
            module.backward(out_grads=out_grads)
            if number:
                out_grads = module.get_input_grads()

    def update(self) -> None:
        """Update the parameters of all modules."""
        self._glueball_require("update", "bound", "params", "optimizer")
        for module in self._modules:
            module.update()

    def get_outputs(self, merge_multi_context: bool = True) -> Any:
        """Return the outputs of the last module; see `Module.get_outputs`."""
        self._glueball_require("get_outputs", "bound", "params")
        return self._modules[-1].get_outputs(merge_multi_context=merge_multi_context)

    def get_input_grads(self, merge_multi_context: bool = True) -> Any:
        """Return the gradients of the inputs of the first module; see `Module.get_input_grads`."""
        self._glueball_require("get_input_grads", "bound", "params")
        if not self.inputs_need_grad:
            raise RefusedError(
                "SequentialModule.get_input_grads: it must have been bound with inputs_need_grad=True; it was not"
            )
        return self._modules[0].get_input_grads(merge_multi_context=merge_multi_context)

    def update_metric(self, eval_metric: Any, labels: Any, pre_sliced: bool = False) -> None:
        """Update a metric with the outputs of each module that takes the labels; see `Module.update_metric`."""
        self._glueball_require("update_metric", "bound", "params")
        for module in self._glueball_with(self.META_TAKE_LABELS):
            module.update_metric(eval_metric, labels, pre_sliced)

    def install_monitor(self, mon: Any) -> None:
        """Install a monitor in each module."""
        self._glueball_require("install_monitor", "bound")
        for module in self._modules:
            module.install_monitor(mon)


def _wired(names: Sequence[str], shapes: Sequence[Any]) -> list[tuple[str, Any]]:
    """Return the shapes handed on under the names that a module has for them."""
    if len(names) != len(shapes):
        raise RefusedError(
            f"SequentialModule.bind: with auto_wiring a module must have an input for each of {len(shapes)} arrays; "
            f"received {list(names)}"
        )
    return [(name, shape) for name, (_, shape, *_) in zip(names, shapes, strict=True)]


def _refuse_duplicates(named: Sequence[Sequence[str]]) -> None:
    """Refuse a name that two modules have; each item is the names of one module."""
    owners: dict[str, int] = {}
    for number, names in enumerate(named):
        for name in names:
            if name in owners:
                raise RefusedError(
                    f"SequentialModule.init_params: parameters must have distinct names; {name!r} is in the modules "
                    f"{owners[name]} and {number}; name the layers differently"
                )
            owners[name] = number
