"""The facts about an operator that its signature does not say, grouped by who needs them.

Each fact is a field here and a keyword of `@operator`; a new one takes a line here and a line of documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from torch import Tensor

from .flops import Count
from .shape_rule import PartialShape
from .sparse.rule import Sparse, SparseByArrays
from .type_rule import ONE_TYPE, Completes
from .weighted import Weighted

#: What mixed precision does with the inputs of an operator: it converts them to 16 bits, to float32, or to the widest
#: of their types; or it leaves them as they are, as those of operators that MXNet's lists do not name.
Precision = Literal["low", "single", "widest", "any", "unlisted"]

#: What MXNet does with most operators. It has few of them for bfloat16.
MOST: tuple[Precision, Precision] = ("any", "single")

Attributes = Mapping[str, Any]
Kind = Literal["convolution", "dense", "norm", "activation", "pooling", "join", "output", "shape", "other"]


@dataclass(eq=False, kw_only=True)
class CallFacts:
    """What a call needs to know.

    Attributes
    ----------
    np
        The names of the same operator in ``mx.np``, where MXNet has it twice, such as ``_npi_exp``.
    np_inputs
        What that one calls the inputs, where it calls them otherwise.
    npx
        Its name in ``mx.npx``, such as ``convolution``.
    variadic_by
        For a variadic operator: the attribute that holds the number of inputs in a graph file; else ''.
    inputs_by
        For a variadic operator whose attribute counts something else, such as weights with a gradient each: the number
        of inputs, from the attributes. A user gives that attribute, since the inputs alone do not say it.
    auxiliary
        Names of the inputs that are states and never differentiated. The function returns their new values after its
        outputs, in this order, or the state itself if it is unchanged; the caller stores them.
    states_of_training
        The states are moving averages, with an attribute ``momentum``: as in MXNet's CPU build they change when
        gradients flow back through a call. Without it, each call changes them.
    states_by
        For a variadic operator, in place of `auxiliary`: the positions of its states in ascending order, from the
        attributes.
    outputs
        The number of arrays that it returns, or a function of the attributes.
    may_alias
        The result may share memory with an input; an imperative caller copies it, a graph need not.
    hands_on
        In prediction the result is the first input, unchanged, whatever its values are; or a function of the
        attributes that says so. A graph may leave the operator out.
    weighted
        For an operator of data, a weight and a bias: how a number for each channel of its result meets the weight, so
        that a graph for prediction may multiply the weight by it.
    prepare
        For computing once what depends on the attributes only: takes the attributes and returns the function of the
        remaining arguments. The declared function calls it too, so that there is one implementation.
    waits
        In training the operator asks other devices: a function of the attributes, whether these are contexts of this
        process, for which it waits by raising `Waiting`. A graph with such an operator is computed call by call.
    method
        The NDArray and Symbol method that calls it, or ''.
    masks
        Whether its result selects elements when it is used as an index: 'always' for a comparison, 'of masks' where it
        does if all inputs do, as for the product of two comparisons. Other numbers are positions.
    loops
        Its Python code loops over the steps of sequences, or calls what a compiler has no code for: a compiler, which
        would unroll the loop, must not look into it.
    reads_values
        Values decide what its Python code does, such as how long a result is: a GPU cannot capture it, and a compiler
        must not look into it.
    sparse
        What it does with sparse inputs, and whether it makes sparse arrays; without it, MXNet's fallback: it computes
        with dense copies.
    """

    np: Sequence[str] = ()
    np_inputs: Sequence[str] = ()
    npx: str = ""
    variadic_by: str = ""
    inputs_by: Callable[[Attributes], int] | None = None
    auxiliary: Sequence[str] = ()
    states_of_training: bool = False
    states_by: Callable[[Attributes], Sequence[int]] | None = None
    outputs: int | Callable[[Attributes], int] = 1
    may_alias: bool = False
    hands_on: bool | Callable[[Attributes], bool] = False
    weighted: Weighted | None = None
    prepare: Callable[[Attributes], Callable[..., Any]] | None = None
    waits: Callable[[Attributes], bool] | None = None
    method: str = ""
    masks: Literal["never", "always", "of masks"] = "never"
    runs_user_code: bool = False
    loops: bool = False
    reads_values: bool = False
    sparse: Sparse | SparseByArrays | None = None


@dataclass(eq=False, kw_only=True)
class GraphFacts:
    """What MXNet's graph files say beyond the signature.

    Attributes
    ----------
    omits
        The optional inputs that a call with the given attributes does not take: a graph makes no variables for them.
    names_inputs
        Whether MXNet tells a monitor the names of the inputs, and not their numbers; by default, it does unless the
        only input is ``data`` and the outputs have no names.
    monitored_stem
        What a monitor calls the inputs of a variadic operator, before their numbers.
    gradient_names
        What a monitor calls the gradient of each input, before the number; by default all are ``backward``. With none,
        MXNet hands the gradient of the output on to the inputs.
    names_gradients
        Whether the gradients have the names of the inputs, and not numbers: those of MXNet's oldest operators.
    output_names
        The names of the outputs in a graph. Without them, outputs are ``output``, or numbered, and casts of them count.
    hidden_outputs
        The number of outputs in a graph file of MXNet that a user does not see, or a function of the attributes.
    hidden_values
        Computes the hidden outputs, which a monitor of MXNet sees: a function of the inputs, the first output, the
        attributes and whether this is training. Their names stand in `output_names`, after those that a user sees.
    initializers
        By input: how MXNet initializes the variable that a graph makes for it, as the text of ``__init__``.
    computed_anew
        Whether MXNet computes it again where a bound graph has it twice with the same inputs; by default, it does so
        with operators that draw, have states or have no inputs.
    """

    omits: Callable[[Attributes], Collection[str]] | None = None
    names_inputs: bool | None = None
    monitored_stem: str = "arg"
    gradient_names: Sequence[str] | None = None
    names_gradients: bool = False
    output_names: Sequence[str] = ()
    hidden_outputs: int | Callable[[Attributes], int] = 0
    hidden_values: Callable[[Sequence[Any], Tensor, Attributes, bool], Sequence[Tensor]] | None = None
    initializers: Mapping[str, str] = field(default_factory=dict)
    computed_anew: bool | None = None


@dataclass(eq=False, kw_only=True)
class InferenceFacts:
    """What inference of shapes and types needs to know.

    Attributes
    ----------
    infer_inputs
        Completes the shapes of parameters from the shapes already known, where that is possible.
    from_outputs
        Completes the shapes of the inputs from what is known of them and of the outputs, where trying lengths does not
        find what MXNet does; or, where MXNet learns less than trying would: 'nothing', or 'lengths', of inputs whose
        axes are counted.
    infer_outputs
        Returns the shapes of the outputs from those of the inputs, or None to run the operator on meta tensors, so that
        it says what is wrong. Given where such a run would load torch's compiler or sympy, which can take seconds.
    from_partial
        What MXNet infers where some lengths of the inputs are unknown, if that is less than can be found: 'nothing', or
        a function that returns what it knows of the outputs, or None. By default lengths are tried.
    elementwise
        All inputs and outputs have the same shape, so that any of them determines the others.
    types
        How the types of inputs and outputs depend on each other, in the notation of `glueball.ops.type_rule`: a str,
        or a function of the attributes that returns one (or a `Completes`). By default all have the same type.
    decides_by_value
        The shape of a result follows from values, or from a file: no graph can say it beforehand.
    """

    infer_inputs: Callable[..., Sequence[PartialShape]] | None = None
    from_outputs: Literal["nothing", "lengths"] | Callable[..., Sequence[PartialShape]] | None = None
    infer_outputs: Callable[..., Sequence[PartialShape] | None] | None = None
    from_partial: Literal["nothing"] | Callable[..., Sequence[PartialShape] | None] | None = None
    elementwise: bool = False
    types: str | Callable[[Attributes], str | Completes] = ONE_TYPE
    decides_by_value: bool = False


@dataclass(eq=False, kw_only=True)
class PrecisionFacts:
    """What mixed precision, ``contrib.amp``, needs to know.

    Attributes
    ----------
    precision
        The types to compute in, for float16 and for bfloat16, or for both.
    single_if
        By attribute: the values that make it compute in float32; with other values its inputs are left as they are.
    own_gradient
        Its gradient does not follow from the incoming one, so that the scale of a loss has to be put into the attribute
        ``grad_scale``.
    """

    precision: Precision | tuple[Precision, Precision] = MOST
    single_if: Mapping[str, Collection[str]] = field(default_factory=dict)
    own_gradient: bool = False


@dataclass(eq=False, kw_only=True)
class DrawingFacts:
    """What a drawing and a summary of a network show.

    Attributes
    ----------
    kind
        The kind of layer, which determines its color; 'shape' only moves values. Elementwise: by default 'other'.
    flops
        Floating-point operations: a number for each element of the first output (0: it moves values or makes
        constants), or a function of a `Call`. Follows from `multiply_adds`; elementwise: by default 1.
    multiply_adds
        For sums of products only: the number of multiplications, each with an addition.
    caption
        The most important attributes, in few words: a format string, or a function of the attributes.
    minor
        It is drawn in one box with the layer before it, as norms and activations always are.
    """

    kind: Kind
    flops: int | Count
    multiply_adds: Count | None = None
    caption: str | Callable[[Attributes], str] = ""
    minor: bool = False
