"""The outcome of a call in one of the two libraries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class OracleError(RuntimeError):
    """The code raised in the library; ``class_name``, ``mro`` (class names) and ``message`` say what."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{outcome.library} raised {outcome.class_name}: {outcome.message}\n{outcome.traceback}")
        self.class_name = outcome.class_name
        self.mro = outcome.mro
        self.message = outcome.message


@dataclass(frozen=True)
class Outcome:
    """A value or the error that was raised, and what was printed."""

    library: str
    value: Any = None
    class_name: str | None = None
    mro: tuple[str, ...] = ()
    message: str = ""
    traceback: str = ""
    printed: str = ""

    @property
    def failed(self) -> bool:
        """Whether an error was raised."""
        return self.class_name is not None

    def get(self) -> Any:
        """The value; raises `OracleError` if there is none."""
        if self.failed:
            raise OracleError(self)
        return self.value

    def __str__(self) -> str:
        if self.failed:
            return f"{self.library} raised {self.class_name}: {self.message}\n{self.traceback}"
        return f"{self.library} returned {self.value!r}"
