"""What a reader asks of the semantic layer, which charts can show it, and the answer. Draws nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dashboard.components.tables import TEXT, Column
from dashboard.filters import EVERYTHING, Filters
from dashboard.formats import NOTHING
from dashboard.metrics import Served
from dashboard.periods import Grain, Part, Period, parts
from dashboard.queries.figures import Figures, Shown, axis_labels
from dashboard.queries.units import Nature
from dashboard.requests import PART, Query

TIME = "time"
NONE = "(none)"
"""What a row is called that has no value of a group-by name."""
DEFAULT_METRIC = "net_sales"
MOST_METRICS, MOST_NAMES = 5, 2
MOST_CELLS = 10_000
"""Of a larger answer only the table is shown."""


@dataclass(frozen=True)
class Question:
    """Metrics, up to two names to divide them by (TIME, or group-by names), and filters.

    `natures` and `labels` are those of the metrics, by their names.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...]
    filters: Filters
    natures: Mapping[str, Nature]
    labels: Mapping[str, str]

    def query(self, *by: str, period: Period | None = None) -> Query:
        """What to ask of the semantic layer for all metrics, divided by these names."""
        groups: tuple[Grain | str, ...] = tuple(self.filters.grain if name == TIME else name for name in by)
        return Query(self.metrics, period or self.filters.period, groups, self.filters.selection())

    @property
    def parts(self) -> list[Part]:
        """The parts of the period."""
        return parts(self.filters.period, self.filters.grain)

    @property
    def name(self) -> str:
        """The first name to divide by that is not time; nothing where there is none."""
        return next((name for name in self.by if name != TIME), "")

    @property
    def metric(self) -> str:
        """The first metric."""
        return self.metrics[0]

    @property
    def nature(self) -> Nature:
        """What kind of number the first metric is."""
        return self.natures[self.metric]

    @property
    def title(self) -> str:
        """What is shown, in words."""
        shown = joined([self.labels[metric] for metric in self.metrics])
        divided = " and ".join(self.words(name) for name in self.by)
        return f"{shown} by {divided}" if divided else shown

    def shown(self, metric: str) -> Shown:
        """How a metric is shown by itself; more of it is neither better nor worse."""
        nature = self.natures[metric]
        words = nature.unit.short if nature.adds_up else nature.unit.words
        return Shown(words, nature.unit.change, missing=nature.nothing, better=0)

    def words(self, name: str) -> str:
        """What one divides by, within a sentence."""
        return str(self.filters.grain) if name == TIME else name.replace("_", " ")


@dataclass(frozen=True)
class Answer:
    """What the semantic layer answered: `table` as it came.

    `keys`: per name of the question its values in the order in which they are shown, time as it passes,
    others by their size in the first metric. `cells`: the metrics by the values, in the order of the
    question's names; empty where they are more than MOST_CELLS.
    """

    question: Question
    table: pa.Table
    keys: Mapping[str, list[Any]]
    cells: Mapping[tuple[Any, ...], Mapping[str, float | None]]

    def value(self, key: tuple[Any, ...], metric: str) -> float | None:
        """A metric of a cell; one that the answer does not have had nothing happen in it."""
        found = self.cells.get(key)
        return self.question.natures[metric].nothing if found is None else found[metric]

    def label(self, name: str, key: Any) -> str:
        """What a value is called: a part of time by its days."""
        if name != TIME:
            return str(key)
        return next(part.label for part in self.question.parts if part.whole.start == key)

    def axis_labels(self, name: str) -> list[str]:
        """What an axis says of a name's values."""
        keys = self.keys[name]
        return axis_labels(keys, self.question.filters.grain) if name == TIME else [str(key) for key in keys]

    @property
    def is_empty(self) -> bool:
        """Whether no metric has a value other than 0."""
        columns = (self.table[metric] for metric in self.question.metrics)
        return not any(pc.any(pc.not_equal(column, 0)).as_py() for column in columns)

    @property
    def has_losses(self) -> bool:
        """Whether a metric is below zero anywhere."""
        return any((value or 0) < 0 for row in self.cells.values() for value in row.values())


def group_bys(served: Served, metrics: tuple[str, ...]) -> list[str]:
    """What all of the metrics can be divided by: time, then the names that MetricFlow allows."""
    return [TIME, *served.group_bys(metrics)] if metrics else all_names(served)


def all_names(served: Served) -> list[str]:
    """Time, and every name that one of the metrics can be divided by."""
    return [TIME, *sorted({name for metric in served.metrics for name in served.group_bys((metric,))})]


