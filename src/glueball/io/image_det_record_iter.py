"""Batches of images with boxes of objects, from files of records."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Literal

import numpy as np

from ..core.errors import MXNetError
from ..core.extras import required
from ..ops.attrs import NonNegative, Positive, Shape
from .declared import declared
from .image_record_iter import Device, check_common, plan
from .images.detecting import BEFORE, Detected
from .images.normalizing import Normalizer
from .images.pipeline import Pipeline
from .images.reading import Records
from .mx_data_iter import MXDataIter

_logger = logging.getLogger(__name__)  # the functions of logging would add a handler to the program's own

Floats = tuple[float, ...]

_FIRST_SEED = 233

_COLORS = ("max_random_hue", "max_random_saturation", "max_random_illumination", "max_random_contrast")


class ImageDetRecordIter(MXDataIter):
    """Iterate over images with boxes of objects, decoded and augmented by threads ahead of the consumer.

    All arguments are given by name. The labels of an image in a record are: how many numbers are before the boxes, 2 or
    more; how many a box has, 5 or more; further numbers; and for each box a class, left, top, right and bottom, as
    parts of the width and the height, and further numbers. In a batch channels, height, width and the number of labels
    stand before them, and `label_pad_value` behind them.

    An image is changed in color, mirrored, padded, cropped and resized, in this order. Without chance the pixels are
    MXNet's to the bit, but for those of ``inter_method=2``; with it they are distributed like MXNet's.

    Parameters
    ----------
    path_imgrec : str
        The file of records; several with semicolons between them, or a folder of them.
    data_shape : tuple of int
        Channels (1, 3 or 4), height and width.
    batch_size : int
        The number of images in a batch.
    path_imglist : str, default ''
        A list with the labels, instead of those in the records.
    aug_seq : str, default 'det_aug_default'
        Must be this one: what the other arguments say.
    label_width : int, default -1
        The number of labels of an image; -1 if it varies.
    preprocess_threads : int, default 4
        The number of threads that decode.
    verbose : bool, default True
        Log what is read, at level INFO.
    num_parts, part_index : int, default 1, 0
        Read part `part_index`, counted from 0, of `num_parts`.
    shuffle_chunk_size : int, default 0
        From 4 on: read pieces of so many megabytes in random order.
    shuffle_chunk_seed : int, default 0
        The seed of their order.
    label_pad_width : int, default 0
        For how many labels there is room in a batch; by default for those of the image that has most.
    label_pad_value : float, default -1
        What fills the rest.
    shuffle : bool, default False
        Shuffle the images that lie within 8 MiB of each other.
    seed : int, default 0
        The seed of order and chance.
    round_batch : bool, default True
        Fill a last batch with images of the next epoch, which then begins behind them. Otherwise it has zeros there.
    prefetch_buffer : int, default 4
        How many batches are made ahead.
    ctx : {'cpu', 'gpu'}, default 'gpu'
        In MXNet, the device for which reading is tuned; batches are on the CPU.
    dtype : {'float32'}, optional
        The type of the images.
    resize : int, default -1
        Resize the shorter edge to this first.
    rand_crop_prob : float, default 0
        With which chance an image is cropped.
    min_crop_scales, max_crop_scales : tuple of float, default (0,), (1,)
        For each sampler, the size of the part, as the root of its area.
    min_crop_aspect_ratios, max_crop_aspect_ratios : tuple of float, default (1,)
        Its aspect ratio.
    min_crop_overlaps, max_crop_overlaps : tuple of float, default (0,), (1,)
        Its intersection with a box, by their union.
    min_crop_sample_coverages, max_crop_sample_coverages : tuple of float, default (0,), (1,)
        Their intersection, by the area of the part.
    min_crop_object_coverages, max_crop_object_coverages : tuple of float, default (0,), (1,)
        Their intersection, by the area of the box.
    num_crop_sampler : int, default 1
        The number of samplers, which are tried in random order; with 0 no image is cropped.
    crop_emit_mode : {'center', 'overlap'}, default 'center'
        Whether a box remains if its center is in the part, or enough of it.
    emit_overlap_thresh : float, default 0.3
        How much of it is enough.
    max_crop_trials : tuple of int, default (25,)
        How often each sampler tries.
    rand_pad_prob, max_pad_scale : float, default 0, 1
        With which chance an image gets a border, and up to which factor it grows.
    max_random_hue, max_random_saturation, max_random_illumination : int, default 0
        Shift hue, saturation and lightness by up to so much.
    random_hue_prob, random_saturation_prob, random_illumination_prob : float, default 0
        With which chance.
    max_random_contrast, random_contrast_prob : float, default 0
        Multiply by up to so much from 1, and with which chance.
    rand_mirror_prob : float, default 0
        With which chance an image is mirrored.
    fill_value : int, default 127
        The level of the border.
    inter_method : int, default 1
        How pixels are interpolated, as for `ImageRecordIter`.
    resize_mode : {'force', 'fit', 'shrink'}, default 'force'
        Resize to the shape of the data; or keep the aspect ratio, with zeros to the right and below; or do not enlarge.
    mean_img : str, default ''
        Must be left out.
    mean_r, mean_g, mean_b, mean_a : float, default 0
        The mean of each channel.
    std_r, std_g, std_b, std_a : float, default 0
        The deviation of each channel, by which values are divided unless it is 0.
    scale : float, default 1
        Multiply by this last.
    data_name, label_name : str, default 'data', 'softmax_label'
        The names of the input and the label.

    Raises
    ------
    MXNetError
        An argument has a value that it cannot have, a file is missing or damaged, or labels are of another form.

    Warns
    -----
    UserWarning
        An argument is not one of those above. It has no effect, as in MXNet: so
        ``path_imgidx``, since the records are read in the order of the file.

    Differs from MXNet
    ------------------
    Mean images are refused. A `reset` before the end of an epoch begins with the first image again, where MXNet may
    skip some.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np
    >>> import glueball as mx
    >>> path = os.path.join(tempfile.mkdtemp(), "boxes.rec")
    >>> record = mx.recordio.MXRecordIO(path, "w")
    >>> label = [2, 5, 1, 0.25, 0.25, 0.75, 0.5]
    >>> record.write(mx.recordio.pack_img((0, label, 0, 0), np.zeros((8, 8, 3), np.uint8)))
    >>> record.close()
    >>> boxes = mx.io.ImageDetRecordIter(path_imgrec=path, data_shape=(3, 4, 4), batch_size=1, rand_mirror_prob=1)
    >>> boxes.next().label[0].asnumpy().tolist()
    [[3.0, 4.0, 4.0, 7.0, 2.0, 5.0, 1.0, 0.25, 0.25, 0.75, 0.5]]
    """

    @declared
    def __init__(
        self, *, path_imgrec: str, data_shape: Shape, batch_size: Positive, path_imglist: str = "",
        aug_seq: str = "det_aug_default", label_width: int = -1, preprocess_threads: Positive = 4,
        verbose: bool = True, num_parts: Positive = 1, part_index: int = 0, shuffle_chunk_size: NonNegative = 0,
        shuffle_chunk_seed: int = 0, label_pad_width: int = 0, label_pad_value: float = -1, shuffle: bool = False,
        seed: int = 0, round_batch: bool = True, prefetch_buffer: NonNegative = 4, ctx: Device = "gpu",
        dtype: str | None = None, resize: int = -1, rand_crop_prob: float = 0, min_crop_scales: Floats = (0.0,),
        max_crop_scales: Floats = (1.0,), min_crop_aspect_ratios: Floats = (1.0,),
        max_crop_aspect_ratios: Floats = (1.0,), min_crop_overlaps: Floats = (0.0,), max_crop_overlaps: Floats = (1.0,),
        min_crop_sample_coverages: Floats = (0.0,), max_crop_sample_coverages: Floats = (1.0,),
        min_crop_object_coverages: Floats = (0.0,), max_crop_object_coverages: Floats = (1.0,),
        num_crop_sampler: NonNegative = 1, crop_emit_mode: Literal["center", "overlap"] = "center",
        emit_overlap_thresh: float = 0.3, max_crop_trials: Shape = (25,), rand_pad_prob: float = 0,
        max_pad_scale: float = 1, max_random_hue: int = 0, random_hue_prob: float = 0,
        max_random_saturation: int = 0, random_saturation_prob: float = 0,
        max_random_illumination: int = 0, random_illumination_prob: float = 0, max_random_contrast: float = 0,
        random_contrast_prob: float = 0, rand_mirror_prob: float = 0, fill_value: int = 127, inter_method: int = 1,
        resize_mode: Literal["fit", "force", "shrink"] = "force", mean_img: str = "", mean_r: float = 0,
        mean_g: float = 0, mean_b: float = 0, mean_a: float = 0, std_r: float = 0, std_g: float = 0, std_b: float = 0,
        std_a: float = 0, scale: float = 1, data_name: str = "data", label_name: str = "softmax_label",
    ) -> None:  # fmt: skip
        """Declare the arguments, which `_glueball_begin` is handed."""

    def _glueball_begin(self, options: SimpleNamespace) -> None:
        options.dtype = options.dtype or "float32"
        _check(options)
        cv2 = required("cv2", "image", "ImageDetRecordIter")
        # What the normalization of other iterators can do besides.
        others = {"mirror": False, "rand_mirror": False, "max_random_contrast": 0, "max_random_illumination": 0}
        deviations = {name: getattr(options, name) or 1 for name in ("std_r", "std_g", "std_b", "std_a")}
        settings = SimpleNamespace(**{**vars(options), **others, **deviations})
        normalizer = Normalizer("ImageDetRecordIter", settings, np.dtype("float32"), "deviation first", cv2, None)
        options.path_imgidx, options.seed_aug = "", None
        records = Records("ImageDetRecordIter", options, _FIRST_SEED)
        decode = Detected("ImageDetRecordIter", options, cv2, normalizer)
        width = _room(options, max((len(decode.labels(record)[1]) for record in records.epoch()), default=0))
        # The order of the first epoch is drawn anew.
        epoch = Records("ImageDetRecordIter", options, _FIRST_SEED).epoch
        made = Pipeline(plan("ImageDetRecordIter", options, (width,), options.label_pad_value), epoch, decode)
        super().__init__(made, options.data_name, options.label_name)
        if options.verbose:
            _logger.info(
                "ImageDetRecordIter: %s, %d threads decode, %d labels", options.path_imgrec,
                options.preprocess_threads, width - BEFORE,
            )  # fmt: skip


def _room(options: SimpleNamespace, most: int) -> int:
    """Return the width of the labels in a batch."""
    if 0 < options.label_pad_width < most:
        raise MXNetError(
            f"ImageDetRecordIter: label_pad_width must be at least the number of labels of each image; received "
            f"{options.label_pad_width}, and one has {most}; leave it out"
        )
    return BEFORE + max(int(options.label_pad_width), most)


def _check(options: SimpleNamespace) -> None:
    owner = "ImageDetRecordIter"
    check_common(owner, options, ("float32",))
    if options.aug_seq != "det_aug_default":
        raise MXNetError(f"{owner}: aug_seq must be 'det_aug_default'; received {options.aug_seq!r}; leave it out")
    if options.mean_img:
        raise MXNetError(
            f"{owner}: mean_img must be left out; received {options.mean_img!r}; use mean_r, mean_g, mean_b"
        )
    if options.data_shape[0] != 3 and any(getattr(options, name) for name in _COLORS):
        raise MXNetError(
            f"{owner}: colors can be changed of images with 3 channels only; received data_shape "
            f"{tuple(options.data_shape)}; leave out {', '.join(_COLORS)}"
        )
