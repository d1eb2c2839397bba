"""The readers of files on made-up files: ``make fuzz`` for an hour, by coverage; a fixed share with the tests."""
