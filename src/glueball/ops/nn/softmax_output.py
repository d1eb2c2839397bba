"""Softmax as an output layer: SoftmaxOutput, and the older softmax_cross_entropy and SoftmaxActivation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, Literal, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..checks import not_float, one_type
from ..declare import cases, operator
from ..gradient import with_gradient
from ..samples import Input, exactly, refused, sample
from ..shape_rule import UNKNOWN, PartialShape, first_of_several, like_first

Normalization = Literal["batch", "null", "valid"]


class _Rows(NamedTuple):
    """The data viewed as rows of classes, (rows, classes, positions), with one label per position of each row."""

    probabilities: Tensor
    labels: Tensor  # (rows, positions), integers


class _Rule(NamedTuple):
    """The attributes that determine the gradient of SoftmaxOutput."""

    grad_scale: float
    ignore_label: float
    multi_output: bool
    use_ignore: bool
    normalization: Normalization
    smooth_alpha: float


def _label_shapes(shape: tuple[int, ...], multi_output: bool) -> list[tuple[int, ...]]:
    """Return the shapes that a label of class numbers may have; the first is the one that a graph infers."""
    if not multi_output:
        return [shape[:-1]]
    flat = (shape[0], UNKNOWN if UNKNOWN in shape[2:] else prod(shape[2:]))
    return [flat, (shape[0], *shape[2:]), (shape[0], 1, *shape[2:])]


def _softmax_output_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data, label = shapes
    if data is None or len(data) < 2:
        return shapes
    expected = _label_shapes(data, attributes["multi_output"])[0]
    return [data, expected] if label is None or len(label) == len(expected) else shapes


def _see_as_rows(shape: tuple[int, ...], multi_output: bool, preserve_shape: bool) -> tuple[int, int, int]:
    """Return the numbers of rows, classes and positions in data of this shape."""
    if multi_output:
        return shape[0], shape[1], prod(shape[2:])
    if preserve_shape:
        return prod(shape[:-1]), shape[-1], 1
    return shape[0], prod(shape[1:]), 1


def _check(data: Tensor, label: Tensor, multi_output: bool) -> None:
    if not data.is_floating_point():
        raise not_float("SoftmaxOutput", data)
    if label.dtype is not data.dtype:
        raise one_type("SoftmaxOutput", data=data, label=label)
    shape, received = tuple(data.shape), tuple(label.shape)
    if len(shape) < 2:
        raise MXNetError(f"SoftmaxOutput: data must have at least 2 dimensions; received shape {shape}")
    allowed = [*_label_shapes(shape, multi_output), shape]
    if received not in allowed:
        choices = " or ".join(str(choice) for choice in dict.fromkeys(allowed))
        raise MXNetError(f"SoftmaxOutput: label must have shape {choices} for data {shape}; received {received}")


def _targets(rows: _Rows, smooth_alpha: float) -> Tensor:
    """Return the target probabilities for the labels; a label that is not a class matches none."""
    classes = rows.probabilities.shape[1]
    numbers = torch.arange(classes, device=rows.labels.device).reshape(1, -1, 1)
    hit = (rows.labels.unsqueeze(1) == numbers).to(rows.probabilities.dtype)
    if not smooth_alpha:
        return hit
    return hit * (1 - smooth_alpha) + (1 - hit) * (smooth_alpha / max(classes - 1, 1))


def _gradient(rows: _Rows, label: Tensor, rule: _Rule) -> Tensor:
    """Return probabilities minus targets, scaled as the attributes say."""
    smooth = 0.0 if rule.multi_output else rule.smooth_alpha
    gradient = rows.probabilities - _targets(rows, smooth)
    ignored = rows.labels == int(rule.ignore_label)
    if rule.use_ignore:
        gradient = gradient * (~ignored).unsqueeze(1)
    scale: float | Tensor = rule.grad_scale
    if rule.normalization == "valid":
        valid = (label.long() != int(rule.ignore_label)).sum().clamp_min(1)
        scale = scale / valid.to(gradient.dtype)
    elif rule.normalization == "batch":
        scale = scale / label.numel()
    elif rule.multi_output:
        scale = scale / rows.probabilities.shape[2]
    return gradient * scale


@operator(
    "SoftmaxOutput",
    from_partial=first_of_several,
    aliases=["Softmax"],
    infer_inputs=_softmax_output_shapes,
    infer_outputs=like_first,
    kind="output",
    flops=5,  # as softmax
    precision="single",
    output_names=("output",),
    own_gradient=True,
)
def softmax_output(
    data: Tensor,
    label: Tensor,
    *,
    grad_scale: float = 1.0,
    ignore_label: float = -1.0,
    multi_output: bool = False,
    use_ignore: bool = False,
    preserve_shape: bool = False,
    normalization: Normalization = "null",
    out_grad: bool = False,
    smooth_alpha: float = 0.0,
) -> Tensor:
    """Return softmax, with the gradient of the cross-entropy to the label, by default ignoring the incoming gradient.

    Parameters
    ----------
    data : NDArray
        (N, ...) of a floating-point type. Without `multi_output` and `preserve_shape` the classes are everything but
        the first axis.
    label : NDArray
        Class numbers, of the type of the data and of its shape without the last axis; with `multi_output` of its shape
        without axis 1, which may also be kept with length 1 or have all later axes merged. Or probabilities in the
        shape of the data: then `grad_scale` is the only attribute below that is used. A class number that does not
        exist matches no class.
    grad_scale : float, default 1
        Multiplies the gradient.
    ignore_label : float, default -1
        The label of positions to ignore, for `use_ignore` and for ``normalization='valid'``.
    multi_output : bool, default False
        The classes are axis 1, with a label for each position along the later axes.
    use_ignore : bool, default False
        Give positions with `ignore_label` a gradient of 0.
    preserve_shape : bool, default False
        The classes are the last axis.
    normalization : {'null', 'batch', 'valid'}, default 'null'
        What the gradient is divided by: nothing (with `multi_output` the number of positions), the number of labels, or
        the number of labels other than `ignore_label`, at least 1.
    out_grad : bool, default False
        Multiply the gradient by the incoming gradient, which is otherwise ignored.
    smooth_alpha : float, default 0
        How much of a label's probability is spread over the other classes; not used with `multi_output`.

    Returns
    -------
    NDArray
        The probabilities, in the shape of the data.

    Differs from MXNet
    ------------------
    With `out_grad` MXNet 1.9.1 multiplies by the probabilities instead of the incoming gradient.

    Notes
    -----
    Data with more than two axes and neither `multi_output` nor `preserve_shape` has one softmax for each of the N
    entries, but MXNet still requires a label for each of its rows; the first N of them are used.
    """
    _check(data, label, multi_output)
    view = _see_as_rows(tuple(data.shape), multi_output, preserve_shape)
    probabilities = torch.softmax(data.reshape(view), 1)
    rule = _Rule(grad_scale, ignore_label, multi_output, use_ignore, normalization, smooth_alpha)

    def gradient() -> Tensor:
        if label.shape == data.shape:
            return ((probabilities.reshape(data.shape) - label) * grad_scale).detach()
        whole = label.long().reshape(-1)[: view[0] * view[2]].reshape(view[0], view[2])
        return _gradient(_Rows(probabilities, whole), label, rule).reshape(data.shape)

    result = probabilities.reshape(data.shape)
    if not out_grad:
        return with_gradient(result, data, label, gradient)
    # The sum of the result and a zero whose derivative is the gradient times the incoming gradient.
    return result.detach() + (data - data.detach()) * gradient().detach()


cases(
    "SoftmaxOutput",
    samples=lambda: [
        sample((3, 4), exactly(0, 3, 1), derivative=False),
        sample((3, 4), exactly(0, 3, -1), grad_scale=3, derivative=False),
        sample((3, 4), exactly(0, 3, 7), normalization="batch", smooth_alpha=0.1, derivative=False),
        sample((3, 4), exactly(2, 3, 2), normalization="valid", ignore_label=2, derivative=False),
        sample((3, 4), exactly(2, 3, 2), normalization="valid", ignore_label=2, use_ignore=True, derivative=False),
        sample((2, 4), exactly(2, 2), normalization="valid", ignore_label=2, use_ignore=True, derivative=False),
        sample((3, 4), exactly(2, -1, 2), smooth_alpha=0.2, use_ignore=True, normalization="batch", derivative=False),
        sample((2, 3), Input((2, 3), low=0, high=1), grad_scale=2, normalization="batch", derivative=False),
        sample((2, 3, 2), exactly(1, 0, 1, 0, 1, 1, shape=(2, 3)), normalization="batch", derivative=False),
        *[
            sample((2, 3, 4), exactly(1, 3, 2, 2, 0, 1, shape=(2, 3)), preserve_shape=True, normalization=kind,
                   use_ignore=True, ignore_label=2, derivative=False)
            for kind in ("null", "batch", "valid")
        ],
        *[
            sample((2, 3, 2, 2), exactly(1, 0, 2, 2, 0, 1, 1, 2, shape=shape), multi_output=True, normalization=kind,
                   use_ignore=use_ignore, ignore_label=2, smooth_alpha=0.2, derivative=False)
            for kind, use_ignore, shape in [
                ("null", False, (2, 4)), ("batch", True, (2, 2, 2)), ("valid", True, (2, 1, 2, 2)),
            ]
        ],
        sample((2, 3, 4), Input((2, 3, 4), low=0, high=1), multi_output=True, normalization="valid", derivative=False),
        sample(Input((2, 3), "float64"), exactly(1, 2, dtype="float64"), derivative=False),
        # MXNet multiplies by the probabilities where it should by the head gradient.
        sample((2, 3), exactly(1, 2), out_grad=True, judge="numpy", derivative=False),
    ],
    refusals=lambda: [
        refused(r"label must have shape \(3,\) or \(3, 4\)", (3, 4), (4,)),
        refused(r"label must have shape \(2, 4\) or \(2, 1, 4\) or \(2, 3, 4\)", (2, 3, 4), (8,), multi_output=True),
        refused("at least 2 dimensions", (4,), (4,)),
        refused("one floating-point type", (2, 3), Input((2,), "int32", 0, 3)),
        refused("floating-point", Input((2, 3), "int32"), Input((2,), "int32", 0, 3)),
        refused("normalization must be one of", (2, 3), (2,), normalization="mean"),
    ],
)  # fmt: skip


@operator(
    "softmax_cross_entropy",
    kind="output",
    # A softmax, and the sum of one logarithm per row.
    flops=lambda call: 5 * prod(call.inputs["data"]) + prod(call.inputs["label"]),
    precision="single",
)
def softmax_cross_entropy(data: Tensor, label: Tensor) -> Tensor:
    """Return the sum over a batch of the cross-entropy between softmax and class numbers.

    Parameters
    ----------
    data : NDArray
        (N, classes).
    label : NDArray
        (N,) class numbers, of the type of the data. One out of range wraps around.

    Returns
    -------
    NDArray
        Of shape (1,).
    """
    if data.dim() != 2:
        raise MXNetError(f"softmax_cross_entropy: data must have 2 dimensions; received shape {tuple(data.shape)}")
    if label.shape != data.shape[:1]:
        raise MXNetError(
            f"softmax_cross_entropy: label must have shape {tuple(data.shape[:1])}; received {tuple(label.shape)}"
        )
    if label.dtype is not data.dtype or not data.is_floating_point():
        raise one_type("softmax_cross_entropy", data=data, label=label)
    number = label.long().remainder(data.shape[1])
    return F.nll_loss(torch.log_softmax(data, 1), number, reduction="sum").reshape(1)


cases(
    "softmax_cross_entropy",
    samples=lambda: [
        sample((3, 4), exactly(0, 3, 1), gradient=False),
        sample(Input((3, 4), "float64"), exactly(0, 3, 1, dtype="float64"), gradient=False),
    ],
    refusals=lambda: [
        refused("data must have 2 dimensions", (2, 3, 4), (2,)),
        refused(r"label must have shape \(2,\)", (2, 3), (3,)),
        refused("one floating-point type", Input((2, 3), "int32"), Input((2,), "int32", 0, 3)),
        refused("one floating-point type", (2, 3), Input((2,), "int32", 0, 3)),
    ],
)


@operator(
    "SoftmaxActivation",
    names_inputs=False,
    elementwise=True,
    kind="activation",
    flops=5,  # as softmax
    precision="single",
    output_names=("output",),
)
def softmax_activation(data: Tensor, *, mode: Literal["channel", "instance"] = "instance") -> Tensor:
    """Return softmax over the last axis, or over the channels.

    Parameters
    ----------
    data : NDArray
        (N, ...) of a floating-point type.
    mode : {'instance', 'channel'}, default 'instance'
        What sums to 1: the last axis, or the channels (axis 1) at each position.

    Differs from MXNet
    ------------------
    For data with more than two axes MXNet's gradient in mode 'instance' is not that of its result; here it is.
    """
    if not data.is_floating_point():
        raise not_float("SoftmaxActivation", data)
    if mode == "channel":
        if data.dim() < 3:
            raise MXNetError(
                "SoftmaxActivation: data must have at least 3 dimensions for mode 'channel'; "
                f"received {tuple(data.shape)}"
            )
        return torch.softmax(data, 1)
    return torch.softmax(data, -1)


cases(
    "SoftmaxActivation",
    samples=lambda: [
        sample((2, 5)),
        sample((2, 3, 4), gradient=False),
        sample((2, 3, 4), judge="numpy"),
        sample((2, 3, 2, 2), gradient=False),
        sample((2, 3, 4), mode="channel"),
        sample((2, 3, 2, 2), mode="channel"),
    ],
    refusals=lambda: [
        refused("at least 3 dimensions", (2, 3), mode="channel"),
        refused("mode must be one of", (2, 3), mode="row"),
        refused("floating-point", Input((2, 3), "int32")),
    ],
)
