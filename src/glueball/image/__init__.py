"""``mx.image``: reading pictures, resizing and cropping them, augmenting them at random, and iterating over them.

OpenCV decodes them: ``pip install 'glueball[image]'``. The pixels are MXNet's.
"""

from . import image
from .image import *  # noqa: F403
from .image import __all__ as _names

__all__ = ["image", *_names]
