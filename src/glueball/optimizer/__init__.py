"""``mx.optimizer``: optimizers, which update parameters from gradients. Each file of optimizers has its ``__all__``."""

from __future__ import annotations

from . import adam, adam_variants, adaptive, contrib, large_batch, layerwise, plain, proximal, sgd, sign, stochastic
from .adam import *  # noqa: F403
from .adam_variants import *  # noqa: F403
from .adaptive import *  # noqa: F403
from .large_batch import *  # noqa: F403
from .layerwise import *  # noqa: F403
from .optimizer import Optimizer
from .plain import *  # noqa: F403
from .proximal import *  # noqa: F403
from .sgd import *  # noqa: F403
from .sign import *  # noqa: F403
from .stochastic import *  # noqa: F403
from .updater import Updater, get_updater

__all__ = ["Optimizer", "Updater", "contrib", "create", "get_updater", "register"]
__all__ += adam.__all__
__all__ += adam_variants.__all__
__all__ += adaptive.__all__
__all__ += large_batch.__all__
__all__ += layerwise.__all__
__all__ += plain.__all__
__all__ += proximal.__all__
__all__ += sgd.__all__
__all__ += sign.__all__
__all__ += stochastic.__all__

register = Optimizer.register
create = Optimizer.create_optimizer
