"""What a drawing says about a layer in few words, and which kind of layer it is, which decides its colour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..ops.shape_rule import PartialShape
from .network import Layer

_KINDS = {
    "input": "null",
    "convolution": "Convolution Deconvolution",
    "dense": "FullyConnected dot batch_dot Embedding _linalg_gemm2",
    "norm": "BatchNorm _contrib_BatchNormWithReLU LayerNorm GroupNorm InstanceNorm L2Normalization LRN",
    "activation": "Activation LeakyReLU relu sigmoid tanh softsign hard_sigmoid erf clip SoftmaxActivation",
    "pooling": "Pooling _contrib_AdaptiveAvgPooling2D UpSampling _contrib_BilinearResize2D mean sum max min",
    "join": "elemwise_add elemwise_sub elemwise_mul elemwise_div add_n broadcast_add broadcast_sub broadcast_mul "
    "broadcast_div Concat stack _maximum _minimum",
    "output": "softmax log_softmax softmin SoftmaxOutput LinearRegressionOutput LogisticRegressionOutput "
    "MAERegressionOutput SVMOutput MakeLoss make_loss CTCLoss softmax_cross_entropy",
    "shape": "Flatten Reshape transpose SwapAxis expand_dims squeeze slice slice_axis slice_like SliceChannel "
    "_split_v2 Crop Pad Cast amp_cast _copy BlockGrad Dropout reshape_like tile repeat",
}
_KIND_OF = {operator: kind for kind, operators in _KINDS.items() for operator in operators.split()}
TIMES = "\N{MULTIPLICATION SIGN}"


def kind(layer: Layer) -> str:
    """Return one of the keys of `_KINDS`, or ``'other'``."""
    return _KIND_OF.get(layer.operator, "other")


def is_minor(layer: Layer) -> bool:
    """Whether a layer goes with the one before it, as a norm or an activation goes with its convolution."""
    return kind(layer) in ("norm", "activation") or layer.operator in ("Dropout", "Flatten")


def title(layer: Layer) -> str:
    """Return the operator's name, without the prefixes that sort it into MXNet's namespaces."""
    return "input" if layer.is_input else layer.operator.removeprefix("_contrib_").lstrip("_")


def detail(layer: Layer) -> str:
    """Return the attributes that matter most, such as ``3x3, 64, /2`` for 64 filters and a stride of 2."""
    if layer.is_input or layer.operator not in _DETAILS:
        return ""
    return _DETAILS[layer.operator](layer.node.applied.attributes)


def lengths(shape: PartialShape) -> str:
    """Write a shape as ``1x3x224x224``, with a question mark for what is not known."""
    if shape is None:
        return ""
    return TIMES.join([str(length or "?") for length in shape]) or "scalar"


def _sizes(values: Any) -> str:
    return TIMES.join(map(str, values))


def _compact(values: Any) -> str:
    """One number where all are the same."""
    return str(values[0]) if len(set(values)) == 1 else _sizes(values)


def _convolution(attributes: Mapping[str, Any]) -> str:
    groups = attributes["num_group"]
    is_depthwise = groups > 1 and groups == attributes["num_filter"]
    parts = [_sizes(attributes["kernel"]), str(attributes["num_filter"])]
    parts += [f"/{_compact(attributes['stride'])}"] if set(attributes["stride"]) - {1} else []
    parts += [f"dilate {_compact(attributes['dilate'])}"] if set(attributes["dilate"]) - {1} else []
    parts += ["depthwise"] if is_depthwise else [f"{groups} groups"] if groups > 1 else []
    return ", ".join(parts)


def _pooling(attributes: Mapping[str, Any]) -> str:
    if attributes["global_pool"]:
        return f"global {attributes['pool_type']}"
    stride = attributes["stride"]
    return f"{attributes['pool_type']} {_sizes(attributes['kernel'])}" + (f", /{_compact(stride)}" if stride else "")


def _leaky(attributes: Mapping[str, Any]) -> str:
    kind = attributes["act_type"]
    return f"{kind} {attributes['slope']:g}" if kind in ("leaky", "elu") else str(kind)


def _only(form: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda attributes: form.format_map(attributes)


_DETAILS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "Convolution": _convolution,
    "Deconvolution": _convolution,
    "FullyConnected": _only("{num_hidden} units"),
    "Embedding": _only(f"{{input_dim}} {TIMES} {{output_dim}}"),
    "Pooling": _pooling,
    "Activation": _only("{act_type}"),
    "LeakyReLU": _leaky,
    "Dropout": _only("p = {p:g}"),
    "Concat": _only("axis {dim}"),
    "softmax": _only("axis {axis}"),
    "Reshape": _only("{shape}"),
    "transpose": _only("{axes}"),
    "Cast": lambda attributes: str(attributes["dtype"]).removeprefix("torch."),
    "clip": _only("{a_min:g} to {a_max:g}"),
    "UpSampling": _only(f"{TIMES} {{scale}}"),
    "SliceChannel": _only("{num_outputs} parts, axis {axis}"),
    **{
        f"_{name}_scalar": _only(f"{sign} {{scalar:g}}")
        for name, sign in {"plus": "+", "minus": "-", "mul": TIMES, "div": "/", "power": "^"}.items()
    },
}
