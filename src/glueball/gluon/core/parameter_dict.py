"""ParameterDict: the parameters of a block by full name, which may be shared with another dictionary."""

from __future__ import annotations

import contextlib
import inspect
import os
from collections.abc import ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from typing import Any

from ... import initializer
from ... import ndarray as nd
from ...core import dtype as dtypes
from ...core.context import Context
from ...core.doors import guard
from ...core.errors import MXNetError, RefusedError
from ...ndarray.ndarray import NDArray
from ...serialization.checkpoint import without_kind
from .constant import Constant
from .parameter import Parameter
from .parameter_checks import as_contexts, require_loadable

__all__ = ["ParameterDict"]


_ARGUMENTS = set(inspect.signature(Parameter).parameters)


@guard
class ParameterDict:
    """Parameters by full name, in creation order.

    Parameters
    ----------
    prefix : str, default ''
        Prepended to the name of every parameter that `get` creates.
    shared : ParameterDict, optional
        Where `get` looks for a parameter of that name before creating one; this is how blocks share weights.

    Examples
    --------
    >>> from glueball import gluon
    >>> params = gluon.ParameterDict("net_")
    >>> params.get("weight", shape=(2, 3)).name
    'net_weight'
    """

    _glueball_open = frozenset({"__getitem__"})  # its KeyError is that of a dict: programs read the key from it

    def __init__(self, prefix: str = "", shared: ParameterDict | None = None) -> None:
        self._prefix = prefix
        self._shared = shared
        self._params: dict[str, Parameter] = {}

    def __repr__(self) -> str:
        name = f"{self._prefix} " if self._prefix else ""
        lines = "\n".join(f"  {parameter}" for parameter in self.values())
        return f"{name}(\n{lines}\n)"

    @property
    def prefix(self) -> str:
        """The prefix of the names that it creates."""
        return self._prefix

    def __getitem__(self, key: str) -> Parameter:
        return self._params[key]

    def __contains__(self, key: object) -> bool:
        return key in self._params

    def __iter__(self) -> Iterator[str]:
        return iter(self._params)

    def __len__(self) -> int:
        return len(self._params)

    def keys(self) -> KeysView[str]:
        """The full names."""
        return self._params.keys()

    def values(self) -> ValuesView[Parameter]:
        """The parameters."""
        return self._params.values()

    def items(self) -> ItemsView[str, Parameter]:
        """The pairs of full name and parameter."""
        return self._params.items()

    def _glueball_rename(self, names: Mapping[str, str]) -> None:
        """Keep parameters under other names."""
        self._params = {names.get(name, name): parameter for name, parameter in self._params.items()}

    # --- getting and adding ---------------------------------------------------------------------------------------

    def _get_impl(self, name: str) -> Parameter | None:
        """Return the parameter of this full name here or in the shared dictionary, or None."""
        found = self._params.get(name)
        if found is None and self._shared is not None:
            found = self._shared._params.get(name)
            if found is not None:
                self._params[name] = found
        return found

    def get(self, name: str, **kwargs: Any) -> Parameter:
        """Return the parameter ``prefix + name``, creating it if neither this nor the shared dictionary has it.

        Parameters
        ----------
        name : str
            The name without the prefix.
        **kwargs
            The arguments of `Parameter`. They must agree with those of an existing parameter; unknown lengths of its
            shape are filled in.
        """
        full = self._prefix + name
        found = self._get_impl(full)
        if found is None:
            found = self._params[full] = Parameter(full, **kwargs)
            return found
        unknown = set(kwargs) - _ARGUMENTS
        if unknown:
            raise TypeError(f"ParameterDict.get: Parameter has no argument {min(unknown)!r}; received it for {full}")
        for key, wanted in kwargs.items():
            _require_agreement(found, key, wanted)
        return found

    def get_constant(self, name: str, value: Any = None) -> Constant:
        """Return the Constant ``prefix + name``, creating it with `value` if it does not exist.

        Raises
        ------
        MXNetError
            It exists with other values or is not a Constant.
        """
        full = self._prefix + name
        found = self._get_impl(full)
        if found is None:
            if value is None:
                raise KeyError(f"ParameterDict.get_constant: there is no constant {full!r}; pass a value to create it")
            constant = Constant(full, value)
            self._params[full] = constant
            return constant
        if not isinstance(found, Constant):
            raise RefusedError(f"ParameterDict.get_constant: {full} must be a Constant; it is a Parameter")
        if value is not None:
            given = value if isinstance(value, NDArray) else nd.array(value)
            same = given.shape == found.value.shape and bool((given.asnumpy() == found.value.asnumpy()).all())
            if not same:
                raise RefusedError(f"ParameterDict.get_constant: {full} exists with other values")
        return found

    def update(self, other: ParameterDict | Mapping[str, Parameter]) -> None:
        """Add all parameters of another dictionary; one name must not mean two parameters."""
        for name, parameter in other.items():
            if self._params.get(name, parameter) is not parameter:
                raise RefusedError(f"ParameterDict.update: the name {name!r} means two different parameters")
        for name, parameter in other.items():
            self._params[name] = parameter

    # --- on all of them -------------------------------------------------------------------------------------------

    def initialize(
        self,
        init: Any = None,
        ctx: Context | Sequence[Context] | None = None,
        verbose: bool = False,
        force_reinit: bool = False,
    ) -> None:
        """Initialize all parameters; `init` (default: Uniform()) is for those without their own initializer.

        If one fails, all keep the values that they had.
        """
        init = initializer.Uniform() if init is None else initializer.create(init)
        if verbose:
            init.set_verbosity(verbose=verbose)
        with contextlib.ExitStack() as all_or_none:
            for parameter in self.values():
                all_or_none.enter_context(parameter._glueball_kept_on_failure())
                parameter.initialize(None, ctx, init, force_reinit=force_reinit)

    def zero_grad(self) -> None:
        """Set all gradients to zero."""
        for parameter in self.values():
            if parameter._grad is not None:
                for gradient in parameter.list_grad():
                    gradient._accept(None, "write")

    def reset_ctx(self, ctx: Context | Sequence[Context]) -> None:
        """Move all parameters to other contexts."""
        for parameter in self.values():
            parameter.reset_ctx(ctx)

    def list_ctx(self) -> list[Context]:
        """Return all contexts that a parameter is on."""
        return list(dict.fromkeys(context for parameter in self.values() for context in parameter.list_ctx()))

    def setattr(self, name: str, value: Any) -> None:
        """Set an attribute on all parameters, such as ``setattr('grad_req', 'null')`` to freeze them."""
        for parameter in self.values():
            setattr(parameter, name, value)

    # --- files ----------------------------------------------------------------------------------------------------

    def save(self, filename: str | os.PathLike[str], strip_prefix: str = "") -> None:
        """Save all parameters by full name without `strip_prefix`, which every name must begin with."""
        arrays = {}
        for name, parameter in self.items():
            if not name.startswith(strip_prefix):
                raise ValueError(
                    f"ParameterDict.save: every name must begin with strip_prefix {strip_prefix!r}; received {name!r}; "
                    "use Block.save_parameters, which does not depend on prefixes"
                )
            arrays[name[len(strip_prefix) :]] = parameter._reduce()
        nd.save(filename, arrays)

    def load(
        self,
        filename: str | os.PathLike[str],
        ctx: Context | Sequence[Context] | None = None,
        allow_missing: bool = False,
        ignore_extra: bool = False,
        restore_prefix: str = "",
        cast_dtype: bool = False,
        dtype_source: str = "current",
    ) -> None:
        """Load parameters saved by `save`; the arguments are those of `load_dict`."""
        loaded = nd.load(filename) or {}  # a file without arrays, of a network without parameters, is an empty list
        if not isinstance(loaded, dict):
            raise MXNetError(f"ParameterDict.load: the file must hold named arrays; {os.fspath(filename)!r} has none")
        self.load_dict(
            loaded, ctx, allow_missing, ignore_extra, restore_prefix, os.fspath(filename), cast_dtype, dtype_source
        )

    def load_dict(
        self,
        param_dict: Mapping[str, NDArray],
        ctx: Context | Sequence[Context] | None = None,
        allow_missing: bool = False,
        ignore_extra: bool = False,
        restore_prefix: str = "",
        filename: str | None = None,
        cast_dtype: bool = False,
        dtype_source: str = "current",
    ) -> None:
        """Set the values of parameters by name.

        Parameters
        ----------
        param_dict : dict of str to NDArray
            The values; a leading ``arg:`` or ``aux:`` in a name is dropped.
        ctx : Context or list of Context, optional
            Where to initialize parameters that are not initialized yet.
        allow_missing, ignore_extra : bool, default False
            Accept parameters without values, or values without parameters.
        restore_prefix : str, default ''
            Prepended to every name.
        filename : str, optional
            The file name for error messages.
        cast_dtype : bool, default False
            Cast values; otherwise dtypes must match.
        dtype_source : {'current', 'saved'}
            Which dtype wins when casting.

        Raises
        ------
        MXNetError
            A name, shape or dtype does not match; nothing is changed.
        """
        source = f"the file {filename!r}" if filename else "the dictionary"
        values = {restore_prefix + without_kind(name): array for name, array in param_dict.items()}
        check_names(self._params, values, source, allow_missing, ignore_extra, RefusedError, restore_prefix)
        load_all({self._params[name]: array for name, array in values.items() if name in self._params},
                 ctx, cast_dtype, dtype_source)  # fmt: skip


