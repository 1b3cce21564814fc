"""Values of arguments that several commands take."""

import argparse


def positive(text: str) -> int:
    """A number above 0; ArgumentTypeError for anything else, which argparse tells."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0")
    return int(text)
