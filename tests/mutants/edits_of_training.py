"""Mutants of what trains: engines that fail in backward()."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

FAILING_GRADIENTS = (
    Mutant(
        "gradients are not tried",
        "graph/rehearsal.py",
        "if kind not in self._rehearsed and any",
        "if False and any",
        ("tests/graph/test_failing_gradients.py::test_a_gradient_that_fails_is_found_before_anything_depends_on_it",),
    ),
    Mutant(
        "gradients are tried in every call",
        "graph/rehearsal.py",
        "                self._rehearsed[kind] = True\n",
        "",
        ("tests/graph/test_failing_gradients.py::test_gradients_are_tried_once_for_each_set_of_shapes",),
    ),
)

MUTANTS = (*FAILING_GRADIENTS,)
