"""The functions of ``mx.np`` on symbols."""

from __future__ import annotations

import numbers
import re
from collections.abc import Iterable, Sequence
from typing import Any

from ...core.context import Context, current_context
from ...core.errors import MXNetError
from ...np_functions import Face
from ...np_functions.face import WrongKindError
from ...ops.declare import Operator
from ..compose import compose
from .symbol import _Symbol

# What MXNet leaves out of automatic names.
_PREFIX = re.compile("^_((np|npi|npx)_)?")


class SymbolFace(Face):
    """Symbols of ``mx.sym.np``."""

    kind = _Symbol
    has_values = False
    # MXNet's graphs take all numbers on the left for fractions.
    whole_on_the_left = ()
    whole_on_the_right = (int, numbers.Integral)

    def call(
        self, operator: Operator, inputs: Sequence[Any], values: tuple[Any, ...] = (), out: Any = None, hint: str = ""
    ) -> Any:
        """Add a node to a graph; see `Face.call`."""
        known_as = next((alias for alias in operator.aliases if alias.startswith("_npi_")), operator.name)
        name = _PREFIX.sub("", known_as)
        check_symbols(f"np.{name}", inputs)
        if out is not None:
            raise MXNetError(
                f"np.{name}: out must not be given, since a graph does not write to arrays; received {out!r}"
            )
        given: Any = inputs if operator.variadic_by else dict(zip(operator.inputs, inputs, strict=False))
        names = [attribute.name for attribute in operator.attributes]
        return compose(operator, hint or name.lower(), given, dict(zip(names, values, strict=False)))

    def several(self, made: Any) -> list[Any]:
        """Return the outputs of a node; see `Face.several`."""
        return [_Symbol((entry,)) for entry in made._entries]

    def create(
        self, operator: Operator, values: tuple[Any, ...], ctx: Context | str | None, out: Any = None,
        inputs: Sequence[Any] = (),
    ) -> Any:  # fmt: skip
        """Add a node that may have no inputs; see `Face.create`."""
        names = [attribute.name for attribute in operator.attributes]
        where = str(ctx or current_context())
        given = [where if name == "ctx" else value for name, value in zip(names, values, strict=False)]
        return self.call(operator, inputs, tuple(given), out).as_np_ndarray()  # mx.sym may have the operator, too


symbols = SymbolFace()


def check_symbols(owner: str, inputs: Iterable[Any]) -> None:
    """Refuse inputs that are no symbols of ``mx.sym.np``; `owner` is whose they are, for the message."""
    for each in inputs:
        if each is not None and not isinstance(each, _Symbol):
            raise WrongKindError(
                f"{owner}: its inputs must be symbols of mx.sym.np; received {type(each).__name__}; "
                "convert a Symbol with as_np_ndarray(); a graph contains no arrays"
            )
