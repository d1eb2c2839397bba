"""The tests that ``make quick`` leaves out, and why: slow tests that seldom break alone.

All others run. They cover what a change usually breaks: operators on their samples against real MXNet, layers,
hybridized blocks, gradients, training, files, graphs, the direction of imports.
"""

from __future__ import annotations

#: The prefix of a test's name: what the test adds to those that run.
LEFT_OUT = {
    "tests/autograd/test_torch_state.py::test_many_steps_keep_no_memory": "a leak, which takes many steps to show",
    "tests/benchmarks/": "that the benchmarks run, in separate processes",
    "tests/compat/": "whole programs that import mxnet, in separate processes; only changes of cli or compat break it",
    "tests/docs/": "the site, built and opened in a browser; the code of its pages, each in a process of its own",
    "tests/exchange/test_engines.py": "engines that compile, on the networks of every engine",
    "tests/exchange/test_generated.py::test_every_way_is_the_same": "more random networks; one batch stays",
    "tests/exchange/test_zoo.py": "more networks; two small ones stay",
    "tests/drawn/test_calls.py": "thousands of calls, each place in a process of its own",
    "tests/gluon/rnn/test_layers.py::test_a_compiler": "an engine that compiles for seconds",
    "tests/gluon/data/test_dataloader.py": "worker processes in many settings; test_dataset and test_batchify stay",
    "tests/gluon/data/test_workers.py": "worker processes that fail, hang or are killed",
    "tests/gluon/model_zoo/": "large networks, built from layers that are tested, and where their weights lie",
    "tests/gluon/test_random_networks.py": "random networks again, without files",
    "tests/gluon/test_save_load.py::test_killing_the_process_leaves_a_whole_file": "a process that is killed",
    "tests/graph/engines/test_operators.py::test_samples": "thousands of sessions of runtimes that may be installed",
    "tests/graph/engines/test_runtimes.py::test_networks_of_the_zoo": "the same for large networks",
    "tests/graph/test_engines.py::test_inductor": "an engine that compiles for seconds to minutes",
    "tests/graph/test_engines.py::test_random_operators_of_a_graph_can_be_compiled": "the same",
    "tests/graph/test_engines.py::test_compiling_says_nothing": "the same",
    "tests/interop/torch/test_module.py::test_all_networks_of_the_zoo": "large networks; three small ones stay",
    "tests/interop/torch/test_module.py::test_networks_of_the_zoo": "networks that are compiled; small ones stay",
    "tests/interop/torch/test_rules.py": "the samples of 133 operators, each as a file; a few stay",
    "tests/interop/torch/test_written.py::test_all_networks_of_the_zoo": "large networks; two small ones stay",
    "tests/interop/torch/test_written.py::test_trained_networks": "processes without Glueball",
    "tests/interop/onnx/test_export_networks.py::test_all_networks": "more networks; one of each kind stays",
    "tests/interop/onnx/test_export_operators.py::test_samples": "thousands of sessions of ONNX Runtime",
    "tests/ndarray/test_exchange.py::test_between_processes": "arrays that are exchanged between processes",
    "tests/ndarray/test_random.py::test_a_program_that_never_seeds_repeats_itself": "two separate processes",
    "tests/optimizer/test_two_hundred_steps.py": "longer trainings; test_updates has fifty steps of each optimizer",
    "tests/oracle/": "starting, stopping and talking to MXNet's process",
    "tests/serialization/test_atomic.py": "processes that are killed while they save",
    "tests/symbol/test_hostile_bytes.py": "thousands of broken files; test_hostile_rules has one for each rule",
    "tests/symbol/test_hostile_rules.py::test_a_wide_file_is_read_in_time_that_follows_its_size": "speed",
    "tests/symbol/test_hostile_rules.py::test_memory_follows_the_size_of_the_file": "memory",
    "tests/symbol/test_infer_random.py": "drawn graphs; test_infer and test_infer_operators stay",
    "tests/test_example.py": "a training to the end, of pieces that tests/test_training.py trains for 50 steps",
    "tests/test_golden.py::test_mxnet_would_write_these_files_again": "that the golden files are current",
    "tests/test_readme.py": "the examples of the README, in processes of their own",
    "tests/test_test_suite.py::test_a_run": "other tests, started in another way",
    "tests/typing/test_programs.py": "type checkers, in separate processes; test_stubs stays",
}

#: Exceptions to the above, which run.
KEPT = (
    "tests/exchange/test_generated.py::test_every_way_is_the_same[0]",
    "tests/exchange/test_zoo.py::test_network_crosses_both_ways[mobilenet0.25]",
    "tests/exchange/test_zoo.py::test_network_crosses_both_ways[resnet18_v1]",
    "tests/interop/torch/test_module.py::test_networks_of_the_zoo[squeezenet1.1]",
    "tests/interop/torch/test_rules.py::test_samples_are_computed_as_by_the_operator[BatchNorm]",
    "tests/interop/torch/test_rules.py::test_samples_are_computed_as_by_the_operator[Convolution]",
    "tests/interop/torch/test_rules.py::test_samples_are_computed_as_by_the_operator[Pooling]",
)


def is_slow(test: str) -> bool:
    """Whether the test with this name is left out."""
    return test.startswith(tuple(LEFT_OUT)) and not test.startswith(KEPT)
