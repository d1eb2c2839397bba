"""What can be said of an operator beyond its signature, grouped by who asks for it.

Each fact is a field here and a keyword of `@operator`; a new one is a line here and a line of documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .flops import Count
from .shape_rule import PartialShape
from .type_rule import ONE_TYPE, Completes

Attributes = Mapping[str, Any]
Kind = Literal["convolution", "dense", "norm", "activation", "pooling", "join", "output", "shape", "other"]


@dataclass(eq=False, kw_only=True)
class CallFacts:
    """What a call needs to know.

    Attributes
    ----------
    variadic_by
        For any number of inputs: the attribute that holds their number in a graph file; else ''.
    auxiliary
        Names of the inputs that are states and never differentiated. The function returns their new values behind its
        outputs, in this order, and a state itself where it stays as it is; the caller writes them.
    outputs
        How many arrays it returns: a number, or a function of the attributes.
    may_alias
        The result may share memory with an input; an imperative caller copies it, a graph need not.
    prepare
        Where it pays to work out once what follows from the attributes: makes, from the attributes, the function of the
        remaining arguments. The declared function calls it too, so that there is one computation.
    method
        The NDArray and Symbol method that calls it, or ''.
    """

    variadic_by: str = ""
    auxiliary: Sequence[str] = ()
    outputs: int | Callable[[Attributes], int] = 1
    may_alias: bool = False
    prepare: Callable[[Attributes], Callable[..., Any]] | None = None
    method: str = ""


@dataclass(eq=False, kw_only=True)
class GraphFacts:
    """What MXNet's graph files say beyond the signature.

    Attributes
    ----------
    omits
        The optional inputs that a call with certain attributes does not take: a graph makes no variable for them.
    output_names
        What the outputs are called in a graph, where they are not just ``output`` or numbered.
    hidden_outputs
        How many more outputs MXNet counts in a graph file than a user sees; a number, or a function of the attributes.
    initializers
        By input: how MXNet fills the variable that a graph makes for it, as the text of ``__init__``.
    """

    omits: Callable[[Attributes], Collection[str]] | None = None
    output_names: Sequence[str] = ()
    hidden_outputs: int | Callable[[Attributes], int] = 0
    initializers: Mapping[str, str] = field(default_factory=dict)


@dataclass(eq=False, kw_only=True)
class InferenceFacts:
    """What inference of shapes and types needs to know.

    Attributes
    ----------
    infer_inputs
        Completes the shapes of parameters from the shapes already known, where that is possible.
    infer_outputs
        The shapes of the outputs from those of the inputs, or None to let the operator be run on tensors without values
        and say what is wrong. Given where that would load torch's compiler or sympy, which takes up to seconds.
    elementwise
        All inputs and outputs have one shape, so that any of them says what the others are.
    types
        How the types of inputs and outputs follow from one another, as `glueball.ops.type_rule` describes it; a text,
        or a function of the attributes that returns one (or a `Completes`). By default all are one type.
    """

    infer_inputs: Callable[..., Sequence[PartialShape]] | None = None
    infer_outputs: Callable[..., Sequence[PartialShape] | None] | None = None
    elementwise: bool = False
    types: str | Callable[[Attributes], str | Completes] = ONE_TYPE


@dataclass(eq=False, kw_only=True)
class DrawingFacts:
    """What a drawing and a summary of a network say.

    Attributes
    ----------
    kind
        The kind of layer, which is its color; 'shape' is what moves values. Elementwise: 'other', if not given.
    flops
        Floating-point operations: a number for each element of the first output (0: it moves values or makes
        constants), or a function of a `Call`. Follows from `multiply_adds`; elementwise: 1, if not given.
    multiply_adds
        For sums of products only: how many multiplications there are, each with an addition.
    caption
        What matters most of the attributes, in few words: a format text for them, or a function of them.
    minor
        It is drawn in one box with the layer before it, as norms and activations always are.
    """

    kind: Kind
    flops: int | Count
    multiply_adds: Count | None = None
    caption: str | Callable[[Attributes], str] = ""
    minor: bool = False
