"""``mx.contrib.text``: counts of tokens, vocabularies, and vectors of words from files."""

from __future__ import annotations

from . import embedding, utils, vocab

__all__ = ["embedding", "utils", "vocab"]
