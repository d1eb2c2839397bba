"""``mx.test_utils``: comparisons of arrays for tests, and the MNIST digits that many programs train on."""

from .comparison import almost_equal, assert_almost_equal, same
from .fetch import download
from .mnist import get_mnist, get_mnist_iterator, get_mnist_ubyte
from .surroundings import default_context, default_dtype, list_gpus

__all__ = [
    "almost_equal", "assert_almost_equal", "default_context", "default_dtype", "download", "get_mnist",
    "get_mnist_iterator", "get_mnist_ubyte", "list_gpus", "same",
]  # fmt: skip
