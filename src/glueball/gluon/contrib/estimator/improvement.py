"""Whether a metric has become better."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ....core.warning import warn


def comparison(owner: str, monitor: Any, mode: str) -> Callable[[Any, Any], Any]:
    """Return the function that says whether its first argument is better than its second.

    With ``mode="auto"`` the larger is the better one for every metric, a loss included, as in MXNet.
    """
    if mode not in ("auto", "min", "max"):
        warn(f"{owner}: mode must be 'auto', 'min' or 'max'; received {mode!r}; 'auto' is used", RuntimeWarning)
        mode = "auto"
    if mode == "auto":
        warn(
            f"{owner}: the larger value of {monitor.get()[0]} counts as the better one; give mode='min' for a "
            "loss, or mode='max' to say so without this warning"
        )
    comparisons: dict[str, Callable[[Any, Any], Any]] = {"min": np.less, "max": np.greater, "auto": np.greater}
    return comparisons[mode]


def worst(monitor_op: Callable[[Any, Any], Any]) -> float:
    """Return the value that every other is better than."""
    return float(np.inf if monitor_op is np.less else -np.inf)


def warn_not_updated(owner: str, name: str) -> None:
    """Warn of a metric that has no value."""
    warn(
        f"{owner}: {name} was not updated; monitor one of the estimator's train_metrics or val_metrics",
        RuntimeWarning,
    )
