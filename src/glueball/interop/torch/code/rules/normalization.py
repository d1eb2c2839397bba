"""Normalization, with the moving statistics where there are any."""

from __future__ import annotations

import torch

from ..call import Call, Unsupported, arguments, number, rule


@rule("BatchNorm", "_contrib_SyncBatchNorm")
def _batch_norm(call: Call) -> str:
    rank = len(call.data.shape)
    axis = call.attributes.get("axis", 1) % rank
    if call["output_mean_var"]:
        raise Unsupported("output_mean_var")
    if rank not in (2, 3, 4, 5):
        raise Unsupported(f"data with {rank} axes")
    channels, kind = call.data.shape[axis], {2: 1, 3: 1, 4: 2, 5: 3}[rank]
    text = arguments(
        str(channels), eps=(number(call["eps"]), 1e-05), momentum=(number(round(1 - call["momentum"], 12)), 0.1)
    )
    inputs = {"weight": 1, "bias": 2, "running_mean": 3, "running_var": 4}
    values = {"num_batches_tracked": torch.tensor(0)}
    if call["fix_gamma"]:
        del inputs["weight"]
        values["weight"] = torch.ones(channels)
    layer = call.layer(f"nn.BatchNorm{kind}d({text})", inputs, values)
    return f"{layer}({call.x})" if axis == 1 else f"{layer}({call.x}.movedim({axis}, 1)).movedim(1, {axis})"


@rule("LayerNorm")
def _layer_norm(call: Call) -> str:
    rank = len(call.data.shape)
    axis = call["axis"] % rank
    if call["output_mean_var"]:
        raise Unsupported("output_mean_var")
    text = arguments(str(call.data.shape[axis]), eps=(number(call["eps"]), 1e-05))
    layer = call.layer(f"nn.LayerNorm({text})", {"weight": 1, "bias": 2})
    return f"{layer}({call.x})" if axis == rank - 1 else f"{layer}({call.x}.movedim({axis}, -1)).movedim(-1, {axis})"


@rule("InstanceNorm")
def _instance_norm(call: Call) -> str:
    rank = len(call.data.shape)
    if rank not in (3, 4, 5):
        raise Unsupported(f"data with {rank} axes")
    text = arguments(str(call.data.shape[1]), eps=(number(call["eps"]), 1e-05), affine=(True, False))
    return f"{call.layer(f'nn.InstanceNorm{rank - 2}d({text})', {'weight': 1, 'bias': 2})}({call.x})"


@rule("LRN")
def _lrn(call: Call) -> str:
    values = [number(call[name]) for name in ("alpha", "beta", "knorm")]
    return f"F.local_response_norm({call.x}, {call['nsize']}, alpha={values[0]}, beta={values[1]}, k={values[2]})"


@rule("L2Normalization")
def _l2_normalization(call: Call) -> str:
    rank = len(call.data.shape)
    axes = (1,) if call["mode"] == "channel" else tuple(range(1 if call["mode"] == "instance" else 2, rank))
    if not axes:
        raise Unsupported(f"mode {call['mode']} of data with {rank} axes")
    return f"{call.x} / ({call.x}.square().sum({axes}, keepdim=True) + {number(call['eps'])}).sqrt()"
