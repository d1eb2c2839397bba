"""``gluon.contrib.rnn``: more recurrent cells. Each file says in its ``__all__`` what it adds."""

from __future__ import annotations

from . import conv_rnn_cell, rnn_cell
from .conv_rnn_cell import *  # noqa: F403
from .rnn_cell import *  # noqa: F403

__all__ = ["conv_rnn_cell", "rnn_cell"]
__all__ += conv_rnn_cell.__all__
__all__ += rnn_cell.__all__
