"""Einstein's convention for products and sums, as ``mx.np`` has it."""

from __future__ import annotations

import math
import string
from collections.abc import Sequence

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..attrs import Positive
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample


def _terms(subscripts: str, shapes: Sequence[Sequence[int]]) -> tuple[list[str], str]:
    """Split subscripts into those of the arrays, and of the result, with letters in the place of ``...``."""
    text = subscripts.replace(" ", "")
    inputs, arrow, result = text.partition("->")
    terms = inputs.split(",")
    unused = [letter for letter in string.ascii_letters if letter not in text]
    counts = [len(shape) - len(term.replace("...", "")) for term, shape in zip(terms, shapes, strict=False)]
    most = max([count for term, count in zip(terms, counts, strict=False) if "..." in term], default=0)
    fits = len(terms) == len(shapes) and all(
        count >= 0 if "..." in term else not count for term, count in zip(terms, counts, strict=False)
    )
    letters = {*text.replace("->", "").replace("...", "").replace(",", "")}
    if not fits or not letters <= {*string.ascii_letters} or most > len(unused):
        raise _bad_subscripts(
            "subscripts must have a letter for each axis of each array, or '...' for the rest", subscripts, shapes
        )
    rest = "".join(unused[:most])
    terms = [term.replace("...", rest[most - max(count, 0) :]) for term, count in zip(terms, counts, strict=True)]
    if not arrow:
        once = sorted(letter for letter in letters if inputs.count(letter) == 1)
        return terms, rest + "".join(once)
    result = result.replace("...", rest)
    if len(set(result)) < len(result) or not {*result} <= {*"".join(terms)}:
        raise _bad_subscripts("the result's subscripts must be some of the arrays', each once", subscripts, shapes)
    return terms, result


def _bad_subscripts(rule: str, subscripts: str, shapes: Sequence[Sequence[int]]) -> MXNetError:
    received = ", ".join(str(tuple(shape)) for shape in shapes)
    return MXNetError(f"_npi_einsum: {rule}; received {subscripts!r} for {received}")


def _indexed(term: str, array: Tensor) -> tuple[str, Tensor]:
    """Return an array with each letter once: what has one twice is replaced by its diagonal."""
    for letter in dict.fromkeys(term):
        while term.count(letter) > 1:
            one, other = term.index(letter), term.rindex(letter)
            array = torch.diagonal(array, 0, one, other)
            term = term[:one] + term[one + 1 : other] + term[other + 1 :] + letter
    return term, array


def _operations(call: Call) -> int:
    """Count a product and a sum for each combination of indices, and each array but one."""
    shapes = list(call.inputs.values())
    terms, _ = _terms(call.attributes["subscripts"], shapes)
    lengths: dict[str, int] = {}
    for term, shape in zip(terms, shapes, strict=True):
        lengths |= {letter: max(length, lengths.get(letter, 0)) for letter, length in zip(term, shape, strict=True)}
    return math.prod(lengths.values()) * (2 * len(shapes) - 1 if len(shapes) > 1 else 1)


@operator(
    "_npi_einsum",
    computed_anew=True,
    variadic_by="num_args",
    may_alias=True,
    kind="dense",
    flops=_operations,
    precision="unlisted",
)
def einsum(*data: Tensor, num_args: Positive, subscripts: str = "", optimize: int = 0) -> Tensor:
    """Multiply arrays and sum over axes, as Einstein's convention says.

    Parameters
    ----------
    *data : NDArray
        One or more arrays of one type.
    num_args : int
        The number of arrays; counted if not given.
    subscripts : str
        A letter for each axis of each array, and behind an arrow those of the result.
    optimize : int, default 0
        Not used: the order of the products is always chosen for speed.
    """
    if any(array.dtype is not data[0].dtype for array in data):
        types = ", ".join(type_name(array.dtype) for array in data)
        raise MXNetError(f"_npi_einsum: all arrays must have one type; received {types}; convert with astype(...)")
    shapes = [array.shape for array in data]
    terms, result = _terms(subscripts, shapes)
    indexed = [_indexed(term, array) for term, array in zip(terms, data, strict=True)]
    lengths: dict[str, int] = {}
    for term, array in indexed:
        for letter, length in zip(term, array.shape, strict=True):
            if lengths.setdefault(letter, length) == 1:
                lengths[letter] = length
            if length not in (1, lengths[letter]):
                raise _bad_subscripts(f"axes {letter!r} must have one length", subscripts, shapes)
    kind = data[0].dtype
    # torch has no sums of products of bool, nor of int8 on all devices.
    numbers = [array if kind.is_floating_point else array.to(torch.int64) for _, array in indexed]
    text = f"{','.join(term for term, _ in indexed)}->{result}"
    return torch.einsum(text, *numbers).to(kind)


cases(
    "_npi_einsum",
    samples=lambda: [
        sample((2, 3), (3, 4), num_args=2, subscripts="ij,jk->ik"), sample((3, 3), num_args=1, subscripts="ii"),
        sample((3, 3), num_args=1, subscripts="ii->i"), sample((2, 3), num_args=1, subscripts="ij->ji"),
        sample((2, 3, 4), (4,), num_args=2, subscripts="...j,j"),
        sample((2, 3, 4), num_args=1, subscripts="...ij->...ji"),
        sample((2, 3), (3, 2), (2, 3), num_args=3, subscripts="ij,jk,kl->il", optimize=1),
        sample((), (), num_args=2, subscripts=",", gradient=False),
        sample((2, 3), (2, 3), num_args=2, subscripts="i...,i..."),
        sample((2, 3), (1, 3), num_args=2, subscripts="ij,ij->ij", gradient=False),
        sample((0, 3), num_args=1, subscripts="ij->j"),
        sample(Input((2, 3), "int32"), Input((3,), "int32"), num_args=2, subscripts=" i j , j -> i ", gradient=False),
        sample((2, 3), (2,), num_args=2, subscripts="ab,c"),
    ],
    refusals=lambda: [
        refused("a letter for each axis", (2, 3), num_args=1, subscripts="i"),
        refused("a letter for each axis", (2, 3), num_args=1, subscripts="ij,jk"),
        refused("a letter for each axis", (2, 3), num_args=1, subscripts="i$"),
        refused("some of the arrays'", (2, 3), num_args=1, subscripts="ij->ik"),
        refused("some of the arrays'", (2,), num_args=1, subscripts="i->ii"),
        refused("one length", (2, 3), (2, 4), num_args=2, subscripts="ij,jk->ik"),
        refused("one type", (2,), Input((2,), "int32"), num_args=2, subscripts="i,i"),
    ],
)  # fmt: skip
