"""``mx.image``: reading pictures, resizing and cropping them, augmenting them at random, and iterating over them.

OpenCV decodes them: ``pip install 'glueball[image]'``. The pixels are MXNet's.
"""

from . import detection, image
from . import detection as det
from .detection import *  # noqa: F403
from .detection import __all__ as _of_detection
from .image import *  # noqa: F403
from .image import __all__ as _of_image

__all__ = ["det", "detection", "image", *_of_detection, *_of_image]
