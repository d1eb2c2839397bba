"""An operator of the library made of a `CustomOpProp`: what calls, graphs and inference know of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import torch
from torch import Tensor

from ..core.context import Context
from ..core.dtype import TORCH_TO_FLAG, TORCH_TO_NUMPY, to_torch
from ..core.errors import MXNetError
from ..core.integer_tape import IntegerTape
from ..core.storage import SparseStorage
from ..core.strangers import call
from ..ops.attrs import type_of
from ..ops.operator import Operator
from ..ops.shape_rule import PartialShape, read_lengths, shown_lengths
from ..ops.signature import REQUIRED, Attribute, Schema
from ..ops.sparse.rule import SparseByArrays
from ..ops.type_rule import PartialType
from .bridge import Owner, Run, compute
from .custom_op import CustomOp, CustomOpProp
from .declarations import needs
from .sparse_call import call_on_arrays
from .storage import Storage, has_sparse_gradient

_TEXT = type_of(str)
_CPU = Context("cpu")
_META = torch.device("meta")

#: What most classes return, which need not be read as users write types.
_TORCH: dict[Any, Any] = {None: None, **{kind: torch_kind for torch_kind, kind in TORCH_TO_NUMPY.items()}}


class CustomOperator(Operator):
    """The operator of one `CustomOpProp`; a graph has one for each node, since a `CustomOp` may remember things.

    Parameters
    ----------
    name : str
        The operator's name in a graph file.
    prop : CustomOpProp
        The user's object.
    attributes : collection of str
        The names of the attributes in a graph file.
    kind : str
        The name under which a program has registered the operator.
    keeps : bool
        Whether a `CustomOp` computes again after its gradients are computed, as in a graph that is bound; else each
        call makes a new one.
    """

    def __init__(self, name: str, prop: CustomOpProp, attributes: Sequence[str], kind: str, keeps: bool) -> None:
        self.prop, self._names, self._keeps = prop, tuple(attributes), keeps
        self.arguments = _names(prop, "list_arguments")
        self.outputs_by_name = _names(prop, "list_outputs")
        states = _names(prop, "list_auxiliary_states")
        self._counts = (len(self.arguments), len(self.outputs_by_name), len(states))
        declared = needs(prop, len(self.arguments), len(self.outputs_by_name))
        self.storage = Storage(prop, *self._counts)
        self.owner = Owner(name, kind, declared, self.storage.check_dense)
        self._types = _Types(prop, *self._counts)
        self._waiting: dict[Any, list[CustomOp]] = {}
        self._lock = threading.Lock()
        super().__init__(
            name=name,
            function=self._compute,
            prepare=lambda attributes: partial(self._compute),
            auxiliary=states,
            outputs=len(self.outputs_by_name),
            output_names=self.outputs_by_name,
            infer_inputs=self._infer_inputs,
            types=lambda attributes: self._types,
            precision="unlisted",
            runs_user_code=True,
            kind="other",
            flops=0,
            sparse=SparseByArrays(partial(call_on_arrays, self), self.storage.makes, self.storage.gradient_stypes),
        )

    @cached_property
    def schema(self) -> Schema:
        """The inputs that the user's class lists, and the keywords of the call as text."""
        attributes = tuple([Attribute(name, _TEXT, REQUIRED) for name in self._names])
        supplied = (("training", "training"), ("device", "device"))
        return Schema((*self.arguments, *self.auxiliary), frozenset(), attributes, supplied)

    def check_count(self, arrays: Sequence[Any]) -> None:
        """Refuse another number of arrays than the user's class lists."""
        if len(arrays) != len(self.arguments) + len(self.auxiliary):
            raise MXNetError(
                f"{self.name}: it must be given {', '.join(self.inputs) or 'no array'}; received {len(arrays)} arrays"
            )

    def _compute(self, *tensors: Tensor, training: bool, device: torch.device) -> Any:
        self.check_count(tensors)
        plain: list[Tensor] = []
        shapes: list[list[int]] = []
        types: list[torch.dtype] = []
        is_inferred = device.type == "meta"
        for given in tensors:  # one loop, since each call pays for it
            tensor = given.integers if type(given) is IntegerTape else given
            plain.append(tensor)
            shapes.append(list(tensor.shape))
            types.append(tensor.dtype)
            is_inferred = is_inferred or tensor.is_meta
        count = len(self.arguments)
        where = _META if is_inferred else device
        made = self.results(shapes[:count], types[:count])
        outputs = [torch.zeros(shape, dtype=kind, device=where) for shape, kind in made]
        if is_inferred:
            return outputs[0] if len(plain) == count and len(outputs) == 1 else (*outputs, *plain[count:])
        if self.storage.is_sparse or (self.storage.knows_gradients and any(map(has_sparse_gradient, tensors))):
            raise SparseStorage(
                f"{self.name}: the operator {self.owner.kind!r} makes sparse arrays or gradients, which only calls on "
                "arrays, blocks and executors know"
            )
        ctx = Context("gpu", device.index or 0) if device.type == "cuda" else _CPU
        op, done = self.made(ctx, shapes, types)
        run = Run(self.owner, op, ctx, plain[:count], plain[count:], outputs, training, done)
        return compute(run, tensors[:count])

    def results(
        self, shapes: list[list[int]], types: Sequence[torch.dtype]
    ) -> list[tuple[tuple[int, ...], torch.dtype]]:
        """Return the shapes and types of the outputs, as the user's class says, from those of the inputs."""
        found = zip(self._shapes(shapes)[1], self._types.outputs(types), strict=True)
        return [(tuple(shape), kind) for shape, kind in found]

    def made(
        self, ctx: Context, shapes: list[list[int]], types: Sequence[torch.dtype]
    ) -> tuple[CustomOp, Callable[[CustomOp], None] | None]:
        """Return a `CustomOp` for one call, and what to call when nothing needs it anymore, if anything."""
        return (self._kept if self._keeps else self._new)(ctx, shapes, types)

    def _new(
        self, ctx: Context, shapes: list[list[int]], types: Sequence[torch.dtype]
    ) -> tuple[CustomOp, Callable[[CustomOp], None] | None]:
        """Let the user's class make a `CustomOp` for one call."""
        op = call(self.prop.create_operator, ctx, shapes, [TORCH_TO_FLAG[kind] for kind in types])
        if not (hasattr(op, "forward") and hasattr(op, "backward")):
            raise MXNetError(f"{type(self.prop).__name__}.create_operator: it must return a CustomOp; received {op!r}")
        return op, None

    def _kept(
        self, ctx: Context, shapes: list[list[int]], types: Sequence[torch.dtype]
    ) -> tuple[CustomOp, Callable[[CustomOp], None]]:
        """Return a `CustomOp` that nobody needs at the moment, and a function that keeps it for the next run."""
        key = (tuple(map(tuple, shapes)), tuple(types), ctx)

        def keep(op: CustomOp) -> None:
            with self._lock:
                waiting = self._waiting.setdefault(key, [])
                if not any(op is other for other in waiting):  # a gradient may be computed twice
                    waiting.append(op)

        with self._lock:
            waiting = self._waiting.get(key)
            if waiting:
                return waiting.pop(), keep
        return self._new(ctx, shapes, types)[0], keep

    def _shapes(self, shapes: list[list[int]]) -> tuple[list[Any], list[Any], list[Any]]:
        """Ask the user's class for the shapes of inputs, outputs and states."""
        result = call(self.prop.infer_shape, shapes)
        if not isinstance(result, list | tuple) or len(result) not in (2, 3):
            raise MXNetError(
                f"{type(self.prop).__name__}.infer_shape: it must return the shapes of inputs, outputs and states; "
                f"received {result!r}"
            )
        inputs, outputs, states = [list(group) for group in (*result, ())[:3]]
        if (len(inputs), len(outputs), len(states)) != self._counts:
            raise self._wrong_number(("inputs", "outputs", "states"), (inputs, outputs, states))
        return inputs, outputs, states

    def _wrong_number(self, kinds: Sequence[str], groups: Sequence[list[Any]]) -> MXNetError:
        kind, group, count = next(
            [kind, group, count]
            for kind, group, count in zip(kinds, groups, self._counts, strict=True)
            if len(group) != count
        )
        return MXNetError(
            f"{type(self.prop).__name__}.infer_shape: it must return {count} shapes of {kind}; received {group!r}"
        )

    def _infer_inputs(self, shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
        given = [list(shown_lengths(shape) or ()) for shape in shapes[: len(self.arguments)]]
        try:
            inputs, _, states = self._shapes(given)
        except Exception:
            # Only a class that expects it can say something while some shapes are unknown. It is asked again when all
            # are known, and what it raises then is the user's to see.
            return shapes
        return [read_lengths(tuple(shape)) for shape in (*inputs, *states)]


def _names(prop: CustomOpProp, method: str) -> tuple[str, ...]:
    names = call(getattr(prop, method))
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise MXNetError(f"{type(prop).__name__}.{method}: it must return a list of str; received {names!r}")
    return tuple(names)


class _Types:
    """How the types agree, as the user's class says."""

    def __init__(self, prop: CustomOpProp, arguments: int, outputs: int, states: int) -> None:
        self._prop, self._arguments, self._outputs, self._states = prop, arguments, outputs, states

    def _ask(self, inputs: Sequence[PartialType]) -> list[Sequence[Any]]:
        """Return the types of inputs, outputs and states, as far as the class says them, as users write types."""
        given = [None if kind is None else TORCH_TO_NUMPY[kind] for kind in inputs]
        try:
            result = call(self._prop.infer_type, given)
        except Exception:
            if None not in given:
                raise
            return [given, [None] * self._outputs, [None] * self._states]  # as for shapes; see _infer_inputs
        if not isinstance(result, list | tuple) or len(result) not in (2, 3):
            raise MXNetError(
                f"{self._name}: it must return the types of inputs, outputs and states; received {result!r}"
            )
        return list(result)

    def _read(self, group: Sequence[Any]) -> list[PartialType]:
        return [_TORCH[kind] if kind in _TORCH else to_torch(kind, self._name) for kind in group]

    @property
    def _name(self) -> str:
        return f"{type(self._prop).__name__}.infer_type"

    def outputs(self, inputs: Sequence[PartialType]) -> list[torch.dtype]:
        """Return the types of the outputs, when those of the inputs are known."""
        return [kind or torch.float32 for kind in self._read(self._ask(inputs)[1])]

    def complete(
        self, inputs: Sequence[PartialType], outputs: Sequence[PartialType], attributes: Mapping[str, Any],
        *, default: bool = False,
    ) -> tuple[list[PartialType], list[PartialType]]:  # fmt: skip
        """Return the types that follow from those known."""
        given = list(inputs[: self._arguments])
        if default:
            given = [kind or (given[0] if given else None) or torch.float32 for kind in given]
        found_inputs, found_outputs, found_states = map(self._read, (*self._ask(given), ())[:3])
        completed = [kind or found for kind, found in zip(inputs, [*found_inputs, *found_states], strict=True)]
        return completed, [kind or found for kind, found in zip(outputs, found_outputs, strict=True)]
