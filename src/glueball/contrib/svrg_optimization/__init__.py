"""``mx.contrib.svrg_optimization``: stochastic gradients with a smaller variance, for modules."""

from __future__ import annotations

import sys

from ...core.known_names import explain_in
from . import svrg_module

__all__ = ["svrg_module"]

for _module in (sys.modules[__name__], svrg_module):  # it is imported later than the rest of the package
    explain_in(_module)
