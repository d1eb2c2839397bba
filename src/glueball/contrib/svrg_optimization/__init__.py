"""``mx.contrib.svrg_optimization``: stochastic gradients with a smaller variance, for modules."""

from __future__ import annotations

from . import svrg_module

__all__ = ["svrg_module"]
