"""What delivery does to a clean table, and the account of it.

Every raw row carries at most one defect. Rows are spoiled in place, delivered again, or added; added
and repeated rows follow the table, as a second delivery would.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sample_company.parameters import Bools, Ints

ACCEPTED, DUPLICATE, REJECTED = "accepted", "duplicate", "rejected"
SAMPLE = 4

MISSING = "missing_required_value"
BAD_TIMESTAMP, BAD_DATE = "invalid_timestamp", "invalid_date"
BAD_NUMBER, BAD_BOOLEAN = "invalid_number", "invalid_boolean"
UNKNOWN_VALUE = "unknown_value"
NOT_POSITIVE, NEGATIVE = "non_positive_quantity", "negative_amount"
UNKNOWN_CURRENCY, PRICE_RANGE = "unknown_currency", "price_out_of_range"
UNKNOWN_ORDER, UNKNOWN_LINE, REFUND_EXCEEDS = "unknown_order", "unknown_order_item", "refund_exceeds_sale"
CLOCK_SKEW = "clock_skew_out_of_range"
UNKNOWN_EXPERIMENT, UNKNOWN_VARIANT = "unknown_experiment", "unknown_variant"


@dataclass
class Case:
    """One defect of one table: how often, how it ends, and the ids of the first few rows."""

    outcome: str
    reason: str | None
    count: int = 0
    ids: list[str] = field(default_factory=list)


@dataclass
class Account:
    """What happened to the rows of every table, over all shards."""

    cases: dict[str, dict[str, Case]] = field(default_factory=dict)
    raw: dict[str, int] = field(default_factory=dict)

    def note(
        self,
        table: str,
        case: str,
        count: int,
        outcome: str,
        reason: str | None = None,
        ids: Sequence[str] = (),
    ) -> None:
        """Add `count` rows to a case; the first ids ever seen are its sample."""
        entry = self.cases.setdefault(table, {}).setdefault(case, Case(outcome, reason))
        entry.count += count
        entry.ids.extend(list(ids)[: SAMPLE - len(entry.ids)])

    def rows(self) -> dict[str, dict[str, object]]:
        """Per table: raw rows, and how many are accepted, duplicates, and rejected for which reason."""
        result: dict[str, dict[str, object]] = {}
        for table, raw in sorted(self.raw.items()):
            cases = self.cases.get(table, {}).values()
            duplicates = sum(case.count for case in cases if case.outcome == DUPLICATE)
            reasons: dict[str, int] = {}
            for case in cases:
                if case.outcome == REJECTED and case.reason and case.count:
                    reasons[case.reason] = reasons.get(case.reason, 0) + case.count
            rejected = sum(reasons.values())
            result[table] = {
                "raw": raw, "accepted": raw - duplicates - rejected, "duplicate": duplicates,
                "rejected": rejected, "rejected_by_reason": dict(sorted(reasons.items())),
            }  # fmt: skip
        return result


class Delivery:
    """One chunk of one table on its way into the raw files."""

    def __init__(
        self, table: str, columns: dict[str, pa.StringArray], rng: np.random.Generator, account: Account,
        reserved: Bools | None = None,
    ) -> None:  # fmt: skip
        """Take clean columns, the first of which is the id; `reserved` rows are not to be spoiled."""
        self.table = table
        self._columns = columns
        self._key = next(iter(columns))
        self._rng = rng
        self._account = account
        self._rows = len(columns[self._key])
        self._free = np.ones(self._rows, dtype=bool) if reserved is None else ~reserved
        self._added: list[pa.Table] = []

    def pick(self, count: int, where: Bools | None = None) -> Ints:
        """Up to `count` random rows that carry no defect yet; they are free no longer."""
        candidates = np.flatnonzero(self._free if where is None else self._free & where)
        rows = np.sort(self._rng.choice(candidates, min(count, len(candidates)), replace=False))
        self._free[rows] = False
        return rows

    def note(self, case: str, rows: Ints, outcome: str = ACCEPTED, reason: str | None = None) -> None:
        """Count rows that are peculiar as they are."""
        ids = [self._columns[self._key][int(row)].as_py() for row in rows[:SAMPLE]]
        self._account.note(self.table, case, len(rows), outcome, reason, ids)

    def spoil(
        self, case: str, column: str, count: int, change: Callable[[str, int], str | None], *,
        where: Bools | None = None, outcome: str = ACCEPTED, reason: str | None = None,
    ) -> Ints:  # fmt: skip
        """Replace a column's text in `count` rows by `change(text, number)`; the rows."""
        rows = self.pick(count, where)
        self.note(case, rows, outcome, reason)
        old = self._columns[column].take(pa.array(rows)).to_pylist()
        new = [change(text or "", number) for number, text in enumerate(old)]
        mask = np.zeros(self._rows, dtype=bool)
        mask[rows] = True
        replaced = pc.replace_with_mask(self._columns[column], pa.array(mask), pa.array(new, pa.string()))
        self._columns[column] = replaced
        return rows

    def again(
        self, case: str, rows: Ints, *, outcome: str = DUPLICATE, reason: str | None = None,
        **values: Sequence[str | None] | str | pa.StringArray | None,
    ) -> None:  # fmt: skip
        """Deliver rows once more, with some columns' values changed (one for all, or one for each)."""
        copies = {name: column.take(pa.array(rows)) for name, column in self._columns.items()}
        for name, value in values.items():
            if value is None or isinstance(value, str):
                value = [value] * len(rows)
            copies[name] = value if isinstance(value, pa.Array) else pa.array(value, pa.string())
        self._added.append(pa.table(copies))
        ids = [text or "" for text in copies[self._key].slice(0, SAMPLE).to_pylist()]
        self._account.note(self.table, case, len(rows), outcome, reason, ids)

    def table_text(self) -> pa.Table:
        """The chunk as it is delivered."""
        table = pa.concat_tables([pa.table(self._columns), *self._added])
        self._account.raw[self.table] = self._account.raw.get(self.table, 0) + len(table)
        return table


