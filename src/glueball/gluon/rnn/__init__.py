"""``gluon.rnn``: recurrent layers and cells. Each file says in its ``__all__`` what it adds."""

from __future__ import annotations

from . import rnn_layer
from .rnn_layer import *  # noqa: F403

__all__: list[str] = []
__all__ += rnn_layer.__all__
