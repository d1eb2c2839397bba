"""Puts compiled kernels for what is no convolution into a draft: what stands between, dense and recurrent layers."""

from __future__ import annotations

from math import prod
from typing import Any

import torch
from torch import fx

from ..ops.nn.window import channels_first, channels_last, to_channels_first, to_channels_last
from ..ops.shape_rule import is_known
from .draft import Draft
from .fused import FusedOperator, FusedScale
from .kernels.compiled import Compiled
from .kernels.dense import Dense
from .kernels.elementary import Join, Pool, Scale
from .kernels.layout import to_channels_first_memory
from .kernels.recurrent import Prepare, RecurrentLayers
from .lower import copy
from .matching import arguments, attributes, is_used_once, operator_name

_RESHAPING = ("Flatten", "Reshape", "squeeze")

_MANY_UNITS = 128  # of a layer alone: those of small ones take less time than a look at the shapes of each call


def first(draft: Draft, at: fx.Node, images: Any, last: bool) -> Any:
    """Return images, or None, with the channels first; `last` says where they have them."""
    if images is None or not last:
        return images
    if images.target is to_channels_last:
        return images.args[0]
    return draft.insert(at, to_channels_first, images)


def substitute(draft: Draft, node: fx.Node, result: fx.Node, last: bool) -> None:
    """Use a result with the channels first in the place of a node; `last` says where that has them."""
    draft.substitute(node, draft.insert(node, to_channels_last, result) if last else result)


def call_elementary(draft: Draft) -> None:
    """Call a compiled kernel where there is one; for graphs whose convolutions have the channels last in the memory."""
    for node in list(draft.graph.nodes):
        if node.meta.get("type") is not torch.float32 or not is_known(node.meta.get("shape")):
            continue
        if isinstance(node.target, FusedScale):
            _scale(draft, node, node.target)
        elif operator_name(node) == "Pooling":
            _pool(draft, node)
        elif operator_name(node) == "Concat":
            _join(draft, node)


def is_large_dense(node: fx.Node) -> bool:
    """Whether a node calls a dense layer that may get a kernel, as far as is known without shapes."""
    return operator_name(node) == "FullyConnected" and attributes(node)["num_hidden"] >= _MANY_UNITS


def call_dense(draft: Draft) -> int:
    """Call a compiled kernel for each dense layer that has few rows, and return for how many."""
    count = 0
    for node in list(draft.graph.nodes):
        call = node.target
        if not isinstance(call, FusedOperator) or call.with_bias.operator.name != "FullyConnected":
            continue
        data, weight, bias, other = arguments(node)
        shape = data.meta.get("shape")
        if node.meta.get("type") is torch.float32 and is_known(shape) and Dense.suits(shape, call.shape):
            run = Dense(shape, call.shape, call.activation)
            data, other = _in_order(draft, node, data), _in_order(draft, node, other)
            draft.substitute(node, draft.insert(node, run, data, weight, bias, other))
            count += 1
    _reshape(draft)
    return count


def call_recurrent(draft: Draft) -> int:
    """Call a compiled kernel for recurrent layers of the kind that has one, and return for how many."""
    count, constants = 0, draft.constants()
    for node in draft.calls("RNN"):
        data, parameters, *states = arguments(node)
        shape, how = data.meta.get("shape"), attributes(node)
        is_for_us = node.meta.get("type") is torch.float32 and parameters in constants and is_known(shape)
        if is_for_us and RecurrentLayers.suits(how, shape):
            prepared = draft.insert(node, Prepare(how, shape[2]), parameters)
            states = [each for each in states if each is not None]
            draft.substitute(node, draft.insert(node, RecurrentLayers(how, shape), data, prepared, *states))
            count += 1
    return count


def _reshape(draft: Draft) -> None:
    """Let dense kernels return their results in the shape in which they are used."""
    for node in list(draft.graph.nodes):
        is_copy = node.target is copy
        if not is_copy and operator_name(node) not in _RESHAPING:
            continue
        given, shape = node.args[0], node.meta.get("shape")
        kernel = given.target
        if isinstance(kernel, Dense) and is_used_once(given) and given.args[3] is None and (is_copy or is_known(shape)):
            run = kernel if is_copy else kernel.returning(shape)
            draft.substitute(node, draft.insert(node, run, *given.args))
            draft.graph.erase_node(given)


def _in_order(draft: Draft, at: fx.Node, images: Any) -> Any:
    """Return images, or anything else, as rows of numbers are read: a kernel may have put the channels last."""
    kernel = images.target if isinstance(images, fx.Node) else None
    if isinstance(kernel, Compiled) and kernel.gives_last and prod(kernel.out_shape[2:]) > 1:
        return draft.insert(at, to_channels_first_memory, images, kernel="channels first")
    return images


def _scale(draft: Draft, node: fx.Node, call: FusedScale) -> None:
    shape = channels_first(node.meta["shape"], call.last)
    if Scale.suits(shape):
        data, factor, shift, other = arguments(node)
        images = [first(draft, node, each, call.last) for each in (data, other)]
        result = draft.insert(node, Scale(shape, call.activation), images[0], factor, shift, images[1])
        substitute(draft, node, result, call.last)


def _pool(draft: Draft, node: fx.Node) -> None:
    how, (data,) = attributes(node), arguments(node)
    shape = data.meta.get("shape")
    if not is_known(shape):
        return
    last = channels_last(how["layout"])
    shapes = [channels_first(each, last) for each in (shape, node.meta["shape"])]
    if Pool.suits(how, *shapes):
        result = draft.insert(node, Pool(how, *shapes), first(draft, node, data, last))
        substitute(draft, node, result, last)


def _join(draft: Draft, node: fx.Node) -> None:
    """Join images with the channels first along the channels."""
    shape, parts = node.meta["shape"], arguments(node)
    if len(shape) != 4 or attributes(node)["dim"] % 4 != 1 or not Join.suits(shape):
        return
    if not all(is_known(part.meta.get("shape")) for part in parts):
        return
    before, result = 0, None
    for part in parts:
        result = draft.insert(node, Join(part.meta["shape"], shape, before), part, None, None, result)
        before += part.meta["shape"][1]
    if result is not None:
        draft.substitute(node, result)
