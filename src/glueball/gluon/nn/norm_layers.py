"""Normalization layers: over the batch, along an axis, over an image, over groups of channels."""

from __future__ import annotations

from typing import Any

from ...core import dtype as dtypes
from ...core.annotations import Axis, Numeral
from ...core.arguments import checked
from ..core.hybrid_block import HybridBlock
from ..core.parameter import Parameter
from .arguments import at_least, lengths

__all__ = ["BatchNorm", "BatchNormReLU", "GroupNorm", "InstanceNorm", "LayerNorm"]


class _Norm(HybridBlock):
    """A layer with a scale gamma and a shift beta, either of which may be fixed."""

    def _glueball_get(self, name: str, length: int, init: Any, trained: bool, **options: Any) -> Parameter:
        return self.params.get(
            name, grad_req="write" if trained else "null", shape=(length,), init=init, allow_deferred_init=True,
            **options,
        )  # fmt: skip


class _BatchNorm(_Norm):
    """What BatchNorm and BatchNormReLU share."""

    @checked
    def __init__(
        self, axis: Axis = 1, momentum: Numeral = 0.9, epsilon: Numeral = 1e-5, center: bool = True, scale: bool = True,
        use_global_stats: bool = False, beta_initializer: Any = "zeros", gamma_initializer: Any = "ones",
        running_mean_initializer: Any = "zeros", running_variance_initializer: Any = "ones", in_channels: int = 0,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        channels = at_least(type(self).__name__, "in_channels", in_channels, 0)
        super().__init__(**kwargs)
        self._kwargs = {
            "axis": axis, "eps": epsilon, "momentum": momentum, "fix_gamma": not scale,
            "use_global_stats": use_global_stats,
        }  # fmt: skip
        state = {"trained": False, "differentiable": False}
        with self.name_scope():
            self.gamma = self._glueball_get("gamma", channels, gamma_initializer, scale, differentiable=scale)
            self.beta = self._glueball_get("beta", channels, beta_initializer, center, differentiable=center)
            self.running_mean = self._glueball_get("running_mean", channels, running_mean_initializer, **state)
            self.running_var = self._glueball_get("running_var", channels, running_variance_initializer, **state)

    def cast(self, dtype: Any) -> None:
        """Cast to another dtype; for half precision the parameters stay float32, which the statistics need."""
        super().cast("float32" if dtypes.name_of(dtype, type(self).__name__) in ("float16", "bfloat16") else dtype)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self._kwargs.items())
        return f"{type(self).__name__}({arguments}, in_channels={lengths(self.gamma)[0] or None})"


class BatchNorm(_BatchNorm):
    """Normalize each channel to mean 0 and variance 1 over the batch, then scale and shift (arXiv:1502.03167).

    Training mode uses the mean and variance of the batch, and ``backward()`` updates the running ones with them.
    Prediction uses the running ones.

    Parameters
    ----------
    axis : int, default 1
        The channel axis: 1 for NCHW, 3 for NHWC.
    momentum : float, default 0.9
        The running statistics become momentum * old + (1 - momentum) * batch.
    epsilon : float, default 1e-5
        Added to the variance.
    center : bool, default True
        Learn a shift per channel, `beta`.
    scale : bool, default True
        Learn a scale per channel, `gamma`; False keeps it at 1.
    use_global_stats : bool, default False
        Use the running statistics in training mode too.
    beta_initializer, gamma_initializer, running_mean_initializer, running_variance_initializer : Initializer or str
        How the four parameters are initialized.
    in_channels : int, default 0
        Number of channels; 0 infers it in the first forward pass.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Any shape with at least 2 axes, unchanged.

    Examples
    --------
    >>> from glueball import autograd, nd
    >>> from glueball.gluon import nn
    >>> layer = nn.BatchNorm(momentum=0.5)
    >>> layer.initialize()
    >>> with autograd.record():
    ...     y = layer(nd.array([[0], [4]]))
    >>> y.asnumpy().round(3).ravel().tolist()
    [-1.0, 1.0]
    >>> y.backward()
    >>> layer.running_mean.data().asnumpy().tolist()
    [1.0]
    """

    def hybrid_forward(self, F: Any, x: Any, gamma: Any, beta: Any, running_mean: Any, running_var: Any) -> Any:
        return F.BatchNorm(x, gamma, beta, running_mean, running_var, name="fwd", **self._kwargs)


class BatchNormReLU(_BatchNorm):
    """`BatchNorm` followed by ReLU, in one operator; arguments as in `BatchNorm`.

    Inputs and outputs
    ------------------
    Any shape with at least 2 axes, unchanged.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> layer = nn.BatchNormReLU()
    >>> layer.initialize()
    >>> layer(nd.array([[-4], [4]])).asnumpy().round(3).ravel().tolist()
    [0.0, 4.0]
    """

    def hybrid_forward(self, F: Any, x: Any, gamma: Any, beta: Any, running_mean: Any, running_var: Any) -> Any:
        return F.contrib.BatchNormWithReLU(x, gamma, beta, running_mean, running_var, name="fwd", **self._kwargs)


