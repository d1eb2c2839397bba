"""What a Block has of files: its parameters, by their place in the structure, and the structure itself."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ... import ndarray as nd
from ...core.context import Context
from ...core.doors import guard
from ...core.errors import InvalidValueError, MXNetError
from ...core.warning import warn
from . import structure
from .parameter import Parameter
from .parameter_dict import ParameterDict, check_names, load_all


@guard
class BlockFiles:
    """The methods of a Block that write and read files; `block.py` installs them."""

    if TYPE_CHECKING:
        # A Block has them.
        _name: str
        _children: OrderedDict[str, Any]

        @property
        def name(self) -> str: ...
        @property
        def prefix(self) -> str: ...
        @property
        def params(self) -> ParameterDict: ...
        def collect_params(self, select: str | None = None) -> ParameterDict: ...
        def _collect_params_with_prefix(self, prefix: str = "") -> dict[str, Parameter]: ...

    # --- files ----------------------------------------------------------------------------------------------------

    def save_parameters(self, filename: str | os.PathLike[str], deduplicate: bool = False) -> None:
        """Save all parameters, by structural name, to a file that MXNet can read too.

        Parameters
        ----------
        filename : path
            The file to write, replaced atomically.
        deduplicate : bool, default False
            Write a shared parameter only once, under its last name.

        Examples
        --------
        >>> import os, tempfile
        >>> from glueball import nd
        >>> from glueball.gluon import nn
        >>> path = os.path.join(tempfile.mkdtemp(), "net.params")
        >>> net = nn.Dense(2, in_units=3)
        >>> net.initialize()
        >>> net.save_parameters(path)
        >>> sorted(nd.load(path))
        ['bias', 'weight']
        """
        parameters = self._collect_params_with_prefix()
        if deduplicate:
            last_name = {parameter: name for name, parameter in parameters.items()}
            parameters = {name: parameter for parameter, name in last_name.items()}
        nd.save(filename, {name: parameter._reduce() for name, parameter in parameters.items()})

    def load_parameters(
        self,
        filename: str | os.PathLike[str],
        ctx: Context | Sequence[Context] | None = None,
        allow_missing: bool = False,
        ignore_extra: bool = False,
        cast_dtype: bool = False,
        dtype_source: str = "current",
    ) -> None:
        """Load a file written by `save_parameters`, `save_params` or `export`, here or in MXNet.

        Differs from MXNet: the full names in a file of `export` are understood.

        Parameters
        ----------
        filename : path
            The file.
        ctx : Context or list of Context, optional
            Where to put parameters that are not initialized yet; default: cpu(0).
        allow_missing : bool, default False
            Leave parameters that the file lacks unchanged.
        ignore_extra : bool, default False
            Skip arrays in the file that are not parameters.
        cast_dtype : bool, default False
            Cast values; otherwise dtypes must match.
        dtype_source : {'current', 'saved'}
            When casting: keep the dtype of the parameters, or take that of the file.

        Raises
        ------
        MXNetError
            The file is corrupt, or a name, shape or dtype does not match. Nothing is changed.
        ValueError
            The file has arrays that are not parameters.
        """
        loaded = nd.load(filename)
        parameters = self._collect_params_with_prefix()
        if not loaded and not parameters:
            return
        if not isinstance(loaded, dict):
            raise MXNetError(f"load_parameters: the file must hold named arrays; {os.fspath(filename)!r} has none")
        if not any("." in name for name in loaded) and not set(loaded) <= set(parameters):
            found = self.collect_params()
            # `export` writes full names, save_params writes them without this block's prefix.
            prefix = "" if any(name.startswith(("arg:", "aux:")) for name in loaded) else self.prefix
            found.load(filename, ctx, allow_missing, ignore_extra, prefix, cast_dtype, dtype_source)
            return
        _share_names(parameters, loaded)
        source = f"the file {os.fspath(filename)!r}"
        check_names(parameters, loaded, source, allow_missing, ignore_extra, InvalidValueError)
        load_all({parameters[name]: array for name, array in loaded.items() if name in parameters},
                 ctx, cast_dtype, dtype_source)  # fmt: skip

    def save_params(self, filename: str | os.PathLike[str]) -> None:
        """Deprecated: save with full names, without this block's prefix; use `save_parameters`."""
        warn("save_params is deprecated; use save_parameters", DeprecationWarning)
        self.collect_params().save(filename, strip_prefix=self.prefix)

    def load_params(
        self,
        filename: str | os.PathLike[str],
        ctx: Context | Sequence[Context] | None = None,
        allow_missing: bool = False,
        ignore_extra: bool = False,
    ) -> None:
        """Deprecated alias of `load_parameters`."""
        warn("load_params is deprecated; use load_parameters", DeprecationWarning)
        self.load_parameters(filename, ctx, allow_missing, ignore_extra)

    # --- the structure --------------------------------------------------------------------------------------------

    def save(self, prefix: str | os.PathLike[str]) -> None:
        """Write the structure of the network, its graphs and its parameters to two files that MXNet can read too.

        Parameters
        ----------
        prefix : path
            The files are ``prefix-model.json`` and ``prefix-model.params``; both are replaced, or neither.

        Examples
        --------
        >>> import os, tempfile
        >>> from glueball import nd
        >>> from glueball.gluon import nn
        >>> prefix = os.path.join(tempfile.mkdtemp(), "net")
        >>> net = nn.Dense(2, in_units=3)
        >>> net.initialize()
        >>> net.save(prefix)
        >>> other = nn.Dense(2, in_units=3)
        >>> other.load(prefix)
        >>> bool((other(nd.ones((1, 3))) == net(nd.ones((1, 3)))).min())
        True
        """
        structure.save(f"{type(self).__name__}.save", self, prefix)

    def load(self, prefix: str | os.PathLike[str]) -> None:
        """Load what `save` wrote, here or in MXNet, into a network that is made of the same blocks.

        Blocks and parameters get the names that were saved. A block that was run as a graph runs this graph.

        Parameters
        ----------
        prefix : path
            The beginning of the two files' names.

        Raises
        ------
        MXNetError
            A file is missing or damaged, or the network is another one. If a block is another, or a parameter, nothing
            is changed.
        """
        structure.load(f"{type(self).__name__}.load", self, prefix)

    def _glueball_graph_entry(self) -> dict[str, Any]:
        """Return what the file with the structure says of this block's graph."""
        return {}

    def _glueball_graphs_of(self, entry: Mapping[str, Any], owner: str) -> Any:
        """Return the graph that such a file has, for `_glueball_restore`."""
        return None

    def _glueball_restore(self, graph: Any) -> None:
        """Run a graph that was loaded from now on."""


def _share_names(parameters: dict[str, Parameter], loaded: dict[str, Any]) -> None:
    """Let one name in the file stand for all names of a shared parameter, as ``deduplicate=True`` writes it."""
    saved_name = {parameters[name]: name for name in loaded if name in parameters}
    for name, parameter in parameters.items():
        if name not in loaded and parameter in saved_name:
            loaded[name] = loaded[saved_name[parameter]]
