"""The operators that only ``mx.np`` and ``mx.npx`` have; those that ``mx.nd`` has too are declared with it."""
