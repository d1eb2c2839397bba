"""Writes a graph as the code of one torch module."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ....core.errors import MXNetError
from ....gluon.core import nested
from ....symbol.node import Entry, Node, topological_order
from ..prediction import Prediction, inferred
from .call import RULES, Call, Layers, Nested, Result, Unsupported, Value
from .lengths import Lengths
from .names import Locals, Names, attributes


class Written:
    """The parts of a module: the lines that make its layers, those of its forward, and its values.

    Parameters
    ----------
    found : Prediction
        The network.
    owner : str
        The public function, for messages.
    """

    def __init__(self, found: Prediction, owner: str) -> None:
        block = found.block
        self._entries = block._symbol._entries
        params = {name: each.data() for name, each in block.collect_params().items()}
        self._values = {name: each._data.detach() for name, each in params.items()}
        self._known = inferred(self._entries, {**params, **found.inputs})
        self._lengths = Lengths(self._entries, found.inputs, params)
        names = Names()
        self.inputs = {name: names.give(name) for name in found.inputs}
        self.made: list[str] = []
        self.steps: list[str] = []
        self.state: dict[str, Tensor] = {}
        self._attributes = attributes()
        self._layers: dict[Any, str] = {}  # a layer that is used twice is made once
        self._homes: dict[str, str] = {}  # where each parameter is
        self._locals = Locals(self.inputs.values())
        self._texts: dict[Entry, str] = {}
        self._refused: dict[str, list[str]] = {}
        self._write(block._glueball_outputs)
        if self._refused:
            raise _cannot(owner, self._refused)

    # --- what rules call ----------------------------------------------------------------------------------------------

    def layer(self, stem: str, text: str, parameters: Mapping[str, str], values: Mapping[str, Tensor]) -> str:
        """Add a layer and return the expression that stands for it."""
        # A layer without parameters, or with parts of one, is what its name and its memory are.
        own = None if parameters else (stem, *[value.data_ptr() for value in values.values()])
        key = (text, tuple(parameters.items()), own)
        if key not in self._layers:
            self._layers[key] = name = self._attributes.give(stem)
            self.made.append(f"self.{name} = {text}")
            for tensor, parameter in parameters.items():
                place = f"{name}.{tensor}"
                self.state[place] = self._values[parameter]
                home = self._homes.setdefault(parameter, place)
                if home != place:
                    self.made.append(f"self.{place} = self.{home}")
            self.state.update({f"{name}.{tensor}": value for tensor, value in values.items()})
        return f"self.{self._layers[key]}"

    def value(self, parameter: str) -> Tensor:
        """Return the value of a parameter."""
        return self._values[parameter]

    def _plain(self, parameter: str) -> str:
        """Return the expression of a parameter that is no layer's."""
        if parameter not in self._homes:
            self._homes[parameter] = name = self._attributes.give(parameter)
            value = self.state[name] = self._values[parameter]
            shape = ", ".join(map(str, value.shape))
            if value.is_floating_point():
                self.made.append(f"self.{name} = nn.Parameter(torch.empty({shape}))")
            else:
                self.made.append(f'self.register_buffer("{name}", torch.empty({shape}, dtype={value.dtype}))')
        return f"self.{self._homes[parameter]}"

    # --- forward ------------------------------------------------------------------------------------------------------

    def _write(self, structure: Any) -> None:
        order = topological_order(self._entries)
        uses, reads = self._needed(order)
        for node in order:
            if node.is_variable and node.name in self.inputs:
                self._texts[Entry(node, 0)] = self.inputs[node.name]
                self._locals.add(self.inputs[node.name], uses[Entry(node, 0)])
            elif node in reads:
                self._add(node, uses, reads[node])
        if not self._refused:
            texts = [self._text(entry) for entry in self._entries]
            self.steps.append(f"return {_nest(structure, iter(texts))}")

    def _needed(self, order: Sequence[Node]) -> tuple[Counter[Entry], dict[Node, set[Entry]]]:
        """Return how many ask for each array, and for which arrays each node that is needed asks.

        It says all nodes once, from the outputs on, and forgets what was said: what only parameters of a layer are
        computed from is no line of the code.
        """
        uses, reads = Counter(self._entries), dict[Node, set[Entry]]()
        for node in reversed(order):
            outputs = _outputs(node)
            if node.is_variable or not any(uses[entry] for entry in outputs):
                continue
            asked = reads[node] = set[Entry]()

            def text(entry: Entry, asked: set[Entry] = asked) -> str:
                asked.add(entry)
                return ""

            try:
                self._said(node, outputs, uses, _Unwritten(self._values), text)
            except Unsupported:
                asked.update(node.inputs)  # so that all that cannot be said is named
            uses.update(asked)
        return uses, reads

    def _add(self, node: Node, uses: Counter[Entry], asked: set[Entry]) -> None:
        """Add the line for one node."""
        applied = node.applied
        outputs = _outputs(node)
        try:
            result = self._said(node, outputs, uses, self, self._text)
            if isinstance(result, tuple) and any(uses[entry] for entry in outputs[len(result) :]):
                raise Unsupported("another output than the first")
        except Unsupported as reason:
            self._refused.setdefault(f"{applied.operator.name} ({reason})", []).append(node.name)
            result = "None"
        for entry in asked:
            if entry in self._texts and self._texts[entry] in self._locals:
                self._locals.used(self._texts[entry])
        if isinstance(result, str) and len(outputs) > 1:
            result = Nested(", ".join(["{}"] * len(outputs)), result)
        if isinstance(result, Nested):
            targets = [self._named(entry, uses[entry]) if uses[entry] else "_" for entry in outputs]
            self.steps.append(f"{result.targets.format(*targets)} = {result.text}")
            return
        for entry, text in zip(outputs, (result,) if isinstance(result, str) else result, strict=False):
            if not uses[entry]:
                continue
            if text in self._locals:  # nothing is done, so that it is the same variable
                self._texts[entry] = text
                self._locals.add(text, uses[entry])
            else:
                self.steps.append(f"{self._named(entry, uses[entry])} = {text}")

    def _named(self, entry: Entry, uses: int) -> str:
        name = self._texts[entry] = self._locals.take(uses)
        return name

    def _said(
        self, node: Node, outputs: Sequence[Entry], uses: Counter[Entry], layers: Layers, text: Callable[[Entry], str]
    ) -> Result:
        name = node.applied.operator.name
        if name not in RULES:
            raise Unsupported("no counterpart")
        given = self._given(node, text)
        shapes = tuple([tuple(self._known.shapes[entry] or ()) for entry in outputs])
        kinds = tuple([self._known.types[entry] or torch.float32 for entry in outputs])
        used = tuple([uses[entry] > 0 for entry in outputs])
        call = Call(
            node.name, node.applied.attributes, given, shapes, kinds, used, next(iter(self.inputs.values())),
            lambda axis: self._length(outputs[0], axis, shapes[0][axis]), layers,
        )  # fmt: skip
        if not RULES[name].integers and not all(each.type.is_floating_point for each in call.given):
            raise Unsupported("of integers")
        return RULES[name].say(call)

    def _length(self, entry: Entry, axis: int, length: int) -> str:
        origin = self._lengths.origin(entry, axis, length)
        return str(length) if origin is None else f"{self.inputs[origin[0]]}.shape[{origin[1]}]"

    def _given(self, node: Node, text: Callable[[Entry], str]) -> tuple[Value | None, ...]:
        """Return the inputs of a node."""
        if node.is_variable:
            return ()
        return tuple([None if entry is None else self._value(entry, text) for entry in node.arguments()])

    def _value(self, entry: Entry, text: Callable[[Entry], str]) -> Value:
        node, shape, kind = entry.node, self._known.shapes[entry], self._known.types[entry]
        name = node.name if node.is_variable and node.name not in self.inputs else ""
        operator = "" if node.operator is None else node.operator.name
        return Value(
            name, tuple(shape or ()), kind or torch.float32, lambda: text(entry), operator,
            lambda: self._given(node, text),
        )  # fmt: skip

    def _text(self, entry: Entry) -> str:
        return self._texts[entry] if entry in self._texts else self._plain(entry.node.name)


