"""Initializers that draw from Glueball's generators, which `glueball.random.seed` seeds."""

from __future__ import annotations

import math
from typing import Any

import torch

from ..core.arguments import checked
from ..core.errors import MXNetError
from ..ndarray import NDArray
from .base import Initializer, register


@register
class Uniform(Initializer):
    """Fill weights with numbers drawn uniformly from ``[-scale, scale)``.

    Parameters
    ----------
    scale : float, default 0.07
        The limit; 0 or more.

    Examples
    --------
    >>> import glueball as mx
    >>> weight = mx.gluon.Parameter('weight', shape=(100,), init=mx.init.Uniform(0.5))
    >>> weight.initialize()
    >>> bool(abs(weight.data()).max().asscalar() <= 0.5)
    True
    """

    @checked
    def __init__(self, scale: float = 0.07) -> None:
        super().__init__(scale=scale)
        self.scale = scale

    def _init_weight(self, name: str, arr: NDArray) -> None:
        _uniform(self, arr, self.scale)


@register
class Normal(Initializer):
    """Fill weights with numbers from a normal distribution with mean 0.

    Parameters
    ----------
    sigma : float, default 0.01
        The standard deviation; positive.

    Examples
    --------
    >>> import glueball as mx
    >>> weight = mx.gluon.Parameter('weight', shape=(10000,), init=mx.init.Normal(2))
    >>> weight.initialize()
    >>> round(float(weight.data().asnumpy().std()))
    2
    """

    @checked
    def __init__(self, sigma: float = 0.01) -> None:
        super().__init__(sigma=sigma)
        self.sigma = sigma

    def _init_weight(self, name: str, arr: NDArray) -> None:
        _normal(self, arr, self.sigma)


def _uniform(owner: Initializer, arr: NDArray, limit: float) -> None:
    if not limit >= 0:
        raise MXNetError(f"{type(owner).__name__}: the limit of a uniform draw must be 0 or more; received {limit}")
    owner._glueball_draw(arr, lambda tensor, generator: tensor.uniform_(-limit, limit, generator=generator))


def _normal(owner: Initializer, arr: NDArray, sigma: float) -> None:
    if not sigma > 0:
        raise MXNetError(f"{type(owner).__name__}: the standard deviation must be positive; received {sigma}")
    owner._glueball_draw(arr, lambda tensor, generator: tensor.normal_(0.0, sigma, generator=generator))


@register
class Xavier(Initializer):
    """Fill weights with random numbers scaled by the numbers of inputs and outputs of the layer.

    With ``scale = sqrt(magnitude / n)`` the numbers are drawn from ``[-scale, scale)``, or from a normal
    distribution with the standard deviation `scale`. For a weight of shape (outputs, inputs, k1, k2, ...) the
    fans are ``inputs * k1 * k2 ...`` and ``outputs * k1 * k2 ...``.

    Parameters
    ----------
    rnd_type : {'uniform', 'gaussian'}, default 'uniform'
        The distribution.
    factor_type : {'avg', 'in', 'out'}, default 'avg'
        Whether n is the mean of both fans, fan-in, or fan-out.
    magnitude : float, default 3
        See above.

    Raises
    ------
    ValueError
        The weight has fewer than 2 axes, or an argument is none of the values above (raised when a weight is
        filled).

    Examples
    --------
    >>> import glueball as mx
    >>> net = mx.gluon.nn.Conv2D(8, kernel_size=3, in_channels=4)
    >>> net.initialize(mx.init.Xavier(rnd_type="gaussian", factor_type="in", magnitude=2))
    """

    @checked
    def __init__(self, rnd_type: str = "uniform", factor_type: str = "avg", magnitude: float = 3) -> None:
        super().__init__(rnd_type=rnd_type, factor_type=factor_type, magnitude=magnitude)
        self.rnd_type = rnd_type
        self.factor_type = factor_type
        self.magnitude = float(magnitude)

    def _init_weight(self, name: str, arr: NDArray) -> None:
        owner = type(self).__name__
        if arr.ndim < 2:
            raise ValueError(
                f"{owner}: a weight must have 2 or more axes; {name!r} has shape {arr.shape}; use another "
                "initializer for it, such as Uniform"
            )
        kernel = math.prod(arr.shape[2:])
        fan_in, fan_out = arr.shape[1] * kernel, arr.shape[0] * kernel
        fans = {"avg": (fan_in + fan_out) / 2, "in": fan_in, "out": fan_out}
        if self.factor_type not in fans:
            raise ValueError(f"{owner}: factor_type must be 'avg', 'in' or 'out'; received {self.factor_type!r}")
        if self.rnd_type not in ("uniform", "gaussian"):
            raise ValueError(f"{owner}: rnd_type must be 'uniform' or 'gaussian'; received {self.rnd_type!r}")
        if self.magnitude < 0:
            raise MXNetError(f"{owner}: magnitude must be 0 or more; received {self.magnitude}")
        scale = math.sqrt(self.magnitude / fans[self.factor_type])
        (_uniform if self.rnd_type == "uniform" else _normal)(self, arr, scale)


