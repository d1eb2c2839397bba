"""The gradient request of each argument."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.errors import MXNetError
from ..core.gradient_request import check_request


def requested_gradients(
    grad_req: Any, arguments: list[str], inputs: Mapping[str, bool], untrained: Mapping[str, str]
) -> dict[str, str]:
    """Return 'write', 'add' or 'null' for each argument of a graph.

    Parameters
    ----------
    grad_req : str, list or dict of str
        One request for all arguments that have a gradient; a list for all arguments, which overrides everything else;
        or a dict by name, which overrides the defaults.
    arguments : list of str
        The arguments of the graph.
    inputs : dict of str to bool
        The inputs, and whether they have a gradient.
    untrained : dict of str to str
        Arguments that have no gradient.
    """
    if isinstance(grad_req, list | tuple):
        if len(grad_req) != len(arguments):
            raise MXNetError(
                f"Module.bind: grad_req must have one entry for each of the {len(arguments)} arguments; "
                f"received {len(grad_req)}"
            )
        found = dict(zip(arguments, grad_req, strict=True))
    elif isinstance(grad_req, str | Mapping):
        default = grad_req if isinstance(grad_req, str) else "write"
        found = dict.fromkeys(arguments, default)
        found.update({name: default if needed else "null" for name, needed in inputs.items()})
        found.update({name: "null" for name in untrained if name in found})
        if isinstance(grad_req, Mapping):
            found.update({name: kind for name, kind in grad_req.items() if name in found})
    else:
        raise MXNetError(f"Module.bind: grad_req must be a str, a list or a dict; received {grad_req!r}")
    for name, kind in found.items():
        check_request(f"Module.bind: {name}", kind)
    return found
