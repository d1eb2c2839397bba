"""Mutants: mistakes that a test must notice, as edits of the package with the tests that should fail.

A mutant is one plausible mistake, such as a dropped condition or two swapped arguments. Add one for what is easy to
break and hard to see. The tests listed should be few and fast, and need real MXNet only where nothing else tells.
"""

from __future__ import annotations

from tests.mutants import edits_of_data, edits_of_exchange, edits_of_operators, edits_of_processes, edits_of_training
from tests.mutants.mutant import Mutant

_REFUSALS = "tests/ops/test_operators.py::test_refusals"
_GOLDEN_CONV = "tests/test_golden.py::test_conv2d"
_INFER = "tests/ops/test_operators.py::test_shapes_and_types_without_values"
_BATCH_NORM = "tests/ops/nn/test_batch_norm.py"
_POOLING = "tests/ops/nn/test_pooling.py"
_FORWARD = "tests/gluon/test_forward.py"
_HYBRIDIZE = "tests/gluon/test_hybridize.py"
_ONEDNN = "tests/graph/test_onednn.py"
_PASSES = "tests/graph/test_passes.py"
_WINOGRAD = "tests/graph/kernels/test_winograd.py"
_BANDS = "tests/graph/test_bands.py"
_CONVOLUTIONS = "tests/graph/kernels/test_convolutions.py"
_WORKSPACE = "tests/graph/test_workspace.py"
_TRAINING = "tests/graph/training/test_convolution.py"
_TRAINED_NORM = "tests/graph/training/test_batch_norm.py"
_UPDATES = "tests/optimizer/test_updates.py::test_graphs_notice_an_update"
_STATES_OF_MXNET = "tests/optimizer/test_states_of_mxnet.py"
_LAYERS = "tests/graph/test_layers.py"
_ACTIVATIONS = "tests/graph/test_activations.py"
_CONCAT = "tests/graph/test_concat.py"
_EXPORT = "tests/gluon/test_export.py"
_TRAINER = "tests/gluon/test_trainer.py"
_PARAMS = "tests/serialization/test_params.py"
_HOSTILE = "tests/serialization/test_hostile.py"

CONVOLUTION = (
    Mutant(
        "a weight of another kernel is convolved",
        "ops/nn/conv.py",
        "shape[0] != filters or shape[2:] != kernel or",
        "shape[0] != filters or",
        (f"{_REFUSALS}[Convolution]",),
    ),
    Mutant(
        "one stride serves all axes",
        "ops/nn/conv.py",
        "if not consistent or shape[0]",
        "if shape[0]",
        (f"{_REFUSALS}[Convolution]",),
    ),
    Mutant(
        "stride and dilate are exchanged",
        "ops/nn/conv.py",
        "torch_convolution(image, weight, bias, stride, zero, dilate,",
        "torch_convolution(image, weight, bias, dilate, zero, stride,",
        (_GOLDEN_CONV,),
    ),
    Mutant(
        "the inferred weight knows no groups",
        "ops/nn/conv.py",
        "channels = UNKNOWN if first[1] == UNKNOWN else first[1] // groups",
        "channels = first[1]",
        (_GOLDEN_CONV,),
    ),
)

BATCH_NORM = (
    Mutant(
        "the moving mean never moves",
        "ops/nn/batch_norm.py",
        "new_mean = moving_statistic(moving_mean, mean, momentum)",
        "new_mean = moving_mean",
        (_BATCH_NORM,),
    ),
    Mutant(
        "use_global_stats is ignored in training",
        "ops/nn/batch_norm.py",
        "of_batch=training and not use_global_stats,",
        "of_batch=training,",
        (_BATCH_NORM,),
    ),
    Mutant(
        "fix_gamma is ignored where gamma has a gradient",
        "ops/nn/batch_norm.py",
        "weight = without_gradient(torch.ones_like(gamma), gamma) if gamma.requires_grad else None",
        "weight = gamma if gamma.requires_grad else None",
        (_BATCH_NORM,),
    ),
)

POOLING = (
    Mutant(
        "padding counts in the mean although it should not",
        "ops/nn/pool.py",
        "edge = p if include_pad else 0",
        "edge = p",
        (_POOLING,),
    ),
    Mutant(
        "lengths are rounded down with the convention 'full'",
        "ops/nn/pool.py",
        "lengths = tuple(-(-(n + 2 * p - k) // s) + 1 for n, k, s, p in axes)",
        "lengths = tuple((n + 2 * p - k) // s + 1 for n, k, s, p in axes)",
        (_POOLING,),
    ),
    Mutant(
        "the padding of a maximum is zero",
        "ops/nn/pool.py",
        "value=torch.finfo(data.dtype).min",
        "value=0.0",
        (_POOLING,),
    ),
)

