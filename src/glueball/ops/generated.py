"""Functions compiled from source text, so that each has the signature of its operator."""

from __future__ import annotations

import keyword
import linecache
from collections.abc import Callable, Mapping
from typing import Any


def compile_function(
    name: str, module: str, template: str, parts: Mapping[str, str], scope: dict[str, Any]
) -> Callable[..., Any]:
    """Return the function that a source text defines.

    Parameters
    ----------
    name : str
        The name of the function; one that is not valid in Python becomes ``function``.
    module : str
        The module that it belongs to.
    template : str
        The text, in which ``{name}`` and the keys of `parts` stand for their values.
    parts : mapping of str to str
        The values to substitute.
    scope : dict
        The global names that the text uses.
    """
    spelled = name if name.isidentifier() and not keyword.iskeyword(name) else "function"
    source = template.format(name=spelled, **parts).lstrip()
    filename = f"<{module}.{name}>"
    # Tracebacks then show the source line; without a modification time, linecache does not look for a file.
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    scope["__name__"] = module
    exec(compile(source, filename, "exec"), scope)
    function: Callable[..., Any] = scope[spelled]
    return function
