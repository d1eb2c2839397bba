"""Engines that only tests use: a file here is found once the folder is on the path of `glueball.graph.engines`."""
