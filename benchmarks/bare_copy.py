"""The limit for `prepare` and `predict`: pyarrow alone reads a Parquet file and writes it again.

Run by data.py with the baked project's interpreter: bare_copy.py SOURCE TARGET DICTIONARY
"""

import sys

import pyarrow.parquet as parquet


def main(source: str, target: str, dictionary: str) -> None:
    """Copy part by part, in bounded memory; with pyarrow's own dictionaries or without any."""
    with (
        parquet.ParquetFile(source, pre_buffer=False) as file,
        parquet.ParquetWriter(
            target, file.schema_arrow, use_dictionary=dictionary == "dictionary"
        ) as writer,
    ):
        for batch in file.iter_batches():
            writer.write_batch(batch)


if __name__ == "__main__":
    main(*sys.argv[1:])
