"""What is said of a setting that cannot be used."""

from typing import Any

_BY_NAME = {
    "API_KEY_RATE": "a number of requests per s, min or h, such as 100/s",
    "MLFLOW_MODEL_VERSION": "the number of a version, such as 3",
}
"""Values that have a form of their own."""

_BY_KIND = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "bool_parsing": "true or false",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than_equal": "a number of at most {le:g}",
    "greater_than": "a number above {gt:g}",
}


def sentence(error: dict[str, Any]) -> str:
    """One of pydantic's errors, in words for whoever set the variable."""
    name = ".".join(str(part) for part in error["loc"]).upper()
    expected = _BY_NAME.get(name) or _BY_KIND.get(error["type"])
    if expected is None:
        expected = error["msg"].removeprefix("Input should be ")
    else:
        expected = expected.format(**error.get("ctx", {}))
    return f"{name} is '{error['input']}': expected {expected}."
