"""What charts say to who cannot see them."""

import re

import pyarrow as pa
import pytest

from dashboard.queries import spoken
from dashboard.queries.products import MOST_LISTED
from tests.dashboard.conftest import Run, spoken_of


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


def test_lines_are_said_by_their_labels_and_empty_ones_not_at_all() -> None:
    numbers = pa.table(
        {
            "label": ["Jan", "Feb"],
            "sales": [1.0, 2.0],
            "sales_words": ["$1", "$2"],
            "target": pa.array([None, None], pa.float64()),
            "target_words": ["", ""],
            "year_before": [4.0, 3.0],
            "year_before_words": ["$4", "$3"],
        }
    )
    labels = {"sales": "This period", "target": "Target", "year_before": "Year before"}
    said = "This period: From $1 in Jan to $2 in Feb. Year before: From $3 in Feb to $4 in Jan."
    assert spoken.lines(numbers, labels) == said


@pytest.mark.parametrize(
    ("name", "link", "least"),
    [
        ("overview", {}, 3),
        ("sales", {}, 6),
        ("customers", {}, 6),
        ("stores", {}, 4),
        ("acquisition", {}, 3),
        ("funnel", {}, 6),
        ("experiments", {"experiment": "X01"}, 3),
        ("explore", {}, 1),
    ],
)
def test_each_chart_of_a_page_says_what_it_shows(
    open_page: Run, name: str, link: dict[str, str], least: int
) -> None:
    app = open_page(name, **link)
    charts = app.get("vega_lite_chart")
    assert len(charts) >= least
    said = spoken_of(app)
    assert len(said) == len(charts)
    assert all(said)
    if name == "overview":
        assert [label in said[0] for label in ("This period: ", "Year before: ", "Target: ")] == [True] * 3
    elif name == "sales":
        [count] = re.findall(r"of (\d+) products", " ".join(said))
        assert int(count) > MOST_LISTED
        assert any(words.endswith(f" And {int(count) - spoken.MOST_ROWS} more.") for words in said)
    elif name == "stores":
        assert any(re.search(r"^1: .*\. And \d+ more\.", words) for words in said)


def test_sentences_that_say_nothing_leave_no_gap() -> None:
    assert spoken.together("", "One", "", "Two.") == "One. Two."
