"""Optimizer states in MXNet's form, which is a pickle; no pickle is ever executed here."""

from .states import dump, is_pickle, load

__all__ = ["dump", "is_pickle", "load"]
