"""The callback that `FeedForward` has by default; programs find it in ``mx.callback``."""

from __future__ import annotations

import logging
from typing import Any

from ..core.doors import guard


@guard
class LogValidationMetricsCallback:
    """A validation-end callback that logs the metric."""

    def __call__(self, param: Any) -> None:
        """Log the metric in a `BatchEndParam`, if there is one."""
        if not param.eval_metric:
            return
        for name, value in param.eval_metric.get_name_value():
            logging.info("Epoch[%d] Validation-%s=%f", param.epoch, name, value)
