"""MXNet's note that an operator computes with dense copies of sparse arrays: once for each operator and its forms."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence

_log = logging.getLogger(__name__)
_said: set[tuple[str, tuple[str, ...]]] = set()


def warn_of_fallback(operator: str, stypes: Sequence[str]) -> None:
    """Log that dense copies are made, unless ``MXNET_STORAGE_FALLBACK_LOG_VERBOSE`` is 0 in the environment."""
    key = (operator, tuple(stypes))
    if key in _said or os.environ.get("MXNET_STORAGE_FALLBACK_LOG_VERBOSE", "1") in ("0", "false", "False"):
        return
    _said.add(key)
    _log.warning(
        "%s: storage type fallback: it has no rule for inputs of the storage types %s, so that it computes with dense "
        "copies; the result is right, but takes the memory of dense arrays. MXNET_STORAGE_FALLBACK_LOG_VERBOSE=0 in "
        "the environment turns this note off",
        operator, ", ".join(stypes),
    )  # fmt: skip
