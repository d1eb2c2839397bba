"""``gluon.rnn``: recurrent layers and cells. Each file says in its ``__all__`` what it adds."""

from __future__ import annotations

__all__: list[str] = []
