"""Make lists of the images in a folder, and pack images into files of records, as MXNet's im2rec.py does."""

from __future__ import annotations

import argparse
import os
import sys

from ..core.errors import MXNetError
from ._im2rec_list import write_lists
from ._im2rec_pack import Packing, pack_list

EXAMPLES = (
    "train pictures --list --recursive --train-ratio 0.9   # train_train.lst and train_val.lst",
    "train pictures --resize 256 --num-thread 4            # packs them to train_train.rec and train_val.rec",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the sub-command: those of MXNet's im2rec.py."""
    parser.formatter_class = _Help
    parser.add_argument("prefix", help="what the names of the lists and of the files of records begin with")
    parser.add_argument("root", help="the folder of the images")
    lists = parser.add_argument_group("making lists")
    lists.add_argument("--list", action="store_true", help="make PREFIX.lst; otherwise lists are packed")
    lists.add_argument("--exts", nargs="+", default=[".jpeg", ".jpg", ".png"], help="the endings of image files")
    lists.add_argument("--chunks", type=int, default=1, help="the number of lists")
    lists.add_argument("--train-ratio", type=float, default=1.0, help="the part of each list for training")
    lists.add_argument("--test-ratio", type=float, default=0.0, help="the part of each list for testing")
    lists.add_argument("--recursive", action="store_true", help="search folders too, and give each a label of its own")
    lists.add_argument("--no-shuffle", dest="shuffle", action="store_false", help="keep the images in order")
    packing = parser.add_argument_group("packing the images of each list PREFIX*.lst")
    packing.add_argument("--pass-through", action="store_true", help="pack the files as they are")
    packing.add_argument("--resize", type=int, default=0, help="resize the shorter edge to this; 0 does not resize")
    packing.add_argument("--center-crop", action="store_true", help="crop the square in the center first")
    packing.add_argument("--quality", type=int, default=95, help="of a JPEG 1-100, or the compression of a PNG 1-9")
    packing.add_argument("--num-thread", type=int, default=1, help="the number of threads; the order stays the same")
    packing.add_argument(
        "--color", type=int, default=1, choices=[-1, 0, 1], help="decode as color (1), as gray (0) or as it is (-1)"
    )
    packing.add_argument("--encoding", default=".jpg", choices=[".jpg", ".png"], help="how images are stored")
    packing.add_argument("--pack-label", action="store_true", help="pack all labels of a line, not only the first")


class _Help(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Shows defaults, and leaves the lines of the examples alone."""


def run(arguments: argparse.Namespace) -> int:
    """Make lists, or pack those that are there; see `add_arguments`."""
    if not os.path.isdir(arguments.root):
        raise MXNetError(f"{arguments.root}: root must be a folder; check the path")
    if arguments.chunks < 1 or arguments.num_thread < 1:
        raise MXNetError(
            f"--chunks and --num-thread must be 1 or more; received {arguments.chunks} and {arguments.num_thread}"
        )
    prefix = os.path.abspath(arguments.prefix)
    if arguments.list:
        for name, count in write_lists(prefix, arguments):
            print(f"{name}: {count} images")
        return 0
    folder, begin = os.path.split(prefix)
    lists = sorted(name for name in os.listdir(folder) if name.startswith(begin) and name.endswith(".lst"))
    if not lists:
        raise MXNetError(f"{prefix}*.lst: there must be a list to pack; received none; make one with --list first")
    skipped = 0
    for name in lists:
        options = {key: getattr(arguments, key) for key in Packing._fields if key != "root"}
        result = pack_list(os.path.join(folder, name), Packing(os.path.abspath(arguments.root), **options), sys.stderr)
        print(f"{result.path}: {result.packed} images" + (f", {result.skipped} skipped" if result.skipped else ""))
        skipped += result.skipped
    return 1 if skipped else 0
