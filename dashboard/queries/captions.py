"""What an explored picture says in words: subtitles, alternative texts, the parameters of its SQL."""

from collections.abc import Mapping, Sequence
from html import escape

import pyarrow as pa

from dashboard.filters import selection_words
from dashboard.queries import spoken
from dashboard.queries.drawn import MOST_BARS, MOST_ROWS, MOST_SERIES, Values
from dashboard.queries.explore import TIME, Answer, Question, joined, row_name
from dashboard.queries.kinds import Kind
from dashboard.queries.units import Nature
from dashboard.requests import Query


def subtitle(answer: Answer, kind: Kind, *more: str) -> str:
    """Unit, period, filters, what of the answer the picture leaves out, and more sentences, as HTML."""
    question = answer.question
    sentences = [unit_words(question) + filter_words(question), question.filters.period.words]
    count = len(answer.keys.get(question.name, ()))
    if kind is Kind.LINE and count > MOST_SERIES:
        sentences.append(
            f"The {MOST_SERIES} largest of {count} by {question.labels[question.metric].lower()}"
        )
    if kind is Kind.AREA and count > MOST_SERIES:
        sentences.append(f"The {MOST_SERIES} largest of {count}, and all others together")
    if kind is Kind.BARS and count > (MOST_BARS if len(question.metrics) == 1 else MOST_ROWS):
        most = MOST_BARS if len(question.metrics) == 1 else MOST_ROWS
        sentences.append(f"The {most} largest of {count}")
    if kind is Kind.BARS and len(question.metrics) > 1:
        sentences.append("Each metric has its own scale")
    if kind is Kind.HEAT_MAP and len(answer.keys[row_name(question)]) > MOST_ROWS:
        sentences.append(f"The {MOST_ROWS} largest of {len(answer.keys[row_name(question)])}")
    if kind is Kind.SCATTER:
        up, right = (question.labels[metric] for metric in question.metrics)
        sentences.append(f"Upwards {up.lower()}, to the right {right.lower()}; names where there is room")
    if kind is Kind.PIVOT:
        sentences.append("Totals are asked for, not summed: rates and different customers do not add up")
    if kind in (Kind.LINE, Kind.BARS) and TIME in question.by and not all(p.is_whole for p in question.parts):
        mark = "Dashes and open dots" if kind is Kind.LINE else "Pale"
        sentences.append(f"{mark}: part of a {question.filters.grain}")
    return escape(". ".join([*sentences, *more])) + "."


def unit_words(question: Question) -> str:
    """The units of the metrics, each once, as a sentence begins."""
    words = joined([*dict.fromkeys(question.natures[metric].unit.name for metric in question.metrics)])
    return words[0].upper() + words[1:]


def filter_words(question: Question) -> str:
    """What is chosen, to follow the unit: `, of Kitchen in Northern Europe`; nothing where all is shown."""
    chosen = selection_words(question.filters.selection())
    return f", of {chosen}" if chosen else ""


def of_series(question: Question, series: Mapping[str, Values]) -> str:
    """Series over time for who cannot see them."""
    names = [part.label for part in question.parts]
    return " ".join(
        (f"{name}: " if len(series) > 1 else "")
        + in_words([*zip(names, values, strict=True)], question.nature)
        for name, values in series.items()
    )


def of_cells(answer: Answer) -> str:
    """The first metric's values for who cannot see them."""
    question = answer.question
    labelled = [
        (
            ", ".join(answer.label(name, key) for name, key in zip(question.by, keys, strict=True)),
            row[question.metric],
        )
        for keys, row in answer.cells.items()
    ]
    return in_words(labelled, question.nature)


def of_points(question: Question, numbers: pa.Table) -> str:
    """A scatter's first points with both values, for who cannot see them."""
    up, right = (question.labels[metric] for metric in question.metrics)
    count = f"{len(numbers)} {'point' if len(numbers) == 1 else 'points'}, each with {up} and {right}"
    return spoken.together(count, spoken.rows(numbers, "name", "y_words", "x_words"))


def in_words(labelled: Sequence[tuple[str, float | None]], nature: Nature) -> str:
    """How many values there are, the smallest and the largest."""
    known = [(value, label) for label, value in labelled if value is not None]
    if not known:
        return "No values."
    (low, lowest), (high, highest) = min(known), max(known)
    words = nature.unit.words
    if low == high:
        return f"{len(known)} {'value' if len(known) == 1 else 'values, all'} {words(low)}."
    return f"{len(known)} values, from {words(low)} ({lowest}) to {words(high)} ({highest})."


def parameters(query: Query) -> str:
    """The values that the SQL's parameters have."""
    days = f"$first_day is {query.period.start}, $last_day {query.period.end}"
    chosen = [f"${name} {', '.join(values)}" for name, values in query.selection]
    return "; ".join([days, *chosen]) + "."
