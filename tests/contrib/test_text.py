"""mx.contrib.text, against MXNet."""

from __future__ import annotations

import pickle

import pytest

import glueball as mx
from tests.comparison import assert_same

text = mx.contrib.text


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ((" Life is great ! \n life is good . \n",), {}),
        ((" Life is great ! \n life is good . \n",), {"to_lower": True}),
        (("a|b.c",), {"token_delim": r"\|", "seq_delim": r"\."}),
        (("ab12cd", "12", "x"), {}),
        (("a.b(c", "(", ")"), {}),
        (("",), {}),
    ],
    ids=str,
)
def test_count_tokens(oracle, arguments, options):
    code = "return sorted(mx.contrib.text.utils.count_tokens_from_str(*arguments, **options).items())"
    assert_same(*oracle.both(code, arguments=arguments, options=options))


def test_count_tokens_adds_to_a_counter(oracle):
    code = """
        import collections
        counter = collections.Counter({"a": 3})
        found = mx.contrib.text.utils.count_tokens_from_str("a b", counter_to_update=counter)
        return found is counter, sorted(counter.items())
    """
    assert_same(*oracle.both(code))


def test_delimiters_that_are_no_expressions_are_refused():
    with pytest.raises(mx.MXNetError, match="must be regular expressions; received '\\*'"):
        text.utils.count_tokens_from_str("a*b", "*")


# --- vocabularies -------------------------------------------------------------------------------------------


def vocabulary(mx, options, words="a b b c c c some_word$"):
    import collections

    found = mx.contrib.text.vocab.Vocabulary(collections.Counter(words.split()), **options)
    return len(found), found.idx_to_token, found.token_to_idx, found.unknown_token, found.reserved_tokens


@pytest.mark.parametrize(
    "options",
    [
        {}, {"most_freq_count": 2}, {"most_freq_count": 0}, {"most_freq_count": -1}, {"most_freq_count": 100},
        {"min_freq": 2}, {"min_freq": 100}, {"min_freq": 1.5}, {"min_freq": 0}, {"unknown_token": "b"},
        {"unknown_token": None}, {"reserved_tokens": ["b"]}, {"reserved_tokens": ["<pad>", "c"], "most_freq_count": 2},
        {"reserved_tokens": []}, {"reserved_tokens": ["<unk>"]}, {"reserved_tokens": ["a", "a"]},
    ],
    ids=str,
)  # fmt: skip
def test_vocabulary(oracle, options):
    assert_same(*oracle.both(vocabulary, options))


@pytest.mark.parametrize("tokens", ["'c'", "'x'", "['c', 'a']", "['x', 'c']", "[]", "('a', 'b')"])
def test_to_indices(oracle, tokens):
    code = f"""
        import collections
        return mx.contrib.text.vocab.Vocabulary(collections.Counter("a b b c c c".split())).to_indices({tokens})
    """
    assert_same(*oracle.both(code))


@pytest.mark.parametrize("indices", ["0", "-1", "[1, 2]", "[]", "4", "[1, 9]", "1.5", "'a'", "None", "(1, 2)"])
def test_to_tokens(oracle, indices):
    code = f"""
        import collections
        return mx.contrib.text.vocab.Vocabulary(collections.Counter("a b b c c c".split())).to_tokens({indices})
    """
    assert_same(*oracle.both(code))


def test_a_counter_must_be_one(oracle):
    assert_same(*oracle.both("mx.contrib.text.vocab.Vocabulary({'a': 1})"))


# --- embeddings ---------------------------------------------------------------------------------------------


def embedding(mx, lines, options, use):
    """What an embedding of some lines has, after it was used."""
    import collections
    import os
    import tempfile
    import warnings

    text = mx.contrib.text
    vocabulary = text.vocab.Vocabulary(collections.Counter(["c", "c", "b", "a"]), reserved_tokens=["<pad>"])
    names = {"vocabulary": vocabulary, "ones": mx.nd.ones}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "vectors.txt")
        with open(path, "w", encoding="utf8") as file:
            file.write(lines)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = text.embedding.CustomEmbedding(
                path, **{name: names.get(value, value) for name, value in options.items()}
            )
    used = eval(use, {"e": found, "nd": mx.nd})
    warned = sum(one.category is UserWarning for one in caught)
    return found.idx_to_token, found.token_to_idx, found.vec_len, found.idx_to_vec, warned, used


