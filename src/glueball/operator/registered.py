"""The registered classes of operators, by the name that ``op_type`` gives."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TypeVar

from ..core.doors import door
from ..core.errors import InvalidTypeError, MXNetError, nearest
from ..core.strangers import call
from .custom_op import CustomOpProp

_Prop = TypeVar("_Prop", bound=type)

_logger = logging.getLogger(__name__)

_classes: dict[str, type[CustomOpProp]] = {}


@door
def register(reg_name: str) -> Callable[[_Prop], _Prop]:
    """Return a decorator that registers a subclass of `CustomOpProp`, for ``nd.Custom`` and ``sym.Custom``.

    Parameters
    ----------
    reg_name : str
        The name, which calls give as ``op_type``. A later class of the same name takes the place of an earlier one.

    Examples
    --------
    >>> import glueball as mx
    >>> @mx.operator.register("named_in_the_example")
    ... class Prop(mx.operator.CustomOpProp):
    ...     pass
    """
    if not isinstance(reg_name, str):
        raise InvalidTypeError(f"operator.register: reg_name must be a str; received {reg_name!r}")

    def do_register(prop_cls: _Prop) -> _Prop:
        if not (isinstance(prop_cls, type) and issubclass(prop_cls, CustomOpProp)):
            raise InvalidTypeError(f"operator.register: the class must be a CustomOpProp; received {prop_cls!r}")
        if reg_name in _classes:
            _logger.info("operator.register: a new class takes the place of the old one of the name %r", reg_name)
        _classes[reg_name] = prop_cls
        return prop_cls

    return do_register


def find_class(op_type: str) -> type[CustomOpProp] | None:
    """Return the class that is registered under a name."""
    return _classes.get(op_type)


def make_prop(op_type: str, keywords: Mapping[str, str]) -> CustomOpProp:
    """Make an object of a registered class.

    Parameters
    ----------
    op_type : str
        Its name.
    keywords : mapping of str to str
        The arguments of its constructor.
    """
    if op_type not in _classes:
        raise MXNetError(
            f"Custom: op_type must be a registered operator; received {op_type!r}{nearest(op_type, tuple(_classes))}; "
            "register its class with mx.operator.register before the network is made or read"
        )
    prop: CustomOpProp = call(lambda kind, given: kind(**given), _classes[op_type], dict(keywords))
    return prop
