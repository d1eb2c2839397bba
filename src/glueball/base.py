"""``mx.base``: the error classes, and the types that count as numbers and strings."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from .core.class_property import classproperty
from .core.doors import door
from .core.errors import MXNetError, NotImplementedForSymbol, NotSupportedForSparseNDArray
from .error import error_types, register_error
from .ops.attrs import Null as _Null  # noqa: F401  (the default of an attribute, under MXNet's names)
from .ops.attrs import _Null as _NullType  # noqa: F401

__all__ = [
    "MXNetError", "NotImplementedForSymbol", "NotSupportedForSparseNDArray", "classproperty", "data_dir",
    "data_dir_default", "error_types", "integer_types", "mx_real_t", "numeric_types", "py_str", "register_error",
    "string_types", "with_metaclass",
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
        "ctypes2buffer", "ctypes2numpy_shared", "get_last_ffi_error", "mx_float_p",
    )
}  # fmt: skip
_INSTEAD |= dict.fromkeys(("add_fileline_to_docstring", "build_param_doc"), "it makes MXNet's own documentation")


@door
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


def _as_list(obj: Any) -> Any:
    """Return a list or tuple as it is, and anything else in a list."""
    return obj if isinstance(obj, list | tuple) else [obj]


def with_metaclass(meta: Any, *bases: type) -> Any:
    """Return a class to derive from, so that the derived class has a metaclass and only the given bases.

    Parameters
    ----------
    meta : type
        The metaclass.
    *bases : type
        The bases.
    """

    class Temporary(type):
        def __new__(cls, name: str, _: Any, namespace: dict[str, Any]) -> Any:
            return meta(name, bases, namespace)

    return type.__new__(Temporary, "temporary", (), {})


def data_dir_default() -> str:
    """Return the folder of datasets and models where ``$MXNET_HOME`` is not set: ``~/.mxnet``."""
    return os.path.join(os.path.expanduser("~"), ".mxnet")


def data_dir() -> str:
    """Return the folder of datasets and models: ``$MXNET_HOME``, or ``~/.mxnet``."""
    return os.environ.get("MXNET_HOME", data_dir_default())
