"""Paths and files: what every room needs and none owns."""
