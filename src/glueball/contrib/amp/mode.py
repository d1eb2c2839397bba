"""The mode in which every operator converts its inputs: on arrays, and while a graph is made."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from ...core import dtype as dtypes
from ...core.context import Context
from ...core.doors import door
from ...core.warning import warn
from ...ndarray.invoke import Result, invoke
from ...ndarray.namespace import call_through
from ...ndarray.ndarray import NDArray
from ...ops import Operator, registry
from ...ops.attrs import Null
from ...ops.type_rule import MIXED
from ...symbol import Symbol
from ...symbol.namespace import changes
from ...symbol.namespace import functions as symbol_functions
from ...symbol.node import Entry
from .loss_scaler import LossScaler
from .rules import Rules, kind_of

_LISTS = ("target_precision_ops", "fp32_ops", "conditional_fp32_ops")
_CAST = registry["amp_cast"]


class Mode:
    """What `init` turned on.

    Parameters
    ----------
    rules : Rules
        How operators are treated.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._treated = rules.operators
        # Scales the gradients of losses that ignore the incoming one.
        self._scaler = LossScaler()
        self._is_handed_out = False

    def hand_out_scaler(self) -> LossScaler:
        """Return the scaler for a trainer: the mode's own for the first, as in MXNet, and a new one for others."""
        first, self._is_handed_out = not self._is_handed_out, True
        return self._scaler if first else LossScaler()

    # --- on arrays ----------------------------------------------------------------------------------------------------

    def invoke(
        self,
        operator: Operator,
        inputs: Sequence[Any],
        values: tuple[Any, ...] = (),
        out: NDArray | Sequence[NDArray] | None = None,
        ctx: Context | None = None,
    ) -> Result:
        """Run an operator on converted arrays; arguments as of `glueball.ndarray.invoke.invoke`."""
        if operator in self._treated:
            inputs = self._converted(operator, inputs, values)
        if operator.own_gradient:
            values = self._scaled(operator, values)
        return invoke(operator, inputs, values, out, ctx)

    def _converted(self, operator: Operator, inputs: Sequence[Any], values: tuple[Any, ...]) -> Sequence[Any]:
        given = dict(zip([attribute.name for attribute in operator.attributes], values, strict=False))
        treatment = self.rules.of(operator, given)
        if treatment == "any":
            return inputs
        kinds = [array._kind for array in inputs if isinstance(array, NDArray) and array._kind in MIXED]
        if not kinds:
            return inputs
        kind = {"low": self.rules.kind, "widest": dtypes.TORCH_TO_NAME[max(kinds, key=lambda one: one.itemsize)]}.get(
            treatment, "float32"
        )
        wanted, states = dtypes.to_torch(kind, ""), operator.applied(values).state_positions
        return [
            invoke(_CAST, (array,), (kind,))
            if isinstance(array, NDArray) and array._kind is not wanted and position not in states
            else array
            for position, array in enumerate(inputs)
        ]

    def _scaled(self, operator: Operator, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the values of the attributes with the scale of the loss in ``grad_scale``."""
        applied = operator.applied(values)
        scale = applied.attributes["grad_scale"] * self._scaler.loss_scale
        names = [attribute.name for attribute in operator.attributes]
        given = values or (Null,) * len(names)
        return tuple([scale if name == "grad_scale" else value for name, value in zip(names, given, strict=True)])

    # --- while a graph is made ----------------------------------------------------------------------------------------

    def change(self, symbol: Symbol) -> None:
        """Put casts before a new node."""
        node = symbol._entries[0].node
        operator = node.operator
        assert operator is not None
        if operator.own_gradient:
            logging.warning("%s: in a graph its gradient is not scaled with the loss", operator.name)
        if operator not in self._treated:
            return
        treatment = self.rules.of(operator, node.attributes)
        if treatment == "any":
            return
        states = set(node.auxiliary_inputs())
        if treatment == "widest":
            cast = symbol_functions["amp_multicast"](*[Symbol((entry,)) for entry in node.inputs])
            node.inputs = cast._entries
            return
        kind = self.rules.kind if treatment == "low" else "float32"
        node.inputs = tuple([entry if entry.node in states else _cast(entry, kind) for entry in node.inputs])


def _cast(entry: Entry, kind: str) -> Entry:
    return symbol_functions["amp_cast"](Symbol((entry,)), dtype=kind)._entries[0]


#: What `init` turned on, or nothing.
switched_on: list[Mode] = []


def current() -> Mode | None:
    """Return what `init` turned on, or None."""
    return switched_on[0] if switched_on else None


@door
def init(
    target_dtype: Any = "float16",
    target_precision_ops: list[str] | None = None,
    conditional_fp32_ops: list[tuple[str, str, list[str]]] | None = None,
    fp32_ops: list[str] | None = None,
) -> None:
    """Turn on mixed precision: from now on, operators convert their inputs to 16 bits or to float32.

    It applies to all functions and methods of arrays, and to graphs that are made from now on; blocks that were
    hybridized and called before keep theirs. Parameters stay float32. It cannot be turned off again.

    Parameters
    ----------
    target_dtype : {'float16', 'bfloat16'}
        The 16-bit type. On a CPU, 'bfloat16' is the fast one.
    target_precision_ops : list of str, optional
        The operators to compute in that type, in place of `list_lp16_ops`.
    conditional_fp32_ops : list of (str, str, list of str), optional
        Operator, attribute, and its values with which to compute in float32, in place of `list_conditional_fp32_ops`.
    fp32_ops : list of str, optional
        The operators to compute in float32, in place of `list_fp32_ops`.

    Raises
    ------
    AssertionError
        An argument is not what it must be, or an operator is in two lists.

    Warns
    -----
    UserWarning
        It is on already, with other arguments, which it keeps.

    Differs from MXNet
    ------------------
    Operators that compute in float32 do so for arrays, too, where MXNet leaves float16 arrays as they are.

    Examples
    --------
    >>> from glueball.contrib import amp
    >>> amp.init(target_dtype="bfloat16")  # doctest: +SKIP
    """
    rules = Rules("init", kind_of("init", target_dtype), target_precision_ops, fp32_ops, conditional_fp32_ops, _LISTS)
    before = current()
    if before is not None:
        if vars(before.rules) != vars(rules):
            warn(f"amp.init: it was called before, with other arguments; {before.rules.kind} stays")
        return
    mode = Mode(rules)
    switched_on.append(mode)
    call_through(mode.invoke)
    changes.append(mode.change)
