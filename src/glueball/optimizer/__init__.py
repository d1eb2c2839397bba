"""``mx.optimizer``: what turns gradients into better parameters."""

from .adam import Adam
from .adaptive import AdaDelta, AdaGrad, RMSProp
from .optimizer import Optimizer
from .sgd import NAG, SGD
from .updater import Updater, get_updater

__all__ = [
    "NAG", "SGD", "AdaDelta", "AdaGrad", "Adam", "Optimizer", "RMSProp", "Updater", "create", "get_updater",
    "register",
]  # fmt: skip

register = Optimizer.register
create = Optimizer.create_optimizer
