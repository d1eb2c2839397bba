"""Every declaration against MXNet's own table: names, aliases, inputs, attributes, their order and defaults."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glueball as mx
from glueball.ops import Operator, absent, registry
from glueball.ops.signature import REQUIRED, Attribute
from tests.golden import operators
from tests.oracle.client import Oracle
from tests.oracle.operator_call import find_operator, is_np

_GOLDEN = Path(__file__).parents[1] / "golden" / "operators.json"
TABLE: operators.Table = json.loads(_GOLDEN.read_text())
# Operators that only MXNet's builds for GPUs have, as its documentation describes them.
ON_GPUS: operators.Table = {
    "_contrib_mrcnn_mask_target": [
        ["rois", "gt_masks", "matches", "cls_targets"],
        "",
        {
            "num_rois": "int, required",
            "num_classes": "int, required",
            "mask_size": "Shape(tuple), required",
            "sample_ratio": "int, optional, default='2'",
            "aligned": "boolean, optional, default=0",
        },
        [],
    ]
}
DECLARED = list(registry)
every_operator = pytest.mark.parametrize("operator", DECLARED, ids=lambda operator: operator.name)

# Attributes whose default is not in the table; what MXNet does without them was found by running it.
UNNAMED_DEFAULTS = {("smooth_l1", "scalar"): 1.0}
# Attributes that count the arrays although the table does not say so.
COUNTS = {"amp_multicast": "num_outputs", "multi_all_finite": "num_arrays", "multi_sum_sq": "num_arrays"}
# Attributes that count what several arrays belong to, which a user has to give.
COUNTS |= {operator.name: operator.variadic_by for operator in DECLARED if operator.inputs_by}
# Where the table has attributes that MXNet then refuses; what it accepts was found by running it.
MISTAKEN_ATTRIBUTES = {
    "_linspace": ["start", "stop", "num", "endpoint", "ctx", "dtype"],
    "_npi_concatenate": ["num_args", "axis"],
    "_npi_norm": ["ord", "axis", "keepdims", "flag"],
}
# Inputs that the table leaves out although a graph has them.
UNLISTED_INPUTS = {
    "BatchNorm_v1": ["moving_mean", "moving_var"],
    "IdentityAttachKLSparseReg": ["moving_avg"],
    "_CrossDeviceCopy": ["data"],
}


def test_table_is_mxnets_own(oracle: Oracle) -> None:
    def read(mx: Any) -> Any:
        from tests.golden import operators

        return operators.read(mx)

    assert oracle.run(read) == TABLE


@every_operator
def test_names_and_arguments(operator: Operator) -> None:
    assert operator.name in {**TABLE, **ON_GPUS}, "not an operator of MXNet 1.9.1, or an alias of one"
    inputs, variadic_by, attributes, aliases = {**TABLE, **ON_GPUS}[operator.name]
    assert list(operator.inputs) == inputs + UNLISTED_INPUTS.get(operator.name, [])
    assert operator.variadic_by == COUNTS.get(operator.name, variadic_by)
    # add_n's count of arrays is in files, but not among its documented attributes.
    declared = [
        item.name for item in operator.attributes if item.name in attributes or item.name != operator.variadic_by
    ]
    assert declared == MISTAKEN_ATTRIBUTES.get(operator.name, list(attributes)), (
        "the order decides what an argument by position means"
    )
    assert set(operator.aliases) <= set(aliases), "an alias that MXNet does not have"
    missing = set(aliases) - set(operator.aliases)
    assert not [alias for alias in missing if absent.find(alias) is None]


@every_operator
def test_every_name_is_a_function(operator: Operator) -> None:
    for name in (operator.name, *operator.aliases):
        assert registry[name] is operator
        if not name.startswith("_np_"):  # these are public functions of mx.np, with docstrings of their own
            assert find_operator(mx, name).__doc__ == operator.doc


@every_operator
def test_defaults_and_choices(operator: Operator) -> None:
    attributes = {**TABLE, **ON_GPUS}[operator.name][2]
    for attribute in operator.attributes:
        if attribute.name in attributes:
            _check_default(operator, attribute, attributes[attribute.name])
            _check_choices(operator, attribute, attributes[attribute.name])


def _check_default(operator: Operator, attribute: Attribute, kind: str) -> None:
    match = re.search(r"default=(.*)$", kind)
    expected = match[1].strip("'") if match else None
    default, about = attribute.default, f"{attribute.name}: {kind}"
    if (operator.name, attribute.name) in UNNAMED_DEFAULTS:
        assert default == UNNAMED_DEFAULTS[operator.name, attribute.name], about
    elif expected is None:
        assert default is REQUIRED or operator.variadic_by == attribute.name, about
    elif default is None or expected == "None":
        assert default is None and expected == "None", about
    elif isinstance(default, float):
        # The table holds numbers like 0.1 as rounded to a float or a double in C++.
        assert default == pytest.approx(float(expected), rel=1e-7), about
    else:
        assert default == attribute.type.parse(expected, operator.name, attribute.name), about


def _check_choices(operator: Operator, attribute: Attribute, kind: str) -> None:
    """An attribute with a list of values accepts each of them, and refuses what is not among them."""
    choices = re.match(r"\{(.*?)\}", kind)
    if choices is None:
        return
    for choice in choices[1].split(", "):
        attribute.type.parse(choice.strip("'"), operator.name, attribute.name)
    with pytest.raises(mx.MXNetError, match=f"{attribute.name} must be .*received 'no such choice'"):
        attribute.type.parse("no such choice", operator.name, attribute.name)


@every_operator
def test_documentation(operator: Operator) -> None:
    """There is a summary, and a section Parameters that names each attribute and nothing else."""
    sections = re.split(r"\n(\w[\w ]+)\n-+\n", f"{operator.doc}\n")
    assert sections[0].strip().splitlines()[0].endswith("."), "the first line is a sentence"
    parameters = dict(zip(sections[1::2], sections[2::2], strict=True)).get("Parameters", "")
    entries = re.findall(r"^(\*?\w[^:\n]*?)(?: : .*)?$", parameters, flags=re.MULTILINE)
    described = {name.strip(" *") for entry in entries for name in entry.split(",")}
    attributes = {attribute.name for attribute in operator.attributes}
    assert attributes <= described, f"undocumented: {sorted(attributes - described)}"
    assert described <= {*operator.inputs, *attributes}, "documented, but not there"


@every_operator
def test_has_samples(operator: Operator) -> None:
    reads_a_file = operator.decides_by_value and not operator.inputs  # tests/image/test_reading.py has files
    assert operator.samples or reads_a_file
    known = {attribute.name for attribute in operator.attributes}
    for sample in operator.samples:
        assert set(sample.attributes) <= known
        assert len(sample.inputs) <= len(operator.inputs) or operator.variadic_by
    for item in operator.refusals:
        assert re.compile(item.message)


@every_operator
def test_wrong_arguments_are_refused(operator: Operator) -> None:
    function = find_operator(mx, operator.name)
    arrays = [mx.nd.ones((2, 2)) for _ in operator.inputs]
    if operator.attributes:
        with pytest.raises(mx.MXNetError, match=rf"^{re.escape(operator.name)}: .*received 'no_such_keyword'"):
            function(*arrays, no_such_keyword=1)
    if operator.inputs:
        required = {
            attribute.name: operator.samples[0].attributes.get(attribute.name)
            for attribute in operator.attributes
            if attribute.default is REQUIRED and attribute.name != operator.variadic_by
        }  # fmt: skip
        kind = "array of mx.np" if is_np(operator.name) else "NDArray"
        with pytest.raises(mx.MXNetError, match=f"must be an {kind}; received ndarray; convert it with"):
            function(*[np.ones((2, 2), "float32") for _ in operator.inputs], **required)


def test_near_misses_are_named() -> None:
    with pytest.raises(mx.MXNetError, match=r"received 'Convolutoin'.*Convolution"):
        registry["Convolutoin"]
    with pytest.raises(mx.MXNetError, match=r"received 'axs'.*axis"):
        mx.nd.sum(mx.nd.ones((2,)), axs=1)
