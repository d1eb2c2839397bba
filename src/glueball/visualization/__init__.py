"""Visualizing networks: ``mx.viz.print_summary``, ``mx.viz.plot_network``, and the views of ``glueball inspect``."""

from .dot import plot_network
from .summary import print_summary

__all__ = ["plot_network", "print_summary"]
