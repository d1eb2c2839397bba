"""The base class of all optimizers: learning rates, weight decays and update counts of parameters."""

from __future__ import annotations

import logging
import numbers
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from ..core.annotations import Bound
from ..core.arguments import checked
from ..core.doors import guard
from ..core.dtype import type_name
from ..core.errors import MXNetError, nearest
from ..core.warning import warn
from ..lr_scheduler import LRScheduler
from ..ndarray import NDArray
from .by_rows import write_back

_log = logging.getLogger(__name__)

LOW_PRECISION = (torch.float16, torch.bfloat16)


@guard
class Optimizer:
    """Updates parameters from their gradients; a subclass implements `create_state` and `update`.

    Parameters are identified by an index of the caller's choice (a trainer counts them from 0). The learning
    rate of a parameter is the common one times its ``lr_mult``, its weight decay the common one times its
    ``wd_mult``.

    Saved states hold the settings of an optimizer, which are its constructor arguments by name, and the attributes
    in `glueball_saved_attributes`. If a subclass does not define those, all of its attributes that are numbers,
    strings, bools, None or lists of these are saved.

    Parameters
    ----------
    rescale_grad : float, default 1.0
        The factor by which gradients are multiplied first. A trainer sets it to ``1 / batch_size``.
    param_idx2name : dict of int to str, optional
        The names of the parameters. Parameters whose names do not end in ``_weight`` or ``_gamma`` get no weight decay.
    wd : float, default 0.0
        The weight decay.
    clip_gradient : float, optional
        Gradients are clipped element-wise to ``[-clip_gradient, clip_gradient]``; None, 0 or a negative number
        disables clipping.
    learning_rate : float, optional
        The step size; by default 0.01, or the `base_lr` of the scheduler.
    lr_scheduler : LRScheduler, optional
        Returns the learning rate for the number of updates made. `learning_rate` overwrites its ``base_lr``.
    sym : Symbol, optional
        A graph whose variables may have ``lr_mult`` and ``wd_mult`` attributes.
    begin_num_update : int, default 0
        The initial number of updates.
    multi_precision : bool, default False
        Keep a float32 copy of each float16 (or bfloat16) weight, and do the arithmetic on it.
    param_dict : dict of int to Parameter, optional
        Parameters whose ``lr_mult`` and ``wd_mult`` take precedence over those set by name or index.

    Examples
    --------
    A user-defined optimizer, registered as ``"signdescent"``:

    >>> import glueball as mx
    >>> @mx.optimizer.Optimizer.register
    ... class SignDescent(mx.optimizer.Optimizer):
    ...     def create_state(self, index, weight):
    ...         return None
    ...     def update(self, index, weight, grad, state):
    ...         self._update_count(index)
    ...         weight[:] = weight - self._get_lr(index) * mx.nd.sign(grad)
    >>> mx.optimizer.create("signdescent", learning_rate=0.5).learning_rate
    0.5
    """

    opt_registry: ClassVar[dict[str, type[Optimizer]]] = {}

    #: Settings (constructor arguments) that are stored in an attribute of another name. None marks what is not a
    #: setting: an object of the program, or how an `Updater` calls the optimizer.
    glueball_setting_attributes: ClassVar[Mapping[str, str | None]] = {
        "learning_rate": "lr", "lr_scheduler": None, "param_idx2name": None, "param_dict": None, "sym": None,
        "aggregate_num": None,
    }  # fmt: skip

    #: Attributes besides the settings that are saved with the states. If a class does not define its own list, all of
    #: its attributes that a file can hold are saved.
    glueball_saved_attributes: ClassVar[Sequence[str]] = ("num_update",)

    #: Attributes that MXNet's optimizer has, and this one has not, for files in MXNet's form.
    _glueball_of_mxnet: ClassVar[Mapping[str, Any]] = {}

    #: The ends of the names of parameters that have a weight decay.
    _glueball_decaying: ClassVar[tuple[str, ...]] = ("_weight", "_gamma")

    @checked
    def __init__(
        self,
        rescale_grad: float = 1.0,
        param_idx2name: Mapping[Any, str] | None = None,
        wd: float = 0.0,
        clip_gradient: Bound | None = None,
        learning_rate: float | None = None,
        lr_scheduler: LRScheduler | None = None,
        sym: Any = None,
        begin_num_update: int = 0,
        multi_precision: bool = False,
        param_dict: Mapping[Any, Any] | None = None,
    ) -> None:
        if sym is not None and not hasattr(sym, "attr_dict"):
            raise MXNetError(f"{type(self).__name__}: sym must be a Symbol or None; received {type(sym).__name__}")
        if param_idx2name is not None and not isinstance(param_idx2name, dict):
            raise MXNetError(
                f"{type(self).__name__}: param_idx2name must be a dict of names by index; "
                f"received {type(param_idx2name).__name__}"
            )
        self.rescale_grad = rescale_grad
        self.wd = wd
        self.clip_gradient = clip_gradient
        self.multi_precision = multi_precision
        #: How many parameters an `Updater` passes in one call, as lists; 0 if it passes one, not in a list.
        self.aggregate_num = 0
        self.begin_num_update = begin_num_update
        self.num_update = begin_num_update
        # Each device has its own counts: the same step on two devices is one update, not two.
        self._all_index_update_counts: dict[int, dict[Any, int]] = {0: {}}
        self._index_update_count = self._all_index_update_counts[0]
        self.idx2name = dict(param_idx2name or {})
        self.param_dict = dict(param_dict or {})
        self.sym_info = () if sym is None else (sym.attr_dict(), sym.list_arguments())
        self.lr_mult: dict[Any, float] = {}
        self.wd_mult: dict[Any, float] = {}
        self.set_lr_mult({})
        self.set_wd_mult({})
        self._glueball_set_rate(learning_rate, lr_scheduler)

    def _glueball_set_rate(self, learning_rate: float | None, lr_scheduler: LRScheduler | None) -> None:
        self.lr_scheduler = lr_scheduler
        self.lr = 0.01 if learning_rate is None and lr_scheduler is None else learning_rate
        if lr_scheduler is None or learning_rate is None:
            return
        if lr_scheduler.base_lr != learning_rate:
            _log.warning(
                "%s: learning_rate=%s replaces base_lr=%s of the scheduler",
                type(self).__name__, learning_rate, lr_scheduler.base_lr,
            )  # fmt: skip
        lr_scheduler.base_lr = learning_rate

    # --- the registry ---------------------------------------------------------------------------------------

    @staticmethod
    def register(klass: type) -> Any:
        """Register a subclass under its lower-case name, for `create`; used as a decorator."""
        name = klass.__name__.lower()
        before = Optimizer.opt_registry.get(name)
        if before is not None and before is not klass:
            warn(
                f"Optimizer.register: {name!r} named {before.__module__}.{before.__qualname__} and names "
                f"{klass.__module__}.{klass.__qualname__} from now on",
            )
        Optimizer.opt_registry[name] = klass
        return klass

    @staticmethod
    def create_optimizer(name: str, **kwargs: Any) -> Optimizer:
        """Create an optimizer from its case-insensitive name and its arguments.

        Raises
        ------
        ValueError
            There is no optimizer of that name.

        Examples
        --------
        >>> import glueball as mx
        >>> mx.optimizer.create("sgd", momentum=0.9).momentum
        0.9
        """
        known = sorted(Optimizer.opt_registry)
        found = Optimizer.opt_registry.get(name.lower()) if isinstance(name, str) else None
        if found is None:
            hint = nearest(name.lower(), known) if isinstance(name, str) else ""
            raise ValueError(f"optimizer.create: name must be one of {', '.join(known)}; received {name!r}{hint}")
        return found(**kwargs)

    # --- for subclasses -------------------------------------------------------------------------------------

    def create_state(self, index: Any, weight: NDArray) -> Any:
        """Create the state of a parameter: None, an NDArray, or a tuple of these."""
        return None

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update a weight and its state in place from the gradient."""
        raise NotImplementedError(f"{type(self).__name__}: update must be implemented by the subclass")

    # --- low precision --------------------------------------------------------------------------------------

    def create_state_multi_precision(self, index: Any, weight: NDArray) -> Any:
        """Create the state of a parameter; with `multi_precision`, also the float32 copy of a float16 weight.

        Returns
        -------
        object
            The result of `create_state`; with a copy, the tuple (copy, state), for SGD and NAG (state, copy).
        """
        if weight._kind not in LOW_PRECISION:
            return self.create_state(index, weight)
        if not self.multi_precision:
            warn(
                f"{type(self).__name__}: updates of {type_name(weight._kind)} weights lose precision; "
                "pass multi_precision=True",
            )
            return self.create_state(index, weight)
        copy = weight.astype("float32")
        return self._glueball_join(copy, self.create_state(index, copy))

    def _glueball_join(self, copy: NDArray, state: Any) -> tuple[Any, Any]:
        return copy, state

    def _glueball_split(self, state: tuple[Any, Any]) -> tuple[NDArray, Any]:
        """Undo `_join`: return the copy and the state."""
        return state

    def _glueball_uses_copy(self, weight: NDArray) -> bool:
        return self.multi_precision and weight._kind in LOW_PRECISION

    def update_multi_precision(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update a weight, through its float32 copy if it has one."""
        if not self._glueball_uses_copy(weight):
            self.update(index, weight, grad, state)
            return
        copy, inner = self._glueball_split(state)
        self.update(index, copy, grad.astype("float32"), inner)
        write_back(copy, weight)

    # --- rates ----------------------------------------------------------------------------------------------

    @property
    def learning_rate(self) -> Any:
        """The current common learning rate: that of the scheduler, if there is one."""
        return self.lr if self.lr_scheduler is None else self.lr_scheduler(self.num_update)

    def set_learning_rate(self, lr: float) -> None:
        """Set the common learning rate; with a scheduler, UserWarning is raised, as in MXNet."""
        if self.lr_scheduler is not None:
            raise UserWarning(
                f"{type(self).__name__}.set_learning_rate: the rate must not come from a scheduler; "
                f"it comes from {type(self.lr_scheduler).__name__}; set its base_lr"
            )
        if not isinstance(lr, numbers.Real):
            raise MXNetError(f"{type(self).__name__}: learning_rate must be a number; received {lr!r}")
        self.lr = lr

    def set_lr_mult(self, args_lr_mult: Mapping[Any, float]) -> None:
        """Set the learning rate multipliers of parameters, by name or index.

        All others get the multiplier in the graph, or 1.
        """
        self.lr_mult = {**self._glueball_from_graph("__lr_mult__"), **args_lr_mult}

    def set_wd_mult(self, args_wd_mult: Mapping[Any, float]) -> None:
        """Set the weight decay multipliers of parameters, by name or index.

        All others get the multiplier in the graph, or 0 if their name does not end in ``_weight`` or ``_gamma``, or 1.
        """
        self.wd_mult = {name: 0.0 for name in self.idx2name.values() if not name.endswith(self._glueball_decaying)}
        self.wd_mult.update(self._glueball_from_graph("__wd_mult__"))
        self.wd_mult.update(args_wd_mult)

    def _glueball_from_graph(self, attribute: str) -> dict[str, float]:
        """Return the values of a numeric attribute of the graph's arguments, by name."""
        if not self.sym_info:
            return {}
        attributes, arguments = self.sym_info
        return {name: float(attributes[name][attribute]) for name in arguments if attribute in attributes.get(name, {})}

    def set_lr_scale(self, args_lrscale: Any) -> None:
        """Raise DeprecationWarning, as MXNet does: `set_lr_mult` replaced it."""
        raise DeprecationWarning("Optimizer.set_lr_scale: it is no longer supported, as in MXNet; use set_lr_mult")

    def _glueball_multiplier(self, index: Any, name: str) -> float:
        if index in self.param_dict:
            own: float = getattr(self.param_dict[index], name)
            return own
        by_key: dict[Any, float] = getattr(self, name)
        if index in by_key:
            return by_key[index]
        return by_key.get(self.idx2name.get(index), 1.0)

    def _get_lrs(self, indices: Sequence[Any]) -> list[float]:
        rate = self.learning_rate
        parameters = self.param_dict
        try:  # as in a Trainer, which knows all of them: no call for each
            return [rate * parameters[index].lr_mult for index in indices]
        except KeyError:
            return [rate * self._glueball_multiplier(index, "lr_mult") for index in indices]

    def _get_wds(self, indices: Sequence[Any]) -> list[float]:
        decay, parameters = self.wd, self.param_dict
        try:
            return [decay * parameters[index].wd_mult for index in indices]
        except KeyError:
            return [decay * self._glueball_multiplier(index, "wd_mult") for index in indices]

    def _get_lr(self, index: Any) -> float:
        """Return the learning rate of one parameter."""
        return self._get_lrs([index])[0]

    def _get_wd(self, index: Any) -> float:
        """Return the weight decay of one parameter."""
        return self._get_wds([index])[0]

    # --- counting -------------------------------------------------------------------------------------------

    def _set_current_context(self, device_id: int) -> None:
        """Count updates for this device from now on."""
        self._index_update_count = self._all_index_update_counts.setdefault(device_id, {})

    def _update_count(self, index: Any) -> None:
        """Count an update of a parameter, or of each in a list; `update` calls it before it gets the rates."""
        counts, begin, most = self._index_update_count, self.begin_num_update, self.num_update
        for one in index if isinstance(index, list | tuple) else [index]:
            counts[one] = count = counts.get(one, begin) + 1
            if count > most:
                most = count
        self.num_update = most

    def _glueball_pass_over(self, indices: Sequence[Any]) -> None:
        """Count updates that another process does: of one parameter, or of several that it updates together.

        An optimizer overrides it whose `update` changes something else of its own, which later updates read.
        """
        self._update_count(indices)

    def __getstate__(self) -> dict[str, Any]:
        # Parameters stay with the program that owns them.
        return {**vars(self), "param_dict": {}}
