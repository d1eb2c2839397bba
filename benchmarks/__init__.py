"""The speed of Glueball compared with PyTorch, real MXNet 1.9.1 and other runtimes: ``python -m benchmarks``.

``rows`` lists what is measured, and is the only place to add a row; ``target`` defines the targets of rows.
``workloads`` has the workloads, written once for Gluon, which runs them imperatively and as graphs, and once for
PyTorch, which also writes the files that the runtimes in ``peers`` read. ``field`` says who takes part, ``contestant``
starts processes for the libraries, which run ``worker``; ``race`` compares their results and then times them in turns;
``times`` makes one time of the turns. ``table`` prints, ``record`` is the file of all numbers, and ``report`` and
``picture`` show what is in such a file.
"""
