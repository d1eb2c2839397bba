"""Download a file over HTTP: verified, and moved into place atomically."""

from __future__ import annotations

import contextlib
import hashlib
import os
import ssl
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from ..core.doors import door
from ..core.errors import MXNetError
from ..core.warning import warn
from ..serialization import atomic_write

_REPOSITORY = "https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/"
_PIECE = 1 << 20
_TIMEOUT_SECONDS = 60


@door
def check_sha1(filename: str, sha1_hash: str) -> bool:
    """Return whether a file has the SHA-1 digest `sha1_hash`, in lowercase hexadecimal."""
    digest = hashlib.sha1()
    with open(filename, "rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest() == sha1_hash


@door
def replace_file(src: str, dst: str) -> None:
    """Replace a file by another one atomically; both must be on the same file system."""
    os.replace(src, dst)


def _get_repo_url() -> str:
    """Return where MXNet's files are: ``$MXNET_GLUON_REPO``, or MXNet's own server. It ends in a slash."""
    url = os.environ.get("MXNET_GLUON_REPO", _REPOSITORY)
    if not url:
        raise MXNetError("MXNET_GLUON_REPO must be the address of a server; received ''; unset it for MXNet's own")
    return url if url.endswith("/") else f"{url}/"


def _get_repo_file_url(namespace: str, filename: str) -> str:
    """Return the address of a file in a folder of `_get_repo_url`."""
    return f"{_get_repo_url()}{namespace}/{filename}"


@door
def download(
    url: str,
    path: str | None = None,
    overwrite: bool = False,
    sha1_hash: str | None = None,
    retries: int = 5,
    verify_ssl: bool = True,
) -> str:
    """Download a file unless it already exists.

    Parameters
    ----------
    url : str
        The ``http://`` or ``https://`` address.
    path : str, optional
        The file to write, or a directory, where the name comes from the URL; by default the current directory.
        Missing directories are created.
    overwrite : bool, default False
        Download even if the file exists.
    sha1_hash : str, optional
        The expected SHA-1 digest in hexadecimal. An existing file with another digest is downloaded again; a
        download with another digest is an error and is not kept.
    retries : int, default 5
        Number of retries after a failure.
    verify_ssl : bool, default True
        Verify the server's certificate; False warns.

    Returns
    -------
    str
        The path of the file.

    Raises
    ------
    MXNetError
        The download failed, or its digest is wrong. The file at `path` is unchanged.

    Differs from MXNet
    ------------------
    A file with a wrong digest is not kept, and `overwrite` replaces the file.
    """
    _check(url, retries)
    path = _target(url, path)
    if not verify_ssl:
        warn("download: verify_ssl=False accepts any server's certificate; leave it True")
    if os.path.exists(path) and not overwrite and (not sha1_hash or check_sha1(path, sha1_hash)):
        return path
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    for left in range(retries, -1, -1):
        print(f"Downloading {path} from {url} ...")
        try:
            _fetch(url, path, sha1_hash, verify_ssl)
        except (OSError, MXNetError, urllib.error.URLError) as error:
            if not left:
                raise MXNetError(f"download: {url} must be readable; {error}; check the address") from error
            print(f"The download failed ({error}); trying again, {left} left")
        else:
            break
    return path


def _check(url: str, retries: int) -> None:
    if urlsplit(url).scheme not in ("http", "https"):
        raise MXNetError(f"download: url must begin with http:// or https://; received {url!r}")
    if retries < 0:
        raise MXNetError(f"download: retries must be 0 or more; received {retries}")


def _target(url: str, path: str | None) -> str:
    name = os.path.basename(urlsplit(url).path)
    if path is not None and not os.path.isdir(os.path.expanduser(path)):
        return os.path.expanduser(path)
    if not name:
        raise MXNetError(f"download: url must end in a file name, or path must give one; received {url!r}")
    return name if path is None else os.path.join(os.path.expanduser(path), name)


def _fetch(url: str, path: str, sha1_hash: str | None, verify_ssl: bool) -> None:
    """Write the response to the file; a failure before the last byte leaves the old file."""
    unverified = None if verify_ssl else ssl._create_unverified_context()
    digest = hashlib.sha1()
    with contextlib.ExitStack() as stack:
        answer: Any = stack.enter_context(urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS, context=unverified))
        file = stack.enter_context(atomic_write(path, "download"))
        received = 0
        while piece := answer.read(_PIECE):
            digest.update(piece)
            received += file.write(piece)
        expected = answer.headers.get("Content-Length")
        if expected is not None and received != int(expected):
            raise MXNetError(f"the server announced {expected} bytes and sent {received}")
        if sha1_hash and digest.hexdigest() != sha1_hash:
            raise MXNetError(f"the SHA-1 digest must be {sha1_hash}; received {digest.hexdigest()}")
