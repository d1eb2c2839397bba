"""The speed of Glueball compared with plain PyTorch and real MXNet 1.9.1: ``python -m benchmarks``.

``rows`` lists what is measured, and is the only place to add a row; ``target`` defines the targets of rows.
``workloads`` has the workloads, written once for Gluon, which runs them imperatively and as graphs, and once for
PyTorch. ``contestant`` starts processes for the libraries, which run ``worker``; ``race`` compares their results and
then times them in turns; ``table`` prints.
"""
