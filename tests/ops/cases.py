"""The samples of all operator declarations as test cases, and how to run one."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pytest
import torch

import glueball as mx
from glueball.core.rng import seed
from glueball.ops import Operator, registry
from glueball.ops.attrs import Null
from glueball.ops.operator import Applied
from glueball.ops.samples import Refused, Sample
from tests.oracle.client import our_operators
from tests.oracle.operator_call import OperatorCall, as_input, find_operator
from tests.oracle.outcome import Outcome


def family(operator: Operator) -> str:
    """The module that declares an operator."""
    return operator.function.__module__.removeprefix("glueball.ops.")


def for_arrays_only(operator: Operator) -> bool:
    """Whether MXNet has an operator in nd only; with Glueball a graph may have it."""
    return (
        family(operator).startswith(("optimizer.", "image.decode", "image.opencv"))
        or operator.name in ("fill_element_0index", "_onehot_encode", "_npi_multinomial")
    )  # fmt: skip


@dataclass(eq=False)
class Case:
    """One sample of one operator."""

    operator: Operator
    number: int
    sample: Sample

    def __str__(self) -> str:
        return f"{self.operator.name}-{self.number}"

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes, the number of arrays included where a file has it."""
        operator = self.operator
        counts = operator.variadic_by and not operator.inputs_by
        counted = {operator.variadic_by: len(self.sample.inputs)} if counts else {}
        return counted | self.sample.attributes

    @cached_property
    def applied(self) -> Applied:
        """The operator with the sample's attributes read."""
        return self.operator.applied_named(self.attributes)

    @cached_property
    def rng(self) -> np.random.Generator:
        """Return a separate generator, so that what one sample draws does not depend on the others."""
        return np.random.default_rng(zlib.crc32(str(self).encode()))

    @cached_property
    def arrays(self) -> list[np.ndarray | None]:
        """The inputs."""
        return [None if item is None else item.draw(self.rng) for item in self.sample.inputs]

    @cached_property
    def forward(self) -> OperatorCall:
        """The call without its gradient."""
        item = self.sample
        return OperatorCall(self.operator.name, self.arrays, item.attributes, None, item.training, item.out)

    @cached_property
    def call(self) -> OperatorCall:
        """The call to compare with MXNet: with random head gradients for all floating outputs, if it has a gradient."""
        if not self.sample.gradient or self.sample.judge == "statistics":
            return self.forward
        (outcome,) = our_operators([self.forward])
        if outcome.failed:
            return self.forward  # the comparison then shows the failure
        return self.forward._replace(
            head_gradients=[
                self.rng.standard_normal(output.shape).astype(output.dtype) if output.dtype.kind == "f" else None
                for output in outcome.value.outputs
            ]
        )

    def ours(self) -> Outcome:
        """Return what Glueball computes for the call."""
        return our_operators([self.call])[0]

    def run(self, *, by: str = "name", out: Sequence[mx.nd.NDArray] | None = None) -> Any:
        """Call the nd function: attributes by 'name', all by 'keyword' or all by 'position'."""
        seed(7)
        function = find_operator(mx, self.operator.name)
        inputs = [as_input(mx, self.operator.name, array) for array in self.arrays]
        options: dict[str, Any] = dict(self.sample.attributes)
        if out is not None:
            options["out"] = out[0] if len(out) == 1 else out
        if by == "position":
            missing = [None] * (len(self.operator.inputs) - len(inputs))
            values = [options.pop(attribute.name, Null) for attribute in self.operator.attributes]
            inputs = [*inputs, *missing, *values]
        elif by == "keyword":
            options |= dict(zip(self.operator.inputs, inputs, strict=False))
            inputs = []
        with mx.autograd.train_mode() if self.sample.training else mx.autograd.predict_mode():
            return function(*inputs, **options)


def as_list(outputs: Any) -> list[Any]:
    """Return one or several outputs as a list."""
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def supplied(operator: Operator, training: bool) -> dict[str, Any]:
    """Return what a caller supplies to the function of an operator besides its attributes."""
    values = {"training": training, "rng": torch.Generator().manual_seed(7), "device": torch.device("cpu")}
    return {name: values[kind] for name, kind in operator.supplied}


