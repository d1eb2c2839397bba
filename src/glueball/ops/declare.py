"""The @operator decorator: one plain Python function on torch tensors becomes an operator of the library.

The signature is the schema. Positional parameters are the input arrays (``Tensor``; ``Tensor | None`` for an optional
one; ``*data: Tensor`` for any number). Keyword-only parameters are the attributes, read by their annotation
(`glueball.ops.attrs`). Three keyword-only annotations are not attributes but what the caller's surroundings supply:
``Training`` (whether training mode is on), ``Rng`` (the source of random numbers) and ``Device`` (the torch device to
create on). What a signature cannot say is a keyword of the decorator; `glueball.ops.facts` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from ..core.errors import MXNetError, nearest
from . import absent
from .flops import of_products
from .operator import Operator
from .samples import Refused, Sample
from .signature import Device, Rng, Training

__all__ = ["Device", "Operator", "Rng", "Training", "cases", "operator", "registry"]

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Registry:
    """All declared operators, by name and by alias; and families, whose operators are made from their attributes."""

    def __init__(self) -> None:
        self._by_name: dict[str, Operator] = {}
        self._families: dict[str, Callable[[Mapping[str, str], Sequence[Any]], Operator]] = {}

    def add(self, declared: Operator) -> None:
        """Add an operator; two operators may not share a name."""
        if declared.npx:
            declared.aliases = (*declared.aliases, f"_npx_{declared.npx}")
        for name in (declared.name, *declared.aliases):
            if name in self._by_name:
                raise ValueError(
                    f"operator name {name!r} is declared twice: {declared.name}, {self._by_name[name].name}"
                )
        for name in (declared.name, *declared.aliases):
            self._by_name[name] = declared

    def add_family(self, name: str, make: Callable[[Mapping[str, str], Sequence[Any]], Operator]) -> None:
        """Add a name in graph files that stands for many operators.

        Parameters
        ----------
        name : str
            The name.
        make : callable
            Makes the operator of a node from the text of its attributes and from its subgraphs.
        """
        self._families[name] = make

    def families(self) -> Collection[str]:
        """The names that stand for many operators."""
        return self._families.keys()

    def of_node(self, name: str, attributes: Mapping[str, str], subgraphs: Sequence[Any] = ()) -> Operator | None:
        """Return the operator of a node in a graph file, or None if there is none of that name.

        Raises
        ------
        MXNetError
            It takes other subgraphs than those given, or none.
        """
        make = self._families.get(name)
        if make is not None:
            return make(attributes, subgraphs)
        if subgraphs:
            raise MXNetError(
                f"{name}: it must have no subgraphs; received {len(subgraphs)}; use control flow operators"
            )
        return self._by_name.get(name)

    def __getitem__(self, name: str) -> Operator:
        try:
            return self._by_name[name]
        except KeyError:
            raise MXNetError(
                f"operator: the name must be that of an operator that Glueball has; {self.lacks(name)}"
            ) from None

    def lacks(self, name: str) -> str:
        """Say that a name was received, and what is known of it: why MXNet's operator is missing, or a similar name."""
        absence = absent.find(name)
        if absence is not None:
            return f"received {name!r}, which MXNet has: {absence.why}; {absence.instead}"
        return f"received {name!r}{nearest(name, tuple(self._by_name))}"

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Operator]:
        return iter(dict.fromkeys(self._by_name.values()))

    def names(self) -> Mapping[str, Operator]:
        """Every name and alias with its operator."""
        return self._by_name


registry = Registry()


def operator(name: str, **facts: Any) -> Callable[[_Function], _Function]:
    """Declare the decorated function as the operator `name`.

    The function itself is returned unchanged, so that operators can call one another as plain functions.

    Parameters
    ----------
    name : str
        MXNet's name.
    **facts
        ``aliases``, and the fields of `CallFacts`, `GraphFacts`, `InferenceFacts` and `DrawingFacts`.

    Raises
    ------
    TypeError
        A required fact is missing: `kind` or `flops`, unless the operator is elementwise.
    """

    def declare(function: _Function) -> _Function:
        declared = Operator(name=name, function=function, **{**_implied(facts), **facts})
        registry.add(declared)
        if declared.np:
            registry.add(declared.twin())
        return function

    return declare


def _implied(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that follow from others. Defaults for all operators would hide a forgotten fact."""
    implied: dict[str, Any] = {"kind": "other", "flops": 1} if facts.get("elementwise") else {}
    if "multiply_adds" in facts:
        implied["flops"] = of_products(facts["multiply_adds"])
    return implied


def cases(
    name: str, samples: Callable[[], Sequence[Sample]] = tuple, refusals: Callable[[], Sequence[Refused]] = tuple
) -> None:
    """Set the samples and refusals that the tests of the operator `name` use; only tests call the functions.

    Parameters
    ----------
    name : str
        The operator, declared above.
    samples : callable
        Makes the calls that are compared with MXNet.
    refusals : callable
        Makes the calls that must be refused.
    """
    for each in (name, *registry[name].np[:1]):
        declared = registry[each]
        declared.make_samples, declared.make_refusals = samples, refusals
