"""BucketSentenceIter and encode_sentences."""

from __future__ import annotations

import logging

import pytest

import glueball as mx
from tests.comparison import assert_same, succeeded

SENTENCES = [["the", "cat", "sat"], ["a", "cat"], ["the", "dog", "sat", "down"]]


@pytest.mark.parametrize(
    "options",
    [
        {}, {"invalid_label": 0}, {"invalid_label": 0, "start_label": 1}, {"invalid_label": 3, "start_label": 2},
        {"invalid_key": "<eos>"}, {"unknown_token": "<unk>"},
        {"vocab": {"the": 0, "cat": 1}, "unknown_token": "<unk>"},
        {"vocab": {"the": 5, "<unk>": 1}, "unknown_token": "<unk>", "start_label": 7},
        {"vocab": {"the": 0, "cat": 1, "sat": 2, "a": 3, "dog": 4, "down": 5}},
        {"vocab": {"the": 0}},
    ],
)  # fmt: skip
def test_encode_sentences(oracle, options):
    def encoded(mx, sentences, options):
        found = mx.rnn.encode_sentences(sentences, **options)
        return found, options.get("vocab", found[1]) is found[1]

    assert_same(*oracle.both(encoded, SENTENCES, options))


def batches(mx, options):
    """Two epochs, in the order in which they are drawn."""
    import random

    import numpy as np

    random.seed(3)
    np.random.seed(3)
    lengths = np.random.randint(1, 9, size=60)
    sentences = [[int(word) for word in np.random.randint(1, 9, size=length)] for length in lengths]
    made = mx.rnn.BucketSentenceIter(sentences, 4, **options)
    found = [made.buckets, made.default_bucket_key, made.batch_size, made.major_axis, made.layout, made.idx]
    found += [[str(each) for each in made.provide_data + made.provide_label]]
    for _ in range(2):
        for batch in made:
            described = [str(each) for each in batch.provide_data + batch.provide_label]
            found.append((batch.bucket_key, batch.data, batch.label, described, batch.pad, batch.index))
        made.reset()
    return found


@pytest.mark.parametrize(
    "options",
    [
        {}, {"buckets": [3, 6, 10]}, {"buckets": [10, 3]}, {"buckets": [4]}, {"buckets": [2, 8], "invalid_label": 0},
        {"layout": "TN", "buckets": [4, 8]}, {"dtype": "int32"}, {"dtype": "float16", "data_name": "words"},
        {"label_name": "next", "invalid_label": -5}, {"buckets": [8, 20]}, {"layout": "TNC"},
    ],
    ids=str,
)  # fmt: skip
def test_batches(oracle, options):
    assert_same(*succeeded(oracle.both(batches, options)))


@pytest.mark.parametrize("code", [
    "mx.rnn.BucketSentenceIter([[1, 2]] * 4, 2, layout='C')", "mx.rnn.BucketSentenceIter([[1, 2]], 4)",
    "next(mx.rnn.BucketSentenceIter([[1, 2]], 4, buckets=[2]))",
])  # fmt: skip
def test_mistakes(oracle, code):
    assert_same(*oracle.both(code))


def test_long_sentences_are_counted(caplog):
    with caplog.at_level(logging.WARNING):
        mx.rnn.BucketSentenceIter([[1, 2]] * 4, 2, buckets=[2])
        assert not caplog.messages
        mx.rnn.BucketSentenceIter([[1, 2, 3], [1, 2]], 1, buckets=[2])
    assert caplog.messages == ["BucketSentenceIter: 1 sentences are left out; no bucket is that long"]


def test_the_buckets_of_a_program_stay_as_they_are():
    buckets = [3, 2]
    assert mx.rnn.BucketSentenceIter([[1, 2], [1, 2, 3]] * 2, 2, buckets=buckets).buckets == [2, 3]
    assert buckets == [3, 2]
    assert mx.rnn.BucketSentenceIter([[1, 2], [1, 2, 3]] * 2, 2, buckets=(3, 2)).buckets == [2, 3]
