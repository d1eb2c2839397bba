"""Runs programs that say ``import mxnet`` unchanged: an alias ``mxnet`` for Glueball, and a script runner."""

from __future__ import annotations

from .alias import install_as_mxnet

__all__ = ["install_as_mxnet"]
