"""Small files that real MXNet 1.9.1 wrote, for machines on which it cannot run.

``cases`` holds the code that runs on both libraries, ``write`` makes the files with MXNet (``make golden``),
``tests/test_golden.py`` runs the same code on Glueball and compares.
"""
