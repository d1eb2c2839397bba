"""Engines that only tests use: a file here is found when the folder is on the path of `glueball.graph.engines`."""
