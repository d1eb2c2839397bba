"""gluon.contrib.data, against MXNet."""

from __future__ import annotations

import pytest

from glueball.core.errors import MXNetError
from glueball.gluon import contrib
from tests.comparison import assert_same


@pytest.mark.parametrize("arguments", [(13, 3), (13, 3, False), (3, 3), (3, 1), (1, 1), (3, 4)], ids=str)
def test_interval_sampler(oracle, arguments):
    assert_same(*oracle.both("return list(gluon.contrib.data.IntervalSampler(*arguments))", arguments=arguments))


@pytest.mark.parametrize(("arguments", "length"), [((13, 3), 13), ((13, 3, False), 5), ((6, 3, False), 2), ((3, 3), 3)])
def test_length(arguments, length):
    sampler = contrib.data.IntervalSampler(*arguments)
    assert len(sampler) == len(list(sampler)) == length


@pytest.mark.parametrize("interval", [0, -1, 4, 1.5])
def test_interval_is_checked(interval):
    with pytest.raises(MXNetError, match="IntervalSampler: interval must be"):
        contrib.data.IntervalSampler(3, interval)
