"""Downloads files, with the arguments of ``mx.test_utils``, and unpacks them."""

from __future__ import annotations

import bz2
import os
import zipfile

from ..core.doors import door
from ..core.errors import MXNetError
from ..gluon import utils
from ..serialization import atomic_write


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


@door
def get_zip_data(data_dir: str, url: str, data_origin_name: str) -> None:
    """Download an archive and unpack it, unless it is there already.

    Parameters
    ----------
    data_dir : str
        The folder for the archive and what is in it, made if it is missing.
    url : str
        Where from.
    data_origin_name : str
        The name of the archive.

    Raises
    ------
    MXNetError
        It cannot be downloaded, or is damaged.
    """
    path = os.path.join(data_dir, data_origin_name)
    if os.path.exists(path):
        return
    download(url, data_origin_name, data_dir)
    try:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(data_dir)
    except zipfile.BadZipFile as error:
        raise MXNetError(f"get_zip_data: {path!r} must be a zip archive; {error}; delete it and try again") from error


@door
def get_bz2_data(data_dir: str, data_name: str, url: str, data_origin_name: str) -> None:
    """Download a file that is compressed with bzip2 and unpack it, unless that is there already.

    Parameters
    ----------
    data_dir : str
        The folder, made if it is missing.
    data_name : str
        The name of what is unpacked.
    url : str
        Where from.
    data_origin_name : str
        The name of the compressed file, which is removed afterwards.

    Raises
    ------
    MXNetError
        It cannot be downloaded, or is damaged.
    """
    path, packed = os.path.join(data_dir, data_name), os.path.join(data_dir, data_origin_name)
    if os.path.exists(path):
        return
    download(url, data_origin_name, data_dir)
    with bz2.open(packed) as source, atomic_write(path, "get_bz2_data") as target:
        try:
            content = source.read()
        except (OSError, EOFError) as error:
            raise MXNetError(
                f"get_bz2_data: {packed!r} must be a file of bzip2; {error}; delete it and try again"
            ) from error
        target.write(content)
    os.remove(packed)


def get_cifar10() -> None:
    """Check that CIFAR-10's files of records are in the folder ``data/cifar``.

    Raises
    ------
    MXNetError
        One is missing.

    Differs from MXNet
    ------------------
    Nothing is downloaded.
    """
    _require_files("get_cifar10", ["cifar/train.rec", "cifar/test.rec", "cifar/train.lst", "cifar/test.lst"])


def get_mnist_pkl() -> None:
    """Check that ``mnist.pkl.gz`` is in the folder ``data``.

    Raises
    ------
    MXNetError
        It is missing.

    Differs from MXNet
    ------------------
    Nothing is downloaded.
    """
    _require_files("get_mnist_pkl", ["mnist.pkl.gz"])


def _require_files(owner: str, names: list[str]) -> None:
    for name in names:
        path = os.path.join("data", *name.split("/"))
        if not os.path.exists(path):
            raise MXNetError(f"{owner}: the file {path} must exist; glueball does not download it; put it there")
