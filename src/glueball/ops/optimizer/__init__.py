"""The steps of optimizers as operators, for optimizers that programs write themselves."""
