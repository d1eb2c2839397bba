"""Hosts on one machine: network namespaces with addresses of their own, joined by a bridge; one can be cut off."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

_TOOLS = ("unshare", "nsenter", "ip", "sleep")


class Host:
    """A network namespace."""

    def __init__(self, holder: int, address: str) -> None:
        self.holder, self.address = holder, address

    def command(self, *words: str) -> list[str]:
        """The command line that runs one there."""
        return ["nsenter", "--user", "--net", "--preserve-credentials", "-t", str(self.holder), "--", *words]

    def call(self, *words: str) -> None:
        done = subprocess.run(self.command(*words), capture_output=True, text=True, timeout=30)
        if done.returncode:
            raise OSError(f"{' '.join(words)}: {done.stderr.strip()}")

    def cut_off(self) -> None:
        """Let nothing in or out any more, without a word to anybody."""
        self.call("ip", "link", "set", "dev", "net0", "down")


@contextlib.contextmanager
def several(count: int) -> Iterator[list[Host]]:
    """Hosts 10.77.0.1, 10.77.0.2, ...; the test is skipped where they cannot be made."""
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"network namespaces need the command {missing[0]}, which is not here")
    with contextlib.ExitStack() as stack:
        try:
            hosts = _make(stack, count)
        except OSError as error:
            pytest.skip(f"network namespaces cannot be made here: {error}")
        yield hosts


def _make(stack: contextlib.ExitStack, count: int) -> list[Host]:
    switch = Host(_hold(stack, ["unshare", "--user", "--map-root-user", "--net"]), "")
    switch.call("ip", "link", "add", "name", "bridge0", "type", "bridge")
    switch.call("ip", "link", "set", "dev", "bridge0", "up")
    hosts = []
    for number in range(count):
        host = Host(_hold(stack, switch.command("unshare", "--net")), f"10.77.0.{number + 1}")
        port = f"port{number}"
        ends = ("name", port, "type", "veth", "peer", "name", "net0", "netns", str(host.holder))
        switch.call("ip", "link", "add", *ends)
        switch.call("ip", "link", "set", "dev", port, "master", "bridge0", "up")
        host.call("ip", "address", "add", f"{host.address}/24", "dev", "net0")
        for device in ("lo", "net0"):
            host.call("ip", "link", "set", "dev", device, "up")
        hosts.append(host)
    return hosts


def _hold(stack: contextlib.ExitStack, command: Sequence[str]) -> int:
    """Start what keeps a namespace; return its process when it is there."""
    own = Path("/proc/self/ns/net").readlink()
    process = subprocess.Popen([*command, "sleep", "3600"], stderr=subprocess.PIPE, text=True)
    stack.callback(process.communicate)
    stack.callback(process.kill)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if process.poll() is not None:
            raise OSError((process.stderr.read() if process.stderr else "").strip())
        if Path(f"/proc/{process.pid}/comm").read_text() == "sleep\n":
            break
        time.sleep(0.01)
    if Path(f"/proc/{process.pid}/ns/net").readlink() == own:
        raise OSError("the namespace is that of everybody")
    return process.pid
