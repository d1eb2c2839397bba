"""A `Face` is what the functions of ``mx.np`` work on, arrays or symbols; a `Group` binds the functions to one."""

from __future__ import annotations

import functools
import inspect
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Any, TypeVar

from ..core.context import Context
from ..core.doors import door
from ..core.errors import InvalidTypeError, RefusedError
from ..core.group_module import GroupModule
from ..ops.declare import Operator
from ..ops.generated import compile_function

_Function = TypeVar("_Function", bound=Callable[..., Any])

#: Functions that explain every failure themselves and run in microseconds: they need no door, which costs some.
_WITHOUT_DOOR: set[Callable[..., Any]] = set()

#: The functions by their public names, such as ``np.linalg.svd``; each takes a face first.
FUNCTIONS: dict[str, Callable[..., Any]] = {}


class WrongKindError(InvalidTypeError, RefusedError):
    """What is no array, or symbol, of ``mx.np``: MXNet raises TypeError in some functions, AssertionError in others."""


class NoArrayError(WrongKindError, AttributeError):
    """The same where MXNet asks what it is given for its shape."""


class Face(ABC):
    """Arrays or symbols.

    Attributes
    ----------
    kind : type
        The class of them.
    has_values : bool
        Whether they have values, which a function may read and overwrite: arrays have.
    whole_on_the_left, whole_on_the_right : tuple of type
        The numbers that count as whole where they are an operand: the result of one and of integers is of integers.
    """

    kind: type
    has_values: bool
    whole_on_the_left: tuple[type, ...]
    whole_on_the_right: tuple[type, ...]

    @abstractmethod
    def call(
        self, operator: Operator, inputs: Sequence[Any], values: tuple[Any, ...] = (), out: Any = None, hint: str = ""
    ) -> Any:
        """Apply an operator.

        Parameters
        ----------
        operator : Operator
            The declaration.
        inputs : sequence
            The arrays or symbols in order; None omits an optional one.
        values : tuple
            The attributes in declaration order, Null where they are not given. What is given stands in a graph file.
        out : array, optional
            Where to write the result; a symbol refuses it.
        hint : str
            What the automatic name of a node begins with; by default the name of the operator.

        Raises
        ------
        TypeError
            An input is of another kind.
        """

    @abstractmethod
    def create(
        self, operator: Operator, values: tuple[Any, ...], ctx: Context | str | None, out: Any = None,
        inputs: Sequence[Any] = (),
    ) -> Any:  # fmt: skip
        """Apply an operator that may have no inputs, and whose attribute ``ctx`` is Null in `values`; see `call`."""

    def integers(self, values: Sequence[int], like: Any) -> Any:
        """Return integers as an array in the context of another; a graph holds no values, so that symbols refuse it."""
        raise InvalidTypeError(f"mx.sym.np: a graph holds no arrays; received {values!r}; pass a symbol")

    def several(self, made: Any) -> list[Any]:
        """Return what an operator made as a list, which has one element if there is one output."""
        return made if isinstance(made, list) else [made]

    def holds(self, value: Any) -> bool:
        """Whether a value is of this kind.

        Raises
        ------
        TypeError
            It is an array of ``mx.nd``, or a symbol of ``mx.sym``.
        """
        if isinstance(value, self.kind):
            return True
        if hasattr(value, "as_np_ndarray"):
            raise WrongKindError(
                f"mx.np: arrays and symbols must be those of mx.np; received {type(value).__name__}; "
                "convert it with as_np_ndarray()"
            )
        return False


def function(*names: str, has_door: bool = True) -> Callable[[_Function], _Function]:
    """Make a function, which takes a face first, that of these public names.

    Parameters
    ----------
    *names : str
        The names, such as ``np.sum``.
    has_door : bool, default True
        Whether its errors need to be explained (`core/doors.py`); operators explain theirs.
    """

    def add(implementation: _Function) -> _Function:
        if not has_door:
            _WITHOUT_DOOR.add(implementation)
        for name in names:
            FUNCTIONS[name] = implementation
        return implementation

    return add


_TEMPLATE = """
def {name}({parameters}):
    return implementation({arguments})
"""

_WITH_KEYWORDS = """
def {name}({parameters}, **kwargs):
    if kwargs:
        return by_operator(({given}), kwargs)
    return implementation({arguments})
"""


