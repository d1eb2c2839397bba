"""Visualizing networks: ``mx.viz.print_summary``, ``mx.viz.plot_network``, and the views of ``glueball inspect``."""

from . import notebook as _notebook  # noqa: F401  # it installs the methods that notebooks call
from .dot import plot_network
from .summary import print_summary

__all__ = ["plot_network", "print_summary"]
