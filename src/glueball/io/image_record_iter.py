"""Batches of images from files of records."""

from __future__ import annotations

import logging
import os
from types import SimpleNamespace
from typing import Literal

import numpy as np
import torch

from ..core.errors import MXNetError
from ..core.extras import required
from ..ndarray import array
from ..ndarray.files import load, save
from ..ops.attrs import NonNegative, Positive, Shape
from .declared import declared
from .images.decoding import Classified
from .images.normalizing import Normalizer
from .images.pipeline import Pipeline, Plan
from .images.reading import Records
from .mx_data_iter import MXDataIter

_logger = logging.getLogger(__name__)  # the functions of logging would add a handler to the program's own

Device = Literal["cpu", "gpu"]

_FIRST_SEED = 111


class ImageRecordIter(MXDataIter):
    """Iterate over images in files of records, decoded and augmented by threads ahead of the consumer.

    All arguments are given by name. An image is resized, warped, padded, cropped, changed in color, mirrored and
    normalized, in this order; what is not asked for is left out. Without chance the pixels are MXNet's to the bit, but
    for those of ``inter_method=2``; with it they are distributed like MXNet's. The order of the images is MXNet's for
    the same seeds.

    Parameters
    ----------
    path_imgrec : str
        The file of records; several with semicolons between them, or a folder of them.
    data_shape : tuple of int
        Channels (1, 3 or 4), height and width.
    batch_size : int
        The number of images in a batch.
    path_imglist : str, default ''
        A list with the labels, instead of those in the records: number, labels and path, with tabs between them.
    path_imgidx : str, default ''
        The index of the file: images are shuffled over all of it, and its parts are equal.
    aug_seq : str, default 'aug_default'
        Must be this one: what the other arguments say.
    label_width : int, default 1
        The number of labels of an image.
    preprocess_threads : int, default 4
        The number of threads that decode.
    verbose : bool, default True
        Log what is read, at level INFO.
    num_parts, part_index : int, default 1, 0
        Read part `part_index`, counted from 0, of `num_parts`.
    device_id : int, default 0
        In MXNet, the GPU for whose copies memory is prepared; batches are on the CPU.
    shuffle_chunk_size : int, default 0
        From 4 on: read pieces of so many megabytes in random order.
    shuffle_chunk_seed : int, default 0
        The seed of their order.
    seed_aug : int, optional
        The seed of the augmentation; by default `seed`.
    shuffle : bool, default False
        Shuffle the images: with an index all of them, otherwise those that lie within 8 MiB of each other.
    seed : int, default 0
        The seed of the order.
    round_batch : bool, default True
        Fill a last batch with images of the next epoch, which then begins behind them. Otherwise it has zeros there.
    prefetch_buffer : int, default 4
        How many batches are made ahead.
    ctx : {'cpu', 'gpu'}, default 'gpu'
        In MXNet, the device for which reading is tuned; batches are on the CPU.
    dtype : {'float32', 'uint8', 'int8'}, optional
        The type of the images; by default float32. As uint8 they are not normalized, as int8 the mean is subtracted.
    resize : int, default -1
        Resize the shorter edge to this.
    rand_crop : bool, default False
        Crop at a random place instead of the center.
    random_resized_crop : bool, default False
        Crop a random area of a random aspect ratio, and resize it.
    max_rotate_angle : int, default 0
        Rotate by up to so many degrees.
    max_aspect_ratio, min_aspect_ratio : float, default 0, None
        Between which the aspect ratio is changed; with the first alone, by up to so much.
    max_shear_ratio : float, default 0
        Shear by up to so much.
    max_crop_size, min_crop_size : int, default -1
        Crop a square of a size between these, and resize it.
    max_random_scale, min_random_scale : float, default 1
        Scale by a factor between these.
    max_random_area, min_random_area : float, default 1
        The area of a random resized crop, as a part of the image.
    max_img_size, min_img_size : float, default 1e10, 0
        Limits for height and width after that.
    brightness, contrast, saturation : float, default 0
        Change each by a factor of up to so much from 1.
    pca_noise : float, default 0
        The deviation of noise along the main directions of color.
    random_h, random_s, random_l : int, default 0
        Shift hue, saturation and lightness by up to so much.
    rotate : int, default -1
        Rotate by so many degrees, instead of randomly.
    fill_value : int, default 255
        The level around an image that is rotated or padded.
    inter_method : int, default 1
        How pixels are interpolated: 0 nearest, 1 linear, 2 cubic, 3 by area, 4 Lanczos, 9 by the sizes, 10 by chance.
    pad : int, default 0
        Put a border of this width around the image.
    mirror, rand_mirror : bool, default False
        Mirror each image, or each with a chance of one half.
    mean_img : str, default ''
        A file with the mean image, which is subtracted; made, if it does not exist.
    mean_r, mean_g, mean_b, mean_a : float, default 0
        The mean of each channel.
    std_r, std_g, std_b, std_a : float, default 1
        The deviation of each channel, by which values are divided.
    scale : float, default 1
        Multiply by this after subtracting the mean.
    max_random_contrast, max_random_illumination : float, default 0
        Multiply the normalized pixels by up to so much from 1, and add up to so much, before they are scaled.
    data_name, label_name : str, default 'data', 'softmax_label'
        The names of the input and the label.

    Raises
    ------
    MXNetError
        An argument has a value that it cannot have, a file is missing or damaged, or an image cannot be decoded.

    Warns
    -----
    UserWarning
        An argument is not one of those above. It has no effect, as in MXNet.

    Differs from MXNet
    ------------------
    A `reset` before the end of an epoch begins with the first image again, where MXNet may skip some. With
    ``round_batch=False``, `getpad` says how many images are lacking.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np
    >>> import glueball as mx
    >>> path = os.path.join(tempfile.mkdtemp(), "some.rec")
    >>> record = mx.recordio.MXRecordIO(path, "w")
    >>> for number in range(4):
    ...     image = np.full((8, 8, 3), number * 10, np.uint8)
    ...     record.write(mx.recordio.pack_img((0, number, number, 0), image, img_fmt=".png"))
    >>> record.close()
    >>> images = mx.io.ImageRecordIter(path_imgrec=path, data_shape=(3, 4, 4), batch_size=2, scale=0.5)
    >>> for batch in images:
    ...     print(batch.data[0].shape, batch.data[0][:, 0, 0, 0].asnumpy(), batch.label[0].asnumpy())
    (2, 3, 4, 4) [0. 5.] [0. 1.]
    (2, 3, 4, 4) [10. 15.] [2. 3.]
    """

    _glueball_dtype: str | None = None
    _glueball_is_old = False

    @declared
    def __init__(
        self, *, path_imgrec: str, data_shape: Shape, batch_size: Positive, path_imglist: str = "",
        path_imgidx: str = "", aug_seq: str = "aug_default", label_width: Positive = 1,
        preprocess_threads: Positive = 4, verbose: bool = True, num_parts: Positive = 1, part_index: int = 0,
        device_id: int = 0, shuffle_chunk_size: NonNegative = 0, shuffle_chunk_seed: int = 0,
        seed_aug: int | None = None, shuffle: bool = False, seed: int = 0, round_batch: bool = True,
        prefetch_buffer: NonNegative = 4, ctx: Device = "gpu", dtype: str | None = None, resize: int = -1,
        rand_crop: bool = False, random_resized_crop: bool = False, max_rotate_angle: int = 0,
        max_aspect_ratio: float = 0, min_aspect_ratio: float | None = None, max_shear_ratio: float = 0,
        max_crop_size: int = -1, min_crop_size: int = -1, max_random_scale: float = 1, min_random_scale: float = 1,
        max_random_area: float = 1, min_random_area: float = 1, max_img_size: float = 1e10, min_img_size: float = 0,
        brightness: float = 0, contrast: float = 0, saturation: float = 0, pca_noise: float = 0,
        random_h: int = 0, random_s: int = 0, random_l: int = 0, rotate: int = -1,
        fill_value: int = 255, inter_method: int = 1, pad: int = 0, mirror: bool = False,
        rand_mirror: bool = False, mean_img: str = "", mean_r: float = 0, mean_g: float = 0, mean_b: float = 0,
        mean_a: float = 0, std_r: float = 1, std_g: float = 1, std_b: float = 1, std_a: float = 1, scale: float = 1,
        max_random_contrast: float = 0, max_random_illumination: float = 0, data_name: str = "data",
        label_name: str = "softmax_label",
    ) -> None:  # fmt: skip
        """Declare the arguments, which `_glueball_begin` is handed."""

    def _glueball_begin(self, options: SimpleNamespace) -> None:
        owner = type(self).__name__
        options.dtype = self._glueball_dtype or options.dtype or "float32"
        check_common(owner, options, ("float32", "uint8", "int8"))
        if options.aug_seq != "aug_default":
            raise MXNetError(f"{owner}: aug_seq must be 'aug_default'; received {options.aug_seq!r}; leave it out")
        super().__init__(self._glueball_pipeline(owner, options), options.data_name, options.label_name)
        if options.verbose:
            _logger.info("%s: %s, %d threads decode", owner, options.path_imgrec, options.preprocess_threads)

    def _glueball_pipeline(self, owner: str, options: SimpleNamespace) -> Pipeline:
        cv2 = required("cv2", "image", owner)
        mean = self._glueball_mean_image(owner, options) if options.mean_img else None
        order = "scale first" if self._glueball_is_old else "at once"
        normalizer = Normalizer(owner, options, np.dtype(options.dtype), order, cv2, mean)
        label_shape = (options.label_width,) if options.label_width > 1 else ()
        decode = Classified(owner, options, cv2, normalizer, self._glueball_is_old)
        return Pipeline(plan(owner, options, label_shape, 0.0), Records(owner, options, _FIRST_SEED).epoch, decode)

    def _glueball_mean_image(self, owner: str, options: SimpleNamespace) -> np.ndarray:
        """Return the mean image of the file, which is written first if it does not exist."""
        if not os.path.exists(options.mean_img):
            pipeline = self._glueball_pipeline(owner, SimpleNamespace(**{**vars(options), "mean_img": ""}))
            total, count = np.zeros(options.data_shape, np.float32), 0
            while (made := pipeline.next()) is not None:
                for image in made.data.asnumpy()[: options.batch_size - made.pad]:
                    total += image
                    count += 1
            save(options.mean_img, {"mean_img": array(total * np.float32(1 / count))})
        found = load(options.mean_img)
        mean: np.ndarray = (next(iter(found.values())) if isinstance(found, dict) else found[0]).asnumpy()
        return mean


