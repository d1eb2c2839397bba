"""Start a program in several processes that train together, on torchrun; MXNet's launch.py had the same options.

The processes find each other by the environment that torchrun sets, when a program asks for a store 'dist_sync'. What
MXNet's launcher sets (DMLC_ROLE, DMLC_NUM_WORKER and their kin) is there for programs that read it.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Sequence

import torch

from ..core.errors import MXNetError

EXAMPLES = (
    "-n 4 train.py --epochs 2                       # four processes here",
    "-n 4 --max-restarts 3 train.py                 # started again, all of them, when one fails",
    "-n 8 --nnodes 2 --node-rank 0 --master host0:29400 train.py   # on each of two machines, with its rank",
)

#: Options of MXNet's launcher that ask for what there is not.
_REFUSED = {
    "hostfile": "start 'glueball launch --nnodes ... --node-rank ... --master ...' on each machine",
    "sync_dst_dir": "copy the program to each machine beforehand",
}
_PORT = 29400


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the sub-command."""
    parser.add_argument("-n", "--num-workers", type=int, default=1, help="processes, on all machines together (1)")
    parser.add_argument("--max-restarts", type=int, default=0, help="how often all are started again (0)")
    parser.add_argument("--nnodes", type=int, default=1, help="machines (1)")
    parser.add_argument("--node-rank", type=int, default=0, help="the number of this machine (0)")
    parser.add_argument("--master", metavar="HOST[:PORT]", help="where the first machine is reached")
    parser.add_argument("--env", action="append", default=[], metavar="NAME:VALUE", help="a variable for the processes")
    parser.add_argument("--env-worker", action="append", default=[], metavar="NAME:VALUE", help="the same")
    parser.add_argument("--env-server", action="append", default=[], metavar="NAME:VALUE", help="no effect: no servers")
    parser.add_argument("-s", "--num-servers", type=int, help="no effect: no servers")
    parser.add_argument("--launcher", default="local", help="'local'; others of MXNet are refused")
    parser.add_argument("-H", "--hostfile", help="refused, with what to do instead")
    parser.add_argument("--sync-dst-dir", help="refused, with what to do instead")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="a program with its arguments, or python and one")


def run(arguments: argparse.Namespace) -> int:
    """Start the processes; the exit status is 1 if one fails."""
    os.environ.update(environment(arguments))
    given = torchrun_arguments(arguments)
    if arguments.num_servers or arguments.env_server:
        print("glueball launch: there are no servers: -s and --env-server have no effect", file=sys.stderr)
    if not torch.distributed.is_available():
        raise MXNetError("launch: this build of torch has no torch.distributed; install another")
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.elastic.rendezvous import RendezvousError
    from torch.distributed.run import main  # only here: it takes a while

    try:
        main(given)
    except ChildFailedError as error:
        failed = ", ".join(f"process {rank} (exit {each.exitcode})" for rank, each in error.failures.items())
        print(f"glueball launch: the program failed in {failed}", file=sys.stderr)
        return 1
    except (RuntimeError, RendezvousError) as error:
        place = "each other" if arguments.master is None else f"each other at {arguments.master}"
        raise MXNetError(
            f"launch: the launchers must reach {place} ({str(error).strip().partition(chr(10))[0]}); does the first "
            "machine run, and is its port free? --master HOST:PORT names another port"
        ) from error
    return 0


def torchrun_arguments(arguments: argparse.Namespace) -> list[str]:
    """Return the command line for torchrun.

    Raises
    ------
    MXNetError
        An option asks for what there is not, or does not fit the others.
    """
    for name, instead in _REFUSED.items():
        if getattr(arguments, name) is not None:
            raise MXNetError(f"launch: --{name.replace('_', '-')} is not provided; {instead}")
    if arguments.launcher != "local":
        raise MXNetError(f"launch: --launcher must be 'local'; received {arguments.launcher!r}; {_REFUSED['hostfile']}")
    workers, machines = arguments.num_workers, arguments.nnodes
    if workers < 1 or machines < 1 or workers % machines:
        raise MXNetError(
            f"launch: -n must be a positive multiple of --nnodes; received -n {workers} and --nnodes {machines}"
        )
    found = [f"--nproc-per-node={workers // machines}", f"--max-restarts={arguments.max_restarts}"]
    if machines == 1:
        found.append("--standalone")
    else:
        if not arguments.master:
            raise MXNetError("launch: with several machines, --master must say where the first is; received none")
        host, _, port = arguments.master.partition(":")
        found += [f"--nnodes={machines}", f"--node-rank={arguments.node_rank}"]
        found += [f"--master-addr={host}", f"--master-port={port or _PORT}"]
    return [*found, "-m", "glueball", *_program(arguments.command)]


def _program(command: Sequence[str]) -> list[str]:
    """Return a program with its arguments, without the Python in front of it."""
    words = list(command)
    if len(words) == 1 and " " in words[0] and not os.path.exists(words[0]):  # MXNet's hands it to a shell
        try:
            words = shlex.split(words[0])
        except ValueError as error:
            raise MXNetError(f"launch: the program must be words, in quotes that end; received {words[0]!r}") from error
    if words and os.path.basename(words[0]).startswith("python"):
        words = words[1:]
    if not words:
        raise MXNetError("launch: a program must be given; received none; see 'glueball launch --help'")
    return words


def environment(arguments: argparse.Namespace) -> dict[str, str]:
    """Return the variables that the processes get besides those of torchrun."""
    found = {"DMLC_ROLE": "worker", "DMLC_NUM_WORKER": str(arguments.num_workers), "DMLC_NUM_SERVER": "0"}
    if "OMP_NUM_THREADS" not in os.environ:
        here = max(arguments.num_workers // arguments.nnodes, 1)
        found["OMP_NUM_THREADS"] = str(max((os.cpu_count() or 1) // here, 1))
    for pair in (*arguments.env, *arguments.env_worker):
        name, colon, value = pair.partition(":")
        if not colon or not name:
            raise MXNetError(f"launch: --env must be NAME:VALUE; received {pair!r}")
        found[name] = value
    return found
