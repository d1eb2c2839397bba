"""``nd.random``: random arrays."""
