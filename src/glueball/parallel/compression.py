"""How gradients are shortened before they are sent: numbers of two bytes, or MXNet's codes of two bits."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ..core.errors import MXNetError, RefusedError, nearest
from .buckets import Bucket
from .processes import Processes

_OF_TWO_BYTES = {"fp16": torch.float16, "bf16": torch.bfloat16}


class Compression:
    """Sends what it is given, unchanged."""

    def another(self) -> Compression:
        """Return one for other arrays."""
        return self

    def start_sum(self, processes: Processes, bucket: Bucket, keys: Sequence[Any]) -> Callable[[], None]:
        """Begin to replace a bucket by its sum over all processes; the result waits for the end.

        Parameters
        ----------
        processes : Processes
            The processes.
        bucket : Bucket
            What to sum.
        keys : sequence
            By what the arrays of the bucket are known from call to call.
        """
        return processes.start_sum(bucket.flat)


class TwoBytes(Compression):
    """Sends numbers of another type, in which they are also summed.

    Parameters
    ----------
    kind : torch.dtype
        The type.
    """

    def __init__(self, kind: torch.dtype) -> None:
        self._kind = kind

    def start_sum(self, processes: Processes, bucket: Bucket, keys: Sequence[Any]) -> Callable[[], None]:
        """Begin to replace a bucket by its sum over all processes; the result waits for the end."""
        if bucket.flat.dtype not in (torch.float32, torch.float64):
            return processes.start_sum(bucket.flat)
        sent = bucket.flat.to(self._kind)
        wait = processes.start_sum(sent)

        def finish() -> None:
            wait()
            bucket.flat.copy_(sent)

        return finish


class TwoBits(Compression):
    """Sends for each number whether it is below, between or above plus and minus a threshold.

    What is not sent is kept, and added to the next gradient of the array: Seide et al., "1-Bit Stochastic Gradient
    Descent", 2014, with two bits as MXNet has them.

    Parameters
    ----------
    threshold : float
        The threshold, which is also what is added for a number above it.
    """

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        self._kept: dict[Any, Tensor] = {}

    def another(self) -> TwoBits:
        """Return one for other arrays."""
        return TwoBits(self._threshold)

    def start_sum(self, processes: Processes, bucket: Bucket, keys: Sequence[Any]) -> Callable[[], None]:
        """Begin to replace a bucket by its sum over all processes; the result waits for the end."""
        codes = torch.cat([self.encode(key, piece).flatten() for key, piece in zip(keys, bucket.pieces, strict=True)])
        return functools.partial(self._finish, processes, bucket, _packed(codes))

    def _finish(self, processes: Processes, bucket: Bucket, packed: Tensor) -> None:
        bucket.flat.zero_()
        for each in processes.gather(packed):
            bucket.flat += _unpacked(each, bucket.flat.numel()).to(bucket.flat.dtype) * self._threshold

    def encode(self, key: Any, values: Tensor) -> Tensor:
        """Return -1, 0 or 1 for each number of an array that is known by a key, and keep the rest."""
        kept = self._kept.get(key)
        if kept is None or kept.shape != values.shape:
            kept = self._kept[key] = torch.zeros_like(values)
        kept += values
        codes = (kept >= self._threshold).to(torch.int8) - (kept <= -self._threshold).to(torch.int8)
        kept -= codes.to(kept.dtype) * self._threshold
        return codes


def _packed(codes: Tensor) -> Tensor:
    """Return codes of -1 to 1, four in a byte."""
    padded = torch.nn.functional.pad(codes, (0, -len(codes) % 4)).view(-1, 4) + 1
    return (padded * torch.tensor([1, 4, 16, 64], device=codes.device)).sum(1).to(torch.uint8)


def _unpacked(packed: Tensor, count: int) -> Tensor:
    shifts = torch.tensor([0, 2, 4, 6], device=packed.device)
    return ((packed.to(torch.int16)[:, None] >> shifts) & 3).flatten()[:count] - 1


def compression_of(owner: str, params: Mapping[str, Any] | None) -> Compression:
    """Return what is described as MXNet's programs describe it.

    Parameters
    ----------
    owner : str
        Whose argument it is.
    params : dict or None
        ``{"type": "2bit", "threshold": 0.5}``; or the type 'fp16' or 'bf16', which MXNet does not have, or 'none'.
    """
    if params is None:
        return Compression()
    if not isinstance(params, Mapping):
        raise RefusedError(f"{owner}: compression_params must be a dict; received {params!r}")
    options = dict(params)
    kind, threshold = options.pop("type", None), options.pop("threshold", 0.5)
    if options:
        raise MXNetError(f"{owner}: compression_params may have 'type' and 'threshold'; received {sorted(options)}")
    if kind in _OF_TWO_BYTES:
        return TwoBytes(_OF_TWO_BYTES[kind])
    if kind == "none":
        return Compression()
    if kind != "2bit":
        known = ["2bit", *_OF_TWO_BYTES, "none"]
        hint = nearest(kind, known) if isinstance(kind, str) else ""
        raise MXNetError(f"{owner}: the type of compression must be one of {', '.join(known)}; received {kind!r}{hint}")
    if not float(threshold) > 0:
        raise MXNetError(f"{owner}: the threshold of 2bit compression must be positive; received {threshold!r}")
    return TwoBits(float(threshold))
