"""``mx.recordio``: files of records, and labelled images in records.

`MXRecordIO` reads and writes records in sequence, `MXIndexedRecordIO` any of them by its key; ``SPEC.md`` beside this
file describes both files. `pack` and `unpack` put a label and an image into one record, and take them apart.
"""

from .files import MXRecordIO
from .image_record import IRHeader, pack, pack_img, unpack, unpack_img
from .indexed import MXIndexedRecordIO

__all__ = ["IRHeader", "MXIndexedRecordIO", "MXRecordIO", "pack", "pack_img", "unpack", "unpack_img"]
