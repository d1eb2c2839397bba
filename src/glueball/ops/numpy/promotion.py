"""The type of what two arrays of different types make, as in ``mx.np``: float32 is the default, not float64."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.integer_tape import converted
from ..type_rule import PartialType


def promoted(lhs: torch.dtype, rhs: torch.dtype) -> torch.dtype:
    """Return the type that holds the numbers of both; MXNet has no int16, so that int8 and uint8 make int32."""
    both = torch.promote_types(lhs, rhs)
    return torch.int32 if both is torch.int16 else both


def divided(kind: torch.dtype) -> torch.dtype:
    """Return the type of a quotient: integers make float32."""
    return kind if kind.is_floating_point else torch.float32


def alike(lhs: Tensor, rhs: Tensor) -> tuple[Tensor, Tensor]:
    """Convert two arrays to the type that holds the numbers of both."""
    if lhs.dtype is rhs.dtype:
        return lhs, rhs
    kind = promoted(lhs.dtype, rhs.dtype)
    return converted(lhs, kind), converted(rhs, kind)


class OfTwo:
    """The type rule of a function of two arrays, whose types may differ.

    Parameters
    ----------
    result : {'common', 'quotient', 'bool'}
        The type of the result: that which holds both, that of a quotient, or bool.
    """

    def __init__(self, result: str = "common") -> None:
        self._result = result

    def complete(
        self, inputs: Sequence[PartialType], outputs: Sequence[PartialType], attributes: Mapping[str, Any],
        *, default: bool = False,
    ) -> tuple[list[PartialType], list[PartialType]]:  # fmt: skip
        """Return the types that follow from those known; an unknown operand is like the other one."""
        known = [kind for kind in inputs if kind is not None]
        if not known and self._result == "common":
            known = [kind for kind in outputs if kind is not None]
        if not known:
            return list(inputs), [torch.bool if self._result == "bool" else None]
        kinds = [known[0] if kind is None else kind for kind in inputs]
        completed: list[PartialType] = [*kinds]
        if self._result == "bool":
            return completed, [torch.bool]
        common = kinds[0]
        for kind in kinds[1:]:
            common = promoted(common, kind)
        return completed, [divided(common) if self._result == "quotient" else common]
