"""What ``import mxnet`` finds first in a process spawned by one in which Glueball is installed as mxnet."""

from __future__ import annotations

from glueball.compat import install_as_mxnet

if __name__ == "mxnet":
    install_as_mxnet()  # replaces this module
