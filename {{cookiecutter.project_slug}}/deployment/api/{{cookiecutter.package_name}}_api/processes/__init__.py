"""The processes that answer at one address."""
