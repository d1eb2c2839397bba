"""Tests of kernels."""

from glueball.graph.kernels.native import CannotCompile, load


def is_compiled() -> bool:
    """Whether the machine can compile the kernels, right or wrong."""
    try:
        load("winograd")
    except CannotCompile:
        return False
    return True
