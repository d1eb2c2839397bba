"""Blocks made of other blocks or of functions: Sequential, HybridSequential, Lambda, HybridLambda."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, overload

from .. import ndarray as nd
from ..core.errors import RefusedError
from ..core.strangers import call
from ..core.warning import warn
from .core.block import Block
from .core.hybrid_block import HybridBlock
from .core.parameter_dict import ParameterDict

__all__ = ["HybridLambda", "HybridSequential", "Lambda", "Sequential"]


class _Stack(Block):
    """What Sequential and HybridSequential share: children that run one after another."""

    def add(self, *blocks: Any) -> None:
        """Append blocks."""
        for block in blocks:
            self.register_child(block)

    def __repr__(self) -> str:
        lines = [f"  ({key}): " + repr(child).replace("\n", "\n  ") for key, child in self._children.items()]
        return f"{type(self).__name__}(\n" + "\n".join(lines) + "\n)"

    def __len__(self) -> int:
        return len(self._children)

    # Any: programs use attributes of a child's class, such as ``net[0].weight``, and only they know the class.
    def __iter__(self) -> Iterator[Any]:
        return iter(self._children.values())

    @overload
    def __getitem__(self, key: int) -> Any: ...
    @overload
    def __getitem__(self, key: slice) -> _Stack: ...
    def __getitem__(self, key: int | slice) -> Any:
        blocks = list(self._children.values())[key]
        if isinstance(blocks, list):
            part = type(self)(prefix=self._prefix)
            with part.name_scope():
                part.add(*blocks)
            return part
        return blocks


class Sequential(_Stack):
    """Blocks that run one after another.

    Parameters
    ----------
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> net = nn.Sequential()
    >>> net.add(nn.Dense(10, activation="relu"), nn.Dense(2))
    >>> net.initialize()
    >>> net(nd.ones((3, 4))).shape
    (3, 2)
    """

    def __init__(self, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)

    def forward(self, x: Any) -> Any:
        for block in self._children.values():
            x = block(x)
        return x

    def hybridize(self, active: bool = True, **kwargs: Any) -> None:
        """Hybridize each child that can be; warns if all can, since a HybridSequential would be faster."""
        if self._children and all(isinstance(block, HybridBlock) for block in self._children.values()):
            warn(
                f"{self.name}: all children are HybridBlocks; a HybridSequential of them is one graph and faster",
            )
        super().hybridize(active, **kwargs)


class HybridSequential(_Stack, HybridBlock):
    """Blocks that run one after another and can be traced to a graph as one.

    Parameters
    ----------
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> net = nn.HybridSequential()
    >>> net.add(nn.Conv2D(8, 3, activation="relu"), nn.GlobalAvgPool2D(), nn.Dense(10))
    >>> net.initialize()
    >>> net.hybridize()
    >>> net(nd.ones((2, 3, 8, 8))).shape
    (2, 10)
    """

    def __init__(self, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        for block in self._children.values():
            x = block(x)
        return x


class Lambda(Block):
    """A function as a block.

    Parameters
    ----------
    function : str or callable
        A function of the inputs, or the name of one in ``nd``.
    prefix : str, optional
        As in `Block`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.Lambda("tanh")(nd.zeros((1,))).asscalar()
    np.float32(0.0)
    """

    def __init__(self, function: str | Callable[..., Any], prefix: str | None = None) -> None:
        super().__init__(prefix)
        self._func_impl, self._func_name = _resolve(function, type(self).__name__, takes_f=False)

    def forward(self, *args: Any) -> Any:
        return call(self._func_impl, *args)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._func_name})"


class HybridLambda(HybridBlock):
    """A function as a block that can be traced.

    Parameters
    ----------
    function : str or callable
        A function ``f(F, x, ...)``, or the name of one in ``nd`` and ``sym``.
    prefix : str, optional
        As in `Block`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.HybridLambda(lambda F, x: F.relu(x) * 2)(nd.array([-1, 3])).asnumpy().tolist()
    [0.0, 6.0]
    """

    def __init__(self, function: str | Callable[..., Any], prefix: str | None = None) -> None:
        super().__init__(prefix)
        self._func, self._func_name = _resolve(function, type(self).__name__, takes_f=True)

    def hybrid_forward(self, F: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
        return call(self._func, F, x, *args)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._func_name})"


def _resolve(function: str | Callable[..., Any], owner: str, takes_f: bool) -> tuple[Callable[..., Any], str]:
    """Return the function to call and its name in repr()."""
    if isinstance(function, str):
        found = getattr(nd, function, None)
        if not callable(found):
            raise RefusedError(f"{owner}: function must be the name of a function of nd; received {function!r}")
        if takes_f:
            return lambda F, *args: getattr(F, function)(*args), function
        return found, function
    if callable(function):
        return function, getattr(function, "__name__", type(function).__name__)
    raise ValueError(f"{owner}: function must be a callable or a name; received {function!r}")
