"""The class of an error as a program's ``except`` sees it; run by both libraries."""


def class_of(error):
    """The name of the built-in class that an error is of, or of MXNetError if it is of no more than RuntimeError."""
    names = [base.__name__ for base in type(error).__mro__]
    known = ("AssertionError", "TypeError", "ValueError", "KeyError", "IndexError", "AttributeError", "MXNetError")
    return next((name for name in known if name in names), names[0])