class ImageRecordUInt8Iter(ImageRecordIter):
    """`ImageRecordIter` with ``dtype='uint8'``: images that are not normalized."""

    _glueball_dtype = "uint8"


class ImageRecordInt8Iter(ImageRecordIter):
    """`ImageRecordIter` with ``dtype='int8'``: images of which only the mean is subtracted."""

    _glueball_dtype = "int8"


class ImageRecordIter_v1(ImageRecordIter):
    """The older `ImageRecordIter`: values differ in the last bit, and batches have the numbers of their images."""

    _glueball_is_old = True


class ImageRecordUInt8Iter_v1(ImageRecordUInt8Iter):
    """The older `ImageRecordUInt8Iter`: batches have the numbers of their images."""

    _glueball_is_old = True


def check_common(owner: str, options: SimpleNamespace, dtypes: tuple[str, ...]) -> None:
    """Check the arguments that all iterators over images have."""
    if len(options.data_shape) != 3 or min(options.data_shape) < 1:
        raise MXNetError(
            f"{owner}: data_shape must be channels, height and width; received {tuple(options.data_shape)}"
        )
    if options.dtype not in dtypes:
        raise MXNetError(
            f"{owner}: dtype must be one of {', '.join(dtypes)}; received {options.dtype!r}; cast the batches with "
            "astype()"
        )


def plan(owner: str, options: SimpleNamespace, label_shape: tuple[int, ...], label_fill: float) -> Plan:
    """Return what a pipeline needs to know of the arguments that all iterators over images have."""
    return Plan(
        owner,
        options.batch_size,
        options.round_batch,
        tuple(options.data_shape),
        getattr(torch, options.dtype),
        label_shape,
        label_fill,
        options.preprocess_threads,
        options.prefetch_buffer,
        options.seed if options.seed_aug is None else options.seed_aug,
    )
