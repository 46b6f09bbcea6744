"""What charts say to who cannot see them, from the words that are drawn in them."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from dashboard.charts.trend import Look

MOST_ROWS = 5


def rows(numbers: pa.Table, name: str, *words: str) -> str:
    """The first rows with words: `Dining: $120K, +49.9%; Kitchen: $98.1K. And 7 more.`"""
    said = {
        row[name]: ", ".join(row[column] for column in words if row[column])
        for row in numbers.select([name, *words]).to_pylist()
        if any(row[column] for column in words)
    }
    return first(said)


def cells(numbers: pa.Table, name: str) -> str:
    """The first rows of a grid, each with its `words` by `column`."""
    said: dict[str, list[str]] = {}
    for row in numbers.select([name, "column", "words"]).to_pylist():
        if row["words"]:
            said.setdefault(row[name], []).append(f"{row['column']} {row['words']}")
    return first({key: ", ".join(values) for key, values in said.items()})


def over_time(numbers: pa.Table, metric: str) -> str:
    """Between which values a line lies, and when it has them; nothing where it has none."""
    found = [
        (row[metric], f"{row[f'{metric}_words']} in {row['label']}")
        for row in numbers.select([metric, f"{metric}_words", "label"]).to_pylist()
        if row[metric] is not None
    ]
    if not found:
        return ""
    lowest, highest = min(found, key=lambda value: value[0]), max(found, key=lambda value: value[0])
    if lowest == highest:
        return f"{lowest[1]}."
    return f"From {lowest[1]} to {highest[1]}."


def lines(numbers: pa.Table, labels: Mapping[str, str]) -> str:
    """What `over_time` says of each line, by its label."""
    return " ".join(
        f"{label}: {said}" for metric, label in labels.items() if (said := over_time(numbers, metric))
    )


def trend(numbers: pa.Table, look: Look) -> str:
    """What `lines` says of the series of a trend."""
    return lines(numbers, {series.name: series.label for series in look.series})


def together(*sentences: str) -> str:
    """The sentences that say something, one after the other."""
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences if sentence)


def first(said: dict[str, str]) -> str:
    """The first rows, and how many there are besides."""
    kept: Sequence[str] = [f"{name}: {words}" for name, words in said.items()][:MOST_ROWS]
    more = f" And {len(said) - MOST_ROWS} more." if len(said) > MOST_ROWS else ""
    return f"{'; '.join(kept)}.{more}" if kept else ""
