"""Random results that have chances: coins (Bernoulli), choices among positions, counts of results (multinomial)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ...core.errors import InvalidValueError, MXNetError
from ...core.late_errors import late_errors
from ..attrs import Shape
from ..declare import Device, Rng, cases, operator
from ..draw import draw
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample
from .parameters import broken_rule, of_size, shape_of, values_of

_CHANCE = {"prob": ("from 0 to 1", lambda value: (value >= 0) & (value <= 1))}


def _omitted_by_bernoulli(attributes: Mapping[str, Any]) -> list[str]:
    return ["input1"] if attributes["logit" if attributes["is_logit"] else "prob"] is not None else []


@operator("_npi_bernoulli", types="A -> {dtype}", names_inputs=True, omits=_omitted_by_bernoulli, kind="other", flops=0)
def bernoulli(
    input1: Tensor | None = None,
    *,
    prob: float | None,
    logit: float | None,
    size: Shape | None = None,
    ctx: str = "cpu",
    dtype: torch.dtype = torch.float32,
    is_logit: bool,
    rng: Rng,
    device: Device,
) -> Tensor:
    """Draw 1 with a probability, and otherwise 0.

    Parameters
    ----------
    input1 : NDArray, optional
        The probabilities, or their log-odds, if there is no number for them.
    prob, logit : float or None
        The probability, or its log-odds, log(p / (1 - p)).
    size : tuple of int, optional
        The shape of the result, to which `input1` broadcasts; by default that of `input1`.
    ctx : Context, optional
        Where; by default the current context.
    dtype : {'bool', 'float16', 'float32', 'float64', 'int32', 'uint8'}
        The type of the result.
    is_logit : bool
        Which of the two is given.
    """
    name, number = ("logit", logit) if is_logit else ("prob", prob)
    value = values_of("_npi_bernoulli", {name: number}, [input1])[name]
    shape = shape_of("_npi_bernoulli", size, {name: value})
    error = None if is_logit else broken_rule("_npi_bernoulli", {"prob": value}, _CHANCE)
    if error is not None:
        if dtype.is_floating_point:
            return late_errors.failed(error, shape, dtype, device)
        raise error
    chance = value.detach() if isinstance(value, Tensor) else torch.tensor(value, device=device)
    chance = chance.to(torch.float64)
    uniform = draw(rng, "uniform", shape, torch.float64, device, 0.0, 1.0)
    result = (uniform < (torch.sigmoid(chance) if is_logit else chance)).to(dtype)
    return result if input1 is None else without_gradient(result, input1)


cases(
    "_npi_bernoulli",
    samples=lambda: [
        sample(prob=0.5, logit=None, is_logit=False, size=(2, 3), gradient=False, judge="statistics"),
        sample(prob=None, logit=1.5, is_logit=True, size=(), dtype="bool", gradient=False, judge="statistics"),
        sample(
            Input((3,), low=0, high=1), prob=None, logit=None, is_logit=False, size=(2, 3), dtype="int32",
            gradient=False, judge="statistics",
        ),
        sample((2, 3), prob=None, logit=None, is_logit=True, gradient=False, judge="statistics"),
    ],
    refusals=lambda: [
        refused("must be a number, or None and an array", prob=None, logit=None, is_logit=False),
        refused("from 0 to 1", prob=1.5, logit=None, is_logit=False, dtype="int32"),
        refused("broadcast to the size", (3,), prob=None, logit=None, is_logit=True, size=(2,)),
    ],
)  # fmt: skip


def _taken_by_choice(attributes: Mapping[str, Any]) -> list[str]:
    taken = (attributes["a"] is None) + attributes["weighted"]
    return [f"input{number}" for number in range(taken + 1, 3)]


@operator(
    "_npi_choice", types="A, B -> int64", names_inputs=True, omits=_taken_by_choice, from_partial=of_size, kind="other",
    flops=0,
)  # fmt: skip
def choice(
    input1: Tensor | None = None,
    input2: Tensor | None = None,
    *,
    a: int | None,
    size: Shape | None,
    ctx: str = "cpu",
    replace: bool = True,
    weighted: bool = False,
    rng: Rng,
    device: Device,
) -> Tensor:
    """Draw positions.

    Parameters
    ----------
    input1 : NDArray, optional
        What the positions belong to, if `a` is None: those of its first axis. Else the probabilities.
    input2 : NDArray, optional
        The probabilities, if `a` is None.
    a : int or None
        How many positions there are.
    size : tuple of int, optional
        The shape of the result.
    ctx : Context, optional
        Where; by default the current context.
    replace : bool, default True
        Whether a position may come more than once.
    weighted : bool, default False
        Whether there are probabilities; otherwise each position is equally likely.
    """
    owner, shape = "_npi_choice", size or ()
    given = [array for array in (input1, input2) if array is not None]
    if len(given) != (a is None) + weighted:
        raise MXNetError(
            f"{owner}: there must be an array if a is None, and probabilities if weighted; "
            f"received {len(given)} arrays, a={a} and weighted={weighted}"
        )
    if a is None and not given[0].dim():
        raise MXNetError(f"{owner}: the array to choose from must have an axis; received shape ()")
    choices = len(given[0]) if a is None else a
    if a is not None and choices < 1:
        raise InvalidValueError(f"{owner}: a must be at least 1; received {a}")
    count = math.prod(shape)
    if not choices and count:
        raise InvalidValueError(f"{owner}: there must be something to choose; received an array of length 0")
    if not replace and count > choices:
        raise InvalidValueError(
            f"{owner}: without replacement size must be at most {choices} numbers; received {shape}"
        )
    if weighted:
        found = _weighted(given[-1].detach(), choices, count, replace, rng, device)
    elif replace:
        found = draw(rng, "integers", (count,), torch.int64, device, 0, choices)
    else:
        found = draw(rng, "permutation", (choices,), torch.int64, device)[:count]
    return without_gradient(found.reshape(shape), *given)


def _weighted(chances: Tensor, choices: int, count: int, replace: bool, rng: Any, device: torch.device) -> Tensor:
    if tuple(chances.shape) != (choices,):
        raise InvalidValueError(
            f"_npi_choice: p must have a number for each of the {choices} choices; "
            f"received shape {tuple(chances.shape)}"
        )
    chances = chances.to(torch.float64)
    needed = 1 if replace else count
    if not chances.is_meta and not (bool((chances >= 0).all()) and int((chances > 0).sum()) >= needed):
        raise InvalidValueError(
            f"_npi_choice: p must not be negative, and positive for at least {needed} choices; "
            f"received values from {chances.min()} to {chances.max()}"
        )
    if replace:
        return draw(rng, "multinomial", (1, count), torch.int64, device, chances[None])[0]
    # An exponential variable divided by the chance comes first with that chance, and so on for those that are left.
    times = draw(rng, "exponential", (choices,), torch.float64, device, 1.0) / chances
    return times.argsort()[:count]


cases(
    "_npi_choice",
    samples=lambda: [
        sample(a=5, size=(2, 3), gradient=False, judge="statistics"),
        sample(a=5, size=None, gradient=False, judge="statistics"),
        sample((5, 2), a=None, size=(3,), replace=False, gradient=False, judge="statistics"),
        sample(exactly(0.25, 0.75), a=2, size=(3,), weighted=True, gradient=False, judge="statistics"),
        sample((2, 3), exactly(0.25, 0.75), a=None, size=(3,), weighted=True, gradient=False, judge="statistics"),
    ],
    refusals=lambda: [
        refused("a must be at least 1", a=0, size=(2,)),
        refused("there must be an array if a is None", a=None, size=(2,)),
        refused("at most 2 numbers", a=2, size=(3,), replace=False),
        refused("a number for each of the 3", exactly(0.5, 0.5), a=3, size=(2,), weighted=True),
        refused("positive for at least 2", exactly(0.0, 1.0), a=2, size=(2,), weighted=True, replace=False),
        refused("must have an axis", (), a=None, size=(2,)),
        refused("something to choose", (0, 2), a=None, size=(2,)),
    ],
)


@operator(
    "_npi_multinomial",
    types="A -> int64",
    names_inputs=True,
    omits=lambda attributes: [] if attributes["pvals"] is None else ["a"],
    kind="other",
    flops=0,
)
def multinomial(
    a: Tensor | None = None,
    *,
    n: int,
    pvals: tuple[float, ...] | None = None,
    size: Shape | None = None,
    rng: Rng,
    device: Device,
) -> Tensor:
    """Count how often each result comes in a number of trials.

    Parameters
    ----------
    a : NDArray, optional
        The probabilities of the results, if `pvals` is None.
    n : int
        The number of trials.
    pvals : tuple of float, optional
        The probabilities. The last one counts as what is missing to 1.
    size : tuple of int, optional
        How often to count: the shape of the result without its last axis.
    """
    owner = "_npi_multinomial"
    if (a is None) == (pvals is None):
        raise MXNetError(f"{owner}: the probabilities must be given either as pvals or as an array; received {pvals}")
    if n < 0:
        raise InvalidValueError(f"{owner}: n must be at least 0; received {n}")
    chances = torch.tensor(pvals, device=device) if a is None else a.detach()
    if chances.dim() != 1:
        raise MXNetError(f"{owner}: the probabilities must have one axis; received shape {tuple(chances.shape)}")
    chances = chances.to(torch.float64)
    shape = (*(size or ()), len(chances))
    if not chances.is_meta and not (bool((chances >= 0).all()) and float(chances[:-1].sum()) <= 1 + 1e-6):
        raise InvalidValueError(
            f"{owner}: the probabilities must not be negative, and sum to at most 1 without the last; "
            f"received values from {chances.min()} to {chances.max()}, with sum {chances.sum()}"
        )
    if len(chances):
        chances = torch.cat([chances[:-1], (1 - chances[:-1].sum()).clamp(min=0)[None]])
    counts = draw(rng, "counts", shape, torch.int64, device, *_as_arrays(n, chances))
    return counts if a is None else without_gradient(counts, a)


def _as_arrays(trials: int, chances: Tensor) -> tuple[Tensor, Tensor]:
    return torch.full((), trials, dtype=torch.float64, device=chances.device), chances


cases(
    "_npi_multinomial",
    samples=lambda: [
        sample(n=4, pvals=(0.25, 0.75), size=(2,), gradient=False, judge="statistics"),
        sample(exactly(0.25, 0.25, 0.5), n=4, size=(2, 3), gradient=False, judge="statistics"),
        sample(exactly(0.25, 0.75), n=4, gradient=False, judge="statistics"),
    ],
    refusals=lambda: [
        refused("n must be at least 0", n=-1, pvals=(0.5, 0.5)),
        refused("must not be negative", n=1, pvals=(-0.5, 0.5)),
        refused("at most 1 without the last", exactly(0.7, 0.5, 0.1), n=1),
        refused("one axis", (2, 2), n=1),
        refused("either as pvals or as an array", n=1),
    ],
)
