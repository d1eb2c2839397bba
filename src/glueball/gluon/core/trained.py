"""The parameters that a step of a trainer updates, read all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...core.overriding import is_ours
from ...ndarray import NDArray
from .parameter import Parameter

# What MXNet calls once for each parameter.
_CALLED_FOR_EACH = ("_check_and_get", "list_data", "list_grad")

_Copies = list[list[NDArray]]


class Trained:
    """Parameters that have gradients.

    Most of a step on many small parameters would be calls of the methods of each. So these are only called if a program
    has one of its own, or to say what is missing; else the lists that they would return are taken.

    Parameters
    ----------
    numbers : sequence of int
        The numbers by which the trainer knows the parameters.
    parameters : sequence of Parameter
        The parameters.
    plain : bool
        Whether none of them has methods of a program.
    """

    def __init__(self, numbers: Sequence[int], parameters: Sequence[Parameter], plain: bool) -> None:
        self.numbers = numbers
        self.parameters = parameters
        self._plain = plain

    @classmethod
    def among(cls, parameters: Sequence[Parameter]) -> Trained:
        """Return those of the parameters of a trainer that have gradients."""
        kinds: set[type[Parameter]] = set(map(type, parameters))
        plain = all(
            is_ours(method)
            for kind in kinds
            for method in (getattr(kind.grad_req, "fget", None), *[getattr(kind, name) for name in _CALLED_FOR_EACH])
        ) and not any(
            ["_check_and_get" in own or "list_data" in own or "list_grad" in own for own in map(vars, parameters)]
        )
        requests = [one._grad_req for one in parameters] if plain else [one.grad_req for one in parameters]
        all_of_them = cls(range(len(parameters)), parameters, plain)
        return all_of_them.only([request != "null" for request in requests]) if "null" in requests else all_of_them

    def only(self, chosen: Iterable[bool]) -> Trained:
        """Return those that are chosen."""
        places = [place for place, is_chosen in enumerate(chosen) if is_chosen]
        numbers, parameters = self.numbers, self.parameters
        return Trained([numbers[place] for place in places], [parameters[place] for place in places], self._plain)

    def arrays(self) -> _Copies:
        """Return the arrays of each parameter, in the order of their contexts."""
        if self._plain:
            held = [one._data for one in self.parameters]
            if all(held):
                return held  # type: ignore[return-value]
        return [one._check_and_get(one._data, list) for one in self.parameters]

    def gradients(self) -> _Copies:
        """Return the gradients of each parameter, in the order of their contexts."""
        if self._plain:
            held = [one._grad for one in self.parameters]
            if all(held):
                return held  # type: ignore[return-value]
        return [one.list_grad() for one in self.parameters]

    def arrays_and_gradients(self) -> tuple[_Copies, _Copies]:
        """Return both, asked for as MXNet does: of each parameter first the one and then the other."""
        if self._plain:
            return self.arrays(), self.gradients()
        pairs = [(listed(one), one.list_grad()) for one in self.parameters]
        return [arrays for arrays, _ in pairs], [gradients for _, gradients in pairs]

    @staticmethod
    def used(arrays: _Copies) -> None:
        """Note that the gradients of arrays have been used."""
        for copies in arrays:
            for array in copies:
                if (gradient := array._grad) is not None:
                    gradient._fresh = False


def listed(parameter: Parameter) -> list[NDArray]:
    """Return the arrays of a parameter, whatever its storage type is."""
    if parameter._stype == "default":
        return parameter.list_data()
    found: list[NDArray] = parameter._check_and_get(parameter._data, list)
    return found
