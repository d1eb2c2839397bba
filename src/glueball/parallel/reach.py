"""Whether the processes reach each other over the networks that Gloo will use.

Gloo itself tries a network that joins nobody for five times as long as a process may be silent, and says only that
the time is over. Before it begins, each process tells the others where it listens, and two of them that are neighbors
by their numbers try to connect, in both directions, of which Gloo uses one.
"""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .interface import VARIABLE, address_of

if TYPE_CHECKING:
    from torch._C._distributed_c10d import Store

_PATIENCE = 10.0  # seconds until a connection must be there
_FAREWELL = timedelta(seconds=2)  # for the others to read what has failed, since the store may end with this process


def network_fault(store: Store, rank: int, size: int, network: str | None, is_given: bool) -> str:
    """Return which process has a network over which the others are not reached, or ''; all of them call it.

    Parameters
    ----------
    store : torch.distributed.Store
        Where they have met.
    rank, size : int
        The number of this process, and how many there are.
    network : str or None
        The name of its network, or several with commas between them; None where Gloo chooses by itself.
    is_given : bool
        Whether the user has named it.
    """
    said = f"{VARIABLE}={network!r}" if is_given else f"{network!r}, which was chosen since {VARIABLE} is not set"
    with contextlib.ExitStack() as stack:
        fault, places = _listen(stack, network)
        everybody = _exchange(store, "place", rank, size, {"fault": fault, "said": said, "places": places})
        faults = [f"process {number}: {said['fault']}" for number, said in enumerate(everybody) if said["fault"]]
        if not faults and size > 1 and any(said["places"] for said in everybody):
            tried = {other: _try(everybody[other]["places"]) for other in ((rank + 1) % size, (rank - 1) % size)}
            seen = _exchange(store, "tried", rank, size, tried)
            faults = [_pair_fault(seen, everybody, one, (one + 1) % size) for one in range(size)]
    failed = next(filter(None, faults), "")
    if failed:
        store.set(_key("told", rank), "")
        with contextlib.suppress(RuntimeError):
            store.wait([_key("told", number) for number in range(size)], _FAREWELL)
    return failed


def _listen(stack: contextlib.ExitStack, network: str | None) -> tuple[str, list[tuple[str, int]]]:
    """Return what is wrong with networks, or '', and where this process listens in each of them."""
    places = []
    for name in [] if network is None else network.split(","):
        known = [each for _, each in socket.if_nameindex()]
        if name not in known:
            return (
                f"{VARIABLE} must name networks of its machine, which are {', '.join(known)}; received {network!r}"
            ), []
        address = address_of(name)
        if address is not None:  # one without an address of the old kind is Gloo's to judge
            listening = stack.enter_context(socket.create_server((address, 0)))
            places.append((address, int(listening.getsockname()[1])))
    return "", places


def _exchange(store: Store, what: str, rank: int, size: int, value: Any) -> list[Any]:
    """Return the values of all processes."""
    store.set(_key(what, rank), json.dumps(value))
    return [json.loads(store.get(_key(what, number))) for number in range(size)]


def _key(what: str, rank: int) -> str:
    return f"network/{what}/{rank}"


def _try(places: Sequence[tuple[str, int]]) -> str:
    """Return what fails where another process listens, or ''."""
    for address, port in places:
        try:
            socket.create_connection((address, port), _PATIENCE).close()
        except OSError as error:
            return f"{address} ({error.strerror or error})"
    return ""


def _pair_fault(seen: Sequence[Any], everybody: Sequence[Any], one: int, other: int) -> str:
    """Return what is wrong between two processes, of which neither reaches the other, or ''."""
    there, back = seen[one][str(other)], seen[other][str(one)]
    if not (there and back):
        return ""
    return (
        f"processes {one} and {other} must reach each other over the networks that they use; process {one} cannot "
        f"reach {there}, and process {other} cannot reach {back}; process {one} uses {everybody[one]['said']}, process "
        f"{other} {everybody[other]['said']}; set {VARIABLE} to the network that joins the machines"
    )
