"""An answer crossed, with totals that are asked for, never summed. Draws nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dashboard.metrics import Served
from dashboard.queries.explore import NONE, TIME, Answer, Question, column_name, row_name
from dashboard.requests import PART

TOTAL = "Total"


@dataclass(frozen=True)
class Pivot:
    """Rows of values, a column per heading, and in the last row and column the totals.

    `metrics`: each column's metric. The totals are the semantic layer's own: what is a rate or counts
    different things does not add up.
    """

    corner: str
    headings: list[str]
    metrics: list[str]
    rows: list[tuple[str, list[float | None]]]
    total: list[float | None]


def pivot(served: Served, answer: Answer) -> Pivot:
    """The answer crossed, with totals by row, by column and of all."""
    question = answer.question
    whole = first(served.run(question.query()).to_pylist())
    if len(question.by) == 1:
        [name] = question.by
        return Pivot(
            corner=question.words(name).capitalize(),
            headings=[question.labels[metric] for metric in question.metrics],
            metrics=[*question.metrics],
            rows=[
                (answer.label(name, key), [answer.value((key,), metric) for metric in question.metrics])
                for key in answer.keys[name]
            ],
            total=[whole.get(metric) for metric in question.metrics],
        )
    down, across, metric = row_name(question), column_name(question), question.metric
    by_row, by_column = totals(served, question, down), totals(served, question, across)
    columns = answer.keys[across]
    return Pivot(
        corner=f"{question.words(down)} by {question.words(across)}".capitalize(),
        headings=[*(answer.label(across, column) for column in columns), TOTAL],
        metrics=[metric] * (len(columns) + 1),
        rows=[
            (
                answer.label(down, row),
                [
                    answer.value(tuple(row if name == down else column for name in question.by), metric)
                    for column in columns
                ]
                + [by_row.get(row, question.nature.nothing)],
            )
            for row in answer.keys[down]
        ],
        total=[*(by_column.get(column, question.nature.nothing) for column in columns), whole.get(metric)],
    )


def totals(served: Served, question: Question, name: str) -> dict[Any, float | None]:
    """The first metric by one name alone, as the semantic layer has it."""
    column = PART if name == TIME else name
    return {row[column] or NONE: row[question.metric] for row in served.run(question.query(name)).to_pylist()}


def first(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The only row; an empty one where there is none."""
    return rows[0] if rows else {}


def pivot_table(crossed: Pivot) -> pa.Table:
    """The pivot as it is shown, for a file: headings that are alike are numbered."""
    columns: dict[str, Any] = {crossed.corner: [*(label for label, _ in crossed.rows), TOTAL]}
    for place, heading in enumerate(crossed.headings):
        name = heading if heading not in columns else f"{heading} ({place + 1})"
        columns[name] = pa.array(
            [*(row[place] for _, row in crossed.rows), crossed.total[place]], pa.float64()
        )
    return pa.table(columns)
