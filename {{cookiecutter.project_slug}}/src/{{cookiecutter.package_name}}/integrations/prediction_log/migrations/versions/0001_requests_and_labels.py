"""Answered requests, true labels, and a view of single rows.

A migration is history: it names tables and columns itself, whatever `tables.py` says later.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NEWEST = """
    (SELECT l.{column} FROM prediction_labels AS l
     WHERE l.request_id = r.request_id AND l.row_index = {row}
     ORDER BY l.at DESC, l.id DESC LIMIT 1)"""

_SQLITE = """
CREATE VIEW predicted_rows AS
SELECT
    strftime('%Y-%m-%d %H:%M:%f', r.at, 'unixepoch') AS answered,
    r.request_id, p.key AS row_index, r.model, r.version,
    (SELECT json_group_object(
         c.value,
         CASE v.type WHEN 'true' THEN json('true') WHEN 'false' THEN json('false') ELSE v.value END)
     FROM json_each(r.inputs, '$.columns') AS c
     JOIN json_each(r.inputs, '$.rows[' || p.key || ']') AS v ON v.key = c.key) AS inputs,
    p.value AS prediction,
    <label> AS label,
    <source> AS label_source,
    r.seconds, r.at, r.id
FROM prediction_requests AS r, json_each(r.predictions) AS p
"""

# `json`, not `jsonb`, which would sort and check all of it before one value is shown.
_POSTGRESQL = """
CREATE VIEW predicted_rows AS
SELECT
    to_timestamp(r.at) AT TIME ZONE 'UTC' AS answered,
    r.request_id, p.place - 1 AS row_index, r.model, r.version,
    (SELECT json_object_agg(c.name, v.cell)
     FROM json_array_elements_text(r.inputs::json -> 'columns')
          WITH ORDINALITY AS c(name, place)
     JOIN json_array_elements(r.inputs::json -> 'rows' -> (p.place - 1)::int)
          WITH ORDINALITY AS v(cell, place) ON v.place = c.place) AS inputs,
    p.answer #>> ARRAY[]::text[] AS prediction,
    <label> AS label,
    <source> AS label_source,
    r.seconds, r.at, r.id
FROM prediction_requests AS r,
     json_array_elements(r.predictions::json) WITH ORDINALITY AS p(answer, place)
"""


def upgrade() -> None:
    """Make the two tables and the view."""
    op.create_table(
        "prediction_requests",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("predictions", sa.Text, nullable=False),
        sa.Column("probabilities", sa.Text),
        sa.Column("seconds", sa.Double, nullable=False),
    )
    op.create_table(
        "prediction_labels",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("row_index", sa.BigInteger, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("source", sa.Text),
    )
    for table, second in (("prediction_requests", []), ("prediction_labels", ["row_index"])):
        op.create_index(f"{table}_at", table, ["at", "id"])
        op.create_index(f"{table}_request_id", table, ["request_id", *second])
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(_view(_POSTGRESQL, "p.place - 1") if postgresql else _view(_SQLITE, "p.key"))


def _view(statement: str, row: str) -> str:
    for column in ("label", "source"):
        newest = _NEWEST.format(column=column, row=row)
        statement = statement.replace(f"<{column}>", newest)
    return statement
