"""gluon.contrib.data.text, against MXNet on files of our own."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.comparison import assert_same


def sequences(mx, kind, segment, seq_len, own_vocabulary):
    import importlib
    import os
    import tempfile

    module = importlib.import_module(mx.__name__ + ".gluon.contrib.data.text")
    before = getattr(module, "check_sha1", None)
    if before is not None:  # so that MXNet takes the file
        module.check_sha1 = lambda *arguments: True
    vocabulary = mx.contrib.text.vocab.Vocabulary(reserved_tokens=["a", "<eos>"]) if own_vocabulary else None
    text = " \n = Robert <unk> = \n \n He was an actor . He had a role . \n the end of  the line \n\n a b c a b \n"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("train", "valid", "test"):
            with open(os.path.join(folder, f"wiki.{name}.tokens"), "w") as file:
                file.write(text if name == "train" else text[:60])
        try:
            data = getattr(module, kind)(folder, segment, vocabulary, seq_len)
        finally:
            if before is not None:
                module.check_sha1 = before
    samples = [data[number] for number in range(len(data))]
    return samples, sorted(data.frequencies.items()), data.vocabulary.idx_to_token


@pytest.mark.parametrize("kind", ["WikiText2", "WikiText103"])
@pytest.mark.parametrize(
    ("segment", "seq_len", "own"),
    [("train", 5, False), ("validation", 3, False), ("test", 4, True), ("none", 4, False)],
)
def test_samples(oracle, kind, segment, seq_len, own):
    assert_same(*oracle.both(sequences, kind, segment, seq_len, own))


def test_refusals(tmp_path):
    kind = mx.gluon.contrib.data.text.WikiText2
    with pytest.raises(mx.MXNetError, match=r"the file wiki.train.tokens must be in .* from http.*wikitext-2-v1.zip"):
        kind(tmp_path)
    (tmp_path / "wiki.train.tokens").write_text("a b c\n")
    with pytest.raises(mx.MXNetError, match="the text must be longer than seq_len; received 4 words in"):
        kind(tmp_path)
    with pytest.raises(mx.MXNetError, match="seq_len must be a positive int; received 0"):
        kind(tmp_path, seq_len=0)
