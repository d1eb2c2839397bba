"""Mutants of what several processes compute together: statistics, metrics, parts of the data and of states."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_SHARDS = "tests/parallel/test_shards.py"
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
    Mutant(
        "updates that other processes do are not counted",
        "parallel/shard_updater.py",
        "self.optimizer._glueball_pass_over(others)",
        "pass",
        (f"{_SHARDS}::test_parameters_are_those_of_processes_with_all_states",),
    ),
    Mutant(
        "a process keeps the states of a file that belong to others",
        "gluon/core/trainer_states.py",
        "updater._glueball_forget_others()",
        "pass",
        (f"{_SHARDS}::test_a_file_of_states_is_that_of_processes_with_all_of_them",),
    ),
)
