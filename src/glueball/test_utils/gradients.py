"""Compares the gradients of a graph with differences."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ndarray as nd
from .. import symbol
from ..core.context import Context
from ..core.doors import door
from ..symbol import Symbol
from .comparison import assert_almost_equal
from .graphs import arguments, numeric_grad, refuse_sparse, states
from .surroundings import default_context
from .tolerance import default_numeric_eps

_PROJECTION = "__random_proj"


@door
def check_numeric_gradient(
    sym: Symbol,
    location: Any,
    aux_states: Any = None,
    numeric_eps: float | None = None,
    rtol: Any = None,
    atol: Any = None,
    grad_nodes: Any = None,
    use_forward_train: bool = True,
    ctx: Context | None = None,
    grad_stype_dict: Any = None,
    dtype: Any = np.float32,
) -> None:
    """Raise an error unless the gradients of a graph agree with differences of its output.

    The output is multiplied by random numbers and summed.

    Parameters
    ----------
    sym : Symbol
        The graph, with one output.
    location : dict or list of numpy.ndarray or NDArray
        The arguments, by name or in their order.
    aux_states : dict or list of numpy.ndarray or NDArray, optional
        The auxiliary states.
    numeric_eps : float, optional
        The distance of the two values of an argument that are compared.
    rtol, atol : float, optional
        The tolerances; see `assert_almost_equal`.
    grad_nodes : list of str, or dict of str to {'write', 'add', 'null'}, optional
        The arguments whose gradients are compared, by default all, or their gradient requests.
    use_forward_train : bool, default True
        Whether operators behave as in training for the differences.
    ctx : Context, optional
        Where it runs.
    grad_stype_dict : dict of str to {'default'}, optional
        The storage of gradients, which are dense.
    dtype : {float32, float16, float64}
        The type of arguments that are given as numpy.ndarray, and of the computation.

    Raises
    ------
    AssertionError
        They differ.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> mx.test_utils.check_numeric_gradient(mx.sym.tanh(mx.sym.var("x")), [np.array([[0.5, -1.0]])])
    """
    owner, ctx = "check_numeric_gradient", ctx or default_context()
    refuse_sparse(owner, grad_stype_dict)
    args = arguments(owner, sym, location, ctx, dtype)
    auxiliary = states(owner, sym, aux_states, ctx, dtype)
    requests = _requests(sym, grad_nodes)
    shapes = {name: value.shape for name, value in args.items()}
    _, (shape, *_), _ = sym.infer_shape(**shapes)
    weighted = sym * symbol.var(_PROJECTION)  # summed in double precision, which leaves the least noise
    projection = nd.array(np.random.rand(*shape) + 0.1, ctx=ctx, dtype=dtype)
    before = {name: np.random.normal(size=shapes[name]) for name in requests}
    grads = {name: nd.array(value, ctx=ctx, dtype=dtype) for name, value in before.items()}
    grads[_PROJECTION] = nd.zeros(shape, ctx=ctx, dtype=dtype)
    given = {name: value.asnumpy() for name, value in grads.items()}
    values = {name: value.asnumpy() for name, value in args.items()}
    kept = {name: value.asnumpy() for name, value in auxiliary.items()}
    executor = weighted.bind(
        ctx, {**args, _PROJECTION: projection}, grads, {**requests, _PROJECTION: "write"}, auxiliary
    )
    executor.forward(is_train=True)
    executor.backward(nd.ones(shape, ctx=ctx, dtype=executor.outputs[0].dtype))
    found = {name: grads[name].asnumpy() for name in requests}
    step = default_numeric_eps()[np.dtype(dtype)] if numeric_eps is None else numeric_eps
    numeric = numeric_grad(executor, {name: values[name] for name in requests}, kept, step, use_forward_train, dtype)
    for name, request in requests.items():
        right, ours = numeric[name], found[name]
        if request == "add":
            ours = ours - given[name]
        elif request == "null":
            right = given[name]
        assert_almost_equal(right, ours, rtol, atol, (f"NUMERICAL_{name}", f"BACKWARD_{name}"))


def _requests(sym: Symbol, grad_nodes: Any) -> dict[str, str]:
    if grad_nodes is None:
        return dict.fromkeys(sym.list_arguments(), "write")
    if isinstance(grad_nodes, dict):
        return dict(grad_nodes)
    if not isinstance(grad_nodes, list | tuple):
        raise ValueError(
            f"check_numeric_gradient: grad_nodes must be a list or a dict of names; received {grad_nodes!r}"
        )
    return dict.fromkeys(grad_nodes, "write")
