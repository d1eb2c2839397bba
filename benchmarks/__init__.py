"""How fast Glueball is, beside plain PyTorch and real MXNet 1.9.1: ``python -m benchmarks``.

``rows`` lists what is measured and is the one place to add a row; ``target`` says what a row can have to reach.
``workloads`` holds the work itself, written once for Gluon, which runs it as it is and as a graph, and once for
PyTorch. ``contestant`` starts processes for the libraries, which run ``worker``; ``race`` compares what they computed
and then times them in turns; ``table`` prints.
"""
