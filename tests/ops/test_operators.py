"""Every operator on every sample of its declaration: against MXNet 1.9.1, and against other ways to call it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import glueball as mx
from glueball.core.dtype import TORCH_TO_NUMPY
from glueball.ops import Operator, gradient
from glueball.ops.attrs import to_text
from tests.comparison import assert_same
from tests.ops.cases import (
    CASES,
    NOT_RUN,
    ON_GPUS_ALONE,
    OPEN_LENGTH,
    UNJUDGED,
    Case,
    as_list,
    family,
    judged,
    naming,
    refuse,
    supplied,
)
from tests.oracle.client import Oracle, OracleCrash
from tests.oracle.operator_call import as_input, find_operator
from tests.oracle.outcome import Outcome

# Operators that MXNet's build for CPUs has not, not for dense arrays at least; tests/sparse/ has those of sparse ones.
ANY_SIGN = {"_npi_eig", "_npi_eigh", "_npi_svd", "_npi_tensorsolve"}  # tests/numpy/test_linalg.py compares them
NOT_IN_MXNETS_BUILD = {"_contrib_group_adagrad_update", "_sparse_adagrad_update", "_sparse_retain"}

every_operator = pytest.mark.parametrize("operator", list(CASES), ids=lambda operator: operator.name)


@pytest.fixture(scope="module")
def theirs(oracle: Oracle) -> Callable[[Case], Outcome]:
    """Return MXNet's result for a case. The cases of a family are run together, when the first of them is needed."""
    answers: dict[Case, Outcome] = {}
    oracle.timeout = 60  # an error in one call can make MXNet hang in a later one

    def answer(case: Case) -> Outcome:
        if case not in answers:
            relatives = [operator for operator in CASES if family(operator) == family(case.operator)]
            asked = [other for operator in relatives for other in judged(operator, "mxnet", "statistics")]
            try:
                answers.update(zip(asked, oracle.operators(item.call for item in asked), strict=True))
            except OracleCrash:  # one of them crashes MXNet: run each alone, so that the message names it
                return oracle.operators([case.call])[0]
        return answers[case]

    return answer


@every_operator
def test_same_as_mxnet(operator: Operator, theirs: Callable[[Case], Outcome]) -> None:
    """Count, shapes and types of what every sample returns; its values and gradients too, unless they are random."""
    for case in judged(operator, "mxnet", "statistics"):
        with naming(case):
            ours, reference = case.ours().get(), theirs(case).get()
            kinds = [[(item.shape, item.dtype) for item in side.outputs] for side in (ours, reference)]
            assert kinds[0] == kinds[1]
            if case.sample.judge == "mxnet":
                rtol = case.sample.rtol
                assert_same(ours.outputs, reference.outputs, rtol, about="outputs")
                assert_same(ours.gradients, reference.gradients, rtol, about="gradients")
                assert_same(ours.changed, reference.changed, rtol, about="changed inputs")
    if operator.name in NOT_RUN:
        pytest.skip(f"{operator.name}: MXNet does not run it: {NOT_RUN[operator.name]}")
    if not judged(operator, "mxnet"):
        reason = UNJUDGED[family(operator)]
        pytest.skip(f"{operator.name}: MXNet judged count, shapes and types, but not values: {reason}")


def test_the_families_whose_values_mxnet_does_not_judge_are_listed() -> None:
    run = {operator for operator in CASES if operator.name not in NOT_RUN}
    assert {family(operator) for operator in run if not judged(operator, "mxnet")} == set(UNJUDGED)
    asked = {operator for operator in run if judged(operator, "mxnet", "statistics") or not operator.samples}
    assert {operator.name for operator in run - asked} == ON_GPUS_ALONE | NOT_IN_MXNETS_BUILD | ANY_SIGN


@every_operator
def test_gradient_is_the_derivative(operator: Operator) -> None:
    """In double precision, along one random direction, the gradient must agree with finite differences."""
    for case in CASES[operator]:
        if case.sample.gradient and case.sample.derivative and case.sample.judge != "statistics":
            with naming(case):
                _check_derivative(case)


