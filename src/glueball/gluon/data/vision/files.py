"""Where the files of image datasets lie, and where missing ones come from."""

from __future__ import annotations

import os

from ....core.errors import MXNetError
from ...download import _get_repo_file_url, download
from ..dataset import _DownloadedDataset

_HOME = os.environ.get("MXNET_HOME", os.path.join(os.path.expanduser("~"), ".mxnet"))


def default_root(dataset: str) -> str:
    """Return the folder in which MXNet keeps a dataset."""
    return os.path.join(_HOME, "datasets", dataset)


def present(dataset: _DownloadedDataset, name: str, source: str, digest: str) -> str:
    """Return the path of a file in the folder of a dataset, or of the download that has it if it is not there.

    Parameters
    ----------
    dataset
        The dataset, for its folder and for messages.
    name
        The file.
    source
        The download: its folder and file on MXNet's server.
    digest
        The SHA-1 digest of the download.
    """
    path = os.path.join(dataset._root, name)
    if os.path.exists(path):
        return path
    address = _get_repo_file_url("gluon/dataset", source)
    try:
        return download(address, path=dataset._root, sha1_hash=digest)
    except MXNetError as error:
        raise MXNetError(
            f"{type(dataset).__name__}: the file {name} must be in {dataset._root}; received a folder without it, and "
            f"the download failed ({error}); put it there; MXNet's copy is {address}"
        ) from error
