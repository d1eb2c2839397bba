"""Runs a graph once, and compares its outputs and gradients with what they should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .. import ndarray as nd
from ..core.context import Context
from ..core.doors import door
from ..core.errors import RefusedError
from ..executor import Executor
from ..ndarray import NDArray
from ..symbol import Symbol
from .comparison import assert_almost_equal
from .surroundings import default_context

Arrays = dict[str, NDArray]


@door
def simple_forward(sym: Symbol, ctx: Context | None = None, is_train: bool = False, **inputs: Any) -> Any:
    """Compute a graph once.

    Parameters
    ----------
    sym : Symbol
        The graph.
    ctx : Context, optional
        Where it runs.
    is_train : bool, default False
        Whether operators behave as in training.
    **inputs : numpy.ndarray or NDArray
        The arguments by name.

    Returns
    -------
    numpy.ndarray or list of numpy.ndarray
        The output, or a list of several.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> mx.test_utils.simple_forward(mx.sym.var("x") * 2, x=np.array([1, 3])).tolist()
    [2.0, 6.0]
    """
    ctx = ctx or default_context()
    args = {name: nd.array(value, ctx=ctx) for name, value in inputs.items()}
    outputs = [output.asnumpy() for output in sym.bind(ctx, args=args).forward(is_train=is_train)]
    return outputs[0] if len(outputs) == 1 else outputs


def arguments(owner: str, sym: Symbol, location: Any, ctx: Context, dtype: Any) -> Arrays:
    """Return the arguments of a graph, given by name or in their order, as NDArrays of a type."""
    if np.dtype(dtype).name not in ("float16", "float32", "float64"):
        raise RefusedError(f"{owner}: dtype must be float16, float32 or float64; received {dtype!r}")
    return _by_name(f"{owner}: location", sym.list_arguments(), location, ctx, dtype)


def states(owner: str, sym: Symbol, aux_states: Any, ctx: Context, dtype: Any) -> Arrays:
    """Return the auxiliary states of a graph, given by name or in their order, as NDArrays of a type."""
    if aux_states is None:
        return {}
    return _by_name(f"{owner}: aux_states", sym.list_auxiliary_states(), aux_states, ctx, dtype)


def _by_name(argument: str, names: list[str], given: Any, ctx: Context, dtype: Any) -> Arrays:
    found = given if isinstance(given, Mapping) else dict(zip(names, given, strict=False))
    if {*found} != {*names}:
        raise ValueError(f"{argument} must have an array for each of {', '.join(names)}; received {', '.join(found)}")
    return {
        name: nd.array(found[name], ctx=ctx, dtype=dtype) if isinstance(found[name], np.ndarray) else found[name]
        for name in names
    }


@door
def check_symbolic_forward(
    sym: Symbol,
    location: Any,
    expected: Any,
    rtol: Any = None,
    atol: Any = None,
    aux_states: Any = None,
    ctx: Context | None = None,
    equal_nan: bool = False,
    dtype: Any = np.float32,
) -> list[NDArray]:
    """Raise an error unless the outputs of a graph are what they should be.

    Parameters
    ----------
    sym : Symbol
        The graph.
    location : dict or list of numpy.ndarray or NDArray
        The arguments, by name or in their order.
    expected : dict or list of numpy.ndarray or NDArray
        The outputs, by name or in their order.
    rtol, atol : float, optional
        The tolerances; see `assert_almost_equal`.
    aux_states : dict or list of numpy.ndarray or NDArray, optional
        The auxiliary states.
    ctx : Context, optional
        Where it runs.
    equal_nan : bool, default False
        Whether NaN equals NaN.
    dtype : {float32, float16, float64}
        The type of arguments that are given as numpy.ndarray.

    Returns
    -------
    list of NDArray
        The outputs.

    Raises
    ------
    AssertionError
        They differ.
    ValueError
        An argument is missing.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> x = np.array([[1.0, -2.0]])
    >>> _ = mx.test_utils.check_symbolic_forward(mx.sym.relu(mx.sym.var("x")), [x], [np.maximum(x, 0)])
    """
    owner, ctx = "check_symbolic_forward", ctx or default_context()
    args = arguments(owner, sym, location, ctx, dtype)
    executor = sym.bind(ctx, args=args, aux_states=states(owner, sym, aux_states, ctx, dtype))
    outputs = executor.forward(is_train=False)
    names = sym.list_outputs()
    wanted = [expected[name] for name in names] if isinstance(expected, Mapping) else expected
    for name, expect, output in zip(names, wanted, outputs, strict=False):
        assert_almost_equal(expect, output, rtol, atol, (f"EXPECTED_{name}", f"FORWARD_{name}"), equal_nan=equal_nan)
    return executor.outputs


@door
def check_symbolic_backward(
    sym: Symbol,
    location: Any,
    out_grads: Any,
    expected: Any,
    rtol: Any = None,
    atol: Any = None,
    aux_states: Any = None,
    grad_req: Any = "write",
    ctx: Context | None = None,
    grad_stypes: Any = None,
    equal_nan: bool = False,
    dtype: Any = np.float32,
) -> Arrays:
    """Raise an error unless the gradients of a graph are what they should be.

    Parameters
    ----------
    sym : Symbol
        The graph.
    location : dict or list of numpy.ndarray or NDArray
        The arguments, by name or in their order.
    out_grads : dict or list of numpy.ndarray or NDArray, or None
        The gradients of the outputs.
    expected : dict or list of numpy.ndarray or NDArray
        The gradients of the arguments.
    rtol, atol : float, optional
        The tolerances; see `assert_almost_equal`.
    aux_states : dict or list of numpy.ndarray or NDArray, optional
        The auxiliary states.
    grad_req : {'write', 'add', 'null'}, or a list or dict of them
        The gradient requests. What is added to is random; what is not requested must stay as it is.
    ctx : Context, optional
        Where it runs.
    grad_stypes : dict of str to {'default'}, optional
        The storage of gradients, which are dense.
    equal_nan : bool, default False
        Whether NaN equals NaN.
    dtype : {float32, float16, float64}
        The type of arrays that are given as numpy.ndarray.

    Returns
    -------
    dict of str to NDArray
        The gradients.

    Raises
    ------
    AssertionError
        They differ.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> x = np.array([[1.0, -2.0]])
    >>> _ = mx.test_utils.check_symbolic_backward(mx.sym.relu(mx.sym.var("x")), [x], [x], [np.array([[1.0, 0.0]])])
    """
    owner, ctx = "check_symbolic_backward", ctx or default_context()
    refuse_sparse(owner, grad_stypes)
    names = sym.list_arguments()
    args = arguments(owner, sym, location, ctx, dtype)
    wanted = expected if isinstance(expected, Mapping) else dict(zip(names, expected, strict=False))
    requests = requested(names, grad_req)
    before = {name: np.random.normal(size=value.shape) for name, value in wanted.items()}
    grads = {name: nd.array(value, ctx=ctx, dtype=dtype) for name, value in before.items()}
    before = {name: value.asnumpy() for name, value in grads.items()}
    executor = sym.bind(ctx, args, grads, requests, states(owner, sym, aux_states, ctx, dtype))
    executor.forward(is_train=True)
    executor.backward(_output_gradients(sym, out_grads, ctx, dtype))
    for name, expect in wanted.items():
        found, right = grads[name].asnumpy(), expect
        if requests[name] == "add":
            found = found - before[name]
        elif requests[name] == "null":
            found, right = before[name], grads[name]
        assert_almost_equal(right, found, rtol, atol, (f"EXPECTED_{name}", f"BACKWARD_{name}"), equal_nan=equal_nan)
    return grads


def requested(names: Sequence[str], grad_req: Any) -> dict[str, str]:
    """Return the gradient request of each argument, given for all, by name or in their order."""
    if isinstance(grad_req, str):
        return dict.fromkeys(names, grad_req)
    return dict(grad_req) if isinstance(grad_req, Mapping) else dict(zip(names, grad_req, strict=False))


def refuse_sparse(owner: str, stypes: Any) -> None:
    """Refuse gradients that are not dense."""
    for name, stype in (stypes or {}).items():
        if stype not in (None, "default"):
            raise RefusedError(f"{owner}: the gradient of {name} must be 'default', which is dense; received {stype!r}")


def _output_gradients(sym: Symbol, out_grads: Any, ctx: Context, dtype: Any) -> Any:
    if out_grads is None:
        return None
    if isinstance(out_grads, Mapping):
        out_grads = [out_grads[name] for name in sym.list_outputs()]
    if not isinstance(out_grads, list | tuple):
        raise RefusedError(
            "check_symbolic_backward: out_grads must be a list or a dict of arrays; received "
            f"{type(out_grads).__name__}"
        )
    return [nd.array(one, ctx=ctx, dtype=dtype) if isinstance(one, np.ndarray) else one for one in out_grads]


@door
def numeric_grad(
    executor: Executor,
    location: Mapping[str, Any],
    aux_states: Mapping[str, Any] | None = None,
    eps: float = 1e-4,
    use_forward_train: bool = True,
    dtype: Any = np.float32,
) -> dict[str, np.ndarray]:
    """Return the gradients of the sum of an executor's first output, by differences.

    Parameters
    ----------
    executor : Executor
        The executor; its arguments are as they were afterwards.
    location : dict of str to numpy.ndarray
        The arguments to differentiate with respect to; those of integers have a gradient of zero.
    aux_states : dict of str to numpy.ndarray, optional
        The auxiliary states before each run.
    eps : float, default 1e-4
        The distance of the two values of an argument that are compared.
    use_forward_train : bool, default True
        Whether operators behave as in training.
    dtype : {float32, float16, float64}
        The type of the gradients.
    """

    def run(name: str, values: np.ndarray) -> Any:
        executor.arg_dict[name][:] = values
        for state, value in (aux_states or {}).items():
            executor.aux_dict[state][:] = value
        executor.forward(is_train=use_forward_train)
        return executor.outputs[0].asnumpy().astype(np.float64).sum()

    gradients = {}
    for name, given in location.items():
        values = np.array(given.asnumpy() if isinstance(given, NDArray) else given)
        gradients[name] = found = np.zeros(values.shape, dtype)
        if values.dtype.kind != "f":
            continue
        for place in np.ndindex(values.shape):
            ends = []
            for step in (eps / 2, -eps / 2):
                moved = values.copy()
                moved[place] += step
                ends.append(run(name, moved))
            found[place] = (ends[0] - ends[1]) / eps
        executor.arg_dict[name][:] = values
    return gradients
