"""HybridBlock: a block whose computation is written once for arrays and for symbols."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import torch

from .. import ndarray as nd
from ..autograd import pause
from ..context import META, Context
from ..errors import MXNetError
from ..mode import mode
from ..ndarray.ndarray import NDArray
from .block import Block
from .parameter import Parameter
from .parameter_dict import ParameterDict
from .placeholder import ParameterPlaceholder, ShapesFoundError
from .short_forward import short_forward
from .utils import shape_is_known

__all__ = ["HybridBlock"]


class ShapeInferenceError(MXNetError, ValueError):
    """Parameters wait for their shapes, and the inputs of the first call do not lead to them.

    MXNet raises ValueError here, where the same inputs give MXNetError once the shapes are known; an ``except`` for
    either catches this one.
    """


class HybridBlock(Block):
    """The base of layers and networks that can be traced to a graph.

    A subclass writes ``hybrid_forward(self, F, x, ...)`` with functions of `F`, which is ``nd`` when the block runs on
    arrays. Its own parameters arrive as keyword arguments, under the attribute names they were assigned to.

    Parameters
    ----------
    prefix : str, optional
        As in `Block`.
    params : ParameterDict, optional
        As in `Block`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> class Scale(gluon.HybridBlock):
    ...     def __init__(self, **kwargs):
    ...         super().__init__(**kwargs)
    ...         with self.name_scope():
    ...             self.factor = self.params.get("factor", shape=(1,), init="ones")
    ...     def hybrid_forward(self, F, x, factor):
    ...         return F.broadcast_mul(x, factor)
    >>> net = Scale()
    >>> net.initialize()
    >>> net(nd.array([2, 3])).asnumpy().tolist()
    [2.0, 3.0]
    """

    def __init__(self, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)
        self._active = False
        self._own_names: tuple[str, ...] = ()

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if isinstance(value, Parameter):
            self._own_names = tuple(self._reg_params)

    def register_child(self, block: Block, name: str | None = None) -> None:
        """Make `block`, which must be a HybridBlock, a child under `name` or its number."""
        if not isinstance(block, HybridBlock):
            raise ValueError(
                f"{type(self).__name__}: the children of a HybridBlock must be HybridBlocks; received "
                f"{type(block).__name__}; use HybridSequential for Sequential, HybridLambda for Lambda"
            )
        super().register_child(block, name)

    def hybridize(
        self,
        active: bool = True,
        backend: str | None = None,
        clear: bool = True,
        static_alloc: bool = False,
        static_shape: bool = False,
        inline_limit: int = 2,
        forward_bulk_size: int | None = None,
        backward_bulk_size: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Ask for the block to be run as a graph.

        Differs from MXNet: graphs are not provided yet, so the block goes on to run imperatively, with the same
        results. The arguments are checked and kept for the children.

        Parameters
        ----------
        active : bool, default True
            Turn hybridizing on or off.
        backend : None
            A subgraph backend of MXNet; none exists here, and any other value is refused.
        clear, static_alloc, static_shape, inline_limit, forward_bulk_size, backward_bulk_size
            Hints on how a graph is kept and run; they never change a result.
        **kwargs
            Refused by name; MXNet takes anything.

        Raises
        ------
        MXNetError
            A backend, or an unknown argument.
        """
        if backend is not None:
            raise MXNetError(
                f"hybridize: backend must be None; received {backend!r}; MXNet's backends are not provided"
            )
        if kwargs:
            raise MXNetError(f"hybridize: unknown arguments {', '.join(map(repr, kwargs))}")
        self._active = bool(active)
        super().hybridize(
            active, clear=clear, static_alloc=static_alloc, static_shape=static_shape, inline_limit=inline_limit,
            forward_bulk_size=forward_bulk_size, backward_bulk_size=backward_bulk_size,
        )  # fmt: skip

    # --- running --------------------------------------------------------------------------------------------------

    def forward(self, x: Any, *args: Any) -> Any:
        """Run `hybrid_forward` with the parameters of the context that the input is on."""
        if type(x) is NDArray and not args:
            return short_forward(self._own_names)(self, x) if self._own_names else self.hybrid_forward(nd, x)
        return self._forward(x, *args)

    def _forward(self, x: Any, *args: Any) -> Any:
        ctx = _context_of((x, *args), self)
        try:
            params = {name: parameter._arrays[ctx] for name, parameter in self._reg_params.items()}
        except KeyError:
            params = self._parameters_on(ctx, x, *args)
        return self.hybrid_forward(nd, x, *args, **params)

    def hybrid_forward(self, F: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
        """Compute the output with the functions of `F`; overridden by every subclass.

        Parameters
        ----------
        F : module
            ``nd``, or ``sym`` while a graph is traced.
        x, *args
            The inputs of the call.
        **kwargs
            The block's own parameters, by attribute name.
        """
        raise NotImplementedError(f"{type(self).__name__}: hybrid_forward must be written")

    def _call_with_hooks(self, *args: Any) -> Any:
        # A pass that only infers shapes is not a call that a user's hook should see.
        if any(array._ctx is META for array in _arrays_in(args)):
            return self.forward(*args)
        return super()._call_with_hooks(*args)

    def _parameters_on(self, ctx: Context, *args: Any) -> dict[str, NDArray]:
        """Return the block's own parameters, after initialising those that waited for their shape."""
        if ctx is not META and any(parameter._deferred_init is not None for parameter in self._reg_params.values()):
            try:
                self._find_own_shapes(*args)
            except MXNetError as error:
                raise ShapeInferenceError(
                    f"{self.name}: the shapes of its parameters must follow from the inputs; {error}"
                ) from error
            for parameter in self._reg_params.values():
                parameter._finish_deferred_init()
        return {name: parameter.data(ctx) for name, parameter in self._reg_params.items()}

    def _own_shapes_known(self) -> bool:
        return all(shape_is_known(parameter.shape) for parameter in self._reg_params.values())

    def _find_own_shapes(self, *args: Any) -> None:
        """Run `hybrid_forward` without values until the shapes of the block's own parameters are known.

        A layer is not computed at all that way: its operator works the shapes out from its attributes.
        """
        if self._own_shapes_known():
            return
        parameters = {
            name: ParameterPlaceholder(parameter, self._own_shapes_known)
            for name, parameter in self._reg_params.items()
        }
        with pause(train_mode=mode.training), contextlib.suppress(ShapesFoundError):
            self.hybrid_forward(nd, *_map_arrays(args, _without_values), **parameters)

    def infer_shape(self, *args: Any) -> None:
        """Find out the shapes of all parameters from inputs, without computing or initialising anything.

        Parameters
        ----------
        *args : NDArray
            Inputs as they are given to the call; their values do not matter.

        Examples
        --------
        >>> from glueball import nd
        >>> from glueball.gluon import nn
        >>> net = nn.Conv2D(8, 3)
        >>> net.infer_shape(nd.ones((1, 3, 32, 32)))
        >>> net.weight.shape
        (8, 3, 3, 3)
        """
        with pause(train_mode=mode.training):
            self.forward(*_map_arrays(args, _without_values))

    def infer_type(self, *args: Any) -> None:
        """Check that the types of inputs and parameters fit, and give parameters without a type that of the input.

        Raises
        ------
        MXNetError
            An operator does not accept the types; call `cast` first.
        """
        for parameter in self.collect_params().values():
            if parameter._dtype is None:
                parameter.cast(_arrays_in(args)[0].dtype)
        self.infer_shape(*args)

    # --- refused --------------------------------------------------------------------------------------------------

    def export(self, path: str, epoch: int = 0, remove_amp_cast: bool = True) -> None:
        """Refused: writing the graph to a file is not provided yet."""
        raise MXNetError("HybridBlock.export: graphs are not provided yet; save the weights with save_parameters")

    def optimize_for(self, x: NDArray, *args: Any, backend: str | None = None, **kwargs: Any) -> None:
        """Refused: MXNet's subgraph backends are not provided."""
        raise MXNetError(f"HybridBlock.optimize_for: backend {backend!r} is not provided; use hybridize()")


def _arrays_in(args: Sequence[Any]) -> list[NDArray]:
    """All arrays in nested lists and tuples."""
    found: list[NDArray] = []
    for arg in args:
        if isinstance(arg, NDArray):
            found.append(arg)
        elif isinstance(arg, list | tuple):
            found.extend(_arrays_in(arg))
    return found


def _map_arrays(args: Any, change: Callable[[NDArray], NDArray]) -> Any:
    """The same nested lists and tuples with every array changed."""
    if isinstance(args, NDArray):
        return change(args)
    if isinstance(args, list | tuple):
        return type(args)(_map_arrays(arg, change) for arg in args)
    return args


def _context_of(args: Sequence[Any], block: Block) -> Context:
    arrays = _arrays_in(args)
    if not arrays:
        raise ValueError(
            f"{type(block).__name__}: one input at least must be an NDArray; received "
            f"{', '.join(type(arg).__name__ for arg in args)}; convert it with mx.nd.array(...)"
        )
    return arrays[0]._ctx


def _without_values(array: NDArray) -> NDArray:
    if array._ctx is META:
        return array
    return NDArray(torch.empty(array.shape, dtype=array._data.dtype, device="meta"), META)
