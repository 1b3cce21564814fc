"""Makes a Parquet file of random rows, part by part: numbers from 0 to 16, and a label.

Run by data.py with the baked project's interpreter: many_rows.py TARGET ROWS LABEL COLUMN...
"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

PART = 1 << 16


def main(target: str, rows: int, label: str, columns: list[str]) -> None:
    """The same rows each time: float64 columns in which no value comes twice, and ten classes."""
    random = np.random.default_rng(0)
    fields = [(name, pa.float64()) for name in columns] + [(label, pa.int64())]
    with parquet.ParquetWriter(target, pa.schema(fields)) as writer:
        for start in range(0, rows, PART):
            size = min(PART, rows - start)
            numbers = [pa.array(random.uniform(0, 16, size)) for _ in columns]
            labels = pa.array(random.integers(0, 10, size))
            writer.write_table(pa.table([*numbers, labels], schema=writer.schema))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:])
