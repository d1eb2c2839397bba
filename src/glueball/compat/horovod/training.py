"""``hvd.DistributedTrainer`` and ``hvd.DistributedOptimizer``: gradients are means over all processes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.warning import warn
from ...gluon import Trainer
from ...ndarray import NDArray
from ...optimizer import Optimizer
from ...parallel import ProcessCollectives, compression_of, connected
from .compression import Compression, Compressor


class DistributedTrainer(Trainer):
    """A trainer whose steps use the mean of the gradients of all processes.

    Parameters
    ----------
    params, optimizer, optimizer_params
        As for `gluon.Trainer`.
    compression : class, default Compression.none
        How gradients are shortened.
    gradient_predivide_factor : float, default 1.0
        Has no effect on the mean; Horovod divides by it before and multiplies after.
    prefix, num_groups
        Have no effect: gradients are sent in buckets, by their order.
    """

    def __init__(
        self,
        params: Any,
        optimizer: str | Optimizer,
        optimizer_params: Mapping[str, Any] | None = None,
        compression: type[Compressor] = Compression.none,
        gradient_predivide_factor: float = 1.0,
        prefix: str | None = None,
        num_groups: int = 0,
    ) -> None:
        if isinstance(optimizer, _Averaging):
            optimizer = optimizer._glueball_of
            warn(
                "hvd.DistributedTrainer: optimizer must not be a DistributedOptimizer, which would average twice; the "
                f"{type(optimizer).__name__} that it was made of is taken, as in Horovod; pass that",
                UserWarning,
            )
        super().__init__(
            params, optimizer, optimizer_params, kvstore="horovod", compression_params=compression.params,
            update_on_kvstore=False,
        )  # fmt: skip
        self._scale /= connected().size


def DistributedOptimizer(
    optimizer: Optimizer, gradient_predivide_factor: float = 1.0, num_groups: int = 0,
    compression: type[Compressor] = Compression.none,
) -> Any:  # fmt: skip
    """Return an optimizer that updates with the mean of the gradients of all processes.

    Parameters
    ----------
    optimizer : Optimizer
        The optimizer; what is returned is of a subclass of its class, and shares its settings and counts.
    gradient_predivide_factor, num_groups, compression
        As for `DistributedTrainer`.
    """
    kind = type(optimizer)
    sums = ProcessCollectives(connected())
    sums.compression = compression_of("hvd.DistributedOptimizer", compression.params)
    own = type(f"Distributed{kind.__name__}", (_Averaging, kind), {"_glueball_sums": sums, "_glueball_of": optimizer})
    made: Any = object.__new__(own)
    made.__dict__ = vars(optimizer)
    return made


class _Averaging:
    """What comes before the update of an optimizer."""

    _glueball_is_distributed = True  # ShardUpdater asks
    _glueball_sums: ProcessCollectives
    _glueball_of: Optimizer  # what it was made of

    _glueball_has_means = False  # within an update that has them

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update with the means of the gradients."""
        self._glueball_with_means("update", index, weight, grad, state)

    def update_multi_precision(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update with the means of the gradients, through the float32 copies of weights of low precision."""
        self._glueball_with_means("update_multi_precision", index, weight, grad, state)

    def _glueball_with_means(self, method: str, index: Any, weight: Any, grad: Any, state: Any) -> None:
        call = getattr(super(), method)
        if self._glueball_has_means:
            call(index, weight, grad, state)
            return
        means = self._glueball_means(index, grad)
        self._glueball_has_means = True
        try:
            call(index, weight, means, state)
        finally:
            self._glueball_has_means = False

    def _glueball_updates_together(self) -> bool:
        """Whether all parameters are updated without `update`, which would leave the means out."""
        return False

    def _glueball_means(self, index: Any, grad: Any) -> Any:
        if isinstance(grad, NDArray):
            return self._glueball_sums.reduce([[grad]], [index])[0] / self._glueball_sums.size
        sums = self._glueball_sums.reduce([[each] for each in grad], list(index))
        return type(grad)([total / self._glueball_sums.size for total in sums])
