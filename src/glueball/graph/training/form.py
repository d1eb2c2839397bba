"""The form in which a graph for training runs on the CPU."""

from __future__ import annotations

import functools
import operator as python_operator
from collections.abc import Sequence
from typing import Any

from torch import Tensor, fx

from ..form import Form
from ..lower import Lowered, generate
from ..matching import attributes, operator_name
from ..recycled import Recycled
from .batch_norm import TrainedBatchNorm
from .convolution import TrainedConvolution

_ALONE, _RELU, _SUM = "alone", "with relu", "with a sum and relu"

_SUMS = ("elemwise_add", "broadcast_add")

_MOST = 2**28  # numbers that results and gradients of convolutions may keep in a thread


class TrainingForm(functools.partial[tuple[Tensor, ...]]):
    """A graph whose convolutions are computed and differentiated by compiled kernels.

    It is the function of the graph: calling it costs no Python frame.
    """

    module: fx.GraphModule
    counts: dict[str, int]

    @classmethod
    def of(cls, lowered: Lowered) -> TrainingForm | None:
        """Return the form of a lowered graph, or None if it has not several convolutions of images."""
        graph = fx.Graph()
        graph.output(graph.graph_copy(lowered.module.graph, {}))
        nodes, memory = [node for node in graph.nodes if _is_for_us(node)], Recycled(_MOST)
        if len(nodes) < 2:  # a single one would have its data converted on all sides
            return None
        for node in nodes:
            node.target = TrainedConvolution(node.meta["applied"], memory)
        norms = [_train_batch_norm(graph, node, memory) for node in list(graph.nodes) if _is_norm(node)]
        module = generate(graph, "Training")
        result = cls(module.forward)
        result.module = module
        result.counts = {
            "train_convolutions": len(nodes),
            "train_batch_norm": len(norms),
            "fuse_sum": norms.count(_SUM),
            "fuse_activation": len(norms) - norms.count(_ALONE),
        }
        return result

    def form(self, *tensors: Any) -> Form:
        """Return what runs for these tensors."""
        return Form(run=self.module.forward, inputs=tensors, module=self.module, passes=self.counts)


def _is_for_us(node: fx.Node) -> bool:
    return operator_name(node) == "Convolution" and len(attributes(node)["kernel"]) == 2


def _is_norm(node: fx.Node) -> bool:
    return operator_name(node) == "BatchNorm" and TrainedBatchNorm.suits(attributes(node))


def _train_batch_norm(graph: fx.Graph, node: fx.Node, memory: Recycled) -> str:
    """Replace a BatchNorm, and what alone takes its result: relu, or a sum and then relu; return which it was."""
    results = [user for user in node.users if user.target is python_operator.getitem and user.args[1] == 0]
    taker = _only_user(results)
    if taker is not None and _is_relu(taker):
        _put(graph, node, taker, None, memory)
        return _RELU
    after = None if taker is None or operator_name(taker) not in _SUMS else _only_user([taker])
    if taker is not None and after is not None and _is_relu(after) and _can_wait(node):
        first, second = taker.args
        other = second if first is results[0] else first
        if other is not results[0]:
            _put(graph, node, after, other, memory)
            graph.erase_node(taker)
            graph.erase_node(results[0])
            for each in (*(user for user in node.users), node):
                graph.erase_node(each)
            return _SUM
    node.target = TrainedBatchNorm(node.meta["applied"], False, memory)
    return _ALONE


def _only_user(nodes: Sequence[fx.Node]) -> fx.Node | None:
    users = [user for node in nodes for user in node.users]
    return users[0] if len(nodes) == len(users) == 1 else None


def _can_wait(norm: fx.Node) -> bool:
    """Whether nobody but the output of the graph takes its new states."""
    return all(each.op == "output" for user in norm.users if user.args[1] != 0 for each in user.users)


def _put(graph: fx.Graph, norm: fx.Node, relu: fx.Node, other: Any, memory: Recycled) -> None:
    """Compute a normalization and the relu behind it at once, where the relu is."""
    call = TrainedBatchNorm(norm.meta["applied"], True, memory)
    if other is None:
        norm.target, (result,) = call, [user for user in norm.users if user.args[1] == 0]
        relu.replace_all_uses_with(result)
        graph.erase_node(relu)
        return
    with graph.inserting_before(relu):
        new = graph.create_node("call_function", call, (*norm.args, other), norm.kwargs, name=norm.name)
        new.meta = norm.meta
        for user in list(norm.users):
            item = graph.call_function(python_operator.getitem, (new, user.args[1]))
            item.meta = user.meta
            if user.args[1] == 0:
                relu.replace_all_uses_with(item)
            else:
                user.replace_all_uses_with(item)
    graph.erase_node(relu)


def _is_relu(node: fx.Node) -> bool:
    name = operator_name(node)
    return name == "relu" or (name == "Activation" and attributes(node)["act_type"] == "relu")
