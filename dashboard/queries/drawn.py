"""An answer of the semantic layer as the charts draw it: a table per kind of chart. Draws nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dashboard.charts.explore import HEIGHT, SERIES
from dashboard.charts.grid import Cell, cells
from dashboard.charts.trend import LABEL_GAP, SMALLEST_SPAN, label_places, spread
from dashboard.formats import percent
from dashboard.periods import Part
from dashboard.queries.annotations import Notes
from dashboard.queries.explore import TIME, Answer, Question, column_name, row_name
from dashboard.queries.figures import axis_labels
from dashboard.queries.forecasts import Forecast
from dashboard.requests import PART

MOST_SERIES, MOST_BARS, MOST_ROWS = len(SERIES), 50, 40
REST = "All others"
HEADING_WIDTH = 16
ROOM_ACROSS, ROOM_DOWN = 0.3, 0.06
"""The room that a name needs beside its point, as shares of a scatter's width and height."""

Values = Sequence[float | None]


def series_of(answer: Answer) -> dict[str, Values]:
    """What runs over time, a value per part: the largest values of a name, or the metrics themselves."""
    question = answer.question
    starts = answer.keys[TIME]
    if not question.name:
        return {
            question.labels[metric]: [answer.value((start,), metric) for start in starts]
            for metric in question.metrics
        }
    return {key: over_time(answer, key) for key in answer.keys[question.name][:MOST_SERIES]}


def panels(question: Question) -> list[tuple[str, ...]]:
    """The metrics that share a unit, and so a chart, in their order."""
    units = dict.fromkeys(question.natures[metric].unit.name for metric in question.metrics)
    return [
        tuple(metric for metric in question.metrics if question.natures[metric].unit.name == unit)
        for unit in units
    ]


def over_time(answer: Answer, key: str) -> Values:
    """The first metric of a name's value, part by part."""
    question = answer.question
    return [
        answer.value(tuple(start if name == TIME else key for name in question.by), question.metric)
        for start in answer.keys[TIME]
    ]


def time_columns(found: Sequence[Part], question: Question) -> list[dict[str, Any]]:
    """Which part each row of a chart over time is."""
    names = axis_labels([part.whole.start for part in found], question.filters.grain)
    return [
        {PART: f"{part.whole.start}|{name}", "label": part.label, "is_cut": not part.is_whole}
        for part, name in zip(found, names, strict=True)
    ]


def lines_table(question: Question, series: Mapping[str, Values]) -> pa.Table:
    """What `charts.explore.lines` and `columns` draw, without a forecast; in the unit of the first series."""
    places = label_places({name: [*values] for name, values in series.items()})
    known = {name: [value is not None for value in values] for name, values in series.items()}
    rows = []
    for slot, (name, values) in enumerate(series.items()):
        last = len(values) - 1 - known[name][::-1].index(True) if any(known[name]) else -1
        for place, (part, value) in enumerate(
            zip(time_columns(question.parts, question), values, strict=True)
        ):
            rows.append(
                part
                | {
                    "series": name,
                    "slot": slot,
                    "value": value,
                    "whole": None if part["is_cut"] else value,
                    "words": question.nature.unit.words(value),
                    "place": places.get(name) if place == last and len(series) > 1 else None,
                }
            )
    return with_numbers(rows, "value", "whole", "place")


