"""What DuckDB answers to MetricFlow's SQL, as pages take it."""

import pyarrow as pa

from dashboard.requests import PART, SHORT_NAMES, TIME


def tidied(result: pa.Table, groups: tuple[str, ...]) -> pa.Table:
    """The result with metrics as float64, sorted by what it is grouped by; time is named `part`.

    Sums of money have two decimals: below 2^53 cents float64 holds them exactly to the cent.
    """
    columns: dict[str, pa.ChunkedArray] = {}
    for group in groups:
        is_time = group.startswith(TIME)
        name = PART if is_time else SHORT_NAMES.get(group, group)
        columns[name] = result[group].cast(pa.date32() if is_time else pa.string())
    order = [(name, "ascending") for name in columns]
    for name in result.column_names:
        if name not in groups:
            columns[name] = as_float(result[name])
    table = pa.table(columns)
    return table.sort_by(order) if order else table


def as_float(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers as float64: of decimals the nearest, which Arrow's own cast misses by a last bit."""
    exact = values.cast(pa.string()) if pa.types.is_decimal(values.type) else values
    return exact.cast(pa.float64(), safe=False)
