"""Draws pictures with their answers."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..core.errors import MXNetError
from ..core.extras import required
from ..image import imread
from ..serialization import atomic_write

_MOST = 48  # pictures in one drawing
_LONGEST = 24  # characters of a name


class Answer(NamedTuple):
    """A picture, and its best classes: number, name and probability."""

    path: str
    best: Sequence[tuple[int, str, float]]


def save_plot(path: str, answers: Sequence[Answer]) -> None:
    """Draw pictures in a grid, below each the probabilities of its best classes.

    Parameters
    ----------
    path : str
        The file; its extension says which format, such as ``.png`` or ``.pdf``.
    answers : sequence of Answer
        The pictures.

    Raises
    ------
    MXNetError
        matplotlib is not installed, or does not know the format.
    """
    figure_module = required("matplotlib.figure", "plot", "run --save-plot")
    shown = answers[:_MOST]
    across = min(len(shown), max(2, math.ceil(math.sqrt(1.5 * len(shown)))))
    down = math.ceil(len(shown) / across)
    figure = figure_module.Figure(figsize=(3.4 * across, 4.3 * down), layout="constrained")
    for cell, answer in zip(figure.subfigures(down, across, squeeze=False).flat, shown, strict=False):
        picture, bars = cell.subplots(2, 1, height_ratios=(3, 1.3))
        picture.imshow(imread(answer.path).asnumpy())
        picture.set_title(_short(os.path.basename(answer.path)), fontsize=10)
        picture.axis("off")
        _draw(bars, answer)
    ending = os.path.splitext(path)[1].removeprefix(".").lower() or "png"
    if ending not in figure.canvas.get_supported_filetypes():
        known = ", ".join(f".{each}" for each in sorted(figure.canvas.get_supported_filetypes()))
        raise MXNetError(f"run --save-plot: the file must end in one of {known}; received {path!r}")
    with atomic_write(path, "run --save-plot") as file:
        figure.savefig(file, format=ending, dpi=110)


def _draw(bars: Any, answer: Answer) -> None:
    """Draw a bar for each class, the best one at the top."""
    names = [_short(name or f"class {number}") for number, name, _ in answer.best]
    values = [probability for _, _, probability in answer.best]
    places = range(len(values))
    bars.barh(places, values, color=["#2a6f97"] + ["#a9c6d9"] * (len(values) - 1))
    bars.set_yticks(places, names, fontsize=9)
    bars.invert_yaxis()
    bars.set_xlim(0, 1.18)
    bars.set_xticks([])
    for place, value in zip(places, values, strict=True):
        bars.text(value + 0.02, place, f"{100 * value:.0f} %", va="center", fontsize=9)
    for side in ("top", "right", "bottom"):
        bars.spines[side].set_visible(False)


def _short(text: str) -> str:
    text = text.replace("$", r"\$")  # matplotlib would read what is between two as a formula
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
