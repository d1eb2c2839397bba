"""What the processes that train together agree upon before each step of a trainer."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.errors import MXNetError
from ...optimizer import Optimizer
from ...parallel import Collectives
from .parameter import Parameter
from .trained import Trained

#: What the processes tell each other of a parameter: its request, and 1 more if a backward() has reached it.
_REQUESTS = {"null": 0, "write": 2, "add": 4}


def agree(
    collectives: Collectives,
    parameters: Sequence[Parameter],
    trained: Trained,
    fresh: Sequence[bool],
    optimizer: Optimizer,
    ignore_stale_grad: bool,
    are_summed_next: bool,
) -> Trained:
    """Return the parameters that a backward() has reached in some process, which all of them update.

    All must be equally far: one that has loaded another checkpoint than the others would train with other states.
    The factor of the gradients becomes that of the mean of the batch sizes, so that all processes have the same one
    when the last batches differ. `are_summed_next` says that the gradients are, as they are.

    Raises
    ------
    MXNetError
        A parameter has another `grad_req` in another process, or one has made another number of updates.
    UserWarning
        A process lacks a gradient.
    """
    marks = [0] * len(parameters)  # of all, since the processes may train different ones
    for number, parameter, is_fresh in zip(trained.numbers, trained.parameters, fresh, strict=True):
        marks[number] = _REQUESTS[parameter._grad_req] + is_fresh
    size = 1 / optimizer.rescale_grad if optimizer.rescale_grad else 0
    gradients = dict(zip(trained.numbers, trained.gradients(), strict=True)) if are_summed_next else None
    everybody = collectives.agree([optimizer.num_update, size, *marks], gradients)
    _require_equally_far([int(updates) for updates, *_ in everybody])
    sizes = [size for _, size, *_ in everybody]
    if sizes != [sizes[0]] * len(sizes):
        optimizer.rescale_grad = len(sizes) / sum(sizes)
    if all(fresh) and all([each[2:] == marks for each in everybody]):
        return trained
    by_parameter = list(zip(*[each[2:] for each in everybody], strict=True))
    _require_same_requests(parameters, by_parameter)
    reached = [[mark % 2 == 1 for mark in by_parameter[number]] for number in trained.numbers]
    for parameter, ranks in zip(trained.parameters, reached, strict=True):
        if not (all(ranks) or ignore_stale_grad):
            raise UserWarning(
                "Trainer: each parameter must have a gradient from a backward() since the last step, in each process; "
                f"{parameter.name} has none in process {ranks.index(False)}; does the loss depend on it there? Pass "
                "ignore_stale_grad=True to take a gradient of zero from that process"
            )
    return trained.only(map(any, reached))


def _require_equally_far(updates: Sequence[int]) -> None:
    for rank, number in enumerate(updates):
        if number != updates[0]:
            raise MXNetError(
                "Trainer: the optimizers of all processes must have made the same number of updates; that of process "
                f"{rank} has made {number}, that of process 0 {updates[0]}; load the same checkpoint in all processes, "
                "from a folder that all of them see"
            )


def _require_same_requests(parameters: Sequence[Parameter], marks: Sequence[Sequence[float]]) -> None:
    names = {number: name for name, number in _REQUESTS.items()}
    for parameter, of_ranks in zip(parameters, marks, strict=True):
        first, *others = [names[int(mark) // 2 * 2] for mark in of_ranks]
        for rank, other in enumerate(others, 1):
            if other != first:
                raise MXNetError(
                    f"process {rank}: all processes must train the same parameters; the grad_req of {parameter.name} "
                    f"is {other!r} there, and {first!r} in process 0; set it alike in all of them"
                )


def clear(trained: Trained, fresh: Sequence[bool]) -> None:
    """Make the gradients zero that no backward() has reached here, before those of other processes are added."""
    for copies, is_fresh in zip(trained.gradients(), fresh, strict=True):
        for gradient in copies:
            if not is_fresh:
                gradient._overwrite(gradient.zeros_like())
