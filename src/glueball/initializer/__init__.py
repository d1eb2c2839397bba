"""``mx.init``: initializers, which set the initial values of parameters."""

from .base import InitDesc, Initializer, alias, create, register
from .composite import Load, Mixed
from .constant import Bilinear, Constant, LSTMBias, One, Zero
from .fused_rnn import FusedRNN
from .random import MSRAPrelu, Normal, Orthogonal, Uniform, Xavier

__all__ = [
    "Bilinear", "Constant", "FusedRNN", "InitDesc", "Initializer", "LSTMBias", "Load", "MSRAPrelu", "Mixed",
    "Normal", "One", "Orthogonal", "Uniform", "Xavier", "Zero", "alias", "create", "register",
]  # fmt: skip
