"""Which kernels are taken: the fastest, as far as there is memory."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from glueball.graph.kernels.selection import Option, select


def test_the_fastest_with_room_and_the_smallest_without():
    choices = [[Option(2, 10), Option(1, 40)], [Option(3, 5)]]
    assert select(choices, 45) == [1, 0]
    assert select(choices, 44) == [0, 0]
    assert select(choices, 0) == [0, 0]


def test_what_saves_the_most_time_for_its_memory_comes_first():
    small, large = [Option(9, 0), Option(8, 10)], [Option(9, 0), Option(4, 10)]
    assert select([small, large, small], 10) == [0, 1, 0]
    assert select([small, large, small], 20) == [1, 1, 0]


def test_less_memory_for_less_time():
    assert select([[Option(2, 10), Option(1, 0)]], 0) == [1]
    assert select([[Option(1, 10), Option(2, 0)]], 10) == [0]


_options = st.lists(st.builds(Option, st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=3)


@given(choices=st.lists(_options, max_size=4), room=st.integers(0, 40))
def test_the_room_is_kept_where_that_is_possible(choices, room):
    taken = select(choices, room)
    memory = sum(options[number].memory for options, number in zip(choices, taken, strict=True))
    least = min(sum(option.memory for option in combination) for combination in product(*choices))
    assert memory <= max(room, least)
    if room >= 40:
        for options, number in zip(choices, taken, strict=True):
            assert options[number].seconds == min(option.seconds for option in options)
