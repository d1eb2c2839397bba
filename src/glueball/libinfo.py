"""``mx.libinfo``: the version of MXNet that is reimplemented."""

from __future__ import annotations

__all__ = ["__version__"]

#: The version of MXNet whose interface this is; Glueball's own version is ``glueball.__version__``.
__version__ = "1.9.1"

_INSTEAD = dict.fromkeys(
    ("find_lib_path", "find_include_path", "find_conf_path"), "there is no C library; use the Python interface"
)
