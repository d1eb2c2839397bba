"""A program under ``python -m glueball`` finds the names that NumPy had in its time; nobody else does."""

import numpy as np

import glueball  # noqa: F401  # must not change NumPy
from tests.compat.processes import glueball as run
from tests.compat.processes import plain

_PROGRAM = """
import mxnet as mx
import numpy as np

print(np.float is float, np.int is int, np.object is object, np.array([1], dtype=np.float).dtype)
print(np.Inf, np.NaN, np.product([2, 3]), np.float_, np.asscalar(np.array([7])), np.asfarray([1], np.int).dtype)
print(np.msort([2, 1]).tolist(), np.in1d([[1, 2], [3, 4]], [2, 3]).tolist(), np.alltrue([1, 0]), np.trapz([1, 1]))
print(hasattr(np, "never_there"), np.zeros(2, np.bool).dtype)
"""


def test_an_unedited_program_finds_the_former_names(tmp_path):
    ended = run(["-c", _PROGRAM], tmp_path)
    assert ended.stderr == ""
    assert ended.stdout.splitlines() == [
        "True True True float64",
        "inf nan 6 <class 'numpy.float64'> 7 float64",
        "[1, 2] [False, True, True, False] False 1.0",
        "False bool",
    ]


def test_importing_glueball_leaves_numpy_as_it_is(tmp_path):
    code = "import numpy, glueball; glueball.install_as_mxnet(); print('asscalar' in vars(numpy))"
    assert plain(["-c", code], tmp_path).stdout == "False\n"
    assert "asscalar" not in vars(np)
