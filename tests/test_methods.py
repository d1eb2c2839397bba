"""Methods installed on a class from outside behave like its own for help() and pickle."""

from __future__ import annotations

import inspect
import pickle

import pytest

import glueball as mx
from glueball.core.methods import install, method_of

OWNERS = [mx.nd.NDArray, mx.sym.Symbol, mx.gluon.Block]


@pytest.mark.parametrize("owner", OWNERS)
def test_a_method_is_known_by_its_place_in_the_class(owner):
    methods = {name: value for name, value in vars(owner).items() if inspect.isfunction(value)}
    assert len(methods) > 20
    for name, method in methods.items():
        assert (method.__name__, method.__qualname__) == (name, f"{owner.__name__}.{name}")
        assert pickle.loads(pickle.dumps(method)) is method


def test_a_method_of_an_object_can_be_pickled():
    reshape = pickle.loads(pickle.dumps(mx.nd.arange(6).reshape))
    assert reshape((2, 3)).shape == (2, 3)


def test_help_shows_the_method():
    assert inspect.getdoc(mx.nd.NDArray.backward).startswith("Compute the gradients of this array")
    assert inspect.getdoc(mx.sym.Symbol.simple_bind).startswith("Return an executor with new arrays of zeros")


class _Array:
    def size(self):
        return 1


def test_a_method_is_defined_once():
    with pytest.raises(TypeError, match=r"_Array.size must be defined once; received another from tests.test_methods"):

        @method_of(_Array)
        def size(self):
            return 2

    assert _Array().size() == 1


def test_a_subclass_may_have_its_own():
    class Part(_Array):
        pass

    install(Part, "size", lambda self: 3)
    assert (Part().size(), _Array().size()) == (3, 1)
