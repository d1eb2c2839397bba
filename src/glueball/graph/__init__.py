"""Lowering Symbol graphs to torch.fx graphs, and running those."""
