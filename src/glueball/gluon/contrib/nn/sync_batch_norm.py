"""Batch normalization over the batches of several devices, of this process or of several."""

from __future__ import annotations

from typing import Any

from ....core.annotations import Numeral
from ....core.context import num_gpus
from ....core.errors import MXNetError
from ....core.mode import mode
from ....core.warning import warn
from ....core.world import world_size
from ....ops.nn.sync_batch_norm import ACROSS
from ...nn import BatchNorm

__all__ = ["SyncBatchNorm"]


class SyncBatchNorm(BatchNorm):
    """`BatchNorm` whose statistics are those of all devices together; the channels are on axis 1.

    In training, what the network returns for the first of several contexts has no values until it was called for the
    last: nothing of it must be read before. Where processes share a batch, all of them must run the layer, forward in
    training and backward, as often and in the same order as other such layers.

    Parameters
    ----------
    in_channels : int, default 0
        Number of channels; 0 infers it in the first forward pass.
    num_devices : int, optional
        The number of devices that share a batch: the contexts of the parameters, as in MXNet, or those of all
        processes, ``len(contexts) * store.num_workers``. Default, with a warning: the number of processes, or if there
        is one the number of GPUs, at least 1.
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
        """Return the number of processes; if there is one, that of GPUs, or 1."""
        warn(
            "SyncBatchNorm: num_devices is left out and taken to be the number of processes, or of the GPUs of one; "
            "give it if each process has several contexts, or fewer GPUs are used"
        )
        size = world_size()
        return size if size > 1 else max(1, num_gpus())

    def _glueball_key(self) -> str:
        """Return the key of the operator, which says whether other processes share the batch.

        Raises
        ------
        MXNetError
            In training, there are as many devices neither here nor in all processes.
        """
        devices, size = self._kwargs["ndev"], world_size()
        one = self.running_mean
        if devices == 1 or size == 1 or (one._data is None and not one._deferred_init):
            return self.prefix
        contexts = len(one.list_ctx())
        if mode.training and devices not in (contexts, contexts * size):
            raise MXNetError(
                f"SyncBatchNorm: num_devices must be {contexts}, the number of contexts here, or {contexts * size}, "
                f"that of all {size} processes; received {devices}"
            )
        return ACROSS + self.prefix if devices == contexts * size else self.prefix

    def hybrid_forward(self, F: Any, x: Any, gamma: Any, beta: Any, running_mean: Any, running_var: Any) -> Any:
        kwargs = {**self._kwargs, "key": self._glueball_key()}
        return F.contrib.SyncBatchNorm(x, gamma, beta, running_mean, running_var, name="fwd", **kwargs)
