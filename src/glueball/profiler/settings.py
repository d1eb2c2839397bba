"""What `set_config` sets."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..core.errors import MXNetError, nearest

_TRUE, _FALSE = ("true", "1"), ("false", "0")


@dataclasses.dataclass(frozen=True)
class Settings:
    """The settings; `set_config` describes them."""

    filename: str = "profile.json"
    profile_all: bool = False
    profile_symbolic: bool = False
    profile_imperative: bool = False
    profile_memory: bool = False
    profile_api: bool = False
    continuous_dump: bool = False
    dump_period: float = 1.0
    aggregate_stats: bool = False
    profile_process: str = "worker"
    gpu_memory_profile_filename_prefix: str = "gpu_memory_profile"

    @property
    def _names_nothing(self) -> bool:
        """Whether it is left open what is recorded, which means all."""
        return not any((self.profile_symbolic, self.profile_imperative, self.profile_memory, self.profile_api))

    @property
    def graphs(self) -> bool:
        """Whether the operators of graphs are recorded."""
        return self.profile_all or self.profile_symbolic or self._names_nothing

    @property
    def calls(self) -> bool:
        """Whether operators are recorded that a program calls itself."""
        return self.profile_all or self.profile_imperative or self._names_nothing


def read(values: dict[str, Any]) -> Settings:
    """Read the arguments of `set_config`; what is not given has its default."""
    fields = {field.name: field for field in dataclasses.fields(Settings)}
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in fields:
            raise MXNetError(f"profiler.set_config: there is no argument {name!r}{nearest(name, list(fields))}")
        found[name] = _READERS[str(fields[name].type)](name, value)
    if found.get("profile_process", "worker") != "worker":
        raise MXNetError(
            "profiler.set_config: profile_process must be 'worker'; "
            f"received {found['profile_process']!r}; there are no servers, as all runs in one process"
        )
    if found.get("dump_period", 1.0) <= 0:
        raise MXNetError(f"profiler.set_config: dump_period must be positive; received {found['dump_period']!r}")
    return Settings(**found)


def _flag(name: str, value: Any) -> bool:
    text = str(value).lower()
    if text not in _TRUE + _FALSE:
        raise MXNetError(f"profiler.set_config: {name} must be True or False; received {value!r}")
    return text in _TRUE


def _seconds(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise MXNetError(f"profiler.set_config: {name} must be a number of seconds; received {value!r}") from None


_READERS: dict[str, Any] = {"bool": _flag, "float": _seconds, "str": lambda _, value: str(value)}
