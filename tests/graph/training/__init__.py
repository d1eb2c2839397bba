"""Tests of graphs for training."""
