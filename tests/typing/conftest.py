"""The programs are for type checkers, and run by a test; pytest does not collect them."""

collect_ignore = ["programs"]
