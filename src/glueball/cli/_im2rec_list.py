"""Lists of the images in a folder."""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Iterator

from ..serialization import atomic_write

_SEED = 100  # of MXNet's order


def write_lists(prefix: str, arguments: argparse.Namespace) -> list[tuple[str, int]]:
    """Write the lists that the arguments ask for.

    Parameters
    ----------
    prefix : str
        What the names of the lists begin with.
    arguments : argparse.Namespace
        Those of the sub-command.

    Returns
    -------
    list of (str, int)
        The name of each list, and how many images are in it.
    """
    found = list(
        _images(os.path.abspath(arguments.root), arguments.recursive, {each.lower() for each in arguments.exts})
    )
    if arguments.shuffle:
        random.Random(_SEED).shuffle(found)
    size = -(-len(found) // arguments.chunks)
    written = []
    for number in range(arguments.chunks):
        chunk = found[number * size : (number + 1) * size]
        name = f"{prefix}_{number}" if arguments.chunks > 1 else prefix
        for ending, part in _split(chunk, size, arguments.train_ratio, arguments.test_ratio):
            written.append((f"{name}{ending}.lst", len(part)))
            with atomic_write(f"{name}{ending}.lst", "im2rec") as file:
                file.writelines(f"{index}\t{label:f}\t{path}\n".encode() for index, label, path in part)
    return written


def _images(root: str, recursive: bool, endings: set[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the number, the label and the path of each image; the images of one folder have one label."""
    labels: dict[str, int] = {}
    number = 0
    for folder, folders, names in os.walk(root, followlinks=True):
        folders.sort()
        if not recursive:
            folders.clear()
        names = [name for name in sorted(names) if os.path.splitext(name)[1].lower() in endings]
        for name in names:
            label = labels.setdefault(folder, len(labels)) if recursive else 0
            yield number, label, os.path.relpath(os.path.join(folder, name), root)
            number += 1


def _split(
    chunk: list[tuple[int, int, str]], size: int, train: float, test: float
) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Yield the ending of the name of each list, and its part of the images."""
    first, second = int(size * test), int(size * test) + int(size * train)
    if train == 1.0:
        yield "", chunk
        return
    if test:
        yield "_test", chunk[:first]
    if train + test < 1.0:
        yield "_val", chunk[second:]
    yield "_train", chunk[first:second]
