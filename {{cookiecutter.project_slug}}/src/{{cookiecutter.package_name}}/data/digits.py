"""The handwritten digits that scikit-learn ships."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

import pyarrow as pa

from {{ cookiecutter.package_name }}.data.source import Held, RawRows


class Digits:
    """1,797 images of 8 x 8 pixels with values 0 to 16; the target is `digit`, 0 to 9."""

    @contextmanager
    def open(self) -> Iterator[RawRows]:
        """Columns pixel_0_0 (row, column) to pixel_7_7, then digit."""
        from sklearn.datasets import load_digits

        pixels, digits = load_digits(return_X_y=True)
        columns = {f"pixel_{i // 8}_{i % 8}": pixels[:, i] for i in range(pixels.shape[1])}
        yield Held(
            pa.table({**columns, "digit": digits}),
            source="sklearn.datasets.load_digits",
            version=f"scikit-learn {version('scikit-learn')}",
        )
