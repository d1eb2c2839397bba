"""Batch normalization over the batches of several devices."""

from __future__ import annotations

from typing import Any

from ....core.annotations import Numeral
from ....core.context import num_gpus
from ....core.warning import warn
from ...nn import BatchNorm

__all__ = ["SyncBatchNorm"]


class SyncBatchNorm(BatchNorm):
    """`BatchNorm` whose statistics are those of all devices together; the channels are on axis 1.

    The devices are contexts of one process. In training, what the network returns for the first contexts has no values
    until it was called for the last: nothing of it must be read before.

    Parameters
    ----------
    in_channels : int, default 0
        Number of channels; 0 infers it in the first forward pass.
    num_devices : int, optional
        The number of devices that share a batch; default: the number of GPUs, at least 1, with a warning.
    momentum, epsilon, center, scale, use_global_stats
        As in `BatchNorm`.
    beta_initializer, gamma_initializer, running_mean_initializer, running_variance_initializer
        As in `BatchNorm`.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Any shape with at least 2 axes, unchanged.

    Examples
    --------
    >>> from glueball import autograd, nd
    >>> from glueball.gluon.contrib.nn import SyncBatchNorm
    >>> layer = SyncBatchNorm(num_devices=1)
    >>> layer.initialize()
    >>> with autograd.record():
    ...     y = layer(nd.array([[0], [4]]))
    >>> y.asnumpy().round(3).ravel().tolist()
    [-1.0, 1.0]
    """

    def __init__(
        self, in_channels: int = 0, num_devices: int | None = None, momentum: Numeral = 0.9, epsilon: Numeral = 1e-5,
        center: bool = True, scale: bool = True, use_global_stats: bool = False, beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones", running_mean_initializer: Any = "zeros",
        running_variance_initializer: Any = "ones", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            1, momentum, epsilon, center, scale, use_global_stats, beta_initializer, gamma_initializer,
            running_mean_initializer, running_variance_initializer, in_channels, **kwargs,
        )  # fmt: skip
        devices = self._get_num_devices() if num_devices is None else num_devices
        self._kwargs = {
            "eps": epsilon, "momentum": momentum, "fix_gamma": not scale, "use_global_stats": use_global_stats,
            "ndev": devices, "key": self.prefix,
        }  # fmt: skip

    def _get_num_devices(self) -> int:
        """Return the number of GPUs, or 1."""
        warn("SyncBatchNorm: num_devices is left out and taken to be the number of GPUs; give it if fewer are used")
        return max(1, num_gpus())

    def hybrid_forward(self, F: Any, x: Any, gamma: Any, beta: Any, running_mean: Any, running_var: Any) -> Any:
        return F.contrib.SyncBatchNorm(x, gamma, beta, running_mean, running_var, name="fwd", **self._kwargs)
