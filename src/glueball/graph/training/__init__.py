"""Graphs for training: which calls are made faster, and how they are differentiated."""
