"""``mx.optimizer``: what turns gradients into better parameters."""

from typing import Any

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


def __getattr__(name: str) -> Any:
    from ..errors import nearest

    raise AttributeError(
        f"module 'glueball.optimizer' has no attribute {name!r}; its optimizers are "
        f"{', '.join(sorted(Optimizer.opt_registry))}{nearest(name, __all__)}"
    )
