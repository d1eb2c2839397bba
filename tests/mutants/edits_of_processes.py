"""Mutants of what several processes compute together: statistics, metrics, parts of the data."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_SHARED = "tests/parallel/test_sync_batch_norm.py::"

MUTANTS = (
    Mutant(
        "what all processes share has the gradient of one",
        "ops/nn/shared_statistics.py",
        '_Sum.apply(gradient, f"{ctx.name}, backward").unbind()',
        "gradient.unbind()",
        (f"{_SHARED}test_values_gradients_and_their_gradients",),
    ),
    Mutant(
        "processes count alike, whatever their batches are",
        "ops/nn/shared_statistics.py",
        "found[:, :1], found",
        "torch.ones_like(found[:, :1]), found",
        (f"{_SHARED}test_values_gradients_and_their_gradients",),
    ),
    Mutant(
        "processes do not see that they run other layers",
        "parallel/for_operators.py",
        "first[0] = zlib.crc32",
        "first[0] = 0 * zlib.crc32",
        ("tests/parallel/test_sync_batch_norm_faults.py::test_what_differs_between_processes_is_named",),
    ),
    Mutant(
        "a metric of a program is joined by its sums alone",
        "parallel/metrics.py",
        "return sorted(changed - {*metric._glueball_counters})",
        "return []",
        ("tests/parallel/test_metrics.py::test_what_nobody_knows_how_to_join_is_refused_unless_the_program_says_it",),
    ),
    Mutant(
        "the scores of tables are added, not computed of their sum",
        "metric/classification.py",
        'if self.average == "micro":\n            self._glueball_score_counts()',
        "if False:\n            self._glueball_score_counts()",
        ("tests/parallel/test_metrics.py::test_metrics_are_those_of_one_process_that_sees_all",),
    ),
    Mutant(
        "parts differ in length",
        "gluon/contrib/data/sampler.py",
        "(index < rest or (even_size and rest > 0))",
        "(index < rest)",
        ("tests/gluon/contrib/test_data.py::test_equal_parts_have_all_indices_and_few_twice",),
    ),
)
