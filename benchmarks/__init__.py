"""How fast Glueball is, beside plain PyTorch and real MXNet 1.9.1: ``python -m benchmarks``.

``rows`` lists what is measured and is the one place to add a row. ``workloads`` holds the work itself, written
once for Gluon and once for PyTorch. ``contestant`` starts a process per library, which runs ``worker``; ``race``
compares what the libraries computed and then times them in turns; ``table`` prints.
"""
