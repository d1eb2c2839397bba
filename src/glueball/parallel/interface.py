"""Over which of a machine's networks its processes are reached by those of other machines."""

from __future__ import annotations

import os
import socket
import struct
import sys
from collections.abc import Mapping

if sys.platform == "linux":
    import fcntl

#: Gloo reads it.
VARIABLE = "GLOO_SOCKET_IFNAME"
_ELSEWHERE = "192.0.2.1"  # an address of nobody; the way to it is the default route
_SIOCGIFADDR = 0x8915


def choose_interface(master: str) -> tuple[str | None, bool]:
    """Let Gloo use the network over which the first machine is reached, unless the user has named one.

    Return its name, None where Gloo chooses, and whether the user has named it.

    By itself it takes the address that belongs to the machine's name, which often is one that only this machine knows.
    The variable stays, for the connections that are made later.

    Parameters
    ----------
    master : str
        The first machine.
    """
    given = os.environ.get(VARIABLE)
    if given:
        return given, True
    name = interface_to(master, os.environ)
    if name is not None:
        os.environ[VARIABLE] = name
    return name, False


def interface_to(master: str, environment: Mapping[str, str]) -> str | None:
    """Return the name of the network interface to the first machine; None where Gloo's own choice must do.

    Parameters
    ----------
    master : str
        The first machine.
    environment : mapping of str to str
        Says of a launcher how many of the processes are on this machine.
    """
    own = _address_to(master)
    if own is not None and own.startswith("127."):
        # This is the first machine. Its name may mean to itself what no other can reach.
        spans = environment.get("LOCAL_WORLD_SIZE", environment.get("WORLD_SIZE")) != environment.get("WORLD_SIZE")
        own = _address_to(_ELSEWHERE) if spans else None
    return None if own is None else _interface_of(own)


def _address_to(host: str) -> str | None:
    """Return the address of this machine from which a packet would go to another; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect((host, 9))
        except OSError:  # no way, or no address of the old kind
            return None
        address: str = one.getsockname()[0]
        return address


def _interface_of(address: str) -> str | None:
    if sys.platform != "linux":
        return None
    return next((name for _, name in socket.if_nameindex() if address_of(name) == address), None)


def address_of(name: str) -> str | None:
    """Return the address of this machine in a network; None where it has none, or that cannot be found out."""
    if sys.platform != "linux":
        return None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            found = fcntl.ioctl(one.fileno(), _SIOCGIFADDR, struct.pack("256s", name.encode()))
        except OSError:
            return None
        return socket.inet_ntoa(found[20:24])
