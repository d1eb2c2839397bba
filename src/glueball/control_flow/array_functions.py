"""``nd.contrib.foreach``, ``while_loop`` and ``cond``: Python's loops and branches over arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..core.doors import door
from ..core.errors import InvalidValueError
from ..core.strangers import call
from ..ndarray import NDArray, concat, stack
from ..ndarray.creation import zeros
from .checks import checked_iterations, pair
from .nested import flatten, rebuild, transposed


@door
def foreach(body: Callable[..., Any], data: Any, init_states: Any) -> tuple[Any, Any]:
    """Call a function for each item of arrays, and hand what it returns as states to the next call.

    Parameters
    ----------
    body : callable
        ``body(item, states)`` returns outputs and new states.
    data : NDArray or nested lists of them
        Items are taken along the first axis.
    init_states : NDArray or nested lists of them
        The states for the first call.

    Returns
    -------
    outputs : NDArray or nested lists of them
        The outputs of all calls, stacked along a new first axis.
    states : NDArray or nested lists of them
        The states that the last call returned.

    Raises
    ------
    MXNetError
        Data, states or outputs are anything else, or there are no items.

    Examples
    --------
    >>> import glueball as mx
    >>> step = lambda item, total: (total + item, total + item)
    >>> sums, total = mx.nd.contrib.foreach(step, mx.nd.array([[1], [2], [3]]), mx.nd.zeros(1))
    >>> sums.asnumpy().ravel()
    array([1., 3., 6.], dtype=float32)
    """
    arrays, structure = flatten(data, NDArray, "foreach: data")
    flatten(init_states, NDArray, "foreach: init_states")
    if not arrays or not arrays[0].shape[0]:
        raise InvalidValueError(f"foreach: data must have at least one item; received {data!r:.80}")
    states, made = init_states, []
    outputs_structure: Any = None
    for number in range(arrays[0].shape[0]):
        item = rebuild(structure, iter([array[number] for array in arrays]))
        outputs, states = pair(call(body, item, states), "foreach: body", "outputs and states")
        leaves, outputs_structure = flatten(outputs, NDArray, "foreach: outputs")
        made.append(leaves)
    flatten(states, NDArray, "foreach: states")
    return rebuild(outputs_structure, iter(transposed(made, lambda column: stack(*column, axis=0)))), states


@door
def while_loop(
    cond: Callable[..., Any], func: Callable[..., Any], loop_vars: Any, max_iterations: int | None = None
) -> tuple[Any, Any]:
    """Call a function as long as a condition holds.

    Parameters
    ----------
    cond : callable
        ``cond(*loop_vars)`` returns a number: whether to go on.
    func : callable
        ``func(*loop_vars)`` returns outputs, or None, and the new loop variables.
    loop_vars : NDArray or nested lists of them
        The loop variables of the first call.
    max_iterations : int
        The most calls of `func`, and the length of the outputs.

    Returns
    -------
    outputs : NDArray or nested lists of them
        The outputs of all calls, stacked along a new first axis, with zeros up to `max_iterations`.
    loop_vars : NDArray or nested lists of them
        The last loop variables.

    Raises
    ------
    MXNetError
        `max_iterations` is not given, there are no loop variables, or their number changes.

    Examples
    --------
    >>> import glueball as mx
    >>> double = lambda x: (x, [2 * x])
    >>> seen, x = mx.nd.contrib.while_loop(lambda x: x < 5, double, [mx.nd.ones(1)], max_iterations=4)
    >>> seen.asnumpy().ravel(), x[0].asnumpy()
    (array([1., 2., 4., 0.], dtype=float32), array([8.], dtype=float32))
    """
    limit = checked_iterations(max_iterations)
    values, structure = flatten(loop_vars, NDArray, "while_loop: loop_vars")
    if not values:
        raise InvalidValueError("while_loop: loop_vars must have at least one array; received none")
    if limit <= 0 or not _holds(cond, structure, values):
        return [], loop_vars
    steps: list[list[NDArray]] = []
    outputs_structure: Any = None
    count = len(values)
    while True:
        outputs, news = pair(call(func, *_arguments(structure, values)), "while_loop: func", "outputs and loop_vars")
        leaves, outputs_structure = flatten([] if outputs is None else outputs, NDArray, "while_loop: outputs")
        values, _ = flatten(news, NDArray, "while_loop: loop_vars")
        if len(values) != count:
            raise InvalidValueError(
                f"while_loop: func must return {count} loop_vars, as many as it is given; received {len(values)}"
            )
        steps.append(leaves)
        if len(steps) == limit or not _holds(cond, structure, values):
            break
    joined = transposed(steps, lambda column: _padded(column, limit))
    return rebuild(outputs_structure, iter(joined)), rebuild(structure, iter(values))


def _arguments(structure: Any, values: list[NDArray]) -> Iterator[Any]:
    nested = rebuild(structure, iter(values))
    return iter(nested if isinstance(nested, list) else [nested])


def _holds(cond: Callable[..., Any], structure: Any, values: list[NDArray]) -> bool:
    return _truth(call(cond, *_arguments(structure, values)))


def _truth(value: Any) -> bool:
    return bool(NDArray.asscalar(value) if isinstance(value, NDArray) else value)


def _padded(rows: list[NDArray], length: int) -> NDArray:
    made = stack(*rows, axis=0)
    if len(rows) == length:
        return made
    return concat(made, zeros((length - len(rows), *made.shape[1:]), ctx=made.ctx, dtype=made.dtype), dim=0)


@door
def cond(pred: Any, then_func: Callable[..., Any], else_func: Callable[..., Any]) -> Any:
    """Call one of two functions.

    Parameters
    ----------
    pred : NDArray
        A number: whether to call `then_func`.
    then_func, else_func : callable
        Called without arguments.

    Returns
    -------
    NDArray or nested lists of them
        What the function returned.

    Raises
    ------
    ValueError
        `pred` has several elements.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.nd.array([3])
    >>> mx.nd.contrib.cond(x > 2, lambda: x * 2, lambda: x).asnumpy()
    array([6.], dtype=float32)
    """
    return call(then_func) if _truth(pred) else call(else_func)
