"""The tests of Glueball."""
