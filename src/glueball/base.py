"""``mx.base``: the error classes, and the types that count as numbers and strings."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from .core.errors import MXNetError, NotImplementedForSymbol

__all__ = [
    "MXNetError", "NotImplementedForSymbol", "data_dir", "integer_types", "mx_real_t", "numeric_types", "py_str",
    "string_types",
]  # fmt: skip

string_types = (str,)
numeric_types = (float, int, np.generic)
integer_types = (int, np.int32, np.int64)
mx_real_t: Any = np.float32

_C_LIBRARY = "it serves MXNet's C library, which glueball does not have"
_INSTEAD = {
    name: _C_LIBRARY
    for name in (
        "MXCallbackList", "c2pyerror", "c_array", "c_array_buf", "c_handle_array", "c_str", "c_str_array", "check_call",
        "ctypes2buffer", "ctypes2numpy_shared", "get_last_ffi_error", "mx_float_p", "register_error",
    )
}  # fmt: skip
_INSTEAD["NotSupportedForSparseNDArray"] = "there are no sparse arrays, so it is never raised"


def py_str(x: bytes) -> str:
    """Decode UTF-8 bytes.

    Parameters
    ----------
    x : bytes
        The encoded text.

    Returns
    -------
    str
        The decoded text.
    """
    return x.decode("utf-8")


def data_dir() -> str:
    """Return the folder of datasets and models: ``$MXNET_HOME``, or ``~/.mxnet``."""
    return os.environ.get("MXNET_HOME", os.path.join(os.path.expanduser("~"), ".mxnet"))
