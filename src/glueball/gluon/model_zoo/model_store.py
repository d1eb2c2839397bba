"""The location and names of the files with pretrained weights."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from ...core.context import Context, cpu
from ...core.doors import door
from ...core.errors import MXNetError, nearest
from ...core.warning import warn
from ..core.block import Block
from ..utils import check_sha1

__all__ = ["get_model_file", "purge"]

#: The directory in which networks look for their weights by default.
ROOT = os.path.join(os.environ.get("MXNET_HOME", os.path.join(os.path.expanduser("~"), ".mxnet")), "models")
#: The context on which networks put their weights by default.
CPU = cpu()

_Network = TypeVar("_Network", bound=Block)

apache_repo_url = "https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/"
_url_format = "{repo_url}gluon/models/{file_name}.zip"

#: The SHA-1 digests of the files that MXNet published; the first eight digits are part of the file name. Programs that
#: publish networks of their own add theirs.
_model_sha1 = {
    "alexnet": "44335d1f0046b328243b32a26a4fbd62d9057b45",
    "densenet121": "f27dbf2dbd5ce9a80b102d89c7483342cd33cb31",
    "densenet161": "b6c8a95717e3e761bd88d145f4d0a214aaa515dc",
    "densenet169": "2603f878403c6aa5a71a124c4a3307143d6820e9",
    "densenet201": "1cdbc116bc3a1b65832b18cf53e1cb8e7da017eb",
    "inceptionv3": "ed47ec45a937b656fcc94dabde85495bbef5ba1f",
    "mobilenet0.25": "9f83e440996887baf91a6aff1cccc1c903a64274",
    "mobilenet0.5": "8e9d539cc66aa5efa71c4b6af983b936ab8701c3",
    "mobilenet0.75": "529b2c7f4934e6cb851155b22c96c9ab0a7c4dc2",
    "mobilenet1.0": "6b8c5106c730e8750bcd82ceb75220a3351157cd",
    "mobilenetv2_0.25": "ae8f9392789b04822cbb1d98c27283fc5f8aa0a7",
    "mobilenetv2_0.5": "aabd26cd335379fcb72ae6c8fac45a70eab11785",
    "mobilenetv2_0.75": "e2be7b72a79fe4a750d1dd415afedf01c3ea818d",
    "mobilenetv2_1.0": "36da4ff1867abccd32b29592d79fc753bca5a215",
    "resnet18_v1": "a0666292f0a30ff61f857b0b66efc0228eb6a54b",
    "resnet34_v1": "48216ba99a8b1005d75c0f3a0c422301a0473233",
    "resnet50_v1": "0aee57f96768c0a2d5b23a6ec91eb08dfb0a45ce",
    "resnet101_v1": "d988c13d6159779e907140a638c56f229634cb02",
    "resnet152_v1": "671c637a14387ab9e2654eafd0d493d86b1c8579",
    "resnet18_v2": "a81db45fd7b7a2d12ab97cd88ef0a5ac48b8f657",
    "resnet34_v2": "9d6b80bbc35169de6b6edecffdd6047c56fdd322",
    "resnet50_v2": "ecdde35339c1aadbec4f547857078e734a76fb49",
    "resnet101_v2": "18e93e4f48947e002547f50eabbcc9c83e516aa6",
    "resnet152_v2": "f2695542de38cf7e71ed58f02893d82bb409415e",
    "squeezenet1.0": "264ba4970a0cc87a4f15c96e25246a1307caf523",
    "squeezenet1.1": "33ba0f93753c83d86e1eb397f38a667eaf2e9376",
    "vgg11": "dd221b160977f36a53f464cb54648d227c707a05",
    "vgg11_bn": "ee79a8098a91fbe05b7a973fed2017a6117723a8",
    "vgg13": "6bc5de58a05a5e2e7f493e2d75a580d83efde38c",
    "vgg13_bn": "7d97a06c3c7a1aecc88b6e7385c2b373a249e95e",
    "vgg16": "e660d4569ccb679ec68f1fd3cce07a387252a90a",
    "vgg16_bn": "7f01cf050d357127a73826045c245041b0df7363",
    "vgg19": "ad2f660d101905472b83590b59708b71ea22b2e5",
    "vgg19_bn": "f360b758e856f1074a85abd5fd873ed1d98297c3",
}


@door
def short_hash(name: str) -> str:
    """Return the eight digits in the name of a published file.

    Raises
    ------
    ValueError
        MXNet published no weights under this name.
    """
    if name not in _model_sha1:
        raise ValueError(
            f"model_store: name must be one that MXNet published weights for; received {name!r}"
            f"{nearest(name, tuple(_model_sha1)) or '; call load_parameters with the path of your file'}"
        )
    return _model_sha1[name][:8]


@door
def get_model_file(name: str, root: str = ROOT) -> str:
    """Return the path of the file with the pretrained weights of a network.

    Parameters
    ----------
    name : str
        A name accepted by `vision.get_model`, such as ``'resnet50_v1'``.
    root : str, default '~/.mxnet/models'
        The directory of the file. The environment variable MXNET_HOME, read at import, replaces ``~/.mxnet``.

    Returns
    -------
    str
        ``root/NAME-DIGITS.params``, with the first digits of the SHA-1 digest of the file that MXNet published.

    Raises
    ------
    MXNetError
        The file does not exist; the message names the file and its source.
    ValueError
        MXNet published no weights under this name.

    Warns
    -----
    UserWarning
        The file differs from the one that MXNet published. It is used anyway.

    Examples
    --------
    >>> from glueball.gluon.model_zoo import model_store
    >>> model_store.get_model_file("resnet18_v1", root="no/such/folder")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    glueball.base.MXNetError: pretrained: the weights of resnet18_v1 must be in no/such/folder/resnet18_v1-...

    Differs from MXNet
    ------------------
    Nothing is downloaded, since a program should not depend on a retired project's server. MXNet replaces a file with
    another digest; here it is used, with a warning.
    """
    stem = f"{name}-{short_hash(name)}"
    path = os.path.join(os.path.expanduser(root), f"{stem}.params")
    if not os.path.isfile(path):
        source = _url_format.format(repo_url=apache_repo_url, file_name=stem)
        raise MXNetError(
            f"pretrained: the weights of {name} must be in {path}; there is no such file, and glueball does not "
            f"download; put it there (from another computer's ~/.mxnet/models, or from {source} while that is "
            "online), or pass its directory as root=..., or call load_parameters with the path of your own file"
        )
    if not check_sha1(path, _model_sha1[name]):
        warn(
            f"pretrained: {path} is not the file that MXNet published (SHA-1 {_model_sha1[name]}); it is used anyway",
        )
    return path


@door
def purge(root: str = ROOT) -> None:
    """Delete every ``.params`` file from a directory of weights.

    Parameters
    ----------
    root : str, default '~/.mxnet/models'
        The directory. The environment variable MXNET_HOME, read at import, replaces ``~/.mxnet``.

    Raises
    ------
    FileNotFoundError
        There is no such directory.
    """
    folder = os.path.expanduser(root)
    for name in os.listdir(folder):
        if name.endswith(".params"):
            os.remove(os.path.join(folder, name))


def load_pretrained(
    network: _Network, name: str, pretrained: bool, ctx: Context | Sequence[Context], root: str
) -> _Network:
    """Load the published weights into a new network, if requested, and return it.

    Parameters
    ----------
    network : Block
        The network.
    name : str
        Its name, as in `get_model_file`.
    pretrained : bool
        Whether to load weights.
    ctx : Context or list of Context
        Where to put them.
    root : str
        The directory of the weights.
    """
    if pretrained:
        network.load_parameters(get_model_file(name, root), ctx=ctx)
    return network
