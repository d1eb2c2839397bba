"""What declarations say for drawings and summaries: the kind, the caption and the floating-point operations."""

from __future__ import annotations

from typing import Any, get_args

import pytest
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

import glueball as mx
from glueball.ops import Operator, registry
from glueball.ops.captions import TIMES
from glueball.ops.declare import operator as declare
from glueball.ops.facts import Kind
from glueball.ops.samples import Sample, sample
from glueball.visualization.captions import detail
from glueball.visualization.network import Layer, study
from tests.ops.cases import CASES, Case, naming, supplied
from tests.ops.test_graph_nodes import find_symbol, variable_for


def _layer(case: Case) -> Layer:
    """Return the layer of a sample's call in a graph whose input shapes are known."""
    shapes = {f"in{number}": item.shape for number, item in enumerate(case.sample.inputs) if item is not None}
    variables = {name: variable_for(mx, case.operator.name, name) for name in shapes}
    function = find_symbol(mx, case.operator.name)
    if case.operator.variadic_by:
        symbol = function(*variables.values(), **case.sample.attributes)
    else:
        given = {
            name: variables[f"in{number}"]
            for number, name in enumerate(case.operator.inputs)
            if f"in{number}" in variables
        }
        symbol = function(**given, **case.sample.attributes)
    return study(symbol, shapes).layers[-1]


@pytest.mark.parametrize("operator", list(registry), ids=lambda operator: operator.name)
def test_every_operator_has_a_kind_and_counts(operator: Operator) -> None:
    assert operator.kind in get_args(Kind)
    if operator.decides_by_value:
        return  # no graph can have it
    for case in CASES[operator]:
        with naming(case):
            layer = _layer(case)
            assert layer.operator == operator.name
            assert "\n" not in detail(layer)
            shapes = [*layer.shapes, *[item.shape for item in case.sample.inputs if item is not None]]
            if all(shape is not None and min(shape, default=1) > 0 for shape in shapes):  # others are unknown
                assert isinstance(layer.work, int) and layer.work >= 0
                assert isinstance(layer.multiply_adds, int) and 0 <= 2 * layer.multiply_adds <= layer.work


def test_a_new_operator_must_say_what_nothing_else_says() -> None:
    def double(data: Tensor) -> Tensor:
        return 2 * data

    with pytest.raises(TypeError, match="missing 2 required keyword-only arguments: 'kind' and 'flops'"):
        declare("_test_double")(double)
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'flops'"):
        declare("_test_double", kind="other")(double)
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'kind'"):
        declare("_test_double", multiply_adds=lambda call: 0)(double)
    assert "_test_double" not in registry


@pytest.mark.parametrize("name", ["Convolution", "Deconvolution", "FullyConnected", "batch_dot", "_linalg_gemm2"])
def test_multiply_adds_are_those_that_torch_counts(name: str) -> None:
    for case in CASES[registry[name]]:
        arrays = [None if array is None else torch.from_numpy(array) for array in case.arrays]
        with naming(case):
            with FlopCounterMode(display=False) as counter:
                case.applied.function(*arrays, **supplied(case.operator, training=False))
            assert 2 * _layer(case).multiply_adds == counter.get_total_flops()


