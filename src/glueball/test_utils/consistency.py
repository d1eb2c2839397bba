"""Compares the same computation in several types, on several contexts, or done in two ways."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .. import autograd
from .. import ndarray as nd
from ..core.context import Context
from ..core.doors import door
from ..core.errors import MXNetError, RefusedError
from ..core.strangers import call
from ..executor import Executor
from ..ndarray import NDArray
from ..optimizer import Optimizer
from ..symbol import Symbol
from ..symbol.node import topological_order
from .comparison import assert_almost_equal, compare_ndarray_tuple
from .surroundings import default_context

Outputs = dict[str, NDArray]


@door
def check_consistency(
    sym: Any,
    ctx_list: Sequence[Mapping[str, Any]],
    scale: float = 1.0,
    grad_req: Any = "write",
    arg_params: Mapping[str, Any] | None = None,
    aux_params: Mapping[str, Any] | None = None,
    rtol: Any = None,
    atol: Any = None,
    raise_on_err: bool = True,
    ground_truth: Mapping[str, NDArray] | None = None,
    equal_nan: bool = False,
    use_uniform: bool = False,
    rand_type: Any = np.float64,
) -> Outputs:
    """Raise an error unless a graph computes the same on several contexts and in several types.

    Parameters
    ----------
    sym : Symbol or list of Symbol
        The graph, or one for each entry of `ctx_list`.
    ctx_list : list of dict
        The arguments of `Symbol.simple_bind`: 'ctx', 'type_dict' and the shapes by name.
    scale : float, default 1.0
        The standard deviation of random arguments.
    grad_req : {'write', 'add', 'null'}, or a list or dict of them
        The gradient requests; with 'null' the gradients are not compared.
    arg_params, aux_params : dict of str to numpy.ndarray, optional
        Arguments and auxiliary states; the others are random and zero.
    rtol, atol : float, optional
        The tolerances; see `assert_almost_equal`.
    raise_on_err : bool, default True
        False: print what differs instead.
    ground_truth : dict of str to NDArray, optional
        The outputs and gradients to compare with; by default those of the most precise type.
    equal_nan : bool, default False
        Whether NaN equals NaN.
    use_uniform : bool, default False
        Whether random arguments are uniform in ``[-0.5 * scale, 0.5 * scale)``.
    rand_type : numpy.dtype, default float64
        The type to which random arguments are rounded first.

    Returns
    -------
    dict of str to NDArray
        Outputs, and gradients, that the others were compared with.

    Raises
    ------
    AssertionError
        They differ.
    """
    if len(ctx_list) < 2:
        raise RefusedError(f"check_consistency: ctx_list must have two entries or more; received {len(ctx_list)}")
    graphs = _graphs(sym, len(ctx_list))
    executors = [graph.simple_bind(grad_req=grad_req, **each) for graph, each in zip(graphs, ctx_list, strict=True)]
    _fill(executors, arg_params, aux_params, scale, use_uniform, rand_type)
    truth = dict(ground_truth) if ground_truth else None
    is_compared = (rtol, atol, equal_nan, raise_on_err)
    for executor in executors:
        executor.forward(is_train=False)
    found = [executor.output_dict for executor in executors]
    _compare("Predict", found, truth or found[_most_precise(found)], *is_compared)
    if grad_req == "null":
        return truth or found[_most_precise(found)]
    for executor in executors:
        executor.forward(is_train=True)
        executor.backward(executor.outputs)
    found = [{**executor.output_dict, **_gradients(executor)} for executor in executors]
    chosen = truth or found[_most_precise([executor.output_dict for executor in executors])]
    _compare("Train", found, chosen, *is_compared)
    return chosen


def _graphs(sym: Any, count: int) -> list[Symbol]:
    if not isinstance(sym, list):
        return [sym] * count
    if len(sym) != count:
        raise RefusedError(f"check_consistency: sym must be one for each of {count} entries; received {len(sym)}")
    for one in sym[1:]:
        for kind in ("arguments", "outputs"):
            first, other = (getattr(each, f"list_{kind}")() for each in (sym[0], one))
            if first != other:
                raise RefusedError(
                    f"check_consistency: all graphs must have the same {kind}; received {first} and {other}"
                )
    return sym


def _fill(
    executors: Sequence[Executor], arg_params: Any, aux_params: Any, scale: float, use_uniform: bool, rand_type: Any
) -> None:
    """Give all executors the same arguments and states, rounded to the types of each."""
    args, auxiliary = dict(arg_params or {}), dict(aux_params or {})
    for name, array in executors[0].arg_dict.items():
        if name not in args:
            drawn = np.random.uniform(-0.5, 0.5, array.shape) if use_uniform else np.random.normal(size=array.shape)
            args[name] = (drawn * scale).astype(rand_type)
    for executor in executors:
        for name, array in executor.arg_dict.items():
            array[:] = args[name]
        for name, array in executor.aux_dict.items():
            array[:] = auxiliary.get(name, 0)
        for gradient in executor.grad_arrays:
            if gradient is not None:
                gradient[:] = 0


def _gradients(executor: Executor) -> Outputs:
    return {name: gradient for name, gradient in executor.grad_dict.items() if gradient is not None}


def _most_precise(found: Sequence[Outputs]) -> int:
    return int(np.argmax([np.dtype(next(iter(each.values())).dtype).itemsize for each in found]))


def _compare(
    stage: str, found: Sequence[Outputs], truth: Outputs, rtol: Any, atol: Any, equal_nan: bool, raise_on_err: bool
) -> None:
    for number, each in enumerate(found):
        for name, array in each.items():
            if array is truth.get(name) or name not in truth:
                continue
            try:
                expected = truth[name].astype(array.dtype).asnumpy()
                assert_almost_equal(array.asnumpy(), expected, rtol, atol, equal_nan=equal_nan)
            except AssertionError as error:
                text = f"check_consistency: {stage}: {name} of entry {number} differs: {error}"
                if raise_on_err:
                    raise AssertionError(text) from None
                print(text)


@door
def check_speed(
    sym: Symbol,
    location: Mapping[str, Any] | None = None,
    ctx: Context | None = None,
    N: int = 20,
    grad_req: Any = None,
    typ: str = "whole",
    **kwargs: tuple[int, ...],
) -> float:
    """Return how many seconds a graph takes.

    Parameters
    ----------
    sym : Symbol
        The graph.
    location : dict of str to numpy.ndarray, optional
        The arguments; by default random ones of the shapes in `kwargs`.
    ctx : Context, optional
        Where it runs.
    N : int, default 20
        How many times it runs, after a first time.
    grad_req : {'write', 'add', 'null'}, or a list or dict of them, default 'write'
        The gradient requests.
    typ : {'whole', 'forward'}
        Whether the gradients are computed, too.
    **kwargs : tuple of int
        The shapes of arguments.

    Raises
    ------
    ValueError
        `typ` is neither.
    """
    if typ not in ("whole", "forward"):
        raise ValueError(f"check_speed: typ must be 'whole' or 'forward'; received {typ!r}")
    ctx = ctx or default_context()
    shapes = kwargs if location is None else {name: value.shape for name, value in location.items()}
    executor = sym.simple_bind(ctx, grad_req="write" if grad_req is None else grad_req, **shapes)
    for name, array in executor.arg_dict.items():
        array[:] = np.random.normal(size=array.shape) if location is None else location[name]

    def run() -> None:
        executor.forward(is_train=typ == "whole")
        if typ == "whole":
            executor.backward(executor.outputs)

    run()
    nd.waitall()
    start = time.time()
    for _ in range(N):
        run()
    nd.waitall()
    return (time.time() - start) / N


@door
def same_symbol_structure(sym1: Symbol, sym2: Symbol) -> bool:
    """Return whether two graphs have the same operators, joined in the same way, whatever their names are.

    Parameters
    ----------
    sym1, sym2 : Symbol
        The graphs.
    """
    return _structure(sym1) == _structure(sym2)


def _structure(sym: Symbol) -> list[tuple[Any, ...]]:
    nodes = topological_order(sym._entries)
    numbers = {node: number for number, node in enumerate(nodes)}
    return [
        (node.operator and node.operator.name, *[(numbers[entry.node], entry.index) for entry in node.inputs])
        for node in nodes
    ]


@door
def compare_optimizer(
    opt1: Optimizer,
    opt2: Optimizer,
    shape: Any,
    dtype: Any,
    w_stype: str = "default",
    g_stype: str = "default",
    rtol: float = 1e-4,
    atol: float = 1e-5,
    compare_states: bool = True,
    ntensors: int = 1,
) -> None:
    """Raise an error unless two optimizers do the same to random weights with random gradients.

    Parameters
    ----------
    opt1, opt2 : Optimizer
        The optimizers.
    shape : tuple of int, or list of these
        The shape of the weight, or of each of several.
    dtype : str or numpy.dtype
        The type.
    w_stype, g_stype : {'default'}
        The storage of weights and gradients, which are dense.
    rtol, atol : float, default 1e-4 and 1e-5
        The tolerances.
    compare_states : bool, default True
        Whether the states are compared, too.
    ntensors : int, default 1
        How many weights; if more than 1, they are updated in one call.

    Raises
    ------
    AssertionError
        They differ.
    """
    for stype in (w_stype, g_stype):
        if stype != "default":
            raise MXNetError(f"compare_optimizer: arrays must be 'default', which is dense; received {stype!r}")
    shapes = shape if isinstance(shape, list) else [shape] * ntensors
    weights = [nd.array(np.random.uniform(-1, 1, each), dtype=dtype) for each in shapes]
    gradients = [nd.array(np.random.uniform(-1, 1, each), dtype=dtype) for each in shapes]
    results = []
    for optimizer in (opt1, opt2):
        own = [weight.copy() for weight in weights], [gradient.copy() for gradient in gradients]
        numbers = list(range(len(shapes)))
        states = [optimizer.create_state_multi_precision(number, own[0][number]) for number in numbers]
        results.append((own[0], states))
        if len(shapes) == 1:
            optimizer.update_multi_precision(0, own[0][0], own[1][0], states[0])
        else:
            optimizer.update_multi_precision(numbers, *own, states)
    (first, states1), (second, states2) = results
    if compare_states:
        compare_ndarray_tuple(tuple(states1), tuple(states2), rtol, atol)
    for one, other in zip(first, second, strict=True):
        assert_almost_equal(one, other, rtol=rtol, atol=atol)


@door
def check_gluon_hybridize_consistency(
    net_builder: Callable[..., Any],
    data_l: Sequence[NDArray],
    numpy_func: Callable[..., Any] | None = None,
    test_grad: bool = True,
    rtol: float = 1e-4,
    atol: float = 1e-4,
) -> None:
    """Raise an error unless a block computes the same hybridized and not, recorded and not.

    Parameters
    ----------
    net_builder : callable
        Returns a new HybridBlock; called with ``prefix=``.
    data_l : list of NDArray
        The inputs.
    numpy_func : callable, optional
        Takes the inputs as NumPy arrays, and returns what the output should be.
    test_grad : bool, default True
        Whether the gradients of inputs and parameters are compared, too.
    rtol, atol : float, default 1e-4
        The tolerances.

    Raises
    ------
    AssertionError
        They differ.
    """
    parameters: list[NDArray] | None = None
    results: list[tuple[np.ndarray, list[np.ndarray]]] = []
    for is_hybrid in (False, True):
        for is_recorded in (False, True) if test_grad else (False,):
            net = call(lambda: net_builder(prefix="net_"))
            net.initialize()
            inputs = [data.copy() for data in data_l]
            net(*inputs)  # parameters get their shapes
            if parameters is None:
                parameters = [value.data().copy() for value in net.collect_params().values()]
            for value, known in zip(net.collect_params().values(), parameters, strict=True):
                value.set_data(known)
            if is_hybrid:
                net.hybridize()
            results.append(_ran(net, inputs, is_recorded))
    expected = results[0][0] if numpy_func is None else call(numpy_func, *[data.asnumpy() for data in data_l])
    for output, _ in results:
        assert_almost_equal(output, expected, rtol=rtol, atol=atol)
    gradients = [found for _, found in results if found]
    for found in gradients[1:]:
        for one, other in zip(found, gradients[0], strict=True):
            assert_almost_equal(one, other, rtol=rtol, atol=atol)


def _ran(net: Any, inputs: Sequence[NDArray], is_recorded: bool) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the output of a block and, if it is recorded, the gradients of inputs and parameters."""
    if not is_recorded:
        return net(*inputs).asnumpy(), []
    for data in inputs:
        data.attach_grad()
    with autograd.record(train_mode=False):
        output = net(*inputs)
    output.backward()
    trained = [value for value in net.collect_params().values() if value.grad_req != "null"]
    gradients = [data.grad for data in inputs] + [value.grad() for value in trained]
    return output.asnumpy(), [gradient.asnumpy() for gradient in gradients]
