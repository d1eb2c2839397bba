"""What the processes that train together agree upon before each step of a trainer."""

from __future__ import annotations

from collections.abc import Sequence

from ...optimizer import Optimizer
from ...parallel import Collectives
from .trained import Trained


def agree(
    collectives: Collectives,
    trained: Trained,
    fresh: Sequence[bool],
    optimizer: Optimizer,
    ignore_stale_grad: bool,
    before_sum: bool,
) -> Trained:
    """Return the parameters that a backward() has reached in some process, which all of them update.

    The factor of the gradients becomes that of the mean of the batch sizes, so that all processes have the same one
    when the last batches differ. `before_sum` is that of `Collectives.agree`.

    Raises
    ------
    UserWarning
        A process lacks a gradient.
    """
    size = 1 / optimizer.rescale_grad if optimizer.rescale_grad else 0
    everybody = collectives.agree([size, *map(float, fresh)], before_sum)
    sizes = [size for size, *_ in everybody]
    if sizes != [sizes[0]] * len(sizes):
        optimizer.rescale_grad = len(sizes) / sum(sizes)
    reached = list(zip(*[marks for _, *marks in everybody], strict=True))
    for parameter, ranks in zip(trained.parameters, reached, strict=True):
        if not (all(ranks) or ignore_stale_grad):
            raise UserWarning(
                "Trainer: each parameter must have a gradient from a backward() since the last step, in each process; "
                f"{parameter.name} has none in process {ranks.index(0)}; does the loss depend on it there? Pass "
                "ignore_stale_grad=True to take a gradient of zero from that process"
            )
    return trained.only(map(any, reached))


def clear(trained: Trained, fresh: Sequence[bool]) -> None:
    """Make the gradients zero that no backward() has reached here, before those of other processes are added."""
    for copies, is_fresh in zip(trained.gradients(), fresh, strict=True):
        for gradient in copies:
            if not is_fresh:
                gradient._overwrite(gradient.zeros_like())