GOOD = "a 0.1 0.2 0.3\nb 1 2 3\n<unk> 9 9 9\nc 4 5 6\n"


@pytest.mark.parametrize(
    ("lines", "options"),
    [
        (GOOD, {}), (GOOD, {"unknown_token": "b"}), (GOOD, {"vocabulary": "vocabulary"}),
        (GOOD, {"vocabulary": 3}), (GOOD, {"other": 3}), ("a 1 2\nb 3 4\n", {"init_unknown_vec": "ones"}),
        ("3 3\na 1 2 3\nb 4 5 6\n", {}), ("a 1 2\na 3 4\nb 1 1\n", {}), ("a 1 2 3\nb 1 2\n", {}),
        ("a 1 2\n\nb 3 4\n", {}), ("a x y\n", {}), (" 1 2 3\na 1 2 3\n", {}), ("a 1 2 \nb 3 4 \n", {}),
        ("<unk> 1 2\n<unk> 3 4\na 1 2\n", {}), ("a\t1\t2\n", {}), ("a\t1\t2\n", {"elem_delim": "\t"}),
        ("\u00e9 1 2\n", {}), ("\u00e9 1 2\n", {"encoding": "latin-1"}), ("a 1\nb 2\n", {}), ("", {}),
    ],
    ids=str,
)  # fmt: skip
def test_custom_embedding(oracle, lines, options):
    assert_same(*oracle.both(embedding, lines, options, "None"))


@pytest.mark.parametrize(
    "use",
    [
        "e.get_vecs_by_tokens('b')", "e.get_vecs_by_tokens(['b', 'zz', 'B'])", "e.get_vecs_by_tokens('B', True)",
        "e.get_vecs_by_tokens(['B', 'b', 'ZZ'], lower_case_backup=True)", "e.get_vecs_by_tokens([])",
        "e.to_indices(['a', 'zz'])", "e.update_token_vectors('b', nd.array([7, 8, 9]))",
        "e.update_token_vectors(['a', 'c'], nd.array([[1, 1, 1], [2, 2, 2]]))",
        "e.update_token_vectors('<unk>', nd.ones((3,)))", "e.update_token_vectors('zz', nd.ones((3,)))",
        "e.update_token_vectors('a', nd.ones((1, 3)))", "e.update_token_vectors(['a'], nd.ones((3,)))",
        "e.update_token_vectors('a', nd.ones((2,)))", "e.update_token_vectors(['a', 'b'], nd.ones((3,)))",
        "e.update_token_vectors('a', [1, 2, 3])",
    ],
)  # fmt: skip
def test_vectors_of_tokens(oracle, use):
    assert_same(*oracle.both(embedding, GOOD, {}, use))


def test_an_update_with_an_unknown_token_sets_nothing(tmp_path):
    (tmp_path / "vectors.txt").write_text(GOOD)
    found = text.embedding.CustomEmbedding(tmp_path / "vectors.txt")
    with pytest.raises(ValueError, match=r"tokens must be known; received 'zz'.*set with '<unk>'"):
        found.update_token_vectors(["a", "zz"], mx.nd.ones((2, 3)))
    assert found.get_vecs_by_tokens("a").asnumpy()[0] == mx.nd.array([0.1]).asscalar()


def test_tokens_that_were_there_before_the_file_keep_their_numbers(tmp_path):
    (tmp_path / "vectors.txt").write_text("a 1 2\nb 3 4\n")
    found = text.embedding.CustomEmbedding(tmp_path / "vectors.txt", reserved_tokens=["q", "b"])
    assert found.idx_to_token == ["<unk>", "q", "b", "a"]
    assert found.idx_to_vec.asnumpy().tolist() == [[0, 0], [0, 0], [3, 4], [1, 2]]


