"""Tests of the operators of neural networks that samples cannot express."""