def bind(
    implementation: Callable[..., Any], face: Face, name: str, module: str, operator: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """Return a function of the library without its first parameter, which is the face.

    With the function of an operator, that one is called where keywords are given that only it has, such as ``name``.
    """
    parameters = list(inspect.signature(implementation).parameters.values())[1:]
    scope: dict[str, Any] = {"implementation": implementation, "face": face}
    signature = inspect.Signature(parameters)
    if operator is not None:
        scope["by_operator"] = functools.partial(_by_operator, operator, parameters)
        parameters = [each.replace(default=None) if each.default is each.empty else each for each in parameters]
    declared: list[str] = []
    arguments, only_by_name = ["face"], False
    for each in parameters:
        star = "*" if each.kind is each.VAR_POSITIONAL else "**" if each.kind is each.VAR_KEYWORD else ""
        if each.kind is each.KEYWORD_ONLY and not only_by_name:
            declared += [] if any(text.startswith("*") for text in declared) else ["*"]
            only_by_name = True
        default = ""
        if each.default is not each.empty:
            scope[f"default_{each.name}"] = each.default
            default = f"=default_{each.name}"
        declared.append(f"{star}{each.name}{default}")
        arguments.append(f"{each.name}={each.name}" if only_by_name and not star else f"{star}{each.name}")
    parts = {"parameters": ", ".join(declared), "arguments": ", ".join(arguments)}
    parts["given"] = "".join(f"{argument}, " for argument in arguments[1:])
    made = compile_function(name, module, _TEMPLATE if operator is None else _WITH_KEYWORDS, parts, scope)
    made.__doc__ = implementation.__doc__
    if operator is not None:
        made.__signature__ = signature  # type: ignore[attr-defined]
    return made if implementation in _WITHOUT_DOOR else door(made)


def _by_operator(
    operator: Callable[..., Any], parameters: Sequence[inspect.Parameter], given: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:  # fmt: skip
    """Call the function of an operator, whose arrays come first, under names of its own."""
    named = {}
    for own, parameter, value in zip(inspect.signature(operator).parameters, parameters, given, strict=False):
        if parameter.default is parameter.empty and value is not None:
            named[own] = value
        elif parameter.default is not parameter.empty and value is not parameter.default:
            named[parameter.name] = value
    return operator(**named, **kwargs)


class Group:
    """The functions of a public module, for one face; each is made when it is first asked for.

    Parameters
    ----------
    prefix : str
        The public name of the module: ``'np'``, ``'np.linalg'``.
    face : Face
        What the functions work on.
    module : str
        The module that they say they are from.
    operators : module, optional
        Functions of operators, which stand in the module, too, and come before functions of the same names: MXNet
        shows such operators as they are, with their own names of inputs, ``name`` and ``attr``.
    documented : bool, default False
        Whether functions come before operators, and take the keywords of these.
    """

    def __init__(
        self, prefix: str, face: Face, module: str, operators: ModuleType | None = None, documented: bool = False
    ) -> None:
        self._prefix, self._face, self._module = f"{prefix}.", face, module
        self._operators, self._documented = operators, documented
        self._made: dict[str, Callable[..., Any]] = {}

    def names(self) -> list[str]:
        """The names of the functions."""
        rests = [name.removeprefix(self._prefix) for name in FUNCTIONS if name.startswith(self._prefix)]
        shown = [] if self._operators is None else dir(self._operators)
        return sorted({*[rest for rest in rests if "." not in rest], *shown})

    def find(self, name: str) -> Callable[..., Any] | None:
        """Return a function, or None."""
        if name not in self._made:
            made = self._make(name)
            if made is None:
                return None
            self._made[name] = made
        return self._made[name]

    def _make(self, name: str) -> Callable[..., Any] | None:
        operator: Callable[..., Any] | None = getattr(self._operators, name, None)
        implementation = FUNCTIONS.get(self._prefix + name) if "." not in name else None
        if implementation is None:
            return operator
        if operator is not None and any(each.kind is each.VAR_POSITIONAL for each in _parameters(operator)):
            operator = None  # MXNet has functions of its own for any number of arrays
        if operator is None or self._documented:
            return bind(implementation, self._face, name, self._module, operator)
        return operator

    def module(self, name: str, doc: str) -> ModuleType:
        """Return a new module that has the functions."""
        made = sys.modules[name] = GroupModule(name, doc, self.find, self.names)
        return made


def _parameters(function: Callable[..., Any]) -> Iterable[inspect.Parameter]:
    return inspect.signature(function).parameters.values()