@register
class MSRAPrelu(Xavier):
    """Fill weights as He et al. propose for layers before a ReLU or PReLU: `Xavier`, normally distributed.

    Parameters
    ----------
    factor_type : {'avg', 'in', 'out'}, default 'avg'
        As in `Xavier`.
    slope : float, default 0.25
        The slope of the activation below zero; 0 for a ReLU. The magnitude is ``2 / (1 + slope ** 2)``.

    Examples
    --------
    >>> import glueball as mx
    >>> weight = mx.gluon.Parameter('weight', shape=(64, 200), init=mx.init.MSRAPrelu())
    >>> weight.initialize()
    >>> round(float(weight.data().asnumpy().std()), 1)
    0.1
    """

    @checked
    def __init__(self, factor_type: str = "avg", slope: float = 0.25) -> None:
        super().__init__("gaussian", factor_type, 2.0 / (1 + slope**2))
        self._kwargs: dict[str, Any] = {"factor_type": factor_type, "slope": slope}


@register
class Orthogonal(Initializer):
    """Fill a weight, flattened to a matrix (outputs, all other axes), with orthogonal rows or columns.

    The rows or the columns, whichever are fewer, are orthogonal and have the norm `scale` (Saxe et al.).

    Parameters
    ----------
    scale : float, default 1.414
        The norm.
    rand_type : {'uniform', 'normal'}, default 'uniform'
        The distribution of the random matrix that is made orthogonal.

    Examples
    --------
    >>> import glueball as mx
    >>> weight = mx.gluon.Parameter('weight', shape=(2, 3), init=mx.init.Orthogonal(scale=1))
    >>> weight.initialize()
    >>> product = mx.nd.dot(weight.data(), weight.data().T)
    >>> bool(abs(product - mx.nd.eye(2)).max().asscalar() < 1e-5)
    True
    """

    @checked
    def __init__(self, scale: float = 1.414, rand_type: str = "uniform") -> None:
        super().__init__(scale=scale, rand_type=rand_type)
        self.scale = scale
        self.rand_type = rand_type

    def _init_weight(self, name: str, arr: NDArray) -> None:
        if arr.ndim < 2:
            raise MXNetError(f"Orthogonal: a weight must have 2 or more axes; {name!r} has shape {arr.shape}")
        if self.rand_type not in ("uniform", "normal"):
            raise MXNetError(f"Orthogonal: rand_type must be 'uniform' or 'normal'; received {self.rand_type!r}")
        self._glueball_draw(arr, self._glueball_fill)

    def _glueball_fill(self, tensor: torch.Tensor, generator: torch.Generator) -> None:
        kind = torch.float64 if tensor.dtype is torch.float64 else torch.float32
        start = torch.empty(tensor.shape[0], tensor[0].numel(), device=tensor.device, dtype=kind)
        if self.rand_type == "uniform":
            start.uniform_(-1.0, 1.0, generator=generator)
        else:
            start.normal_(0.0, 1.0, generator=generator)
        left, _, right = torch.linalg.svd(start, full_matrices=False)
        orthogonal = left if left.shape == start.shape else right
        tensor.copy_(self.scale * orthogonal.reshape(tensor.shape))