# --- what people and machines do to a text; each takes the text and the number of the case ---------------


def blank(_text: str, number: int) -> str:
    """Spaces instead of nothing."""
    return " " * (1 + number % 3)


def not_available(_text: str, number: int) -> str:
    """A spreadsheet's way of saying nothing."""
    return ("N/A", "n/a")[number % 2]


def nothing(_text: str, _number: int) -> None:
    """Null."""


def padded(text: str, number: int) -> str:
    """Spaces around the text."""
    return (f" {text}", f"{text} ", f"  {text} ")[number % 3]


def mixed_case(text: str, number: int) -> str:
    """Other capitals than the contract's."""
    swapped = text.upper() if text != text.upper() else text.lower()
    return (swapped, text.capitalize() if text != text.capitalize() else swapped)[number % 2]


def thousands(text: str, _number: int) -> str:
    """1,234.50 for 1234.50."""
    whole, point, fraction = text.partition(".")
    return f"{int(whole):,}{point}{fraction}"


def other_format(text: str, number: int) -> str:
    """2025-04-03 10:15:00 as T…Z, with slashes, or as 03.04.2025 10:15:00; dates alike."""
    day, _, time = text.partition(" ")
    year, month, date = day.split("-")
    if number % 3 == 0 and time:
        return f"{day}T{time}Z"
    written = f"{year}/{month}/{date}" if number % 3 == 1 else f"{date}.{month}.{year}"
    return f"{written} {time}".strip()


def ambiguous(text: str, number: int) -> str:
    """03/04/2025, which is two days in two countries, or something that is no time at all."""
    day, _, time = text.partition(" ")
    year, month, date = day.split("-")
    return (f"{date}/{month}/{year} {time}".strip(), "yesterday")[number % 3 == 2]