@pytest.mark.parametrize(
    ("name", "call", "work"),
    [
        # 3 squares and their 2 sums, alpha and k, a power and a division.
        ("LRN", sample((2, 5, 3, 4), nsize=3), 120 * (3 + 2 + 2 + 1 + 1)),
        # A row of 6 is sorted with 6 * 3 comparisons.
        ("sort", sample((6, 2), axis=0), 2 * 6 * 3),
        ("topk", sample((4, 2), axis=None, k=2), 8 * 3),
        ("argsort", sample((5, 1)), 0),
        ("argmax_channel", sample((2, 3, 4)), 24),
        # A sum; the difference from the mean, its square and their sum.
        ("moments", sample((2, 3), axes=(0,)), 6 * 4),
        ("UpSampling", sample((1, 2, 3, 3), scale=2, sample_type="nearest"), 0),
        ("UpSampling", sample((1, 2, 3, 3), (1, 2, 6, 6), scale=2, sample_type="nearest", multi_input_mode="sum"),
         2 * 6 * 6),
        # Each of 18 pixels is multiplied with a window of 4 x 4, and added.
        ("UpSampling", sample((1, 2, 3, 3), (2, 1, 4, 4), scale=2, sample_type="bilinear", num_filter=2), 18 * 16 * 2),
        ("_contrib_BilinearResize2D", sample((1, 2, 3, 3), None, height=4, width=5), 2 * 4 * 5 * (4 + 3)),
        # Per box (10) the area. Per pair (24) 4 comparisons, an area, a sum, a difference and a division.
        ("_contrib_box_iou", sample((4, 4), (2, 3, 4)), 10 * 5 + 24 * (4 + 5 + 2 + 1)),
        ("_contrib_box_iou", sample((1, 4), (1, 4), format="center"), 2 * (6 + 5) + 12),
        # Twice 8 scores are compared and sorted. The overlaps of 3 boxes and their 3 pairs are compared.
        ("_contrib_box_nms", sample((2, 8, 6), topk=3), 2 * (8 + 8 * 3 + 3 * 5 + 3 * (12 + 1))),
        ("_contrib_box_nms", sample((2, 6), in_format="center"), 2 + 2 + 2 * (5 + 2 * 6) + (12 + 1)),
        # Two rectangles of at most 4 x 5 in 3 channels.
        ("ROIPooling", sample((1, 3, 4, 5), (2, 5), pooled_size=(2, 2), spatial_scale=1), 2 * 3 * 4 * 5),
        ("GridGenerator", sample((2, 6), transform_type="affine", target_shape=(3, 4)), 2 * 2 * 3 * 4 * (2 + 2)),
        ("GridGenerator", sample((2, 2, 3, 4), transform_type="warp"), 2 * 2 * 3 * 4 * 3),
        # 24 coordinates and 36 outputs.
        ("BilinearSampler", sample((1, 3, 5, 6), (1, 2, 3, 4)), 24 * (2 + 3 + 2) + 36 * (4 + 3)),
        ("SpatialTransformer", sample((1, 3, 5, 6), (1, 6), target_shape=(3, 4), transform_type="affine",
                                      sampler_type="bilinear"), 24 * (4 + 2 + 3 + 2) + 36 * (4 + 3)),
        # A softmax of 5 x 2 rows of 4; at each step 3 labels with 4 blanks around them.
        ("CTCLoss", sample((5, 2, 4), (2, 3)), 5 * 2 * 4 * 5 + 5 * 2 * 7 * 3 + 2 * 3),
        ("softmax_cross_entropy", sample((3, 4), (3,)), 12 * 5 + 3),
        ("_contrib_SyncBatchNorm", sample((4, 3, 2), (3,), (3,), (3,), (3,), key="bn"), 24 * 2),
        ("all_finite", sample((2, 3)), 6),
        ("multi_all_finite", sample((2, 3), (4,), num_arrays=2), 10),
        ("_image_to_tensor", sample((4, 5, 3)), 60),
        ("_contrib_index_copy", sample((4, 2), (2,), (2, 2)), 0),
        ("_contrib_index_array", sample((4, 2)), 0),
        ("_linspace", sample(start=0, stop=1, num=5), 0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_operations_are_those_of_the_definition(name: str, call: Sample, work: int) -> None:
    assert _layer(Case(registry[name], 0, call)).work == work


@pytest.mark.parametrize(
    ("name", "attributes", "caption"),
    [
        ("Convolution", {"kernel": (3, 2), "num_filter": 8}, "3x2, 8"),
        ("Convolution", {"kernel": (3,), "num_filter": 8, "stride": (2,), "dilate": (3,)}, "3, 8, /2, dilate 3"),
        ("Convolution", {"kernel": (3, 3), "num_filter": 8, "stride": (2, 1)}, "3x3, 8, /2x1"),
        ("Convolution", {"kernel": (3, 3), "num_filter": 8, "num_group": 8}, "3x3, 8, depthwise"),
        ("Deconvolution", {"kernel": (2, 2), "num_filter": 8, "num_group": 2}, "2x2, 8, 2 groups"),
        ("Pooling", {"kernel": (2, 2), "stride": (2, 2), "pool_type": "avg"}, "avg 2x2, /2"),
        ("Pooling", {"global_pool": True}, "global max"),
        ("LeakyReLU", {"slope": 0.1}, "leaky 0.1"),
        ("LeakyReLU", {"act_type": "prelu"}, "prelu"),
        ("FullyConnected", {"num_hidden": 10}, "10 units"),
        ("Embedding", {"input_dim": 5, "output_dim": 2}, "5 x 2"),
        ("Cast", {"dtype": "float16"}, "float16"),
        ("_mul_scalar", {"scalar": 2.5}, "x 2.5"),
        ("_rminus_scalar", {"scalar": 2.5}, ""),
        ("exp", {}, ""),
    ],
)  # fmt: skip
def test_captions(name: str, attributes: dict[str, Any], caption: str) -> None:
    symbol = find_symbol(mx, name)(mx.sym.var("data"), **attributes)
    assert detail(study(symbol).layers[-1]).replace(TIMES, "x") == caption
