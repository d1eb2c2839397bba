"""Changes of shape, of the order of elements and of types; parts, and joining them."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import torch

from ..call import Call, Unsupported, number, rule, texts

texts(
    {
        "_copy": "{x}", "BlockGrad": "{x}", "make_loss": "{x}", "MakeLoss": "{x}",
        "expand_dims": "{x}.unsqueeze({axis})",
        "SwapAxis": "{x}.transpose({dim1}, {dim2})", "reverse": "{x}.flip({axis})", "tile": "{x}.tile({reps})",
        "Concat": "torch.cat([{all}], dim={dim})", "stack": "torch.stack([{all}], dim={axis})",
    },
    integers=True,
)  # fmt: skip


@rule("Flatten", integers=True)
def _flatten(call: Call) -> str:
    return f"{call.x}.flatten(1)" if len(call.data.shape) > 1 else f"{call.x}.unsqueeze(1)"


def _lengths(call: Call, shape: Sequence[int]) -> str:
    """Return the lengths of a shape; the first is that of the data if they are the same, since batches differ."""
    if call.data.shape and shape and shape[0] == call.data.shape[0]:
        return ", ".join([f"{call.x}.shape[0]", *map(str, shape[1:])])
    return ", ".join(map(str, shape))


@rule("Reshape", integers=True)
def _reshape(call: Call) -> str:
    codes, given = call["shape"], call.data.shape
    if prod(call.shape) != prod(given):
        raise Unsupported("a shape for fewer elements")
    if not call["reverse"] and codes and all(code >= -1 for code in codes) and 0 not in codes[1:]:
        is_batch = codes[0] == 0
        if is_batch or codes[0] == -1 or codes[0] != given[0]:
            first = f"{call.x}.shape[0]" if is_batch else str(codes[0])
            return f"{call.x}.reshape({', '.join([first, *map(str, codes[1:])])})"
    return f"{call.x}.reshape({_lengths(call, call.shape)})"


@rule("reshape_like", integers=True)
def _reshape_like(call: Call) -> str:
    if call.shape != call.input(1).shape:
        raise Unsupported("some axes of another array")
    return f"{call.x}.reshape({call.input(1).text()}.shape)"


@rule("squeeze", integers=True)
def _squeeze(call: Call) -> str:
    axes = call["axis"]
    if axes is None:
        return f"{call.x}.reshape({_lengths(call, call.shape)})"
    return f"{call.x}.squeeze({axes[0] if len(axes) == 1 else tuple(axes)})"


@rule("transpose", integers=True)
def _transpose(call: Call) -> str:
    axes = call["axes"] or range(len(call.data.shape) - 1, -1, -1)
    return f"{call.x}.permute({', '.join(map(str, axes))})"


def _part(begin: int | None, end: int | None) -> str:
    return f"{begin or ''}:{'' if end is None else end}"


@rule("slice", integers=True)
def _slice(call: Call) -> str:
    if any(step not in (None, 1) for step in call["step"] or ()):
        raise Unsupported("steps")
    parts = [_part(begin, end) for begin, end in zip(call["begin"], call["end"], strict=True)]
    return f"{call.x}[{', '.join(parts)}]" if parts else call.x


@rule("slice_axis", integers=True)
def _slice_axis(call: Call) -> str:
    axis = call["axis"] % len(call.data.shape)
    return f"{call.x}[{', '.join([':'] * axis + [_part(call['begin'], call['end'])])}]"


@rule("slice_like", integers=True)
def _slice_like(call: Call) -> str:
    like, axes = call.input(1), [axis % len(call.data.shape) for axis in call["axes"] or range(len(call.data.shape))]
    parts = [f":{like.text()}.shape[{axis}]" if axis in axes else ":" for axis in range(len(call.data.shape))]
    return f"{call.x}[{', '.join(parts)}]"


@rule("SliceChannel", integers=True)
def _slice_channel(call: Call) -> str:
    if call["num_outputs"] == 1:
        raise Unsupported("one part")
    if call["squeeze_axis"]:
        return f"{call.x}.unbind(dim={call['axis']})"
    return f"{call.x}.chunk({call['num_outputs']}, dim={call['axis']})"


@rule("broadcast_to", "broadcast_axis", "broadcast_like", integers=True)
def _expand(call: Call) -> str:
    return f"{call.x}.expand({_lengths(call, call.shape)})"


@rule("repeat", integers=True)
def _repeat(call: Call) -> str:
    dim = "" if call["axis"] is None else f", dim={call['axis']}"
    return f"{call.x}.repeat_interleave({call['repeats']}{dim})"


@rule("Pad")
def _pad(call: Call) -> str:
    widths, mode = call["pad_width"], call["mode"]
    pairs = [widths[number : number + 2] for number in range(0, len(widths), 2)]
    text = ", ".join([str(each) for pair in reversed(pairs[2:]) for each in pair])
    if any(widths[:4]):
        raise Unsupported("padding of the batch or the channels")
    if mode == "constant":
        value = "" if call["constant_value"] == 0 else f", value={number(call['constant_value'])}"
        return f"F.pad({call.x}, ({text}){value})"
    return f'F.pad({call.x}, ({text}), mode="{"replicate" if mode == "edge" else "reflect"}")'


@rule("Cast", "amp_cast", integers=True)
def _cast(call: Call) -> str:
    kind, given = call.types[0], call.data.type
    if kind is given:
        return call.x
    if not kind.is_floating_point and given.is_floating_point and kind is not torch.int64:
        raise Unsupported("from floats to integers other than int64")
    return f"{call.x}.to({kind})"
