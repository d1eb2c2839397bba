"""Normalisation layers: BatchNorm, LayerNorm."""

from __future__ import annotations

from typing import Any

from ... import dtype as dtypes
from ..hybrid_block import HybridBlock
from .arguments import at_least

__all__ = ["BatchNorm", "LayerNorm"]


class BatchNorm(HybridBlock):
    """Normalise each channel to mean 0 and variance 1 over the batch, then scale and shift (arXiv:1502.03167).

    In training mode the mean and variance are those of the batch, and the running ones move towards them; otherwise the
    running ones are used.

    Parameters
    ----------
    axis : int, default 1
        The axis of the channels: 1 for NCHW, 3 for NHWC.
    momentum : float, default 0.9
        The running statistics become momentum * old + (1 - momentum) * batch.
    epsilon : float, default 1e-5
        Added to the variance.
    center : bool, default True
        Learn a shift per channel, `beta`.
    scale : bool, default True
        Learn a factor per channel, `gamma`; with False it is 1.
    use_global_stats : bool, default False
        Use the running statistics in training mode too.
    beta_initializer, gamma_initializer, running_mean_initializer, running_variance_initializer : Initializer or str
        How the four begin.
    in_channels : int, default 0
        How many channels; 0 finds it out at the first forward pass.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Any shape with at least 2 axes, unchanged.

    Differs from MXNet
    ------------------
    The running statistics move in the forward pass; in MXNet's CPU build they move in backward().
    """

    def __init__(
        self, axis: int = 1, momentum: float = 0.9, epsilon: float = 1e-5, center: bool = True, scale: bool = True,
        use_global_stats: bool = False, beta_initializer: Any = "zeros", gamma_initializer: Any = "ones",
        running_mean_initializer: Any = "zeros", running_variance_initializer: Any = "ones", in_channels: int = 0,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self._kwargs = {
            "axis": axis, "eps": epsilon, "momentum": momentum, "fix_gamma": not scale,
            "use_global_stats": use_global_stats,
        }  # fmt: skip
        self._in_channels = at_least("BatchNorm", "in_channels", in_channels, 0)
        with self.name_scope():
            self.gamma = self._get("gamma", gamma_initializer, scale)
            self.beta = self._get("beta", beta_initializer, center)
            self.running_mean = self._get("running_mean", running_mean_initializer, False)
            self.running_var = self._get("running_var", running_variance_initializer, False)

    def _get(self, name: str, init: Any, trained: bool) -> Any:
        return self.params.get(
            name, grad_req="write" if trained else "null", shape=(self._in_channels,), init=init,
            allow_deferred_init=True, differentiable=trained,
        )  # fmt: skip

    def cast(self, dtype: Any) -> None:
        """Convert to another type; for half precision the parameters stay float32, as the statistics need."""
        super().cast("float32" if dtypes.name_of(dtype, "BatchNorm") in ("float16", "bfloat16") else dtype)

    def hybrid_forward(self, F: Any, x: Any, gamma: Any, beta: Any, running_mean: Any, running_var: Any) -> Any:
        """Normalise."""
        return F.BatchNorm(x, gamma, beta, running_mean, running_var, name="fwd", **self._kwargs)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value}" for name, value in self._kwargs.items())
        return f"{type(self).__name__}({arguments}, in_channels={self.gamma.shape[0] or None})"


class LayerNorm(HybridBlock):
    """Normalise along one axis of each sample to mean 0 and variance 1, then scale and shift (arXiv:1607.06450).

    Parameters
    ----------
    axis : int, default -1
        The axis to normalise along.
    epsilon : float, default 1e-5
        Added to the variance.
    center, scale : bool, default True
        Learn a shift `beta` and a factor `gamma` for each position along the axis.
    beta_initializer, gamma_initializer : Initializer or str
        How they begin.
    in_channels : int, default 0
        The length of the axis; 0 finds it out at the first forward pass.
    prefix, params
        As in `HybridBlock`.

    Inputs and outputs
    ------------------
    Any shape, unchanged.
    """

    def __init__(
        self, axis: int = -1, epsilon: float = 1e-5, center: bool = True, scale: bool = True,
        beta_initializer: Any = "zeros", gamma_initializer: Any = "ones", in_channels: int = 0,
        prefix: str | None = None, params: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(prefix, params)
        self._kwargs = {"eps": epsilon, "axis": axis, "center": center, "scale": scale}
        self._axis, self._epsilon = axis, epsilon
        self._in_channels = at_least("LayerNorm", "in_channels", in_channels, 0)
        with self.name_scope():
            self.gamma = self._get("gamma", gamma_initializer, scale)
            self.beta = self._get("beta", beta_initializer, center)

    def _get(self, name: str, init: Any, trained: bool) -> Any:
        return self.params.get(
            name, grad_req="write" if trained else "null", shape=(self._in_channels,), init=init,
            allow_deferred_init=True,
        )  # fmt: skip

    def hybrid_forward(self, F: Any, x: Any, gamma: Any, beta: Any) -> Any:
        """Normalise."""
        return F.LayerNorm(x, gamma=gamma, beta=beta, axis=self._axis, eps=self._epsilon)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value}" for name, value in self._kwargs.items())
        return f"{type(self).__name__}({arguments}, in_channels={self.gamma.shape[0]})"
