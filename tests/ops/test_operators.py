"""Every operator on every sample of its declaration: against MXNet 1.9.1, and against itself called in other ways."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
import torch

import glueball as mx
from glueball.context import META
from glueball.ndarray.invoke import invoke
from glueball.ops import Operator
from glueball.ops.attrs import Null, to_text
from glueball.ops.samples import Refused
from tests.comparison import assert_same
from tests.ops.cases import CASES, REFUSALS, Case, as_list, supplied
from tests.oracle.client import Oracle, OracleCrash
from tests.oracle.operator_call import find_operator
from tests.oracle.outcome import Outcome

every_case = pytest.mark.parametrize("case", CASES, ids=str)


@pytest.fixture(scope="module")
def theirs(oracle: Oracle) -> Callable[[Case], Outcome]:
    """What MXNet makes of a case. The cases of a family are asked together, when the first of them is wanted."""
    answers: dict[Case, Outcome] = {}
    oracle.timeout = 60  # an error in one call can make MXNet wait for ever in a later one

    def answer(case: Case) -> Outcome:
        if case not in answers:
            family = [other for other in CASES if other.family == case.family and other.sample.judge != "numpy"]
            try:
                outcomes = oracle.operators(item.call for item in family)
            except OracleCrash:  # one of them brings MXNet down: ask for this one alone, the message then names it
                return oracle.operators([case.call])[0]
            answers.update(zip(family, outcomes, strict=True))
        return answers[case]

    return answer


@pytest.mark.parametrize("case", [case for case in CASES if case.sample.judge != "numpy"], ids=str)
def test_same_as_mxnet(case: Case, theirs: Callable[[Case], Outcome]) -> None:
    ours, reference = case.ours().get(), theirs(case).get()
    assert [(item.shape, item.dtype) for item in ours.outputs] == [
        (item.shape, item.dtype) for item in reference.outputs
    ]
    if case.sample.judge == "statistics":
        return
    rtol = case.sample.rtol
    assert_same(ours.outputs, reference.outputs, rtol, about="outputs")
    assert_same(ours.gradients, reference.gradients, rtol, about="gradients")
    assert_same(ours.changed, reference.changed, rtol, about="changed inputs")


@pytest.mark.parametrize(
    "case",
    [
        case for case in CASES
        if case.sample.gradient and case.sample.derivative and case.sample.judge != "statistics"
    ],
    ids=str,
)  # fmt: skip
def test_gradient_is_the_derivative(case: Case) -> None:
    """In double precision, along one random direction: finite differences tell what the gradient must say."""
    arrays = [None if array is None else torch.from_numpy(array) for array in case.arrays]
    at = [array.double() if array is not None and array.is_floating_point() else array for array in arrays]
    names = case.operator.inputs
    variables = [
        number for number, array in enumerate(at)
        if array is not None and array.is_floating_point() and names[min(number, len(names) - 1)] not in case.operator.auxiliary
    ]  # fmt: skip
    heads: list[torch.Tensor] = []

    def loss(step: float, direction: dict[int, torch.Tensor], variable: bool = False) -> tuple[torch.Tensor, list[torch.Tensor]]:
        inputs = [None if array is None else array.clone() for array in at]
        for number, change in direction.items():
            inputs[number] += step * change
        for number in variables if variable else ():
            inputs[number].requires_grad_()
        attributes = case.operator.freeze_named(case.attributes)
        outputs = as_list(case.operator.function(*inputs, **attributes, **supplied(case.operator, case.sample.training)))
        outputs = [output for output in outputs if output.dtype is torch.float64]
        assert outputs, "without a result in double precision the sample needs derivative=False"
        if not heads:
            heads.extend(torch.from_numpy(np.array(case.rng.standard_normal(output.shape))) for output in outputs)
        total = sum((output * head).sum() for output, head in zip(outputs, heads, strict=True))
        return total, [inputs[number] for number in variables]

    total, leaves = loss(0, {}, variable=True)
    found = torch.autograd.grad(total, leaves, allow_unused=True)
    gradients = {number: item for number, item in zip(variables, found, strict=True) if item is not None}
    direction = {n: torch.from_numpy(np.array(case.rng.standard_normal(item.shape))) for n, item in gradients.items()}
    predicted = sum(float((gradients[number] * direction[number]).sum()) for number in gradients)
    step = 1e-6
    measured = float(loss(step, direction)[0] - loss(-step, direction)[0]) / (2 * step)
    size = sum(float(gradients[number].norm() * direction[number].norm()) for number in gradients)
    assert abs(measured - predicted) <= 1e-6 * size + 1e-7


def _values(outputs: object) -> list[np.ndarray]:
    return [output.asnumpy() for output in as_list(outputs)]


@every_case
def test_arguments_by_keyword_and_by_position(case: Case) -> None:
    expected = _values(case.run())
    ways = ["name"] if case.operator.variadic_by else ["keyword", "position"]
    for way in ways:
        assert_same(_values(case.run(by=way)), expected, rtol=0, about=way)


@every_case
def test_attributes_from_text(case: Case) -> None:
    parsed = case.operator.freeze_named(case.attributes)
    texts = {name: to_text(value) for name, value in parsed.items()}
    assert case.operator.freeze_named(texts) == parsed


@every_case
def test_shapes_and_types_without_values(case: Case) -> None:
    expected = [(output.shape, output.dtype) for output in as_list(case.run())]
    inputs = [
        None if array is None else mx.nd.NDArray(torch.from_numpy(array).to("meta"), META) for array in case.arrays
    ]
    values = tuple(case.attributes.get(attribute.name, Null) for attribute in case.operator.attributes)
    with mx.autograd.train_mode() if case.sample.training else mx.autograd.predict_mode():
        inferred = as_list(invoke(case.operator, inputs, values, ctx=META))
    assert [(output.shape, output.dtype) for output in inferred] == expected
    assert all(output._data.is_meta for output in inferred)


@every_case
def test_out(case: Case) -> None:
    expected = as_list(case.run())
    targets = [mx.nd.from_torch(torch.zeros_like(output._data)) for output in expected]
    returned = as_list(case.run(out=targets))
    assert len(returned) == len(targets)
    assert all(one is other for one, other in zip(returned, targets, strict=True))
    assert_same(_values(targets), _values(expected), rtol=0)


@every_case
def test_result_is_its_own_memory(case: Case) -> None:
    """Writing to a result reaches no input."""
    inputs = [None if array is None else mx.nd.array(array, dtype=array.dtype) for array in case.arrays]
    with mx.autograd.train_mode() if case.sample.training else mx.autograd.predict_mode():
        outputs = as_list(find_operator(mx, case.operator.name)(*inputs, **case.sample.attributes))
    starts = {array._data.untyped_storage().data_ptr() for array in inputs if array is not None and array.size}
    assert not any(output._data.untyped_storage().data_ptr() in starts for output in outputs if output.size)


@pytest.mark.parametrize(
    ("operator", "item"), REFUSALS, ids=[f"{operator.name}-{item.message}" for operator, item in REFUSALS]
)
def test_refusal(operator: Operator, item: Refused) -> None:
    rng = np.random.default_rng(0)
    inputs = [None if one is None else mx.nd.array(one.draw(rng), dtype=one.dtype) for one in item.inputs]
    with pytest.raises(mx.MXNetError) as caught:
        find_operator(mx, operator.name)(*inputs, **item.attributes)
    assert re.search(item.message, str(caught.value)), str(caught.value)
    assert re.match(r"[\w. ]+: ", str(caught.value)), "a message begins with its owner"
