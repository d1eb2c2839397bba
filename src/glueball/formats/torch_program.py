"""Programs of torch.export, ``.pt2``: how they are known, and what is in them, read as data; nothing in them is run."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from typing import Any, BinaryIO

from ..core.errors import MXNetError
from ..serialization.formats import Format, Summary, register

_FIRST = b"PK\3\4"
_NAME_AT = 30  # of the first member of a zip archive
_OLD_GRAPH = "serialized_exported_program.json"  # of torch before 2.8
_MOST_BYTES = 2**28  # of the graph, which is text


def _sniff(head: bytes, name: str) -> bool:
    length = int.from_bytes(head[26:28], "little")
    first = head[_NAME_AT : _NAME_AT + length].decode("utf-8", "replace")
    inside = first.partition("/")[2]
    known = first == _OLD_GRAPH or inside.startswith(("data/weights/", "data/constants/", "models/", "archive_format"))
    return head.startswith(_FIRST) and known


def _summary(file: BinaryIO, name: str) -> Summary:
    try:
        program = _graph(file)
        graph = program["graph_module"]["graph"]
        signature = program["graph_module"]["signature"]
        counts = Counter(str(node["target"]).removeprefix("torch.ops.") for node in graph["nodes"])
        given = [each["user_input"] for each in signature["input_specs"] if "user_input" in each]
        names = [next(iter(each["arg"].values())) for each in given]
        inputs = [_value(graph, each["name"]) for each in names if isinstance(each, dict)]
        outputs = [_value(graph, each["as_tensor"]["name"]) for each in graph["outputs"] if "as_tensor" in each]
    except Exception as error:  # of zip and JSON, and of what is not where it should be
        raise MXNetError(
            f"{name}: the file must be a program of torch.export; {type(error).__name__}: {error}; it is damaged: take "
            "another copy"
        ) from error
    return Summary(
        facts={"torch": str(program.get("torch_version", "unknown"))},
        tables={
            "inputs": inputs,
            "outputs": outputs,
            "operators": [{"operator": kind, "nodes": count} for kind, count in sorted(counts.items())],
        },
        totals={"nodes": sum(counts.values())},
    )


def _graph(file: BinaryIO) -> Any:
    with zipfile.ZipFile(file) as archive:
        members = [each for each in archive.infolist() if each.filename == _OLD_GRAPH or "/models/" in each.filename]
        if len(members) != 1:
            raise ValueError(f"it must have one graph, and has {len(members)}")
        if members[0].file_size > _MOST_BYTES:
            raise ValueError(f"its graph must have at most {_MOST_BYTES} bytes")
        with archive.open(members[0]) as graph:
            return json.loads(graph.read(_MOST_BYTES + 1))


def _value(graph: Any, name: str) -> dict[str, Any]:
    sizes = graph["tensor_values"].get(name, {}).get("sizes")
    return {"name": name, "shape": None if sizes is None else [each.get("as_int") for each in sizes]}


register(
    Format(
        name="torch-program",
        title="a program of torch.export",
        sniff=_sniff,
        read_summary=_summary,
        door="glueball inspect",
    )
)