class _Unwritten:
    """Takes layers, and forgets them."""

    def __init__(self, values: Mapping[str, Tensor]) -> None:
        self._values = values

    def layer(self, stem: str, text: str, parameters: Mapping[str, str], values: Mapping[str, Tensor]) -> str:
        return ""

    def value(self, parameter: str) -> Tensor:
        return self._values[parameter]


def _outputs(node: Node) -> list[Entry]:
    return [Entry(node, index) for index in range(node.output_count)]


def _nest(structure: Any, texts: Any) -> str:
    """Return the outputs as they are nested; a list at the top is a tuple, as torch's modules have it."""
    if structure == nested.ONE:
        return str(next(texts))
    if structure is None:
        return "None"
    parts = [_inner(each, texts) for each in structure[1]]
    return ", ".join(parts) + ("," if len(parts) == 1 else "")


def _inner(structure: Any, texts: Any) -> str:
    if structure is None or structure == nested.ONE:
        return _nest(structure, texts)
    return (
        f"({_nest(structure, texts)})"
        if structure[0] is tuple
        else f"[{', '.join(_inner(s, texts) for s in structure[1])}]"
    )


def _cannot(owner: str, refused: Mapping[str, list[str]]) -> MXNetError:
    lines = [f"  {what}: {', '.join(names[:3])}{' ...' if len(names) > 3 else ''}" for what, names in refused.items()]
    return MXNetError(
        f"{owner}: each operator must have a counterpart among torch's layers and functions; these have none:\n"
        + "\n".join(lines)
        + "\nwrite a .pt2 file instead, with export_program"
    )
