"""Symbol: one or more outputs of a graph that is not computed yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from ..core.doors import guard
from ..core.errors import MXNetError, NotImplementedForSymbol, nearest
from . import attribute
from .node import Entry, Node, auxiliary_states, copied, topological_order

if TYPE_CHECKING:
    # The methods that higher layers install when the package is imported; a generated stub (`make stubs`).
    from ._methods import Methods
else:
    Methods = object


@guard
class Symbol(Methods):
    """Outputs of a graph of operators; made with the functions of ``mx.sym`` and Python's arithmetic.

    A symbol describes how to compute a value and does not hold it: `bind` and `eval` compute it from arrays.

    Examples
    --------
    >>> import glueball as mx
    >>> data = mx.sym.var("data")
    >>> net = mx.sym.Activation(mx.sym.FullyConnected(data, num_hidden=2, name="fc"), act_type="relu")
    >>> net.list_arguments()
    ['data', 'fc_weight', 'fc_bias']
    >>> net.eval(data=mx.nd.ones((1, 3)), fc_weight=mx.nd.ones((2, 3)), fc_bias=mx.nd.zeros(2))[0].asnumpy()
    array([[3., 3.]], dtype=float32)
    """

    __slots__ = ("_engine", "_entries", "_strict")

    # The class of what operators make of such a symbol: Symbol itself, or the symbol of ``mx.sym.np``.
    _face: ClassVar[type[Symbol]]
    _is_np = False

    __array_priority__ = 1000.0
    __hash__ = None  # type: ignore[assignment]

    _glueball_open = frozenset({"__init__"})

    def __init__(self, entries: tuple[Entry, ...], engine: Any = None, strict: bool = False) -> None:
        self._entries = entries
        self._engine = engine  # runs it once it is bound; None is the default engine
        self._strict = strict  # whether it is an error if the engine fails

    # --- outputs --------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str | None:
        """The name of its node; None for a group of several."""
        names = {entry.node.name for entry in self._entries} if self._is_one_node() else set()
        return names.pop() if names else None

    def _is_one_node(self) -> bool:
        return all(entry.node is self._entries[0].node for entry in self._entries)

    def __repr__(self) -> str:
        if self.name is not None:
            return f"<{type(self).__name__} {self.name}>"
        names = ", ".join(str(symbol.name) for symbol in self)
        return f"<Symbol group [{names}]>"

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Symbol]:
        return iter([self._face((entry,)) for entry in self._entries])

    def __getitem__(self, index: int | str | slice) -> Symbol:
        """Return one output by number or by name, such as ``'fc_output'``, or several by a slice.

        Raises
        ------
        ValueError
            No output, or more than one, has the name.
        IndexError
            There is no output of that number.
        TypeError
            A slice selects no output, or the index has another type.
        """
        if isinstance(index, slice):
            if not self._entries[index]:
                raise TypeError(f"{self!r}: a slice must select at least one output; received {index}")
            return self._face(self._entries[index])
        if isinstance(index, str):
            index = self._find(index)
        if not isinstance(index, int):
            raise TypeError(f"Symbol: an index must be an int, a str or a slice; received {index!r}")
        if not 0 <= index < len(self._entries):
            self._no_output(index)
        return self._face((self._entries[index],))

    def _no_output(self, index: Any) -> Any:
        error = MXNetError if isinstance(index, int) and index < 0 else IndexError
        raise error(f"{self!r}: the output must be one of 0 to {len(self) - 1}; received {index}")

    def _find(self, name: str) -> int:
        names = self.list_outputs()
        # A name without the suffix is accepted too, if it is unambiguous.
        found = [number for number, output in enumerate(names) if output == name] or [
            number for number, output in enumerate(names) if output == f"{name}_output"
        ]
        if len(found) != 1:
            how = f"{len(found)} outputs have it" if found else "no output has it"
            raise ValueError(
                f"{self!r}: a name must select one output; received {name!r}, and {how}{nearest(name, tuple(names))}"
            )
        return found[0]

    def __copy__(self) -> Symbol:
        return self._face(copied(self._entries, {}), self._engine, self._strict)

    def __deepcopy__(self, memo: Any) -> Symbol:
        return self.__copy__()

    # --- graph ----------------------------------------------------------------------------------------------------

    def list_arguments(self) -> list[str]:
        """Return the names of its variables, without the auxiliary states, in topological order."""
        return [node.name for node in self._arguments()]

    def _arguments(self) -> list[Node]:
        nodes = topological_order(self._entries)
        states = set(auxiliary_states(nodes))
        return [node for node in nodes if node.is_variable and node not in states]

    def list_auxiliary_states(self) -> list[str]:
        """Return the names of the variables that operators update themselves, such as running means."""
        return [node.name for node in self._states()]

    def _states(self) -> list[Node]:
        return auxiliary_states(topological_order(self._entries))

    def list_inputs(self) -> list[str]:
        """Return the names of all variables, including states, in topological order."""
        return [node.name for node in topological_order(self._entries) if node.is_variable]

    def list_outputs(self) -> list[str]:
        """Return the names of its outputs, such as ``'fc_output'``; a variable's is its own name."""
        return [entry.node.output_name(entry.index) for entry in self._entries]

    def get_internals(self) -> Symbol:
        """Return a group of all outputs of all nodes, from which to select inner outputs by name.

        Examples
        --------
        >>> import glueball as mx
        >>> net = mx.sym.relu(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc"))
        >>> net.get_internals()["fc_output"]
        <Symbol fc>
        """
        nodes = topological_order(self._entries)
        return Symbol(tuple([Entry(node, index) for node in nodes for index in range(node.output_count)]))

    def get_children(self) -> Symbol | None:
        """Return a group of the inputs of its nodes; None for a variable."""
        nodes = dict.fromkeys(entry.node for entry in self._entries)
        inputs = [entry for node in nodes for entry in node.inputs]
        return Symbol(tuple(inputs)) if inputs else None

    # --- attributes -----------------------------------------------------------------------------------------------

    def attr(self, key: str) -> str | None:
        """Return the text of one attribute of its node, or None; a group of several nodes has none."""
        return self.name if key == "name" else self.list_attr().get(key)

    def list_attr(self, recursive: bool = False) -> dict[str, str]:
        """Return the attributes of its node; see `attr_dict` for those of the whole graph."""
        if recursive:
            raise DeprecationWarning("Symbol.list_attr: recursive=True is no longer supported; use attr_dict()")
        return attribute.shown(self._node().attributes) if self._is_one_node() else {}

    def attr_dict(self) -> dict[str, dict[str, str]]:
        """Return the attributes of every node that has any, by the node's name."""
        return {
            node.name: attribute.shown(node.attributes) for node in topological_order(self._entries) if node.attributes
        }

    def _set_attr(self, **kwargs: str) -> None:
        """Set attributes of its node."""
        for key, value in kwargs.items():
            if not isinstance(value, str):
                raise ValueError(f"{self!r}: attribute {key} must be a str; received {value!r}")
            self._node().attributes[attribute.stored(key)] = value

    def _node(self) -> Node:
        if not self._is_one_node():
            raise MXNetError(f"{self!r}: a group of several has no attributes of its own; select one with symbol[0]")
        return self._entries[0].node

    # --- composition ----------------------------------------------------------------------------------------------

    def __call__(self, *args: Symbol, name: str | None = None, **kwargs: Symbol) -> Symbol:
        """Return a copy in which the variables named by keyword are replaced by other symbols.

        Examples
        --------
        >>> import glueball as mx
        >>> x, y = mx.sym.var("x"), mx.sym.var("y")
        >>> (x + 1)(x=y * 2).list_arguments()
        ['y']
        """
        if args and kwargs:
            raise TypeError(f"{self!r}: symbols must be given by keyword; received {len(args)} by position too")
        if not all(isinstance(symbol, Symbol) for symbol in (*args, *kwargs.values())):
            raise TypeError(f"{self!r}: only symbols can be composed; received {(*args, *kwargs.values())}")
        if args:
            raise MXNetError(f"{self!r}: symbols must be given by keyword; received {len(args)} by position")
        names = self.list_arguments()
        for key, symbol in kwargs.items():
            if key not in names:
                raise MXNetError(
                    f"{self!r}: {key!r} must be an argument{nearest(key, tuple(names))}; the arguments are {names}"
                )
            if len(symbol._entries) != 1:
                raise MXNetError(f"{self!r}: {key} must be a symbol with one output; received {symbol!r}")
        replaced = {node: kwargs[node.name]._entries[0] for node in self._arguments() if node.name in kwargs}
        result = self._face(copied(self._entries, replaced))
        if name is not None:
            result._node().name = name
        return result

    # --- printing -------------------------------------------------------------------------------------------------

    def debug_str(self) -> str:
        """Return a human-readable listing of the graph."""
        lines = ["Symbol Outputs:"]
        lines += [f"\toutput[{number}]={entry.node.name}({entry.index})" for number, entry in enumerate(self._entries)]
        for node in topological_order(self._entries):
            lines += _described(node)
        return "\n".join(lines) + "\n"

    # --- refusals -------------------------------------------------------------------------------------------------

    def __bool__(self) -> bool:
        raise NotImplementedForSymbol("Symbol: a graph has no value yet, so it has no truth value; use F.where")


def _described(node: Node) -> list[str]:
    if node.operator is None:
        return [f"Variable:{node.name}"]
    lines = ["-" * 20, f"Op:{node.operator.name}, Name={node.name}", "Inputs:"]
    lines += [f"\targ[{number}]={entry.node.name}({entry.index})" for number, entry in enumerate(node.inputs)]
    if node.attributes:
        lines += ["Attrs:", *[f"\t{key}={value}" for key, value in sorted(node.attributes.items())]]
    return lines


Symbol._face = Symbol
