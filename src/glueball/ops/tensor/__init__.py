"""General operators on arrays."""
