"""Block: a layer or network, with a name, parameters, children and a forward function."""

from __future__ import annotations

import functools
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any, overload

from ... import initializer
from ... import ndarray as nd
from ...core.context import Context
from ...core.doors import explained, guard, is_unexplained
from ...core.errors import FAILURES, MXNetError, RefusedError
from ...core.methods import install
from ...core.strangers import call
from ...core.warning import warn
from ..utils import HookHandle
from . import scope
from .block_files import BlockFiles
from .call_types import Array, Forward, Output
from .parameter import Parameter
from .parameter_dict import ParameterDict
from .wrong_call import blame_inputs

if TYPE_CHECKING:
    from ...symbol import Symbol

__all__ = ["Block"]


if TYPE_CHECKING:
    _Base = BlockFiles
else:
    _Base = object  # MXNet's Block derives from nothing else, which programs can see


@guard
class Block(_Base):
    """The base class of all layers and networks; it runs as plain Python.

    A subclass creates its children and parameters in ``__init__``, after ``super().__init__(...)``, and implements
    `forward`. Children and parameters are registered by assigning them to attributes.

    Parameters
    ----------
    prefix : str, optional
        Prepended to the names of its parameters and children; default: the class name and a number.
    params : ParameterDict, optional
        Parameters to share: ``Dense(10, params=other.params)`` uses the weights of `other`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> from glueball.gluon import nn
    >>> class Net(gluon.Block):
    ...     def __init__(self, **kwargs):
    ...         super().__init__(**kwargs)
    ...         with self.name_scope():
    ...             self.dense = nn.Dense(3)
    ...     def forward(self, x):
    ...         return nd.relu(self.dense(x))
    >>> net = Net(prefix="net_")
    >>> net.initialize()
    >>> net(nd.ones((2, 4))).shape
    (2, 3)
    >>> list(net.collect_params().keys())
    ['net_dense0_weight', 'net_dense0_bias']
    """

    _glueball_open = frozenset({"__call__", "forward", "hybrid_forward"})

    def __init__(self, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        if not isinstance(prefix, str | None):
            raise TypeError(f"{type(self).__name__}: prefix must be a str; received {prefix!r}")
        if not isinstance(params, ParameterDict | None):
            raise MXNetError(
                f"{type(self).__name__}: params must be a ParameterDict; received {type(params).__name__}; "
                "pass other.params or other.collect_params()"
            )
        self._empty_prefix = prefix == ""
        self._prefix, self._params = scope.create(prefix, params, self._alias())
        self._name = self._prefix[:-1] if self._prefix.endswith("_") else self._prefix
        self._scope = scope.BlockScope(self)
        self._children: OrderedDict[str, Block] = OrderedDict()
        self._reg_params: dict[str, Parameter] = {}
        self._forward_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()
        self._forward_pre_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()

    def _alias(self) -> str:
        """The kind of block, as it appears in automatic names."""
        return type(self).__name__.lower()

    def __repr__(self) -> str:
        lines = [
            f"  ({key}): " + repr(value).replace("\n", "\n  ")
            for key, value in self.__dict__.items()
            if isinstance(value, Block)
        ]
        return f"{type(self).__name__}(\n" + "\n".join(lines) + "\n)"

    # --- children and parameters ----------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        existing = self.__dict__.get(name)
        if isinstance(existing, Block | Parameter) and not isinstance(value, type(existing)):
            raise TypeError(
                f"{type(self).__name__}: attribute {name} holds a {type(existing).__name__} and may only be "
                f"replaced by one; received {type(value).__name__}; choose another attribute"
            )
        if isinstance(value, Block):
            self.register_child(value, name)
        elif isinstance(value, Parameter):
            if name in self._reg_params:
                raise RefusedError(f"{type(self).__name__}: parameter attribute {name} is set and cannot be replaced")
            self._reg_params[name] = value
        object.__setattr__(self, name, value)

    def register_child(self, block: Block, name: str | None = None) -> None:
        """Register `block` as a child, under `name` or its number; assigning to an attribute does this too."""
        if not isinstance(block, Block):
            raise ValueError(f"{type(self).__name__}.register_child: block must be a Block; received {block!r}")
        self._children[str(len(self._children)) if name is None else name] = block

    @property
    def prefix(self) -> str:
        """The prefix of this block's names, such as ``'conv0_'``."""
        return self._prefix

    @property
    def name(self) -> str:
        """The prefix without its last underscore."""
        return self._name

    @property
    def params(self) -> ParameterDict:
        """The parameters of this block only, without its children's; see `collect_params`."""
        return self._params

    def name_scope(self) -> scope.BlockScope:
        """Return a ``with`` block inside which new blocks are named as children of this one."""
        return self._scope.held()

    def collect_params(self, select: str | None = None) -> ParameterDict:
        """Return the parameters of this block and all its descendants.

        Parameters
        ----------
        select : str, optional
            A regular expression; only names that it matches from the start are returned.

        Examples
        --------
        >>> from glueball.gluon import nn
        >>> net = nn.Dense(2, prefix="out_")
        >>> list(net.collect_params(".*bias").keys())
        ['out_bias']
        """
        self._check_container_with_block()
        found = ParameterDict(self._params.prefix)
        pattern = None if select is None else re.compile(select)
        found.update({name: value for name, value in self.params.items() if pattern is None or pattern.match(name)})
        for child in self._children.values():
            found.update(child.collect_params(select=select))
        return found

    def _check_container_with_block(self) -> None:
        """Blocks in a list or dict are not children: their parameters would silently be left out."""
        registered = set(self._children.values())
        for name, value in self.__dict__.items():
            if name != "_children" and isinstance(value, list | tuple | dict):
                left_out = [block for block in _blocks_in(value) if block not in registered]
                if left_out:
                    warn(
                        f"{type(self).__name__}: attribute {name} holds {type(left_out[0]).__name__} blocks that are "
                        "not registered, so their parameters are not collected; use Sequential, or register_child()",
                    )

    def _collect_params_with_prefix(self, prefix: str = "") -> dict[str, Parameter]:
        """The parameters by their place in the structure, such as ``'features.0.weight'``."""
        prefix = f"{prefix}." if prefix else ""
        found = {prefix + name: parameter for name, parameter in self._reg_params.items()}
        for name, child in self._children.items():
            found.update(child._collect_params_with_prefix(prefix + name))
        return found

    def apply(self, fn: Callable[[Block], Any]) -> Block:
        """Call `fn` on every descendant, children first, then on this block; returns the block."""
        for child in self._children.values():
            child.apply(fn)
        call(fn, self)
        return self

    def initialize(
        self,
        init: Any = None,
        ctx: Context | Sequence[Context] | None = None,
        verbose: bool = False,
        force_reinit: bool = False,
    ) -> None:
        """Initialize the parameters of this block and all its descendants.

        Parameters
        ----------
        init : Initializer or str, default Uniform(0.07)
            For parameters without an initializer of their own.
        ctx : Context or list of Context, optional
            Where to put them; default: the current context. With several, each gets the same values.
        verbose : bool, default False
            Print how each parameter is initialized.
        force_reinit : bool, default False
            Also reinitialize parameters that are already initialized.
        """
        init = initializer.Uniform() if init is None else init
        self.collect_params().initialize(init, ctx, verbose, force_reinit)

    def cast(self, dtype: Any) -> None:
        """Cast the parameters of this block and all its descendants to another dtype."""
        for child in self._children.values():
            child.cast(dtype)
        for parameter in self.params.values():
            parameter.cast(dtype)

    def hybridize(self, active: bool = True, **kwargs: Any) -> None:
        """Hybridize every descendant that is a HybridBlock; see `HybridBlock.hybridize` for the arguments."""
        for child in self._children.values():
            child.hybridize(active, **kwargs)

    # --- running --------------------------------------------------------------------------------------------------

    # What a call returns, for type checkers; see `call_types`.
    @overload
    def __call__(self: Forward[nd.NDArray], x: Array, /, *args: Any) -> Array: ...
    @overload
    def __call__(self: Forward[Symbol], x: Symbol, /, *args: Any) -> Symbol: ...
    @overload
    def __call__(self: Forward[Output], *args: Any) -> Output: ...
    def __call__(self, *args: Any) -> Any:
        """Run the hooks and `forward`.

        For a type checker, an NDArray gives an NDArray and a Symbol a Symbol. A block that returns something else says
        so by the return annotation of its `forward` (a HybridBlock: of its `hybrid_forward`), such as
        ``-> tuple[NDArray, NDArray]``.
        """
        try:
            if self._forward_pre_hooks or self._forward_hooks:
                return self._glueball_call_with_hooks(*args)
            return self.forward(*args)
        except FAILURES as error:
            if is_unexplained(error):
                blame = functools.partial(blame_inputs, self, self._glueball_inputs_of(), args)
                raise explained(error, blame) from error.__cause__
            raise

    def _glueball_inputs_of(self) -> Callable[..., Any]:
        """Return the method whose signature names the inputs of a call."""
        return self.forward

    def _glueball_call_with_hooks(self, *args: Any) -> Any:
        for hook in list(self._forward_pre_hooks.values()):
            call(hook, self, args)
        output = self.forward(*args)
        for hook in list(self._forward_hooks.values()):
            call(hook, self, args, output)
        return output

    if TYPE_CHECKING:
        # Any parameters: a subclass may declare and annotate its own.
        def forward(self, *args: Any, **kwargs: Any) -> Any: ...
    else:

        def forward(self, *args: Any) -> Any:
            """Compute the output; every subclass overrides this."""
            raise NotImplementedError(f"{type(self).__name__}: forward must be implemented")

    def register_forward_hook(self, hook: Callable[[Block, tuple[Any, ...], Any], None]) -> HookHandle:
        """Call ``hook(block, inputs, output)`` after each forward; ``detach()`` of the handle removes it."""
        handle = HookHandle()
        handle.attach(self._forward_hooks, hook)
        return handle

    def register_forward_pre_hook(self, hook: Callable[[Block, tuple[Any, ...]], None]) -> HookHandle:
        """Call ``hook(block, inputs)`` before each forward; ``detach()`` of the handle removes it."""
        handle = HookHandle()
        handle.attach(self._forward_pre_hooks, hook)
        return handle

    def register_op_hook(self, callback: Callable[..., Any], monitor_all: bool = False) -> None:
        """Monitor the operators of every hybridized descendant; see `HybridBlock.register_op_hook`."""
        for child in self._children.values():
            child.register_op_hook(callback, monitor_all)

    if TYPE_CHECKING:
        # For type checkers: summary.py installs this method, since it imports the block classes.
        def summary(self, *inputs: Any) -> None: ...


def _blocks_in(value: Any) -> Iterator[Block]:
    """All blocks in nested lists, tuples and dicts."""
    if isinstance(value, Block):
        yield value
    elif isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _blocks_in(item)


for _name, _method in list(vars(BlockFiles).items()):
    if isinstance(_method, FunctionType):
        install(Block, _name, _method)
