"""A variable that is shown as an array of ``mx.nd`` and of ``mx.np``: which of the two sees a gradient, as in MXNet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.comparison import assert_same
from tests.oracle.client import Oracle

_SHOWN = "a = mx.nd.ones((2,)); a.attach_grad(); b = a.as_np_ndarray()\n"
_SQUARED = "with mx.autograd.record():\n    y = b * b\ny.backward()\n"

#: Programs that make an array a and another view b of it.
PROGRAMS = {
    "a variable of nd": _SHOWN + _SQUARED,
    "a variable of np": "a = mx.np.ones((2,)); a.attach_grad(); b = a.as_nd_ndarray()\n" + _SQUARED,
    "attached to the first afterwards": "a = mx.nd.ones((2,)); b = a.as_np_ndarray(); a.attach_grad()\n" + _SQUARED,
    "attached to the other": "b = mx.nd.ones((2,)); a = b.as_np_ndarray(); a.attach_grad()\n" + _SQUARED,
    "shown while recording": """a = mx.np.ones((2,)); a.attach_grad()
with mx.autograd.record():
    b = a.as_nd_ndarray(); y = (b * b).as_np_ndarray() * 3
y.backward()""",
    "both used": _SHOWN + """with mx.autograd.record():
    y = b * b; z = a * a * a
mx.autograd.backward([y.as_nd_ndarray(), z])""",
    "added up": _SHOWN.replace("attach_grad()", "attach_grad('add')") + _SQUARED + _SQUARED,
    "attached again, and the first used": _SHOWN + "b.attach_grad()\n" + _SQUARED.replace("b * b", "a * a"),
    "attached again, and the second used": _SHOWN + "b.attach_grad()\n" + _SQUARED,
    "detached": _SHOWN + "b = b.detach()\n" + _SQUARED,
    "written to": _SHOWN + "b[:] = 3\n" + _SQUARED,
    "no request": _SHOWN.replace("attach_grad()", "attach_grad('null')"),
    "marked": "a = mx.nd.ones((2,)); mx.autograd.mark_variables([a], [mx.nd.zeros((2,))]); b = a.as_np_ndarray()\n"
    + _SQUARED,
    "a result shown": _SHOWN + "with mx.autograd.record():\n    y = a * a\ny.as_np_ndarray().backward()",
    "a parameter": """p = mx.gluon.Parameter('w', shape=(2,)); p.initialize(mx.init.One())
a = p.data(); b = a.as_np_ndarray()
""" + _SQUARED,
    "asked for": _SHOWN + "with mx.autograd.record():\n    y = b * b\nmade = mx.autograd.grad(y, [a])[0]",
}  # fmt: skip


def _ran(mx: Any, program: str) -> list[Any]:
    """Run a program; return class and values of what it made, or the class of its error."""
    scope: dict[str, Any] = {"mx": mx}
    try:
        exec(program, scope)
    except Exception as error:
        return ["raised", "MXNetError" in [each.__name__ for each in type(error).__mro__]]
    arrays = [scope["a"].grad, scope["b"].grad, scope["a"], scope.get("made")]
    return [None if each is None else [type(each).__name__, each.asnumpy()] for each in arrays]


@pytest.mark.parametrize("name", PROGRAMS)
def test_which_view_sees_the_gradient(oracle: Oracle, name: str) -> None:
    ours, theirs = oracle.both(_ran, PROGRAMS[name])
    assert_same(ours.get(), theirs.get())