HYBRIDIZE = (
    Mutant(
        "the graph of training serves prediction too",
        "graph/program.py",
        "if self._needs_shapes else training\n        ready",
        "if self._needs_shapes else None\n        ready",
        (_HYBRIDIZE, _FORWARD),
    ),
    Mutant(
        "a graph runs in prediction mode always",
        "gluon/core/traced_graph.py",
        "results = self.program.run(tensors, ctx, mode.training)",
        "results = self.program.run(tensors, ctx, False)",
        (_HYBRIDIZE, _FORWARD),
    ),
    Mutant(
        "a graph is recorded in training mode only",
        "gluon/core/traced_graph.py",
        "if mode.recording:",
        "if mode.training:",
        (_HYBRIDIZE, _FORWARD),
    ),
    Mutant(
        "a parameter set later leaves the old graph",
        "gluon/core/hybrid_block.py",
        "elif isinstance(value, Parameter):\n            self._glueball_forget()",
        "elif False:\n            self._glueball_forget()",
        (_HYBRIDIZE, _FORWARD),
    ),
    Mutant(
        "the error of a signal handler is explained as the operator's",
        "graph/failures.py",
        "if stranger is not None:",
        "if False:",
        (_FORWARD,),
    ),
    Mutant(
        "the states of a graph are not written",
        "graph/program.py",
        "change_in_backward(averages, results[:heads])",
        "pass",
        (_HYBRIDIZE, _FORWARD),
    ),
)

PREDICTION = (
    Mutant(
        "what an array has written is not noticed",
        "graph/live.py",
        "if self._written != list",
        "if False and self._written != list",
        (_ONEDNN,),
    ),
    Mutant(
        "what torch has written is not noticed",
        "graph/live.py",
        "or self._versions != list(map(_version, tensors))",
        "or False",
        (_ONEDNN,),
    ),
    Mutant(
        "writes through DLPack are not expected",
        "graph/prediction.py",
        " or not is_traceable(parameters)",
        "",
        (_ONEDNN,),
    ),
    Mutant(
        "gamma is folded where it is fixed",
        "graph/passes/fold_batch_norm.py",
        'None if how["fix_gamma"] else gamma',
        "gamma",
        (_ONEDNN,),
    ),
    Mutant(
        "normalization along another axis is folded",
        "graph/passes/fold_batch_norm.py",
        "return axis == channels.axis",
        "return True",
        (_LAYERS, _PASSES),
    ),
    Mutant(
        "factors of channels meet the filters of another group",
        "ops/nn/deconv.py",
        ".repeat_interleave(weight.shape[0] // groups, dim=0)",
        ".repeat(weight.shape[0] // groups, 1)",
        (_LAYERS,),
    ),
    Mutant(
        "a gate is fused of whose layer others take the result",
        "graph/passes/fuse_gate.py",
        "steps and set(layer.users) == {steps[0], product}",
        "steps",
        (_ACTIVATIONS,),
    ),
    Mutant(
        "oneDNN is asked for a function behind a sum",
        "graph/kernels/packed.py",
        '"add", 1.0, None, [], None',
        '"add", 1.0, self._name, self._scalars, "none"',
        (_ACTIVATIONS,),
    ),
    Mutant(
        "a slice along another axis takes a joined array",
        "graph/passes/skip_concat.py",
        ' or attributes(user)["axis"] % len(_shape(join)) != axis',
        "",
        (_CONCAT,),
    ),
    Mutant(
        "an array is added that has another shape",
        "graph/passes/fuse_sum.py",
        'not shape == first.meta.get("shape") == second.meta.get("shape")',
        "False",
        (_PASSES,),
    ),
    Mutant(
        "a result that others take is lost",
        "graph/matching.py",
        "and call.activation is None and is_used_once(node)",
        "and call.activation is None",
        (_PASSES,),
    ),
    Mutant(
        "an output shares memory with what is kept",
        "graph/constants.py",
        "Output(is_shared)",
        "Output(False)",
        (_ONEDNN,),
    ),
    Mutant(
        "data with the channels last are read as if they had them first",
        "graph/placing.py",
        "    return draft.insert(at, to_channels_first, images)\n",
        "    return images\n",
        (_ONEDNN,),
    ),
)

