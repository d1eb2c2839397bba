"""What all symbolic cells have: parameters by name, states, and unrolling over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import ndarray as nd
from .. import symbol
from ..core.doors import guard
from ..core.errors import MissingMethodError, MissingNameError, RefusedError
from ..core.strangers import call
from ..ndarray import NDArray
from ..symbol import Symbol
from .sequences import Steps, arranged, as_steps

States = list[Any]


@guard
class RNNParams:
    """The variables of a cell; cells that are given the same object share them.

    Parameters
    ----------
    prefix : str, default ''
        What the names of the variables begin with.

    Examples
    --------
    >>> import glueball as mx
    >>> params = mx.rnn.RNNParams("shared_")
    >>> params.get("weight").name, params.get("weight") is params.get("weight")
    ('shared_weight', True)
    """

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._params: dict[str, Symbol] = {}

    def get(self, name: str, **kwargs: Any) -> Symbol:
        """Return the variable with a name, which is made when it is first asked for.

        Parameters
        ----------
        name : str
            The name, without the prefix.
        **kwargs
            Arguments of ``mx.sym.var`` for a new variable.
        """
        name = self._prefix + name
        if name not in self._params:
            self._params[name] = symbol.var(name, **kwargs)
        return self._params[name]


@guard
class BaseRNNCell:
    """The base class of symbolic cells: a graph for one step of a recurrent network.

    A subclass implements `__call__` and `state_info`, and has a number of units ``_num_hidden`` if it has weights.

    Parameters
    ----------
    prefix : str, default ''
        What the names of variables and nodes begin with.
    params : RNNParams, optional
        The variables, to share those of another cell.
    """

    def __init__(self, prefix: str = "", params: RNNParams | None = None) -> None:
        self._own_params = params is None
        self._prefix = prefix
        self._params = RNNParams(prefix) if params is None else params
        self._modified = False
        self._num_hidden = 0
        BaseRNNCell.reset(self)

    def reset(self) -> None:
        """Begin to count steps again; to be called before the cell is used in another graph."""
        self._init_counter = -1
        self._counter = -1
        for cell in getattr(self, "_cells", ()):
            cell.reset()

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Compute one step.

        Parameters
        ----------
        inputs : Symbol
            The input, of shape (batch, channels).
        states : list of Symbol
            The states after the step before, or `begin_state`.

        Returns
        -------
        output : Symbol
            The output.
        states : list of Symbol
            The states after this step.
        """
        raise MissingMethodError(f"{type(self).__name__}: __call__ must be implemented by the subclass")

    @property
    def params(self) -> RNNParams:
        """The variables of the cell."""
        self._own_params = False  # from now on somebody else has them too
        return self._params

    @property
    def state_info(self) -> list[dict[str, Any]]:
        """Shape and layout of each state; a length of 0 is the batch size, which is inferred."""
        raise MissingMethodError(f"{type(self).__name__}: state_info must be implemented by the subclass")

    @property
    def state_shape(self) -> list[tuple[int, ...]]:
        """The shape of each state."""
        return [info["shape"] for info in self.state_info]

    @property
    def _gate_names(self) -> Sequence[str]:
        return ()

    def begin_state(self, func: Callable[..., Any] = symbol.zeros, **kwargs: Any) -> States:
        """Return the states before the first step.

        Parameters
        ----------
        func : callable, default mx.sym.zeros
            Makes a state from ``name`` and ``shape``: such as `mx.sym.var`, for states that are inputs of the graph.
        **kwargs
            Further arguments of `func`.
        """
        self._require_unmodified()
        states = []
        for info in self.state_info:
            self._init_counter += 1
            name = f"{self._prefix}begin_state_{self._init_counter}"
            states.append(func(name=name, **{**kwargs, **info}))
        return states

    def _require_unmodified(self) -> None:
        if self._modified:
            raise RefusedError(
                f"{type(self).__name__}.begin_state: a cell that a modifier such as ZoneoutCell has taken over is used "
                "through that modifier alone; call begin_state of the modifier"
            )

    def unpack_weights(self, args: Mapping[str, NDArray]) -> dict[str, NDArray]:
        """Return parameters in which the weights of the gates are arrays of their own.

        Parameters
        ----------
        args : dict of str to NDArray
            The parameters of a graph.

        Returns
        -------
        dict of str to NDArray
            A new dict; what is not of this cell is in it as it was.
        """
        found = dict(args)
        if not self._gate_names:
            return found
        units = self._num_hidden
        for group in ("i2h", "h2h"):
            whole = {kind: self._taken(found, f"{group}_{kind}") for kind in ("weight", "bias")}
            for number, gate in enumerate(self._gate_names):
                for kind, array in whole.items():
                    part = array[number * units : (number + 1) * units]
                    found[f"{self._prefix}{group}{gate}_{kind}"] = part.copy()
        return found

    def pack_weights(self, args: Mapping[str, NDArray]) -> dict[str, NDArray]:
        """Undo what `unpack_weights` does.

        Parameters
        ----------
        args : dict of str to NDArray
            Parameters, as `unpack_weights` returns them.
        """
        found = dict(args)
        if not self._gate_names:
            return found
        for group in ("i2h", "h2h"):
            parts = [
                [self._taken(found, f"{group}{gate}_{kind}") for kind in ("weight", "bias")]
                for gate in self._gate_names
            ]
            for kind, arrays in zip(("weight", "bias"), zip(*parts, strict=True), strict=True):
                found[f"{self._prefix}{group}_{kind}"] = nd.concatenate(list(arrays))
        return found

    def _taken(self, args: dict[str, NDArray], name: str) -> NDArray:
        """Take one of this cell's parameters out of a dict."""
        name = self._prefix + name
        if name not in args:
            raise MissingNameError(
                f"{type(self).__name__}: args must have all parameters of the cell; {name} is missing"
            )
        return args.pop(name)

    def unroll(
        self,
        length: int,
        inputs: Any,
        begin_state: States | None = None,
        layout: str = "NTC",
        merge_outputs: bool | None = None,
    ) -> tuple[Steps, States]:
        """Compute several steps.

        Parameters
        ----------
        length : int
            The number of steps.
        inputs : Symbol or list of Symbol
            All inputs, as `layout` says; or one for each step, of shape (batch, channels).
        begin_state : list of Symbol, optional
            The states before the first step; by default `begin_state()`.
        layout : str, default 'NTC'
            The axes of `inputs`, and of the outputs if they are merged: batch, time and channels.
        merge_outputs : bool, optional
            Return one symbol for all outputs (True), or a list (False). By default, what needs no operator.

        Returns
        -------
        outputs : Symbol or list of Symbol
            The outputs.
        states : list of Symbol
            The states after the last step.
        """
        owner = f"{type(self).__name__}.unroll"
        self.reset()
        steps = as_steps(owner, length, inputs, layout)
        states = self.begin_state() if begin_state is None else begin_state
        outputs = []
        for step in steps:
            output, states = self(step, states)
            outputs.append(output)
        return arranged(owner, length, outputs, layout, merge_outputs), states

    def _get_activation(self, inputs: Symbol, activation: Any, **kwargs: Any) -> Symbol:
        """Apply an activation, given by name or as a function."""
        if isinstance(activation, str):
            kwargs["act_type"] = activation
            return symbol.Activation(inputs, **kwargs)
        found: Symbol = call(lambda: activation(inputs, **kwargs))
        return found
