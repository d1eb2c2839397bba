"""What operators do with arrays in sparse forms, and the forms; `rule.py` says how a declaration says it."""
