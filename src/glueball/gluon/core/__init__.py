"""Blocks and parameters: the implementation behind ``gluon.block`` and ``gluon.parameter``."""
