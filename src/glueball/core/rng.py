"""Random numbers: one generator per device, separate from torch's and NumPy's own."""

from __future__ import annotations

import torch

from .context import Context
from .doors import door
from .integers import is_int_not_bool
from .locks import process_lock

_seed = 0  # as in MXNet, a program that never seeds draws the same numbers in every run
_generators: dict[Context, torch.Generator] = {}
_lock = process_lock()


def generator(context: Context) -> torch.Generator:
    """Return the generator of a context, created with a fixed seed on first use."""
    found = _generators.get(context)
    if found is None:
        with _lock:
            found = _generators.get(context)
            if found is None:
                found = torch.Generator(device=context.device)
                found.manual_seed(_seed + context.device_id)
                _generators[context] = found
    return found


def key(context: Context) -> torch.Tensor:
    """Return the key for one run of a graph: an integer, in a CPU tensor, that determines its random numbers."""
    drawn = torch.randint(2**62, (), generator=generator(context), device=context.device)
    return drawn.cpu()


@door
def seed(seed_state: int, ctx: str | Context = "all") -> None:
    """Seed the generators behind Dropout, ``nd.random`` and the initializers.

    torch's and NumPy's global generators are left alone: shuffling in a DataLoader follows ``numpy.random.seed``.

    Parameters
    ----------
    seed_state : int
        The seed.
    ctx : Context, 'cpu', 'gpu' or 'all', default 'all'
        The device to seed, the first of its kind if only that is named. With ``'all'`` each device gets its own stream,
        derived from the seed and the device id.

    Raises
    ------
    ValueError
        The seed is not an int.
    KeyError
        There is no such context.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.random.seed(7)
    >>> a = mx.nd.random.uniform(shape=(3,))
    >>> mx.random.seed(7)
    >>> bool((a == mx.nd.random.uniform(shape=(3,))).min().asscalar())
    True
    """
    global _seed
    if not is_int_not_bool(seed_state):
        raise ValueError(f"random.seed: seed_state must be an int; received {seed_state!r}")
    seed_state = seed_state.__index__() % 2**62  # torch takes 64 bits, and the device id is added
    if ctx != "all":
        generator(Context(ctx)).manual_seed(seed_state)
        return
    with _lock:
        _seed = seed_state
        for context, existing in _generators.items():
            existing.manual_seed(seed_state + context.device_id)