KERNELS = (
    Mutant(
        "an infinite number spreads over its tile",
        "graph/kernels/winograd.c",
        "check += result[4 * i + j] * 0;",
        "",
        (_WINOGRAD,),
    ),
    Mutant(
        "an infinite number spreads over its tile where the result has its channels first",
        "graph/kernels/winograd.c",
        "check += row[j] * 0, row[j] += bias;",
        "row[j] += bias;",
        (_WINOGRAD,),
    ),
    Mutant(
        "filters of odd length miss a phase in the last column",
        "graph/kernels/winograd.c",
        "last_column ? 3 : 4",
        "last_column ? 2 : 4",
        (_WINOGRAD,),
    ),
    Mutant(
        "few channels meet the number beside the image",
        "graph/kernels/narrow.h",
        "long first = x < 0 ? (1 - x) / 2 : 0,",
        "long first = x < 0 ? -x / 2 : 0,",
        (_WINOGRAD,),
    ),
    Mutant(
        "pixels beyond the right edge are read",
        "graph/kernels/winograd.h",
        "x >= 0 && x < width;",
        "x >= 0;",
        (_WINOGRAD,),
    ),
    Mutant(
        "NaN becomes the lower limit",
        "graph/kernels/layer.h",
        "at_least_all(value, end.low)",
        "at_least_all(end.low, value)",
        (_WINOGRAD,),
    ),
    Mutant(
        "shapes are not held against those that the kernel was made for",
        "graph/kernels/compiled.py",
        "if not fits or not",
        "if False and not",
        (_WINOGRAD,),
    ),
    Mutant(
        "a filter meets what is beside the image",
        "graph/kernels/grouped.c",
        "if (edge && !is_inside(x + c, layer->width)) continue;",
        "",
        (_CONVOLUTIONS,),
    ),
    Mutant(
        "what two steps need is not moved to the beginning",
        "graph/kernels/sequence.c",
        "memmove(band->memory, band->memory + (needed.first - band->rows.first) * row, kept * row * sizeof(float));",
        "",
        (_BANDS,),
    ),
    Mutant(
        "the last of kernels that are computed together writes where the first one reads",
        "graph/workspace.py",
        "numbers[user if end.get(node) is end.get(user) else end.get(user, user)]",
        "numbers[user]",
        (_BANDS,),
    ),
    Mutant(
        "padding makes NaN of infinite filters",
        "graph/kernels/panels.py",
        "if irregular and self._are_checked:",
        "if False:",
        (_CONVOLUTIONS,),
    ),
    Mutant(
        "a result lies where one that is still needed is",
        "graph/workspace.py",
        "last[user] if _may_alias(user) else read(node, user)",
        "numbers[user]",
        (_WORKSPACE,),
    ),
    Mutant(
        "a call inside another one has the same memory",
        "graph/workspace.py",
        'kept.pop("results", None)',
        'kept.get("results", None)',
        (_WORKSPACE,),
    ),
    Mutant(
        "a sequence goes on with old parameters",
        "graph/kernels/sequence.py",
        "bound.kept() is not kept or ",
        "",
        (_WORKSPACE,),
    ),
    Mutant(
        "filters that two vectors share are summed at the wrong place",
        "graph/kernels/gradient.c",
        "load(head + other) : all(0)",
        "load(head + VECTOR) : all(0)",
        (_TRAINING,),
    ),
    Mutant(
        "the sums of some threads are left out",
        "graph/kernels/winograd_gradient.c",
        "thread < sums.threads; thread++",
        "thread < 1; thread++",
        (_TRAINING,),
    ),
    Mutant(
        "the sums of shared tiles begin again with each block",
        "graph/kernels/winograd_gradient.c",
        "if (!is_first) sum",
        "if (0) sum",
        (_TRAINING,),
    ),
    Mutant(
        "the taps of a transposed filter are not reversed",
        "graph/kernels/panels.py",
        "tap_step, first = -tap_step, (taps - 1) * tap_step",
        "pass",
        (_TRAINING,),
    ),
    Mutant(
        "a gradient is not differentiated again",
        "graph/training/convolution.py",
        "if torch.is_grad_enabled():",
        "if False:",
        (_TRAINING,),
    ),
    Mutant(
        "memory is used again that somebody has",
        "graph/recycled.py",
        "if _references(same, number) == _FREE:",
        "if True:",
        ("tests/graph/test_outputs.py",),
    ),
    Mutant(
        "a gradient passes a relu where its result is 0",
        "graph/kernels/batch_norm.h",
        "& ~(out <= all(0))",
        "& ~(out < all(0))",
        (_TRAINED_NORM,),
    ),
    Mutant(
        "a vector of channels that overlaps another is summed twice",
        "graph/kernels/batch_norm.h",
        "(lanes() >= (int)(next - channel))",
        "(lanes() >= 0)",
        (_TRAINED_NORM,),
    ),
    Mutant(
        "a pooling window divides by what is beside the image",
        "graph/kernels/pool.c",
        "edge = layer->size == 1 ? layer->pad[axis] : 0",
        "edge = layer->pad[axis]",
        ("tests/graph/kernels/test_elementary.py",),
    ),
    Mutant(
        "a dense layer reads images as a convolution has written them",
        "graph/placing.py",
        "prod(kernel.out_shape[2:]) > 1",
        "prod(kernel.out_shape[2:]) < 0",
        ("tests/graph/kernels/test_dense.py",),
    ),
    Mutant(
        "a dense layer leaves out the numbers that fill no vector",
        "graph/kernels/dense.c",
        "if (whole < length)",
        "if (length < 0)",
        ("tests/graph/kernels/test_dense.py",),
    ),
    Mutant(
        "the bias of a new state is not reset",
        "graph/kernels/recurrent.c",
        "kind == GRU && g == 2 ? bias : all(0)",
        "all(0)",
        ("tests/graph/kernels/test_recurrent.py",),
    ),
    Mutant(
        "small states lose their digits",
        "graph/kernels/exponential.h",
        "return less_one / (less_one + all(2));",
        "return all(1) - all(2) / (less_one + all(2));",
        ("tests/graph/kernels/test_recurrent.py",),
    ),
    Mutant(
        "infinite numbers spread in training",
        "graph/training/convolution.py",
        "            return kernels.call(data, weight, bias)\n",
        "            raise\n",
        (_TRAINING,),
    ),
    Mutant(
        "more is kept than there is room for",
        "graph/kernels/selection.py",
        "gain > 0 and more <= max(room, 0) and",
        "gain > 0 and",
        ("tests/graph/kernels/test_selection.py",),
    ),
    Mutant(
        "code is loaded that others can write",
        "graph/kernels/native.py",
        "found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)",
        "False",
        ("tests/graph/kernels/test_native.py",),
    ),
    Mutant(
        "the fused step writes unnoticed",
        "optimizer/fused.py",
        "    torch.autograd.graph.increment_version(tensors)\n",
        "    pass\n",
        (_UPDATES,),
    ),
)

