"""What mixed precision does with each operator: MXNet's lists, or those of the caller in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any, Literal

from ...core import dtype as dtypes
from ...core.errors import RefusedError, UnknownTypeError, nearest
from ...ops import Operator, registry
from . import lists
from .lists.declared import Kind

Condition = tuple[str, str, list[str]]
Treatment = Literal["low", "single", "single if", "widest", "any"]


def kind_of(owner: str, target_dtype: Any) -> Kind:
    """Return the name of the type to compute in, given in any form.

    Raises
    ------
    RefusedError
        It is another type.
    """
    return "float16" if is_float16(owner, target_dtype) else "bfloat16"


def is_float16(owner: str, target_dtype: Any) -> bool:
    """Whether the type to compute in is float16, and not bfloat16; see `kind_of`."""
    try:
        name = dtypes.name_of(target_dtype, owner)
    except UnknownTypeError:
        name = ""
    if name not in ("float16", "bfloat16"):
        raise RefusedError(f"{owner}: target_dtype must be 'float16' or 'bfloat16'; received {target_dtype!r}")
    return name == "float16"


def lists_of(kind: Kind) -> tuple[list[str], list[str], list[str], list[Condition]]:
    """Return MXNet's lists for a type: low, any, single, single if."""
    module: ModuleType = lists.symbol_fp16 if kind == "float16" else lists.symbol_bf16
    prefix = "FP16" if kind == "float16" else "BF16"
    low, either = getattr(module, f"{prefix}_FUNCS"), getattr(module, f"{prefix}_FP32_FUNCS")
    return low, either, module.FP32_FUNCS, module.CONDITIONAL_FP32_FUNCS


class Rules:
    """How mixed precision treats each operator.

    Parameters
    ----------
    owner : str
        The caller's name, for messages.
    kind : str
        The type to compute in.
    low, single : list of str, optional
        The operators that compute in that type, and those that compute in float32, in place of MXNet's lists.
    conditional : list of (str, str, list of str), optional
        Operator, attribute and its values that make it compute in float32, in place of MXNet's list.
    names : tuple of str
        What the caller calls the three lists.

    Raises
    ------
    RefusedError
        A list is not what it must be, or an operator is in several.
    """

    def __init__(
        self, owner: str, kind: Kind, low: Any, single: Any, conditional: Any, names: tuple[str, str, str]
    ) -> None:
        self.kind = kind
        own_low, _, own_single, own_conditional = lists_of(kind)
        low = own_low if low is None else _checked_names(owner, names[0], low)
        single = own_single if single is None else _checked_names(owner, names[1], single)
        conditional = own_conditional if conditional is None else _checked_conditions(owner, names[2], conditional)
        widest = (lists.symbol_fp16 if kind == "float16" else lists.symbol_bf16).WIDEST_TYPE_CASTS
        by_list = {names[0]: low, names[1]: single, names[2]: [name for name, _, _ in conditional]}
        _refuse_shared(owner, by_list)
        self._of: dict[Operator, Treatment] = dict.fromkeys(_operators(owner, "widest", widest), "widest")
        self._of |= dict.fromkeys(_operators(owner, names[1], single), "single")
        self._of |= dict.fromkeys(_operators(owner, names[0], low), "low")
        self._conditions: dict[Operator, list[tuple[str, frozenset[str]]]] = {}
        for name, attribute, values in conditional:
            for operator in _operators(owner, names[2], [name]):
                self._conditions.setdefault(operator, []).append((attribute, frozenset(values)))

    def of(self, operator: Operator, given: Mapping[str, Any]) -> Treatment:
        """Return how a call of an operator is treated; as in MXNet, of its attributes those count that were given."""
        for attribute, values in self._conditions.get(operator, ()):
            if str(given.get(attribute)) in values:
                return "single if"
        return self._of.get(operator, "any")

    @property
    def operators(self) -> frozenset[Operator]:
        """The operators whose inputs may be converted."""
        return frozenset([*self._of, *self._conditions])


def require_changeable(owner: str, kind: Kind, by_list: Mapping[str, Any]) -> None:
    """Refuse, as MXNet does, names of operators that are in none of the lists that a caller may change.

    Raises
    ------
    RefusedError
        A name is that of another operator.
    """
    low, either, single, conditional = lists_of(kind)
    changeable = {*low, *either, *single, *[name for name, _, _ in conditional]}
    for argument, given in by_list.items():
        for name in given or ():
            named = name if isinstance(name, str) else name[0]
            if named not in changeable:
                raise RefusedError(
                    f"{owner}: {argument} must name operators of list_lp16_ops, list_lp16_fp32_ops, list_fp32_ops or "
                    f"list_conditional_fp32_ops; received {named!r}{nearest(str(named), sorted(changeable))}"
                )


def _checked_names(owner: str, argument: str, given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise RefusedError(f"{owner}: {argument} must be a list of names of operators; received {given!r}")
    return given


def _checked_conditions(owner: str, argument: str, given: Any) -> list[Condition]:
    for each in given if isinstance(given, list) else [None]:
        if not (
            isinstance(each, tuple | list)
            and len(each) == 3
            and isinstance(each[0], str)
            and isinstance(each[1], str)
            and isinstance(each[2], list)
            and all(isinstance(value, str) for value in each[2])
        ):
            raise RefusedError(
                f"{owner}: {argument} must be a list of (operator, attribute, [values]), all of them texts; "
                f"received {given!r}"
            )
    return [(name, attribute, values) for name, attribute, values in given]


def _refuse_shared(owner: str, by_list: Mapping[str, Iterable[str]]) -> None:
    found: dict[str, str] = {}
    for argument, names in by_list.items():
        for name in dict.fromkeys(names):
            if name in found:
                raise RefusedError(
                    f"{owner}: an operator must be in one list; received {name!r} in {found[name]} and {argument}, "
                    "which is MXNet's if it was not given; name it in one"
                )
            found[name] = argument


def _operators(owner: str, argument: str, names: Iterable[str]) -> list[Operator]:
    for name in names:
        if name not in registry:
            raise RefusedError(
                f"{owner}: {argument} must name operators that Glueball has; received {name!r}"
                f"{nearest(name, tuple(registry.names()))}"
            )
    return [registry[name] for name in names]