def composite(mx, both):
    import collections
    import os
    import tempfile

    text = mx.contrib.text
    vocabulary = text.vocab.Vocabulary(collections.Counter(["c", "c", "b", "a"]), reserved_tokens=["q"])
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for lines in ("a 1 2 3\n<unk> 9 9 9\nc 4 5 6\n", "b 10 20\nq 30 40\n"):
            path = os.path.join(folder, "vectors.txt")
            with open(path, "w") as file:
                file.write(lines)
            found.append(text.embedding.CustomEmbedding(path))
    made = text.embedding.CompositeEmbedding(vocabulary, found if both else found[1])
    return made.idx_to_token, made.idx_to_vec, made.vec_len, made.reserved_tokens, made.to_indices(["b", "x"])


@pytest.mark.parametrize("both", [True, False])
def test_composite_embedding(oracle, both):
    assert_same(*oracle.both(composite, both))


@pytest.mark.parametrize(
    "code",
    [
        "mx.contrib.text.embedding.CompositeEmbedding(3, [])",
        "mx.contrib.text.embedding.CompositeEmbedding(mx.contrib.text.vocab.Vocabulary(), [3])",
        "mx.contrib.text.embedding.CustomEmbedding('nothing here')",
        "mx.contrib.text.embedding.create('nothing')",
        "mx.contrib.text.embedding.create('glove', pretrained_file_name='nothing')",
        "mx.contrib.text.embedding.register(int)",
        "mx.contrib.text.embedding.get_pretrained_file_names('GloVe')",
        "mx.contrib.text.embedding.get_pretrained_file_names('glove')",
        "mx.contrib.text.embedding.get_pretrained_file_names('fasttext')",
        "[mx.contrib.text.embedding.GloVe._get_pretrained_file_url(name)"
        " for name in mx.contrib.text.embedding.get_pretrained_file_names('glove')]",
        "mx.contrib.text.embedding.FastText._get_pretrained_file_url('wiki.simple.vec')",
    ],
)
def test_names_and_refusals(oracle, code):
    assert_same(*oracle.both(f"return {code}"))


@pytest.mark.parametrize(("name", "file"), [("glove", "glove.6B.50d.txt"), ("fasttext", "wiki.zu.vec")])
def test_published_vectors_are_read_from_a_folder(tmp_path, name, file):
    with pytest.raises(mx.MXNetError, match=rf"the file {file} must be in .*{name}; .*not downloaded"):
        text.embedding.create(name, pretrained_file_name=file, embedding_root=tmp_path)
    (tmp_path / name).mkdir()
    (tmp_path / name / file).write_text("the 1 2\nof 3 4\n")
    vocabulary = text.vocab.Vocabulary(reserved_tokens=["of", "new"])
    found = text.embedding.create(name, pretrained_file_name=file, embedding_root=tmp_path, vocabulary=vocabulary)
    assert found.idx_to_vec.asnumpy().tolist() == [[0, 0], [3, 4], [0, 0]]
    again = pickle.loads(pickle.dumps(found))
    assert again.idx_to_token == ["<unk>", "of", "new"]
    assert again.idx_to_vec.asnumpy().tolist() == [[0, 0], [3, 4], [0, 0]]


def own_class(mx):
    import os
    import tempfile

    embedding = mx.contrib.text.embedding
    with tempfile.TemporaryDirectory() as folder:

        @embedding.register
        class Mine(embedding._TokenEmbedding):
            pretrained_file_name_sha1 = {"one": "", "two": ""}  # noqa: RUF012

            def __init__(self, pretrained_file_name="one", vocabulary=None, **kwargs):
                self._check_pretrained_file_names(pretrained_file_name)
                super().__init__(**kwargs)
                self._load_embedding(os.path.join(folder, pretrained_file_name), " ", mx.nd.ones)
                self._build_embedding_for_vocabulary(vocabulary)

        with open(os.path.join(folder, "two"), "w") as file:
            file.write("x 1 2\ny 3 4\n")
        vocabulary = mx.contrib.text.vocab.Vocabulary(reserved_tokens=["y"])
        made = [embedding.create("Mine", pretrained_file_name="two", vocabulary=v) for v in (None, vocabulary)]
    return [one.idx_to_vec for one in made], embedding.get_pretrained_file_names("mine")


def test_a_class_of_ones_own(oracle):
    assert_same(*oracle.both(own_class))
