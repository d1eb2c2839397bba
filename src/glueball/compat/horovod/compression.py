"""``hvd.Compression``: how gradients are shortened."""

from __future__ import annotations

from typing import Any, ClassVar


class Compressor:
    """One way to shorten gradients; `params` is how a store describes it."""

    params: ClassVar[dict[str, Any] | None] = None


class NoneCompressor(Compressor):
    """Sends gradients as they are."""


class FP16Compressor(Compressor):
    """Sends and sums gradients in float16."""

    params: ClassVar[dict[str, Any] | None] = {"type": "fp16"}


class Compression:
    """The ways there are."""

    none = NoneCompressor
    fp16 = FP16Compressor
