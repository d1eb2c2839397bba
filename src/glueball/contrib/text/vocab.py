"""The vocabulary, which lies in ``core/``: data sets of ``gluon`` need it too."""

from __future__ import annotations

from ...core.vocabulary import Vocabulary

__all__ = ["Vocabulary"]
