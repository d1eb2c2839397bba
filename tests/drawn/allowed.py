"""The exceptions that may leave a public callable although they are no MXNetError. MXNet raises the same there."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Allowed:
    """Exceptions that may leave some places.

    Attributes
    ----------
    classes
        What may come out.
    reason
        Why.
    places
        A regular expression for the whole names of the places.
    text
        A regular expression that the message begins with.
    """

    classes: type[BaseException] | tuple[type[BaseException], ...]
    reason: str
    places: str = ".*"
    text: str = ""

    def covers(self, place: str, error: BaseException) -> bool:
        return (
            isinstance(error, self.classes)
            and re.fullmatch(self.places, place) is not None
            and re.match(self.text, str(error)) is not None
        )


ALLOWED = (
    Allowed(StopIteration, "the end of an iteration", r".*\.(next|__next__)"),
    Allowed(TypeError, "Python refuses the number or the names of arguments, before anything runs",
            text=r"[\w.<>]+\(\) (got|missing|takes)"),
    Allowed((TypeError, AttributeError, NotImplementedError, ValueError, LookupError),
            "blocks call it themselves, with F and parameters: it trusts them, as in MXNet", r".*\.(hybrid_)?forward"),
    Allowed((KeyError, TypeError), "a dict's own, from which programs read the key",
            r"gluon\.ParameterDict\.__getitem__"),
    Allowed(OSError, "what the operating system says of a file"),
    Allowed(DeprecationWarning, "raised, not issued, in MXNet too",
            r"optimizer\..*\.set_lr_scale|symbol\.Symbol\.list_attr"),
    Allowed(UserWarning, "raised, not issued, in MXNet too", r"gluon\.Trainer\.(step|update)"),
    Allowed(ImportError, "the package that draws is not installed", r"visualization\.plot_network"),
)  # fmt: skip
