"""Python files of torch: the code of a network as a person would write it, with a rule for each operator in `rules`."""