def _require_agreement(found: Parameter, key: str, wanted: Any) -> None:
    have = getattr(found, key, None)
    if key == "shape" and wanted is not None:
        found.shape = (wanted,) if isinstance(wanted, int) else wanted
    elif have is None:
        if hasattr(found, key) and wanted is not None:
            setattr(found, key, wanted)
    elif key == "dtype":
        if dtypes.name_of(wanted) != dtypes.name_of(have):
            raise _disagree(found, key, wanted, have)
    elif wanted is not None and wanted != have:
        raise _disagree(found, key, wanted, have)


def _disagree(found: Parameter, key: str, wanted: Any, have: Any) -> RefusedError:
    return RefusedError(
        f"ParameterDict.get: {found.name} exists with another {key}, {have}; received {wanted}; "
        "use another name, or the same arguments"
    )


def check_names(
    parameters: Mapping[str, Any],
    values: Mapping[str, Any],
    source: str,
    allow_missing: bool,
    ignore_extra: bool,
    unknown: type[Exception],
    restore_prefix: str = "",
) -> None:
    """Check that parameters and loaded values have the same names, except as allowed.

    An extra name raises the class `unknown`, which in MXNet depends on the loading function. `restore_prefix` is what
    the names of the values have been given, for the message.
    """
    prepended = f" after {restore_prefix!r} has been prepended to each name" if restore_prefix else ""
    missing = [name for name in parameters if name not in values]
    if missing and not allow_missing:
        raise RefusedError(
            f"load: each parameter must be in {source}; missing {_some(missing)}; it has {_some(list(values))}"
            f"{prepended}; pass allow_missing=True to leave them unchanged"
        )
    extra = [name for name in values if name not in parameters]
    if extra and not ignore_extra:
        raise unknown(
            f"load: each array of {source} must be a parameter; unknown {_some(extra)}{prepended}; the parameters "
            f"are {_some(list(parameters))}; pass ignore_extra=True to skip them"
        )


def load_all(
    values: Mapping[Parameter, NDArray], ctx: Context | Sequence[Context] | None, cast_dtype: bool, dtype_source: str
) -> None:
    """Load each parameter; all are checked before any is changed."""
    if dtype_source not in ("current", "saved"):
        raise RefusedError(f"load: dtype_source must be 'current' or 'saved'; received {dtype_source!r}")
    contexts = None if ctx is None else as_contexts("load", ctx)
    for parameter, array in values.items():
        require_loadable(parameter, array, contexts, cast_dtype)
    for parameter, array in values.items():
        parameter._load_init(array, ctx, cast_dtype=cast_dtype, dtype_source=dtype_source)


def _some(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:5])
    return shown + (f" and {len(names) - 5} more" if len(names) > 5 else "") or "none"