def filter_names(served: Served, metrics: tuple[str, ...]) -> list[str]:
    """What all of the metrics can be filtered by, each below the one that it divides."""
    known = served.group_bys(metrics)
    return [name for name in EVERYTHING if name in known]


def labels(served: Served) -> dict[str, str]:
    """Each metric's name by its label, in the order of the labels; of equal labels each with its name."""
    metrics = sorted(served.metrics.items(), key=lambda item: (item[1].label.lower(), item[0]))
    seen = [metric.label for _, metric in metrics]
    return {
        metric.label if seen.count(metric.label) == 1 else f"{metric.label} ({name})": name
        for name, metric in metrics
    }


def name_words(name: str) -> str:
    """A name to divide by, as a choice."""
    return name.replace("_", " ").capitalize()


def offered(served: Served, divided_by: Iterable[str]) -> dict[str, str]:
    """The metrics that can be divided by these names, by their labels."""
    wanted = {*divided_by} - {TIME}
    return {label: name for label, name in labels(served).items() if wanted <= {*served.group_bys((name,))}}


def ask(served: Served, question: Question) -> Answer:
    """The answer to a question; time has all its parts, whatever happened in them."""
    table = served.run(question.query(*question.by))
    columns = [PART if name == TIME else name for name in question.by]
    keys: dict[str, list[Any]] = {}
    for name, column in zip(question.by, columns, strict=True):
        if name == TIME:
            keys[name] = [part.whole.start for part in question.parts]
        else:
            keys[name] = ranked(served, question, name, {key or NONE for key in table[column].to_pylist()})
    cells = (
        {}
        if len(table) > MOST_CELLS
        else {
            tuple(row[column] or NONE for column in columns): {
                metric: row[metric] for metric in question.metrics
            }
            for row in table.to_pylist()
        }
    )
    return Answer(question, table, keys, cells)


def unanswered(question: Question) -> Answer:
    """The question without an answer, for what its shape alone decides."""
    return Answer(question, pa.table({}), {name: [] for name in question.by}, {})


def ranked(served: Served, question: Question, name: str, found: set[str]) -> list[str]:
    """The values of a name, the largest in the first metric first: of each whole, not summed up."""
    whole = served.run(question.query(name)).to_pylist()
    sizes = {row[name] or NONE: row[question.metric] for row in whole}
    return sorted(found, key=lambda key: (-(sizes.get(key) or 0.0), key))


def days_before(served: Served, filters: Filters) -> Period | None:
    """The days compared with; None where the data does not reach back over all of them."""
    before = filters.compare.period(filters.period, filters.grain)
    return before if before and before.start >= served.data.start else None


def within(served: Served, question: Question) -> Figures:
    """The days, parts and filters of a question, and the days compared with; no numbers yet."""
    return Figures(
        question.filters,
        days_before(served, question.filters),
        question.parts,
        {},
        {},
        [{}] * len(question.parts),
    )


def compared(served: Served, question: Question, before: Period | None) -> dict[str, float | None]:
    """The first metric by the question's name in the days compared with; empty without them."""
    if before is None:
        return {}
    rows = served.run(question.query(question.name, period=before)).to_pylist()
    return {row[question.name] or NONE: row[question.metric] for row in rows}


def column_name(question: Question) -> str:
    """Which of two names runs from left to right: time, or the second."""
    return TIME if TIME in question.by else question.by[-1]


def row_name(question: Question) -> str:
    """Which of two names runs from top to bottom."""
    return next((name for name in question.by if name != column_name(question)), question.by[0])


def table(answer: Answer) -> pa.Table:
    """The answer as a table: of parts of time the first day, and the days that count where one is cut."""
    question, numbers = answer.question, answer.table
    columns: dict[str, Any] = {}
    for name in question.by:
        if name != TIME:
            columns[name] = [key or NONE for key in numbers[name].to_pylist()]
            continue
        by_start = {part.whole.start: part for part in question.parts}
        shown = [by_start[start] for start in numbers[PART].to_pylist()]
        columns["from"] = [part.days.start for part in shown]
        if not all(part.is_whole for part in question.parts):
            columns["days"] = [f"{part.days.day_count} of {part.whole.day_count}" for part in shown]
    return pa.table(columns | {metric: numbers[metric] for metric in question.metrics})


def columns(question: Question) -> dict[str, Column]:
    """How the columns of the table are named and written."""
    return {name: Column(name_words(name), TEXT) for name in question.by if name != TIME} | {
        metric: Column(question.labels[metric], question.natures[metric].unit.column)
        for metric in question.metrics
    }


def joined(words: Sequence[str]) -> str:
    """A list in words: a, b and c; a dash where there are none."""
    if not words:
        return NOTHING
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
