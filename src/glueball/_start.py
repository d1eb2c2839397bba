"""What is done before anything else is imported, and undone once all is.

Python puts the current folder at the front of ``sys.path`` for ``-m``. If it has a ``random.py`` or a ``json.py``, that
would be executed when torch imports the module that it knows by this name. So the folder is taken off the path;
`glueball.compat.runner` puts the program's folder there before it runs it.

No garbage is collected meanwhile. torch and the package make two hundred thousand objects that stay, and Python would
look through them again and again. Afterwards they count as old, as if they had been looked through once: else the next
object that is made would be the occasion.
"""

from __future__ import annotations

import gc
import sys


def _is_own_command() -> bool:
    argv = getattr(sys, "argv", [])
    if argv[:1] != ["-m"]:  # what Python writes there while it looks for the module
        return False
    module = sys.orig_argv[len(sys.orig_argv) - len(argv)]
    return module in ("glueball", "glueball.__main__") or (module.startswith("-") and module.endswith("mglueball"))


def end() -> None:
    """Let garbage be collected again, if it was before."""
    if not _collects:
        return
    if not gc.get_freeze_count():  # a program may have set objects aside, which would come back
        gc.freeze()
        gc.unfreeze()
    gc.enable()


if _is_own_command() and not getattr(sys.flags, "safe_path", sys.flags.isolated) and len(sys.path) > 1:
    sys.path[0] = sys.path[1]  # not removed: whoever runs a program replaces the first

_collects = gc.isenabled()
gc.disable()
