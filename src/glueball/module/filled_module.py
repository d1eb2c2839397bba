"""A graph that is bound, with values for its parameters and states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.context import cpu
from ..core.errors import RefusedError, nearest
from ..core.warning import warn
from ..initializer import InitDesc, Uniform
from ..ndarray import NDArray, zeros
from .bound_module import BoundModule
from .replicas import require_shape


class FilledModule(BoundModule):
    """What a Module has of parameters; the arguments are those of `BoundModule`."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._arg_params: dict[str, NDArray] | None = None
        self._aux_params: dict[str, NDArray] | None = None
        self._params_dirty = False  # whether the contexts have newer values

    def init_params(
        self,
        initializer: Any = Uniform(0.01),  # noqa: B008  (it is never modified)
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_missing: bool = False,
        force_init: bool = False,
        allow_extra: bool = False,
    ) -> None:
        """Initialize the parameters and the auxiliary states.

        Parameters
        ----------
        initializer : Initializer or None, default Uniform(0.01)
            Fills those without a given value; None leaves them unchanged, which is zeros at first.
        arg_params, aux_params : dict of str to NDArray, optional
            Initial values. Names that the graph lacks are ignored.
        allow_missing : bool, default False
            Allow missing values if a dict is given, and use the initializer for these.
        force_init : bool, default False
            Initialize again; otherwise initialized parameters keep their values, and a warning is issued.
        allow_extra : bool, default False
            Has no effect, as in MXNet: extra names are ignored in either case.

        Raises
        ------
        RuntimeError
            A value is missing.
        """
        if self.params_initialized and not force_init:
            warn(
                "Module.init_params: the parameters keep their values; force_init=True initializes them again",
                UserWarning,
            )
            return
        self._glueball_require("init_params", "bound")
        if initializer is not None and not callable(initializer):
            raise TypeError(
                f"Module.init_params: initializer must be an Initializer or None; received {initializer!r}; "
                "make one from a name with mx.init.create(name)"
            )
        args = self._glueball_present("param", self._arg_params)
        auxs = self._glueball_present("aux", self._aux_params)
        for into, given in ((args, arg_params), (auxs, aux_params)):
            self._glueball_require_given(into, given, allow_missing)
        attributes = self._symbol.attr_dict()
        new: list[tuple[NDArray, NDArray]] = []
        for into, given in ((args, arg_params), (auxs, aux_params)):
            for name in sorted(into):
                if given is not None and name in given:
                    new.append((into[name], given[name]))
                elif initializer is not None:
                    new.append((into[name], into[name].tostype("default")))  # an initializer fills dense arrays
                    initializer(InitDesc(name, attributes.get(name)), new[-1][1])
        for old, values in new:  # now, since an initializer may fail
            old._overwrite(values)
        self._arg_params, self._aux_params = args, auxs
        self.params_initialized = True
        self._params_dirty = False
        self._exec_group.set_params(args, auxs, allow_extra=allow_extra)

    def _glueball_present(self, kind: str, arrays: dict[str, NDArray] | None) -> dict[str, NDArray]:
        """Return the CPU arrays of the parameters or states; missing ones are zeros."""
        group = self._exec_group
        if kind == "param":
            names, bound = self._param_names, group.param_arrays
        else:
            names, bound = self._aux_names, group.aux_arrays
        found = {} if arrays is None else arrays
        for name, (first, *_) in zip(names, bound, strict=True):
            if name not in found or found[name].shape != first.shape:
                found[name] = zeros(first.shape, ctx=cpu(), dtype=first.dtype, stype=first.stype)
        return found

    def _glueball_require_given(
        self, into: Mapping[str, NDArray], given: Mapping[str, NDArray] | None, allow_missing: bool
    ) -> None:
        if given is None:
            return
        if not isinstance(given, Mapping):
            raise TypeError(f"Module: parameters must be given as a dict of NDArrays; received {type(given).__name__}")
        for name, value in into.items():
            if name in given:
                require_shape(name, given[name], value.shape)
            elif not allow_missing:
                raise RuntimeError(
                    f"Module: a value must be given for each parameter; {name} has none{nearest(name, list(given))}; "
                    "pass allow_missing=True to initialize it"
                )

    def get_params(self) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        """Return the parameters and the auxiliary states by name, as arrays on the CPU.

        Over several contexts they are the means. Writes to them take effect when they are passed to `set_params`.
        """
        self._glueball_require("get_params", "params")
        if self.binded and self._params_dirty:
            self._sync_params_from_devices()
        if self._arg_params is None or self._aux_params is None:
            self._glueball_require("get_params", "bound")
            raise RefusedError("Module.get_params: there are no values; init_params() makes them")
        return self._arg_params, self._aux_params

    def _sync_params_from_devices(self) -> None:
        """Read the parameters back from the contexts, where updates have changed them."""
        self._arg_params = {} if self._arg_params is None else self._arg_params
        self._aux_params = {} if self._aux_params is None else self._aux_params
        self._exec_group.get_params(self._arg_params, self._aux_params)
        self._params_dirty = False

    def set_params(
        self,
        arg_params: Mapping[str, NDArray] | None,
        aux_params: Mapping[str, NDArray] | None,
        allow_missing: bool = False,
        force_init: bool = True,
        allow_extra: bool = False,
    ) -> None:
        """Set parameters and auxiliary states.

        Parameters
        ----------
        arg_params, aux_params : dict of str to NDArray
            The values.
        allow_missing : bool, default False
            Leave parameters without a value unchanged, instead of refusing.
        force_init : bool, default True
            Set them even if they are initialized; otherwise a warning is issued.
        allow_extra : bool, default False
            With `allow_missing`, ignore names that the graph lacks.

        Raises
        ------
        RuntimeError
            A value is missing.
        ValueError
            A name is not in the graph.
        """
        if not allow_missing:
            super().set_params(arg_params, aux_params, allow_missing, force_init, allow_extra)
            return
        if self.params_initialized and not force_init:
            warn(
                "Module.set_params: the parameters keep their values; force_init=True sets them",
                UserWarning,
            )
            return
        self._glueball_require("set_params", "bound")
        self._exec_group.set_params(arg_params or {}, aux_params or {}, allow_extra=allow_extra)
        self._params_dirty = True
        self.params_initialized = True
