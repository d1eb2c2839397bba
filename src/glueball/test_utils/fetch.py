"""Downloads a file, with the arguments of ``mx.test_utils``."""

from __future__ import annotations

import os

from ..core.doors import door
from ..gluon import utils


@door
def download(
    url: str,
    fname: str | None = None,
    dirname: str | None = None,
    overwrite: bool = False,
    retries: int = 5,
) -> str:
    """Download a file, unless it exists already; see `gluon.utils.download`.

    Parameters
    ----------
    url : str
        Where from: ``http://`` or ``https://``.
    fname : str, optional
        The name of the file; by default the last part of the URL.
    dirname : str, optional
        The directory to write into, made if it is missing; by default the current one.
    overwrite : bool, default False
        Download even if the file exists.
    retries : int, default 5
        The number of retries after a failure.

    Returns
    -------
    str
        The path of the file.

    Raises
    ------
    MXNetError
        The file could not be downloaded. An existing file is unchanged.
    """
    name = fname or url.rpartition("/")[2]
    return utils.download(url, os.path.join(dirname or "", name), overwrite=overwrite, retries=retries)
