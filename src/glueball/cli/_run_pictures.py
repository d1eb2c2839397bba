"""Pictures as a network expects them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from ..core.context import cpu
from ..core.errors import MXNetError
from ..image import center_crop, imread, resize_short
from ..image.resizing import to_size
from ..ndarray import NDArray
from ._model import Sized

_ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".pgm", ".webp", ".tif", ".tiff")
#: Ways to resize, by the number that OpenCV has for them; for 'auto', area or cubic, the sizes decide.
METHODS = {"auto": 9, "nearest": 0, "linear": 1, "cubic": 2, "area": 3, "lanczos": 4}
_SMALL = 100  # pixels; networks for smaller pictures see them whole
_MARGIN = 224 / 256  # how much of the shorter edge is left of a large picture

#: Mean and standard deviation of the channels, of values from 0 to 1.
NORMALIZATIONS: dict[str, tuple[Sequence[float], Sequence[float]]] = {
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "cifar": ((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)),
    "unit": ((0.0,), (1.0,)),  # from 0 to 1
    "raw": ((0.0,), (1 / 255,)),  # from 0 to 255
}


@dataclass(frozen=True)
class Preparation:
    """How a picture becomes the input of a network.

    Parameters
    ----------
    height, width, channels : int
        The lengths of the input.
    channels_last : bool
        Whether the layout is NHWC.
    fit : str
        'crop' takes the center of the picture, 'stretch' all of it.
    mean, std : sequence of float
        What is subtracted from values between 0 and 1, and what they are divided by: one number, or one per channel.
    method : str
        How pictures are resized: one of `METHODS`.
    bgr : bool
        Whether blue comes first.
    """

    height: int
    width: int
    channels: int
    channels_last: bool
    fit: str
    mean: Sequence[float]
    std: Sequence[float]
    method: str
    bgr: bool

    def read(self, path: str) -> NDArray:
        """Return a picture of the file, of the right size.

        Raises
        ------
        MXNetError
            There is none.
        """
        picture = imread(path, 1 if self.channels == 3 else 0)
        if self.fit == "stretch":
            return to_size(picture, self.width, self.height, METHODS[self.method])
        longest = max(self.height, self.width)
        margin = _MARGIN if longest >= _SMALL else 1.0
        whole = resize_short(picture, round(longest / margin), METHODS[self.method])
        return center_crop(whole, (self.width, self.height), METHODS[self.method])[0]

    def values(self, pictures: Sequence[NDArray]) -> torch.Tensor:
        """Return a batch of pictures as numbers for the network."""
        batch = np.stack([picture.asnumpy() for picture in pictures]).astype(np.float32) / 255
        batch = (batch - np.asarray(self.mean, np.float32)) / np.asarray(self.std, np.float32)
        if self.bgr:
            batch = batch[..., ::-1]
        return torch.from_numpy(np.ascontiguousarray(batch if self.channels_last else batch.transpose(0, 3, 1, 2)))


def layout_of(owner: str, sized: Sized) -> tuple[int, int, int, bool]:
    """Return height, width and channels of the input of a network, and whether channels are last.

    Raises
    ------
    MXNetError
        It takes no pictures.
    """
    name, shape = next(iter(sized.shapes.items()), ("nothing", ()))
    if len(shape) == 4 and shape[1] in (1, 3):
        return shape[2], shape[3], shape[1], False
    if len(shape) == 4 and shape[3] in (1, 3):
        return shape[1], shape[2], shape[3], True
    raise MXNetError(
        f"{owner}: the first input must be a batch of pictures of 1 or 3 channels; received {name} of shape {shape}"
    )


def found(owner: str, paths: Sequence[str]) -> list[str]:
    """Return the files of pictures: those given, and those in given folders."""
    files: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            names = sorted(name for name in os.listdir(path) if name.lower().endswith(_ENDINGS))
            if not names:
                raise MXNetError(f"{owner}: a folder must hold pictures ({', '.join(_ENDINGS)}); {path} has none")
            files += [os.path.join(path, name) for name in names]
        else:
            files.append(path)
    return files


def batches(sized: Sized, how: Preparation, pictures: Iterator[NDArray]) -> Iterator[tuple[int, list[NDArray]]]:
    """Yield how many pictures are in each batch, and the inputs of the network; the last batch is filled up."""
    size = next(iter(sized.shapes.values()))[0]
    others = [array for name, array in sized.sample().items() if name != sized.model.inputs[0]]
    kind = sized.variables[sized.model.inputs[0]][1]
    waiting: list[NDArray] = []
    for picture in pictures:
        waiting.append(picture)
        if len(waiting) == size:
            yield size, [NDArray(how.values(waiting).to(kind), cpu()), *others]
            waiting = []
    if waiting:
        filled = waiting + [waiting[-1]] * (size - len(waiting))
        yield len(waiting), [NDArray(how.values(filled).to(kind), cpu()), *others]
