"""``mx.optimizer``: optimizers, which update parameters from gradients. Each file of optimizers has its ``__all__``."""

from __future__ import annotations

from . import adam, adaptive, sgd
from .adam import *  # noqa: F403
from .adaptive import *  # noqa: F403
from .optimizer import Optimizer
from .sgd import *  # noqa: F403
from .updater import Updater, get_updater

__all__ = ["Optimizer", "Updater", "create", "get_updater", "register"]
__all__ += adam.__all__
__all__ += adaptive.__all__
__all__ += sgd.__all__

register = Optimizer.register
create = Optimizer.create_optimizer
