"""The state of an array in a pickle of MXNet, which is the record of the array in a ``.params`` file."""

from __future__ import annotations

import io
from typing import Any

from ..core.errors import InvalidTypeError
from ..core.methods import method_of
from ..serialization import dump_params, layout, load_params
from .ndarray import NDArray
from .sparse.base import BaseSparseNDArray, form_of

_OWNER = "NDArray.__setstate__"
_NO_NAMES = layout.U64.pack(0)


@method_of(NDArray, "__getstate__")
def _state(self: NDArray) -> dict[str, bytearray]:
    # A pickle does not ask for it (see NDArray.__reduce__): it is for programs that call it, as they do in MXNet.
    file = io.BytesIO()
    dump_params(file, [form_of(self)], owner="NDArray.__getstate__")
    return {"handle": bytearray(file.getbuffer()[layout.FILE_HEADER.size : -len(_NO_NAMES)])}


@method_of(NDArray, "__setstate__")
def _set_state(self: NDArray, state: dict[str, Any]) -> None:
    record = state.get("handle") if isinstance(state, dict) else None
    if isinstance(state, dict) and state.get("handle", b"") is None:  # MXNet makes an array that ends the process
        raise InvalidTypeError(
            f"{_OWNER}: state must have values; received {state!r}, that of an array without memory; "
            "make one with nd.empty(shape)"
        )
    if not isinstance(record, bytes | bytearray):
        raise InvalidTypeError(f"{_OWNER}: state must be what __getstate__ returns; received {type(state).__name__}")
    header = layout.FILE_HEADER.pack(layout.LIST_MAGIC, 0, 1)
    found = load_params(b"".join([header, record, _NO_NAMES]), f"{_OWNER}: state")
    assert isinstance(found, list)  # it has no names
    if isinstance(self, BaseSparseNDArray):
        BaseSparseNDArray.__init__(self, found[0])
    else:
        NDArray.__init__(self, found[0])
