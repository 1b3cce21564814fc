"""Values of arguments that several commands take."""

import argparse

_LONGEST = 1000


def one_line(text: str) -> str:
    """The text without what would forge another line or colour in a terminal."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def reason(text: str) -> str:
    """One line of at most 1,000 characters; ArgumentTypeError for a longer one."""
    kept = one_line(text)
    if len(kept) > _LONGEST:
        raise argparse.ArgumentTypeError(
            f"a reason has at most {_LONGEST:,} characters, and this one has {len(kept):,}"
        )
    return kept


def positive(text: str) -> int:
    """A number above 0; ArgumentTypeError for anything else, which argparse tells."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0")
    return int(text)
