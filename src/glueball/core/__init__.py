"""The foundations: errors, data types, contexts, modes, random generators, and names."""
