"""Counting tokens."""

from __future__ import annotations

import re
from collections import Counter

from ...core.doors import door
from ...core.errors import InvalidValueError

__all__ = ["count_tokens_from_str"]


@door
def count_tokens_from_str(
    source_str: str,
    token_delim: str = " ",
    seq_delim: str = "\n",
    to_lower: bool = False,
    counter_to_update: Counter[str] | None = None,
) -> Counter[str]:
    r"""Count the tokens of a text.

    Parameters
    ----------
    source_str : str
        The text.
    token_delim : str, default ' '
        What lies between tokens: a regular expression.
    seq_delim : str, default the end of a line
        What lies between sequences of tokens: a regular expression.
    to_lower : bool, default False
        Count in lower case.
    counter_to_update : collections.Counter, optional
        Add to these counts, and return them.

    Returns
    -------
    collections.Counter
        How often each token occurs.

    Examples
    --------
    >>> import glueball as mx
    >>> sorted(mx.contrib.text.utils.count_tokens_from_str("Life is great !\nlife is good .", to_lower=True).items())
    [('!', 1), ('.', 1), ('good', 1), ('great', 1), ('is', 2), ('life', 2)]
    """
    try:
        delimiters = re.compile(f"{token_delim}|{seq_delim}")
    except re.error as error:
        raise InvalidValueError(
            f"count_tokens_from_str: token_delim and seq_delim must be regular expressions; received {token_delim!r} "
            f"and {seq_delim!r} ({error}); re.escape() makes one of any text"
        ) from error
    counter: Counter[str] = Counter() if counter_to_update is None else counter_to_update
    counter.update(token for token in delimiters.split(source_str.lower() if to_lower else source_str) if token)
    return counter
