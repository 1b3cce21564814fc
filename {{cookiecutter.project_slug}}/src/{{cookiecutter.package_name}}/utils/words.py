"""Numbers with their nouns, as people say them."""


def counted(count: int, what: str) -> str:
    """`1 row`, `2 rows`, `12,000 classes`: `what` is the noun in the singular."""
    return f"{count:,} {what if count == 1 else _plural(what)}"


def _plural(what: str) -> str:
    if what.endswith("ss"):
        return f"{what}es"
    if what.endswith("y") and what[-2] not in "aeiou":
        return f"{what[:-1]}ies"
    return f"{what}s"
