"""What everything else stands on: errors, types, contexts, modes, random generators, and names."""
