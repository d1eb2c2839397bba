"""Other ways to write networks down: each package here knows one of them."""