CASES = {
    operator: [Case(operator, number, sample) for number, sample in enumerate(operator.samples)]
    for operator in registry
}  # fmt: skip

#: Operators that MXNet's CPU build does not know.
UNKNOWN_ON_CPUS = {"_contrib_mrcnn_mask_target"}

#: Operators that it computes on GPUs only, so that it cannot even judge shapes here.
ON_GPUS_ALONE = {"_contrib_count_sketch"} | UNKNOWN_ON_CPUS

#: Operators a length of whose result may be in the values of the inputs: without values it is 0, which means not known.
#: A function of the case says which axis it is, or None.
OPEN_LENGTH: dict[str, Callable[[Case], int | None]] = {
    "_contrib_boolean_mask": lambda case: 0,
    "_npi_delete": lambda case: case.applied.attributes["axis"] if case.arrays[-1] is not None else None,
}

#: The families of operators whose values MXNet cannot judge, and why.
UNJUDGED = {
    "contrib.mask_target": "it has it on GPUs only; tests/ops/contrib/test_regions.py compares with NumPy",
    "contrib.sketch": "it has it on GPUs only; tests/ops/contrib/test_regions.py compares with NumPy",
    "tensor.retain": "MXNet has it for sparse arrays only; tests/sparse/test_storage_rules.py compares those",
    "optimizer.by_row": "MXNet has it for sparse gradients only; tests/optimizer/test_steps.py has a reference",
    "tensor.zipfian": "they are random; tests/ndarray/test_random.py compares how often they come",
    "image.basic": "some are random; tests/gluon/data/test_transforms.py sees that an image or its mirror comes out",
    "image.color": "some are random; tests/ops/test_image.py compares their distributions",
    "image.decode": "_cvimread reads a file; tests/image/test_reading.py has files",
    "numpy.random": "they are random; tests/numpy/test_random.py compares their moments, types and gradients",
    "numpy.chances": "they are random; tests/numpy/test_random.py compares how often each result comes",
    "numpy.eigen": "the signs of eigenvectors are anybody's choice; tests/numpy/test_linalg.py compares them without",
    "numpy.matrices": "of vectors of svd, too, and tensorsolve needs np_shape; tests/numpy/test_linalg.py has both",
    "tensor.random": "they are random; tests/ndarray/test_random.py compares their moments, ranges and seeds",
}

#: Operators that MXNet's nd does not run here, and why; other tests say what is right.
_ONLY_IN_GRAPHS = "MXNet takes its states in graphs only: tests/ops/test_only_in_graphs.py"
_NOT_CALLED = "MXNet calls it only where it writes or stores otherwise: tests/ops/test_internal.py"
_ONLY_GPUS = "MXNet has it for GPUs only: tests/ops/test_fourier.py"
NOT_RUN = {
    "BatchNorm_v1": _ONLY_IN_GRAPHS,
    "IdentityAttachKLSparseReg": _ONLY_IN_GRAPHS,
    "_CrossDeviceCopy": _NOT_CALLED,
    "_contrib_fft": _ONLY_GPUS,
    "_contrib_getnnz": _NOT_CALLED,
    "_contrib_ifft": _ONLY_GPUS,
    "_copyto": _NOT_CALLED,
    "_scatter_set_nd": _NOT_CALLED,
    "_square_sum": _NOT_CALLED,
    "_zeros_without_dtype": _NOT_CALLED,
}


def judged(operator: Operator, *judges: str) -> list[Case]:
    """The cases of an operator that are judged in one of these ways; `Sample.judge` explains them."""
    return [case for case in CASES[operator] if case.sample.judge in judges]


@contextmanager
def naming(case: object) -> Iterator[None]:
    """Name the case that fails: a test runs all cases of an operator."""
    try:
        yield
    except Exception as error:
        raise AssertionError(f"{case}: {error}") from error


def refuse(operator: Operator, item: Refused) -> mx.MXNetError:
    """Return the error of a call that must be refused."""
    rng = np.random.default_rng(0)
    inputs = [as_input(mx, operator.name, None if one is None else one.draw(rng)) for one in item.inputs]
    with pytest.raises(mx.MXNetError) as caught:
        find_operator(mx, operator.name)(*inputs, **item.attributes)
    return caught.value
