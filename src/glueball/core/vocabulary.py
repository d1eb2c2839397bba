"""The vocabulary: a number for each token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Any

from .blame import short
from .doors import guard
from .errors import InvalidTypeError, InvalidValueError, RefusedError
from .integers import is_int_not_bool

__all__ = ["Vocabulary"]


@guard
class Vocabulary:
    """Numbers for tokens: 0 for unknown ones, then reserved ones, then those of a count, the most frequent first.

    Parameters
    ----------
    counter : collections.Counter, optional
        How often each token occurs.
    most_freq_count : int, optional
        How many tokens of the counter get a number at most.
    min_freq : int, default 1
        How often a token must occur to get a number.
    unknown_token : hashable, default '<unk>'
        What stands for all tokens without a number.
    reserved_tokens : list of hashable, optional
        Tokens that get a number in any case, such as one for padding.

    Raises
    ------
    AssertionError
        `counter` is no Counter, `min_freq` is not positive, or a reserved token occurs twice or is the unknown token.

    Examples
    --------
    >>> import collections
    >>> import glueball as mx
    >>> counter = collections.Counter("a b b c c c".split())
    >>> vocabulary = mx.contrib.text.vocab.Vocabulary(counter, most_freq_count=2, reserved_tokens=["<pad>"])
    >>> vocabulary.idx_to_token
    ['<unk>', '<pad>', 'c', 'b']
    >>> vocabulary.to_indices(["b", "a"]), vocabulary.to_tokens(2)
    ([3, 0], 'c')
    """

    def __init__(
        self,
        counter: Counter[Any] | None = None,
        most_freq_count: int | None = None,
        min_freq: int = 1,
        unknown_token: Hashable = "<unk>",
        reserved_tokens: list[Any] | None = None,
    ) -> None:
        if not min_freq > 0:
            raise RefusedError(f"Vocabulary: min_freq must be positive; received {min_freq}")
        if reserved_tokens is not None:
            if unknown_token in reserved_tokens:
                raise RefusedError(
                    f"Vocabulary: reserved_tokens must be without the unknown_token, which has the number 0; received "
                    f"{reserved_tokens} and {unknown_token!r}"
                )
            if len(set(reserved_tokens)) != len(reserved_tokens):
                raise RefusedError(
                    f"Vocabulary: reserved_tokens must differ from each other; received {reserved_tokens}"
                )
        self._index_unknown_and_reserved_tokens(unknown_token, reserved_tokens)
        if counter is not None:
            self._index_counter_keys(counter, unknown_token, reserved_tokens, most_freq_count, min_freq)

    def _index_unknown_and_reserved_tokens(self, unknown_token: Hashable, reserved_tokens: list[Any] | None) -> None:
        self._unknown_token = unknown_token
        self._reserved_tokens = None if reserved_tokens is None else reserved_tokens[:]
        self._idx_to_token = [unknown_token, *(reserved_tokens or [])]
        self._token_to_idx = {token: number for number, token in enumerate(self._idx_to_token)}

    def _index_counter_keys(
        self,
        counter: Counter[Any],
        unknown_token: Hashable,
        reserved_tokens: list[Any] | None,
        most_freq_count: int | None,
        min_freq: int,
    ) -> None:
        if not isinstance(counter, Counter):
            raise RefusedError(f"Vocabulary: counter must be a collections.Counter; received {short(counter)}")
        room = len(counter) if most_freq_count is None or most_freq_count < 0 else most_freq_count
        # Tokens that occur equally often are in the order of the alphabet.
        for token, count in sorted(sorted(counter.items()), key=lambda pair: pair[1], reverse=True):
            if count < min_freq or not room:
                break
            if token not in self._token_to_idx:
                self._token_to_idx[token] = len(self._idx_to_token)
                self._idx_to_token.append(token)
                room -= 1

    def __len__(self) -> int:
        """Return how many tokens have a number, that for unknown ones included."""
        return len(self._idx_to_token)

    @property
    def token_to_idx(self) -> dict[Any, int]:
        """The numbers by token."""
        return self._token_to_idx

    @property
    def idx_to_token(self) -> list[Any]:
        """The tokens, in the order of their numbers."""
        return self._idx_to_token

    @property
    def unknown_token(self) -> Any:
        """What stands for all tokens without a number."""
        return self._unknown_token

    @property
    def reserved_tokens(self) -> list[Any] | None:
        """The tokens that have a number in any case."""
        return self._reserved_tokens

    def to_indices(self, tokens: Any) -> Any:
        """Return the number of a token, or a list of those of a list of tokens.

        Parameters
        ----------
        tokens : token or list of tokens
            Those without a number of their own have that of the unknown token.
        """
        if isinstance(tokens, list):
            return [self._token_to_idx.get(token, 0) for token in tokens]
        return self._token_to_idx.get(tokens, 0)

    def to_tokens(self, indices: Any) -> Any:
        """Return the token with a number, or a list of those with a list of numbers.

        Parameters
        ----------
        indices : int or list of int
            Numbers, which may count from the end if they are negative.

        Raises
        ------
        ValueError
            No token has this number.
        """
        found = []
        for number in indices if isinstance(indices, list) else [indices]:
            if not is_int_not_bool(number):
                raise (InvalidValueError if isinstance(number, float) else InvalidTypeError)(
                    f"{type(self).__name__}.to_tokens: indices must be an int or a list of ints; received "
                    f"{short(indices)}"
                )
            if number >= len(self) or number < -len(self):
                raise InvalidValueError(
                    f"{type(self).__name__}.to_tokens: indices must be below {len(self)}, the number of tokens; "
                    f"received {number}"
                )
            found.append(self._idx_to_token[int(number)])
        return found if isinstance(indices, list) else found[0]