class LayerNorm(_Norm):
    """Normalize along one axis of each sample to mean 0 and variance 1, then scale and shift (arXiv:1607.06450).

    Parameters
    ----------
    axis : int, default -1
        The axis to normalize along.
    epsilon : float, default 1e-5
        Added to the variance.
    center, scale : bool, default True
        Learn a shift `beta` and a scale `gamma` for each position along the axis.
    beta_initializer, gamma_initializer : Initializer or str
        How they are initialized.
    in_channels : int, default 0
        The length of the axis; 0 infers it in the first forward pass.
    prefix, params
        As in `HybridBlock`.

    Inputs and outputs
    ------------------
    Any shape, unchanged.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> layer = nn.LayerNorm()
    >>> layer.initialize()
    >>> layer(nd.array([[0, 4]])).asnumpy().round(3).tolist()
    [[-1.0, 1.0]]
    """

    @checked
    def __init__(
        self, axis: Axis = -1, epsilon: Numeral = 1e-5, center: bool = True, scale: bool = True,
        beta_initializer: Any = "zeros", gamma_initializer: Any = "ones", in_channels: int = 0,
        prefix: str | None = None, params: Any = None,
    ) -> None:  # fmt: skip
        channels = at_least("LayerNorm", "in_channels", in_channels, 0)
        super().__init__(prefix, params)
        self._kwargs = {"eps": epsilon, "axis": axis, "center": center, "scale": scale}
        self._axis, self._epsilon = axis, epsilon
        with self.name_scope():
            self.gamma = self._glueball_get("gamma", channels, gamma_initializer, scale)
            self.beta = self._glueball_get("beta", channels, beta_initializer, center)

    def hybrid_forward(self, F: Any, data: Any, gamma: Any, beta: Any) -> Any:
        return F.LayerNorm(data, gamma=gamma, beta=beta, axis=self._axis, eps=self._epsilon)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self._kwargs.items())
        return f"{type(self).__name__}({arguments}, in_channels={lengths(self.gamma)[0]})"


class InstanceNorm(_Norm):
    """Normalize each channel of each sample over the spatial axes, then scale and shift (arXiv:1607.08022).

    Parameters
    ----------
    axis : int, default 1
        The channel axis.
    epsilon : float, default 1e-5
        Added to the variance.
    center : bool, default True
        Learn a shift per channel, `beta`.
    scale : bool, default False
        Learn a scale per channel, `gamma`.
    beta_initializer, gamma_initializer : Initializer or str
        How they are initialized.
    in_channels : int, default 0
        Number of channels; 0 infers it in the first forward pass.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Any shape with at least 3 axes, unchanged.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> layer = nn.InstanceNorm()
    >>> layer.initialize()
    >>> layer(nd.array([[[0, 4], [1, 3]]])).asnumpy().round(3).tolist()
    [[[-1.0, 1.0], [-1.0, 1.0]]]
    """

    @checked
    def __init__(
        self, axis: Axis = 1, epsilon: Numeral = 1e-5, center: bool = True, scale: bool = False,
        beta_initializer: Any = "zeros", gamma_initializer: Any = "ones", in_channels: int = 0, **kwargs: Any,
    ) -> None:  # fmt: skip
        channels = at_least("InstanceNorm", "in_channels", in_channels, 0)
        super().__init__(**kwargs)
        self._kwargs = {"eps": epsilon, "axis": axis, "center": center, "scale": scale}
        self._axis, self._epsilon = axis, epsilon
        with self.name_scope():
            self.gamma = self._glueball_get("gamma", channels, gamma_initializer, scale)
            self.beta = self._glueball_get("beta", channels, beta_initializer, center)

    def hybrid_forward(self, F: Any, x: Any, gamma: Any, beta: Any) -> Any:
        if self._axis == 1:
            return F.InstanceNorm(x, gamma, beta, name="fwd", eps=self._epsilon)
        x = F.swapaxes(x, dim1=1, dim2=self._axis)
        return F.swapaxes(F.InstanceNorm(x, gamma, beta, name="fwd", eps=self._epsilon), dim1=1, dim2=self._axis)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self._kwargs.items())
        return f"{type(self).__name__}({arguments}, in_channels={lengths(self.gamma)[0]})"


class GroupNorm(_Norm):
    """Normalize groups of channels of each sample, then scale and shift each group (arXiv:1803.08494).

    Parameters
    ----------
    num_groups : int, default 1
        Number of groups; must divide the number of channels.
    epsilon : float, default 1e-5
        Added to the variance.
    center, scale : bool, default True
        Learn a shift `beta` and a scale `gamma` for each group.
    beta_initializer, gamma_initializer : Initializer or str
        How they are initialized.
    prefix, params
        As in `HybridBlock`.

    Inputs and outputs
    ------------------
    (N, C, ...) with at least 3 axes, unchanged.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> layer = nn.GroupNorm(num_groups=2)
    >>> layer.initialize()
    >>> layer(nd.array([[[0], [4], [1], [3]]])).asnumpy().round(3).ravel().tolist()
    [-1.0, 1.0, -1.0, 1.0]
    """

    @checked
    def __init__(
        self, num_groups: int = 1, epsilon: Numeral = 1e-5, center: bool = True, scale: bool = True,
        beta_initializer: Any = "zeros", gamma_initializer: Any = "ones", prefix: str | None = None,
        params: Any = None,
    ) -> None:  # fmt: skip
        groups = at_least("GroupNorm", "num_groups", num_groups, 1)
        super().__init__(prefix, params)
        self._kwargs = {"eps": epsilon, "num_groups": groups, "center": center, "scale": scale}
        self._num_groups, self._epsilon = groups, epsilon
        with self.name_scope():
            self.gamma = self._glueball_get("gamma", groups, gamma_initializer, scale)
            self.beta = self._glueball_get("beta", groups, beta_initializer, center)

    def hybrid_forward(self, F: Any, data: Any, gamma: Any, beta: Any) -> Any:
        return F.GroupNorm(data, gamma=gamma, beta=beta, num_groups=self._num_groups, eps=self._epsilon)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self._kwargs.items())
        return f"{type(self).__name__}({arguments})"
