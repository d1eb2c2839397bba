"""Tests of the operators of neural networks that their samples cannot say."""
