"""The tables, as the newest migration leaves them; a change here needs a new migration.

JSON is kept as text in either database: it is written as it comes, at no cost for the service, and
what a client sent cannot make a database refuse a row. The view `predicted_rows` opens it.
"""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, MetaData, String, Table, Text

from {{ cookiecutter.package_name }}.integrations.prediction_log import names

METADATA = MetaData()

REQUESTS = Table(
    names.REQUESTS,
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("at", Double, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("predictions", Text, nullable=False),
    Column("probabilities", Text),
    Column("seconds", Double, nullable=False),
    # Read in the order of time; the id parts those of one moment.
    Index("prediction_requests_at", "at", "id"),
    Index("prediction_requests_request_id", "request_id"),
)

LABELS = Table(
    names.LABELS,
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("at", Double, nullable=False),
    Column("request_id", Text, nullable=False),
    # `row` is a word of SQL.
    Column("row_index", BigInteger, nullable=False),
    Column("label", Text, nullable=False),
    Column("source", Text),
    Index("prediction_labels_at", "at", "id"),
    Index("prediction_labels_request_id", "request_id", "row_index"),
)
