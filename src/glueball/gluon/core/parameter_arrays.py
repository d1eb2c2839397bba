"""The arrays of a Parameter: one for each context, and their gradients."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import torch

from ...core import dtype as dtypes
from ...core.context import Context, cpu, current_context
from ...core.doors import guard
from ...core.errors import InvalidTypeError, MXNetError, OutOfRangeError
from ...ndarray.faces import current_face
from ...ndarray.ndarray import NDArray
from ...parallel import mean

#: The arguments of an initialization that waits for the shape: (init, contexts, default_init, data).
Deferred = tuple[Any, list[Context], Any, NDArray | None]


class DeferredInitializationError(MXNetError):
    """A parameter is used before its shape has been inferred from a first batch."""


@guard
class ParameterArrays:
    """What a Parameter has of arrays, once their shape is known."""

    _glueball_open = frozenset({"data", "list_data", "grad", "list_grad"})

    if TYPE_CHECKING:
        # A Parameter has them.
        name: str
        _shape: tuple[int, ...] | None
        _dtype: Any
        _grad_req: str
        _stype: str
        _grad_stype: str
        # One array per context, in the order of the contexts, and where the array of each is, as programs read it that
        # put another in its place: in the first list by the number of the GPU, in the second by that of the CPU, of
        # which pinned and shared memory are, too.
        _data: list[NDArray] | None
        _grad: list[NDArray] | None
        _ctx_list: list[Context] | None
        _ctx_map: list[list[int | None]] | None
        _deferred_init: tuple[()] | Deferred

    def list_ctx(self) -> list[Context]:
        """Return the contexts that it is or will be initialized on."""
        if self._data is not None:
            return list(self._ctx_list or ())
        if self._deferred_init:
            return list(self._deferred_init[1])
        raise self._glueball_no_values()

    @contextlib.contextmanager
    def _glueball_kept_on_failure(self) -> Iterator[None]:
        """Keep the values if the block, which may give it new ones, fails."""
        names = ("_data", "_grad", "_ctx_list", "_ctx_map", "_deferred_init")
        before = {name: self.__dict__[name] for name in names}
        try:
            yield
        except BaseException:
            self.__dict__.update(before)
            raise

    def _init_impl(self, data: NDArray, ctx_list: Sequence[Context]) -> None:
        """Copy the values to each context and attach gradients."""
        for context in ctx_list:
            context.device  # noqa: B018  a missing GPU is reported before anything changes
        places = places_of(ctx_list)
        kind = torch.float32 if self._dtype is None else dtypes.to_torch(self._dtype, self.name)
        if data.stype == "default" and self._stype == "default":
            values = data._data
            face = current_face() if data._face is NDArray else data._face
            self._data = [face(values.to(each.device, kind, copy=True).contiguous(), each) for each in ctx_list]
        else:
            form = data if data.stype == self._stype else data.tostype(self._stype)
            self._data = [form.copyto(each).astype(dtypes.TORCH_TO_NUMPY[kind]) for each in ctx_list]
        self._ctx_list = list(ctx_list)
        self._init_grad()
        # last, since another thread finds the arrays by it, and must not find one without its gradient
        self._ctx_map = places

    def _init_grad(self) -> None:
        """Give each array a gradient of zeros, or none."""
        self._grad = None
        if self._data is not None:
            self._glueball_attach(self._data if self._grad_req == "null" else self._check_and_get(self._data, list))

    def _glueball_attach(self, arrays: list[NDArray]) -> None:
        for array in arrays:
            if self._grad_req == "null":
                array._unmark()
            else:
                is_dense = self._grad_stype == "default" == self._stype
                array.attach_grad(self._grad_req, *([] if is_dense else [self._grad_stype]))
        self._grad = None if self._grad_req == "null" else [array.grad for array in arrays]

    def data(self, ctx: Context | None = None) -> NDArray:
        """Return the array on a context.

        Parameters
        ----------
        ctx : Context, optional
            Default: its only context, or the current context when it has several.

        Raises
        ------
        DeferredInitializationError
            The shape is unknown; run one batch through the network first.
        MXNetError
            It is not initialized, or not on this context.
        """
        if self._stype != "default":
            raise MXNetError(f"Parameter {self.name}: its storage is {self._stype}; use row_sparse_data(row_id)")
        array: NDArray = self._check_and_get(self._data, ctx)
        return array

    def _check_and_get(self, arr_list: list[NDArray] | None, ctx: Any) -> Any:
        """Return the array of a context, or all arrays if `ctx` is the type ``list``."""
        try:
            # Each call of a layer comes here, so that nothing is asked first: what is None fails, and is seen below.
            return arr_list[self._ctx_map[ctx.device_typeid & 1][ctx.device_id]]  # type: ignore[index]
        except (AttributeError, IndexError, TypeError):
            return self._glueball_find(arr_list, ctx)

    def _glueball_find(self, arr_list: list[NDArray] | None, ctx: Any) -> Any:
        if arr_list is not None and ctx is list:
            return arr_list
        if arr_list is None or self._ctx_map is None:
            raise self._glueball_no_values()
        if ctx is None:
            if len(arr_list) == 1:
                return arr_list[0]
            ctx = current_context()
        if not isinstance(ctx, Context):
            raise InvalidTypeError(f"Parameter {self.name}: ctx must be a Context; received {ctx!r}; pass mx.cpu()")
        places = self._ctx_map[ctx.device_typeid & 1]
        place = places[ctx.device_id] if ctx.device_id < len(places) else None
        if place is None:
            raise MXNetError(
                f"Parameter {self.name}: it must be initialized on {ctx}; it is on {self._ctx_list}; "
                "pass that context to initialize() or move it with reset_ctx()"
            )
        return arr_list[place]

    def _glueball_no_values(self) -> MXNetError:
        if self._deferred_init or self._data is not None:  # by now, another thread may have made them
            return DeferredInitializationError(
                f"Parameter {self.name}: its values do not exist yet, because its shape {self._shape} is inferred in "
                "the first forward pass; run one batch first, or pass in_channels, in_units ... to the layer"
            )
        return MXNetError(
            f"Parameter {self.name}: it must be initialized before use; call net.initialize(), and pass the Trainer "
            "net.collect_params(), which includes the parameters of all children (net.params does not)"
        )

    def list_data(self) -> list[NDArray]:
        """Return the arrays on all contexts."""
        if self._stype != "default":
            raise MXNetError(f"Parameter {self.name}: its storage is {self._stype}; use list_row_sparse_data(row_id)")
        return list(self._check_and_get(self._data, list))

    def grad(self, ctx: Context | None = None) -> NDArray:
        """Return the gradient on a context; `ctx` as in `data`."""
        gradient: NDArray = self._check_and_get(self._glueball_gradients(), ctx)
        return gradient

    def list_grad(self) -> list[NDArray]:
        """Return the gradients on all contexts."""
        return list(self._check_and_get(self._glueball_gradients(), list))

    def _glueball_gradients(self) -> list[NDArray] | None:
        if self._data is not None and self._grad is None:
            raise MXNetError(
                f"Parameter {self.name}: there is no gradient, because grad_req is 'null'; set it to 'write'"
            )
        return self._grad

    def zero_grad(self) -> None:
        """Set the gradients on all contexts to zero, if there are any."""
        for gradient in self._grad or ():
            gradient._accept(None, "write")

    def _reduce(self) -> NDArray:
        """Return the values on the CPU: the mean over contexts, since running statistics may differ between them."""
        if self._stype != "default":
            return self._check_and_get(self._data, list)[0].copyto(cpu())  # type: ignore[no-any-return]
        arrays = self.list_data()
        return NDArray(mean(arrays if len(arrays) > 1 else [self.data()]), cpu())


def places_of(ctx_list: Sequence[Context]) -> list[list[int | None]]:
    """Return where in a list of contexts each GPU, and each device of the host, is."""
    places: list[list[int | None]] = [[], []]
    for place, context in enumerate(ctx_list):
        if context.device_id < 0:
            raise OutOfRangeError(f"Parameter: the device_id of ctx must be at least 0; received {context}")
        devices = places[context.device_typeid & 1]
        devices += [None] * (context.device_id + 1 - len(devices))
        devices[context.device_id] = place
    return places
