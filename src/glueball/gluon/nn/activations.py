"""Activation functions as layers."""

from __future__ import annotations

from typing import Any

from ... import initializer
from ...core.arguments import checked
from ..core.hybrid_block import HybridBlock
from .arguments import activation_of, at_least

__all__ = ["ELU", "GELU", "SELU", "Activation", "LeakyReLU", "PReLU", "Swish"]

_QUARTER = initializer.Constant(0.25)


class Activation(HybridBlock):
    """An activation function by name.

    Parameters
    ----------
    activation : {'relu', 'sigmoid', 'softrelu', 'softsign', 'tanh'}
        The name; see `glueball.nd.Activation`.
    prefix, params
        As in `Block`.

    Raises
    ------
    MXNetError
        The activation is unknown. Differs from MXNet, which raises in the first call.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.Activation("relu")(nd.array([-1, 2])).asnumpy().tolist()
    [0.0, 2.0]
    """

    def __init__(self, activation: str, **kwargs: Any) -> None:
        self._act_type = activation_of(type(self).__name__, activation)
        super().__init__(**kwargs)

    def _alias(self) -> str:
        return self._act_type

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.Activation(x, act_type=self._act_type, name="fwd")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._act_type})"


class LeakyReLU(HybridBlock):
    """Leaky ReLU: x, or alpha x where x is negative.

    Parameters
    ----------
    alpha : float
        The slope, at least 0.
    prefix, params
        As in `Block`.

    Raises
    ------
    AssertionError
        The slope is negative.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.LeakyReLU(0.5)(nd.array([-1, 2])).asnumpy().tolist()
    [-0.5, 2.0]
    """

    @checked
    def __init__(self, alpha: float, **kwargs: Any) -> None:
        alpha = _number("LeakyReLU", "alpha", alpha)
        if alpha < 0:
            raise AssertionError(f"LeakyReLU: alpha must be at least 0; received {alpha!r}.")
        super().__init__(**kwargs)
        self._alpha = alpha

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.LeakyReLU(x, act_type="leaky", slope=self._alpha, name="fwd")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._alpha})"


class PReLU(HybridBlock):
    """Parametric ReLU, whose slope for negative values is learned.

    Parameters
    ----------
    alpha_initializer : Initializer or str, default Constant(0.25)
        How the slopes are initialized.
    in_channels : int, default 1
        Number of slopes: 1 shared slope, or one per channel (axis 1).
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> layer = nn.PReLU()
    >>> layer.initialize()
    >>> layer(nd.array([-1, 2])).asnumpy().tolist()
    [-0.25, 2.0]
    """

    def __init__(self, alpha_initializer: Any = _QUARTER, in_channels: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        channels = at_least("PReLU", "in_channels", in_channels, 1)
        with self.name_scope():
            self.alpha = self.params.get("alpha", shape=(channels,), init=alpha_initializer)

    def hybrid_forward(self, F: Any, x: Any, alpha: Any) -> Any:
        return F.LeakyReLU(x, gamma=alpha, act_type="prelu", name="fwd")


class ELU(HybridBlock):
    """Exponential linear unit: x, or alpha (exp(x) - 1) where x is negative.

    Parameters
    ----------
    alpha : float, default 1
        The limit for large negative x is -alpha.
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.ELU()(nd.array([-100, 2])).asnumpy().tolist()
    [-1.0, 2.0]
    """

    @checked
    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._alpha = _number("ELU", "alpha", alpha)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.LeakyReLU(x, act_type="elu", slope=self._alpha)


class SELU(HybridBlock):
    """Scaled exponential linear unit: 1.0507 x, or 1.7581 (exp(x) - 1) where x is negative.

    Parameters
    ----------
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.SELU()(nd.array([1])).asscalar().round(4)
    np.float32(1.0507)
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.LeakyReLU(x, act_type="selu", name="fwd")


class GELU(HybridBlock):
    """Gaussian error linear unit: x times the normal cumulative distribution function of x, not approximated.

    Parameters
    ----------
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.GELU()(nd.array([1])).asscalar().round(4)
    np.float32(0.8413)
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.LeakyReLU(x, act_type="gelu", name="fwd")


class Swish(HybridBlock):
    """Swish: x sigmoid(beta x).

    Parameters
    ----------
    beta : float, default 1
        The slope of the sigmoid.
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.Swish()(nd.array([0, 1])).asnumpy().round(4).tolist()
    [0.0, 0.7311000227928162]
    """

    @checked
    def __init__(self, beta: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._beta = _number("Swish", "beta", beta)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return x * F.sigmoid(self._beta * x, name="fwd")


def _number(owner: str, name: str, value: Any) -> Any:
    if not isinstance(value, int | float) and not hasattr(value, "__float__"):
        raise TypeError(f"{owner}: {name} must be a number; received {value!r}.")
    return value
