"""What can be wrong with the manifest of features: `__features` in cookiecutter.json."""

from collections.abc import Collection, Iterator, Mapping, Sequence


def faults_of_manifest(
    features: Mapping[str, Sequence[str]], paths: Collection[str]
) -> Iterator[str]:
    """Paths that no file has, that are claimed twice, or that lie below another one claimed.

    `paths` are those of every file that the template has, before anything is pruned.
    """
    claims = sorted((path, feature) for feature, owned in features.items() for path in owned)
    for path, feature in claims:
        if not owned_by(path, paths):
            yield f"the manifest gives {path} to {feature}, but the template has no such path"
    outer: tuple[str, ...] = ()
    first = ""
    for inner, second in sorted((tuple(path.split("/")), feature) for path, feature in claims):
        if outer and inner == outer:
            yield f"the manifest gives {'/'.join(inner)} twice: to {first} and to {second}"
        elif outer and inner[: len(outer)] == outer:
            yield (
                f"the manifest gives {'/'.join(inner)} to {second}, but it lies below "
                f"{'/'.join(outer)} of {first}"
            )
        else:
            outer, first = inner, second


def owned_by(path: str, paths: Collection[str]) -> set[str]:
    """The files at this path or below it."""
    return {file for file in paths if file == path or file.startswith(f"{path}/")}


def faults_of_arithmetic(
    features: Mapping[str, Sequence[str]],
    off: Collection[str],
    paths: Collection[str],
    kept: Collection[str],
) -> Iterator[str]:
    """Files that are missing though no feature that is off owns them, and those left over."""
    owned = {
        file for feature in off for path in features[feature] for file in owned_by(path, paths)
    }
    for path in sorted(set(paths) - set(kept) - owned):
        yield f"{path} is missing, though it belongs to no component that is off"
    for path in sorted(owned & set(kept)):
        yield f"{path} is there, though it belongs to a component that is off"