def _check_derivative(case: Case) -> None:
    names, rng = case.operator.inputs, case.rng
    at = [None if array is None else torch.from_numpy(array) for array in case.arrays]
    at = [array.double() if array is not None and array.is_floating_point() else array for array in at]
    variables = [
        number for number, array in enumerate(at)
        if array is not None and array.is_floating_point()
        and names[min(number, len(names) - 1)] not in case.operator.auxiliary
    ]  # fmt: skip
    heads: list[Tensor] = []

    def loss(inputs: list[Any]) -> Tensor:
        result = case.applied.function(*inputs, **supplied(case.operator, case.sample.training))
        outputs, _ = case.applied.split(result)
        outputs = [output for output in outputs if output.dtype is torch.float64]
        assert outputs, "without a result in double precision the sample needs derivative=False"
        if not heads:
            heads.extend(_random(rng, output) for output in outputs)
        return sum((output * head).sum() for output, head in zip(outputs, heads, strict=True))

    def moved(step: float, direction: dict[int, Tensor]) -> list[Any]:
        inputs = [None if array is None else array.clone() for array in at]
        for number, change in direction.items():
            inputs[number] += step * change
        return inputs

    inputs = moved(0, {})
    leaves = [inputs[number].requires_grad_() for number in variables]
    found = torch.autograd.grad(loss(inputs), leaves, allow_unused=True)
    # For what `without_gradient` cuts off, versions of torch that call no hook for None have zeros, others None.
    has_zeros = not gradient.torch_reports_nothing()
    found = [None if item is None or (has_zeros and not item.any()) else item for item in found]
    gradients = {number: item for number, item in zip(variables, found, strict=True) if item is not None}
    direction = {number: _random(rng, item) for number, item in gradients.items()}
    predicted = sum(float((gradients[number] * direction[number]).sum()) for number in gradients)
    step = 1e-6
    measured = float(loss(moved(step, direction)) - loss(moved(-step, direction))) / (2 * step)
    size = sum(float(gradients[number].norm() * direction[number].norm()) for number in gradients)
    assert abs(measured - predicted) <= 1e-6 * size + 1e-7, f"the slope is {measured}, the gradient says {predicted}"


def _random(rng: np.random.Generator, like: Tensor) -> Tensor:
    return torch.from_numpy(np.array(rng.standard_normal(like.shape)))


def _values(outputs: object) -> list[np.ndarray]:
    return [output.asnumpy() for output in as_list(outputs)]


@every_operator
def test_arguments_by_keyword_by_position_and_as_text(operator: Operator) -> None:
    for case in CASES[operator]:
        with naming(case):
            expected = _values(case.run())
            for way in () if operator.variadic_by else ("keyword", "position"):
                assert_same(_values(case.run(by=way)), expected, rtol=0, about=way)
            parsed = case.applied.attributes
            texts = {name: to_text(value) for name, value in parsed.items()}
            assert operator.applied_named(texts).attributes == parsed


@every_operator
def test_shapes_and_types_without_values(operator: Operator) -> None:
    for case in CASES[operator]:
        expected = [(output.shape, output.dtype) for output in as_list(case.run())]
        axis = OPEN_LENGTH[operator.name](case) if operator.name in OPEN_LENGTH else None
        if axis is not None:
            expected = [((*shape[:axis], 0, *shape[axis + 1 :]), kind) for shape, kind in expected]
        tensors = [None if array is None else torch.from_numpy(array).to("meta") for array in case.arrays]
        surroundings = {"training": case.sample.training, "rng": None, "device": torch.device("meta")}
        with naming(case):
            given = {name: surroundings[kind] for name, kind in operator.supplied}
            if operator.decides_by_value:
                with pytest.raises(mx.MXNetError, match="which a graph lacks"):
                    case.applied.function(*tensors, **given)
                continue
            inferred = case.applied.split(case.applied.function(*tensors, **given))[0]
            assert [(output.shape, TORCH_TO_NUMPY[output.dtype]) for output in inferred] == expected
            assert all(output.is_meta for output in inferred)
            if operator.infer_outputs is not None:
                shapes = [None if tensor is None else tuple(tensor.shape) for tensor in tensors]
                ruled = operator.infer_outputs(shapes, case.applied.attributes)
                assert ruled is None or [tuple(shape) for shape in ruled] == [shape for shape, _ in expected]


@every_operator
def test_results_have_their_own_memory_or_that_of_out(operator: Operator) -> None:
    for case in CASES[operator]:
        with naming(case):
            expected = as_list(case.run())
            targets = [type(output)(torch.zeros_like(output._data)) for output in expected]
            returned = as_list(case.run(out=targets))
            assert len(returned) == len(targets)
            assert all(one is other for one, other in zip(returned, targets, strict=True))
            assert_same(_values(targets), _values(expected), rtol=0)
            _check_memory(case)


def _check_memory(case: Case) -> None:
    """Writing to a result must reach no input."""
    inputs = [as_input(mx, case.operator.name, array) for array in case.arrays]
    with mx.autograd.train_mode() if case.sample.training else mx.autograd.predict_mode():
        outputs = as_list(find_operator(mx, case.operator.name)(*inputs, **case.sample.attributes))
    memory = [{_start(array) for array in arrays if array is not None and array.size} for arrays in (inputs, outputs)]
    assert not memory[0] & memory[1], "a result shares memory with an input: declare it may_alias=True"


def _start(array: mx.nd.NDArray) -> int:
    return array._data.untyped_storage().data_ptr()


@every_operator
def test_refusals(operator: Operator) -> None:
    for item in operator.refusals:
        with naming(item):
            message = str(refuse(operator, item))
        assert re.search(item.message, message), message
        assert re.match(r"[\w. ]+: ", message), f"a message begins with its owner: {message}"
