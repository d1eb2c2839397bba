"""Symbol graphs as torch.fx graphs: lowering, and running what was lowered."""
