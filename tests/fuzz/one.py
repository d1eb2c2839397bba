"""One target: ``NAME FOLDER SECONDS`` fuzzes it, ``NAME FILE`` runs it on one file, ``--list`` lists them."""

from __future__ import annotations

import sys
from pathlib import Path


def fuzz(name: str, folder: Path, seconds: int) -> None:
    """Hand one target made-up files; does not return."""
    import atheris  # only in the environment of `make fuzz`

    with atheris.instrument_imports(
        include=["glueball.serialization", "glueball.symbol", "glueball.ops.attrs", "json"]
    ):
        from tests.fuzz.targets import TARGETS
    target, seeds, pieces = TARGETS[name]
    corpus = folder / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(content)
    dictionary = folder / f"{name}.dict"
    escaped = [piece.replace("\\", "\\\\").replace('"', '\\"') for piece in dict.fromkeys(pieces)]
    dictionary.write_text("".join([f'"{piece}"\n' for piece in escaped]), encoding="utf-8")
    options = [
        f"-max_total_time={seconds}", f"-artifact_prefix={folder / name}-", "-timeout=30", "-rss_limit_mb=4096",
        "-max_len=4096", "-print_final_stats=1", "-verbosity=0",
    ]  # fmt: skip
    if pieces:
        options.append(f"-dict={dictionary}")
    for content in seeds:
        target(content)  # the first inference of some operators loads modules of torch, which takes seconds
    atheris.Setup([sys.argv[0], *options, str(corpus)], target)
    atheris.Fuzz()


def main(arguments: list[str]) -> None:
    """See above."""
    if len(arguments) == 3:
        fuzz(arguments[0], Path(arguments[1]), int(arguments[2]))
    from tests.fuzz.targets import TARGETS

    if arguments == ["--list"]:
        print(*TARGETS)
    else:
        TARGETS[arguments[0]][0](Path(arguments[1]).read_bytes())


if __name__ == "__main__":
    main(sys.argv[1:])
