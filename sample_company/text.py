"""From numbers to the text of raw files, a whole column at a time, as Arrow string arrays."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sample_company.parameters import DAY, DAYS, FIRST_DAY, Ints

MARGIN = 1_200  # days before and after the window that a timestamp may lie on
_DAY_TEXT = np.array(
    [list((FIRST_DAY + timedelta(days=i)).isoformat().encode()) for i in range(-MARGIN, DAYS + MARGIN)],
    dtype=np.uint8,
)
_TIME_TEXT = np.array(
    [list(f" {h:02}:{m:02}:{s:02}".encode()) for h in range(24) for m in range(60) for s in range(60)],
    dtype=np.uint8,
)


def _fixed_width(
    characters: npt.NDArray[np.uint8], is_valid: npt.NDArray[np.bool_] | None = None
) -> pa.StringArray:
    """Strings from an array of shape (rows, width) of ASCII codes."""
    rows, width = characters.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * width
    valid = None if is_valid is None else pa.py_buffer(np.packbits(is_valid, bitorder="little"))
    data = pa.py_buffer(np.ascontiguousarray(characters))
    return pa.Array.from_buffers(pa.string(), rows, [valid, pa.py_buffer(offsets), data])


def ids(prefix: str, numbers: Ints, width: int) -> pa.StringArray:
    """`prefix` and each number, padded with zeros to `width` digits; null where the number is negative."""
    characters = np.empty((len(numbers), len(prefix) + width), dtype=np.uint8)
    characters[:, : len(prefix)] = list(prefix.encode())
    for digit in range(width):
        characters[:, len(prefix) + digit] = numbers // 10 ** (width - 1 - digit) % 10 + 48
    return _fixed_width(characters, numbers >= 0 if (numbers < 0).any() else None)


def timestamps(seconds: Ints) -> pa.StringArray:
    """'YYYY-MM-DD HH:MM:SS' of seconds counted from the window's start, up to MARGIN days outside it."""
    days = _DAY_TEXT[seconds // DAY + MARGIN]
    return _fixed_width(np.concatenate([days, _TIME_TEXT[seconds % DAY]], axis=1))


def dates(days: Ints) -> pa.StringArray:
    """'YYYY-MM-DD' of days counted from the window's start."""
    return _fixed_width(_DAY_TEXT[days + MARGIN])


def money(cents: Ints, is_null: npt.NDArray[np.bool_] | None = None) -> pa.StringArray:
    """Amounts with two decimals."""
    words = np.zeros((len(cents), 2), dtype=np.int64)
    words[:, 0] = cents
    words[:, 1] = np.where(cents < 0, -1, 0)
    valid = None if is_null is None else pa.py_buffer(np.packbits(~is_null, bitorder="little"))
    amounts = pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [valid, pa.py_buffer(words)])
    return amounts.cast(pa.string())


def numbers(values: Ints) -> pa.StringArray:
    """Whole numbers."""
    return pa.array(values).cast(pa.string())


def labels(codes: Ints, names: Sequence[str]) -> pa.StringArray:
    """The name of each code; null where the code is negative."""
    return pa.array(names, pa.string()).take(pa.array(codes, mask=codes < 0))


def nothing(rows: int) -> pa.StringArray:
    """A column of nulls."""
    return pa.nulls(rows, pa.string())
