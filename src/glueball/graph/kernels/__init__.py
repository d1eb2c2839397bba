"""Kernels: the ways to compute a fused convolution, and which of them a graph takes."""
