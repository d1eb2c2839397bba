"""Mutants of what trains: optimizers, modules, graphs over several contexts, engines that fail in backward()."""

from __future__ import annotations

OPTIMIZERS = ()

MODULES = ()

FAILING_GRADIENTS = ()

MUTANTS = (*OPTIMIZERS, *MODULES, *FAILING_GRADIENTS)