def with_forecast(
    numbers: pa.Table, question: Question, forecast: Forecast, ahead: Sequence[Part]
) -> pa.Table:
    """The rows of `lines_table` with those of a forecast, from the last whole part on, where they begin."""
    words = question.nature.unit.words
    rows = numbers.to_pylist()
    shown = {row[PART].split("|")[0]: row for row in rows}
    joint = next((row for row in reversed(rows) if row["whole"] is not None), None)
    if joint:
        joint |= {"forecast": joint["whole"], "lower": joint["whole"], "upper": joint["whole"]}
    for part, row in zip(ahead, time_columns(ahead, question), strict=True):
        index = ahead.index(part)
        expected = {
            "forecast": forecast.values[index],
            "lower": forecast.lower[index],
            "upper": forecast.upper[index],
        }
        told = f"{words(expected['forecast'])} ({words(expected['lower'])} to {words(expected['upper'])})"
        start = str(part.whole.start)
        if start in shown:
            # The part has begun: what there is of it stays, and the forecast is of all its days.
            shown[start] |= expected
            continue
        rows.append(
            row
            | expected
            | {"series": joint["series"] if joint else "", "slot": 0, "is_cut": False}
            | {"words": f"Forecast: {told}", "value": None, "whole": None, "place": None}
        )
    return with_numbers(rows, "value", "whole", "place", "forecast", "lower", "upper")


def narrowed(notes: Notes, numbers: pa.Table, parts: int) -> Notes:
    """The notes of so many parts under a chart that goes on beyond them: names have less of its width."""
    share = (parts - 1) / max(1, len(pc.unique(numbers[PART])) - 1)
    place = notes.table.schema.get_field_index("room")
    room = pc.multiply(notes.table["room"], share)
    return replace(notes, table=notes.table.set_column(place, "room", room))


def areas_table(answer: Answer) -> pa.Table:
    """What `charts.explore.areas` draws: the largest values of a name and all others, stacked."""
    question = answer.question
    series = {name: [value or 0.0 for value in values] for name, values in series_of(answer).items()}
    if question.name and (others := answer.keys[question.name][MOST_SERIES:]):
        every = [over_time(answer, key) for key in others]
        series[REST] = [sum(value or 0.0 for value in values) for values in zip(*every, strict=True)]
    rows = []
    below = [0.0] * len(question.parts)
    middles = {}
    for slot, (name, values) in enumerate(series.items()):
        above = [start + value for start, value in zip(below, values, strict=True)]
        middles[name] = (below[-1] + above[-1]) / 2
        for part, start, end, value in zip(
            time_columns(question.parts, question), below, above, values, strict=True
        ):
            rows.append(
                part
                | {"series": name, "slot": slot, "start": start, "end": end, "value": end, "place": None}
                | {"words": question.nature.unit.words(value)}
            )
        below = above
    if len(series) > 1:
        gap = LABEL_GAP * max(SMALLEST_SPAN, max(row["end"] for row in rows)) * 1.1 / HEIGHT
        last = [row for row in rows if row[PART] == rows[-1][PART]]
        for row, place in zip(last, spread([*middles.values()], gap), strict=True):
            row["place"] = place
    return with_numbers(rows, "start", "end", "value", "place")


def bars_table(answer: Answer, before: Mapping[str, float | None]) -> pa.Table:
    """What `charts.explore.bars` draws: the largest first. `before`: what each is compared with."""
    question = answer.question
    name, metric, unit = question.name, question.metric, question.nature.unit
    keys = answer.keys[name][:MOST_BARS]
    values = [answer.value((key,), metric) for key in keys]
    total = sum(answer.value((key,), metric) or 0.0 for key in answer.keys[name])
    has_shares = question.nature.adds_up and not answer.has_losses and total > 0
    rows = [
        {
            name: key,
            "value": value,
            "before": before.get(key, question.nature.nothing) if before else None,
            "is_chosen": True,
            "words": unit.short(value) if question.nature.adds_up else unit.words(value),
            "share_words": percent((value or 0.0) / total) if has_shares else "",
        }
        for key, value in zip(keys, values, strict=True)
    ]
    for row in rows:
        change = unit.change(row["value"], row["before"])
        row["before_words"] = unit.words(row["before"])
        row["change_words"] = change[1] if change else ""
    return with_numbers(rows, "value", "before")


