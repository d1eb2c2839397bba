"""The operators of MXNet 1.9.1 that Glueball lacks, and why.

Together with the registry this is all of MXNet's table: `tests/ops/test_coverage.py` sees to it.
"""

from __future__ import annotations

from typing import NamedTuple


class Absence(NamedTuple):
    """A reason for which operators are missing.

    Attributes
    ----------
    why, instead
        The reason, and what to do; both are parts of a sentence.
    names
        Their names and aliases; one that ends in ``*`` stands for all that begin so.
    """

    why: str
    instead: str
    names: tuple[str, ...]


ABSENT = (
    Absence(
        "it is Custom under a name that no function of MXNet has", "use Custom",
        ("_npi_Custom",),
    ),
    Absence(
        "it quantizes a network, which is not provided", "run the network that was not quantized",
        ("_contrib_calibrate_entropy", "_contrib_dequantize", "_contrib_quantize*", "_contrib_requantize"),
    ),
    Absence(
        "it is made for the graphs of DGL, which are sparse", "use DGL with PyTorch",
        ("_contrib_dgl_*", "_contrib_edge_id"),
    ),
    Absence(
        "MXNet makes it of several others for one of its own backends", "export the network without optimize_for",
        ("_sg_*",),
    ),
    Absence(
        "MXNet uses it for its gradients only", "let backward() compute them",
        (
            "_backward*", "_broadcast_backward", "_contrib_backward_*", "_NoGradient", "_npi_backward_*",
            "_npi_hsplit_backward", "_split_v2_backward",
        ),
    ),
    Absence(
        "it holds a pointer into the process that made it", "use mx.operator.CustomOp or autograd.Function",
        ("_CachedOp", "_CachedOpThreadSafe", "_CustomFunction", "_NDArray", "_Native"),
    ),
    Absence("MXNet 1.9.1's own fails whatever picture it is given", "use mx.image.imdecode", ("_imdecode",)),
    Absence(
        "it does nothing but write into arrays, as the function of that name in mx.nd does", "write array[:] = value",
        ("_set_value", "reset_arrays"),
    ),
)  # fmt: skip


def find(name: str) -> Absence | None:
    """Return why an operator is missing, or None if nothing is known of the name."""
    for absence in ABSENT:
        for known in absence.names:
            if name == known or (known.endswith("*") and name.startswith(known[:-1])):
                return absence
    return None
