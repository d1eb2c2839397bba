"""What ``make quick`` leaves out, and why: the tests that take long and seldom break alone.

All others are run. They notice what a change usually breaks: an operator on its samples beside real MXNet, layers,
hybridized blocks, gradients, training, files, graphs, the direction of imports.
"""

from __future__ import annotations

#: The beginning of a test's name: what the test adds to the ones that are run.
LEFT_OUT = {
    "tests/autograd/test_torch_state.py::test_many_steps_keep_no_memory": "a leak, which takes many steps to show",
    "tests/benchmarks/": "that the benchmarks run, in processes of their own",
    "tests/compat/": "import mxnet in processes of its own, whole programs; only a change of cli or compat breaks it",
    "tests/exchange/test_engines.py": "engines that compile, on networks that every engine is given",
    "tests/exchange/test_generated.py::test_every_way_is_the_same": "more drawn networks; a batch stays",
    "tests/exchange/test_zoo.py": "more networks; two small ones stay",
    "tests/gluon/data/test_dataloader.py": "worker processes in many settings; test_dataset and test_batchify stay",
    "tests/gluon/data/test_workers.py": "worker processes that fail, hang or are killed",
    "tests/gluon/model_zoo/": "large networks, built from layers that are tested, and where their weights lie",
    "tests/gluon/test_random_networks.py": "drawn networks again, without files",
    "tests/gluon/test_save_load.py::test_killing_the_process_leaves_a_whole_file": "a process that is killed",
    "tests/graph/test_engines.py::test_inductor": "an engine that compiles for seconds to minutes",
    "tests/graph/test_engines.py::test_random_operators_of_a_graph_can_be_compiled": "the same",
    "tests/graph/test_engines.py::test_compiling_says_nothing": "the same",
    "tests/ndarray/test_exchange.py::test_between_processes": "arrays that cross between processes",
    "tests/ndarray/test_random.py::test_a_program_that_never_seeds_repeats_itself": "two processes of their own",
    "tests/oracle/": "that MXNet's process is started, ended and understood rightly",
    "tests/serialization/test_atomic.py": "processes that are killed while they save",
    "tests/symbol/test_hostile_bytes.py": "thousands of broken files; test_hostile_rules has one for each rule",
    "tests/symbol/test_hostile_rules.py::test_a_wide_file_is_read_in_time_that_follows_its_size": "speed",
    "tests/symbol/test_hostile_rules.py::test_memory_follows_the_size_of_the_file": "memory",
    "tests/symbol/test_infer_random.py": "drawn graphs; test_infer and test_infer_operators stay",
    "tests/test_example.py": "a training to the end, of pieces that tests/test_training.py trains for 50 steps",
    "tests/test_golden.py::test_mxnet_would_write_these_files_again": "that the golden files are current",
    "tests/test_readme.py": "the examples of the README, in processes of their own",
    "tests/test_test_suite.py::test_a_run": "other tests, started in another way",
    "tests/typing/test_programs.py": "type checkers, in processes of their own; test_stubs stays",
}

#: What is run of the tests above.
KEPT = (
    "tests/exchange/test_generated.py::test_every_way_is_the_same[0]",
    "tests/exchange/test_zoo.py::test_network_crosses_both_ways[mobilenet0.25]",
    "tests/exchange/test_zoo.py::test_network_crosses_both_ways[resnet18_v1]",
)


def is_slow(test: str) -> bool:
    """Whether the test of this name is left out."""
    return test.startswith(tuple(LEFT_OUT)) and not test.startswith(KEPT)