EXPORT = (
    Mutant(
        "remove_amp_cast is ignored",
        "gluon/core/traced_block.py",
        "files[1], remove_amp_cast)",
        "files[1], True)",
        (_EXPORT,),
    ),
    Mutant(
        "the oldest graph is written",
        "gluon/core/traced_block.py",
        "next(reversed(self._glueball_traces.items()))",
        "next(iter(self._glueball_traces.items()))",
        (_EXPORT,),
    ),
    Mutant(
        "states are written as arguments",
        "gluon/core/traced_block.py",
        "'aux' if each.name in states else 'arg'",
        "'arg'",
        (_EXPORT,),
    ),
)

TRAINER = (
    Mutant(
        "gradients are not divided by the batch size",
        "gluon/trainer.py",
        "self._check_and_rescale_grad(self._scale / _checked_size(batch_size))\n        self._glueball_begin()",
        "self._check_and_rescale_grad(self._scale)\n        self._glueball_begin()",
        (_TRAINER,),
    ),
    Mutant(
        "one fresh gradient is enough on several contexts",
        "gluon/trainer.py",
        "if not (all(marked) or ignore_stale_grad):",
        "if not (any(marked) or ignore_stale_grad):",
        (_TRAINER,),
    ),
    Mutant(
        "a file of states may name anything",
        "optimizer/mxnet_form/reader.py",
        "if found not in _PLAIN and found not in self._allowed:",
        "if not found.name:",
        (f"{_STATES_OF_MXNET}::test_nothing_is_called",),
    ),
    Mutant(
        "the momentum of a step of several weights is no state",
        "ops/optimizer/several.py",
        "if number % each > 1]",
        "if number % each > 2]",
        ("tests/optimizer/test_steps.py::test_states_of_a_graph_with_a_step_of_several_weights",),
    ),
    Mutant(
        "settings of the optimizer do not come back from a file",
        "gluon/core/trainer_states.py",
        "            restore()\n",
        "",
        (_TRAINER,),
    ),
)

SERIALIZATION = (
    Mutant(
        "bytes after the end are not noticed",
        "serialization/reader.py",
        '        if self.left:\n            self.fail("the file must end',
        '        if False:\n            self.fail("the file must end',
        (_HOSTILE,),
    ),
    Mutant(
        "a scalar is written as version 2",
        "serialization/writer.py",
        "magic = layout.RECORD_V3 if is_numpy else layout.RECORD_V2",
        "magic = layout.RECORD_V2",
        (_PARAMS,),
    ),
    Mutant(
        "a bool keeps a byte that is neither 0 nor 1",
        "serialization/reader.py",
        "            raw.ne_(0)",
        "            pass",
        (_PARAMS,),
    ),
)

MUTANTS = (
    *CONVOLUTION, *BATCH_NORM, *POOLING, *HYBRIDIZE, *PREDICTION, *KERNELS, *EXPORT, *TRAINER, *SERIALIZATION,
    *edits_of_data.MUTANTS, *edits_of_exchange.MUTANTS, *edits_of_operators.MUTANTS,
    *edits_of_processes.MUTANTS, *edits_of_training.MUTANTS,
)  # fmt: skip
