"""Files of ONNX as graphs of MXNet's operators.

`document.py` reads a file and believes nothing unchecked; `values.py` has what is known of the values of its graph:
symbols, or numbers that follow from constants; `folding.py` computes the latter. `graph.py` goes through the nodes, and
`rules` has a function for each operator of ONNX that can be said in MXNet's.
"""

from .document import Document, read, read_graph
from .graph import Imported, import_document

__all__ = ["Document", "Imported", "import_document", "read", "read_graph"]