def grid_cells(answer: Answer) -> dict[str, pa.Table]:
    """What `charts.grid` draws: a row per value of a name, a bar per metric, each on its own scale."""
    question = answer.question
    keys = answer.keys[question.name][:MOST_ROWS]
    most = {
        metric: max((abs(answer.value((key,), metric) or 0.0) for key in keys), default=0.0)
        for metric in question.metrics
    }

    def cell(key: str, metric: str) -> Cell:
        value, unit = answer.value((key,), metric), question.natures[metric].unit
        return Cell(
            words=unit.short(value) if question.natures[metric].adds_up else unit.words(value),
            short_words=unit.short(value),
            length=abs(value or 0.0) / most[metric] if most[metric] else 0.0,
            tone="less" if (value or 0.0) < 0 else "plain",
            detail=unit.words(value),
        )

    return cells(
        question.name,
        [question.labels[metric] for metric in question.metrics],
        {key: [cell(key, metric) for metric in question.metrics] for key in keys},
    )


def grid_headings(question: Question) -> tuple[str, ...]:
    """The metrics' labels in two lines."""
    return tuple(
        "\n".join(wrap(question.labels[metric], HEADING_WIDTH, max_lines=2, placeholder=" …"))
        for metric in question.metrics
    )


def heat_table(answer: Answer) -> pa.Table:
    """What `charts.explore.heat_map` draws."""
    question = answer.question
    down, across = row_name(question), column_name(question)
    unit = question.nature.unit
    heads = answer.axis_labels(across)
    most = max((abs(row[question.metric] or 0.0) for row in answer.cells.values()), default=0.0) or 1.0
    rows = []
    for y, row in enumerate(answer.keys[down][:MOST_ROWS]):
        for x, column in enumerate(answer.keys[across]):
            key = tuple(row if name == down else column for name in question.by)
            value = answer.value(key, question.metric)
            rows.append(
                {
                    "row": f"{y:03}|{row}",
                    "column": f"{x:03}|{heads[x]}",
                    "row_label": answer.label(down, row),
                    "column_label": answer.label(across, column),
                    "value": value,
                    "share": None if value is None else value / most,
                    "words": unit.words(value),
                    "short_words": unit.short(value),
                }
            )
    return with_numbers(rows, "value", "share")


def scatter_table(answer: Answer) -> pa.Table:
    """What `charts.explore.scatter` draws: the first metric upwards, the second to the right.

    A name stands right of its point, unless another point is there, or a name of a larger value is near.
    """
    question = answer.question
    [name] = question.by
    up, right = question.metrics
    known = [
        (answer.label(name, key), x, y)
        for key in answer.keys[name]
        if (x := answer.value((key,), right)) is not None and (y := answer.value((key,), up)) is not None
    ]
    widths = [
        max(SMALLEST_SPAN, max(values) - min(values))
        for values in zip(*(row[1:] for row in known), strict=True)
    ]
    named: list[tuple[float, float]] = []
    rows = []
    for label, x, y in known:
        across, down = x / widths[0], y / widths[1]
        has_room = all(abs(across - a) > ROOM_ACROSS or abs(down - d) > ROOM_DOWN for a, d in named)
        has_room &= not any(
            0 < a / widths[0] - across < ROOM_ACROSS / 2 and abs(d / widths[1] - down) < ROOM_DOWN / 2
            for _, a, d in known
        )
        named += [(across, down)] if has_room else []
        rows.append(
            {
                "name": label,
                "title": label if has_room else "",
                "x": x,
                "y": y,
                "x_words": question.natures[right].unit.words(x),
                "y_words": question.natures[up].unit.words(y),
            }
        )
    return with_numbers(rows, "x", "y")


def with_numbers(rows: list[dict[str, Any]], *numbers: str) -> pa.Table:
    """The rows as a table, these columns float64 even where all is null."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table(
        {
            name: pa.array([row.get(name) for row in rows], pa.float64() if name in numbers else None)
            for name in names
        }
    )
