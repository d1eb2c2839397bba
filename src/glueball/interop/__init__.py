"""Other ways to write networks down, and other libraries to run them: each package here knows one of them."""
