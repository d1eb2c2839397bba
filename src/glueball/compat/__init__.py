"""Programs that say ``import mxnet``, unchanged: the name ``mxnet`` for Glueball, and a runner of scripts."""

from __future__ import annotations

from .alias import install_as_mxnet

__all__ = ["install_as_mxnet"]
