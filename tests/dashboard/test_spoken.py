"""What charts say to who cannot see them."""

import pyarrow as pa
import pytest

from dashboard.queries import spoken


def sold(count: int) -> pa.Table:
    return pa.table(
        {
            "category": [f"Category {number}" for number in range(count)],
            "words": [f"${number}K" for number in range(count)],
            "change_words": ["+1.0%", *([""] * (count - 1))],
        }
    )


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (2, "Category 0: $0K, +1.0%; Category 1: $1K."),
        (
            7,
            "Category 0: $0K, +1.0%; Category 1: $1K; Category 2: $2K; Category 3: $3K; Category 4: $4K. "
            "And 2 more.",
        ),
    ],
)
def test_rows_are_said_in_their_order_and_the_rest_counted(count: int, said: str) -> None:
    assert spoken.rows(sold(count), "category", "words", "change_words") == said


def test_nothing_is_said_of_no_rows() -> None:
    assert spoken.rows(sold(2).slice(0, 0), "category", "words") == ""


def test_a_row_of_a_grid_is_said_with_its_columns() -> None:
    numbers = pa.table(
        {
            "device": ["mobile", "mobile", "tablet", "tablet"],
            "column": ["Sessions", "Conversion", "Sessions", "Conversion"],
            "words": ["6.1K", "22%", "1.2K", ""],
        }
    )
    assert spoken.cells(numbers, "device") == "mobile: Sessions 6.1K, Conversion 22%; tablet: Sessions 1.2K."


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([3.0, None, 1.0, 2.0], "From $1.0 in Mar to $3.0 in Jan."),
        ([None, 2.0, None, None], "$2.0 in Feb."),
        ([None] * 4, ""),
    ],
)
def test_a_line_is_said_by_its_lowest_and_highest_value(values: list[float | None], said: str) -> None:
    numbers = pa.table(
        {
            "label": ["Jan", "Feb", "Mar", "Apr"],
            "sales": pa.array(values, pa.float64()),
            "sales_words": [f"${value}" for value in values],
        }
    )
    assert spoken.over_time(numbers, "sales") == said


def test_sentences_that_say_nothing_leave_no_gap() -> None:
    assert spoken.together("", "One", "", "Two.") == "One. Two."
