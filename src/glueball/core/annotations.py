"""Type aliases for what public functions accept; the stubs of nd and sym use them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import torch

from .context import Context

#: A number for arithmetic with an array.
Scalar: TypeAlias = float | np.number[Any] | np.bool_

#: A shape, or one length for each spatial axis; a single int stands for a shape of one axis.
ShapeLike: TypeAlias = int | Sequence[int]

#: The begin, end or step of a slice for each axis; None stands for the edge.
IndicesLike: TypeAlias = int | Sequence[int | None] | None

#: A pair of ints, or another tuple, for each axis; or ints.
ShapesLike: TypeAlias = Sequence[int | Sequence[int]]

#: One number, or several.
FloatsLike: TypeAlias = float | Sequence[float]

#: A data type: its name, or NumPy's, torch's or Python's type.
DTypeLike: TypeAlias = str | type | np.dtype[Any] | torch.dtype

#: A context, or its name, such as ``'cpu(0)'``.
ContextLike: TypeAlias = Context | str

#: A finite number or its text, as an operator takes it.
Numeral: TypeAlias = float | str

#: A number that may be infinite: then it bounds nothing.
Bound: TypeAlias = float

#: The number of an axis, and several.
Axis: TypeAlias = int
Axes: TypeAlias = int | Sequence[int]
