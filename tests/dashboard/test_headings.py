"""Headings: each says the days and the filters that its card shows, and opens the rows behind the card."""

import re
from collections.abc import Mapping
from html import unescape

import duckdb
import pytest

from dashboard.components import details
from dashboard.components.markdown import escaped
from dashboard.filters import selection_words
from dashboard.queries.experiments import ASSIGNMENTS
from tests.dashboard.conftest import Run, text

HEADING = re.compile(r'<div class="heading"><h2>(.*?)</h2><p>(.*?)</p></div>', re.S)
QUARTER = "2 April \u2013 30 June 2026"
COHORTS = "First orders of July 2025 \u2013 June 2026, followed to 30 June 2026"
SO_FAR = "Orders up to 30 June 2026"
ALL_DAYS = "1 July 2024 \u2013 30 June 2026"
SCOPE = '<span class="scope">'
NORTH, GOODS = "Northern Europe", ["Decor", "Kitchen"]
EXPERIMENT = "Can it be believed?"
"""The heading of an experiment's checks, which are of its design as of its days."""
PAGES: list[tuple[str, dict[str, str | list[str]], str, set[str], dict[str, str]]] = [
    ("overview", {"category": GOODS}, "Decor and Kitchen", {"Net sales by category"}, {}),
    ("overview", {"channel": "Email"}, "channel Email", set(), {}),
    (
        "sales",
        {"category": GOODS},
        "Decor and Kitchen",
        {"Net sales against target by category"},
        {"Net sales by day": "1 January \u2013 30 June 2026"},
    ),
    (
        "customers",
        {"region": NORTH},
        NORTH,
        set(),
        {
            "Retention by month of the first order": COHORTS,
            "Retention over the months after the first order": COHORTS,
            "Customers and their net sales by segment": SO_FAR,
            "Lifetime net sales of customers within the filters": SO_FAR,
            "Share of net sales by customers within the filters, largest first": SO_FAR,
        },
    ),
    ("stores", {"region": NORTH}, NORTH, {"Net sales by region"}, {}),
    (
        "acquisition",
        {"channel": "Paid Search"},
        "channel Paid Search",
        {"Sessions by week and channel", "Attribution models on the same orders, by channel"},
        {},
    ),
    ("funnel", {"device": "mobile"}, "device mobile", {"The funnel by device"}, {}),
]
"""A page, a filter, the words of it, the cards that show all of it, and those that show other days."""


@pytest.mark.parametrize(
    ("name", "chosen", "words", "all_of_it", "other_days"), PAGES, ids=[name for name, *_ in PAGES]
)
def test_a_heading_says_its_days_and_its_filters(
    open_page: Run,
    name: str,
    chosen: dict[str, str | list[str]],
    words: str,
    all_of_it: set[str],
    other_days: Mapping[str, str],
) -> None:
    app = open_page(name, period="Last 90 days", **chosen)
    found = {unescape(title): said for title, said in HEADING.findall(text(app))}
    assert {*other_days, *all_of_it} <= found.keys()
    assert len(found) > 3
    for title, said in found.items():
        scope = unescape(said).partition("<br>")[0]
        assert other_days.get(title, QUARTER) in scope, (title, said)
        assert (words in scope) == (title not in all_of_it), (title, said)
        assert said.count(words) <= 1, (title, said)
    assert {f"drill-{title}" for title in found} == {
        button.key for button in app.button if str(button.key).startswith("drill-")
    }


def test_the_headings_of_an_experiment_say_its_days(open_page: Run) -> None:
    shown = text(open_page("experiments", experiment="X01"))
    assert len(HEADING.findall(shown)) > 3, "the experiment has results"
    for title, said in HEADING.findall(shown):
        assert re.match(r'<span class="scope">\d+ \w+', said) or title == EXPERIMENT, (title, said)


def test_a_card_of_experiments_opens_the_rows_that_it_shows_and_their_units(
    open_page: Run, marts: duckdb.DuckDBPyConnection
) -> None:
    units = f"from marts.{ASSIGNMENTS} where experiment_id = 'X03'"
    [(assigned, analysed)] = marts.execute(
        f"select count(*), count(*) filter (not is_excluded) {units}"
    ).fetchall()
    assert analysed < assigned
    app = open_page("experiments", experiment="X03")
    tables = len(app.dataframe)
    headings = [unescape(title) for title, _ in HEADING.findall(text(app))]
    assert "Arms" in headings
    for title in headings:
        app.session_state["behind"] = details.ROWS
        app.button(key=f"drill-{title}").click().run()
        assert not [*app.exception, *app.warning], title
        shown, behind = (rows.value for rows in app.dataframe[tables:])
        assert {*shown["experiment_id"]} == {*behind["experiment_id"]} == {"X03"}, title
        assert behind["assignment_date"].is_monotonic_increasing, title
        is_whole = title in (EXPERIMENT, "Arms")
        count, which = (
            (assigned, "in its arms, left out or not") if is_whole else (analysed, "that are analysed")
        )
        said = [words.value for words in app.markdown]
        assert any(
            words.startswith(f"**{ASSIGNMENTS}**: {count:,} rows of visitors {which}, the first 1,000")
            for words in said
        )
        if ": the effect, as it was known" in title:
            assert len({*shown["metric"]}) == len({*shown["variant"]}) == 1
            assert shown["look_date"].is_monotonic_increasing
        app.session_state["behind"] = details.MEANING
        app.button(key=f"drill-{title}").click().run()
        assert not app.exception
        assert "All about it in the catalog" in [link.proto.label for link in app.get("page_link")], title
        [code] = [code.value for code in app.code]
        known = {"experiment": "X03", "segment": "all"}
        known |= {
            name: shown[column][0]
            for name, column in (("metric", "metric"), ("arm", "variant"))
            if column in shown
        }
        values = {name: value for name, value in known.items() if f"${name}" in code}
        drawn = marts.execute(code, values).fetchall()
        assert len(drawn) == len(shown), title
        read = code.removeprefix("select ").partition("\n")[0].split(", ")
        assert all(f"<code>{name}</code>: " in text(app) for name in read), title


def test_the_planner_opens_the_result_that_its_baseline_is_of(
    open_page: Run, marts: duckdb.DuckDBPyConnection
) -> None:
    app = open_page("experiments", plan="Conversion")
    app.session_state["behind"] = details.ROWS
    app.button(key="drill-Plan the next experiment").click().run()
    [result], units = (rows.value.to_dict("records") for rows in app.dataframe[-2:])
    assert (result["metric_label"], result["segment_name"]) == ("Conversion", "all")
    [(mean, count)] = marts.execute(
        "select avg(is_control::int), count(*) from marts.fct_experiment_assignments"
        " where experiment_id = $experiment and not is_excluded",
        {"experiment": result["experiment_id"]},
    ).fetchall()
    assert 0 < mean < 1
    assert count == result["control_unit_count"] + result["treatment_unit_count"]
    assert {unit["experiment_id"] for unit in units} == {result["experiment_id"]}
    app.session_state["behind"] = details.MEANING
    app.button(key="drill-Plan the next experiment").click().run()
    assert "p = control_mean" in text(app)
    assert "<code>control_mean</code>: " in text(app)


def test_the_list_of_experiments_opens_their_verdicts(open_page: Run) -> None:
    app = open_page("experiments")
    app.button(key="drill-The latest first").click().run()
    assert [rows.value["experiment_id"].tolist() for rows in app.dataframe][-1] == ["X01", "X02", "X03"]


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("overview", "category", "Kitchen"),
        ("sales", "category", "Kitchen"),
        ("customers", "region", NORTH),
        ("stores", "region", NORTH),
        ("acquisition", "channel", "Paid Search"),
        ("funnel", "channel", "Email"),
    ],
    ids=str,
)
def test_a_card_opens_the_rows_that_it_shows(open_page: Run, name: str, column: str, value: str) -> None:
    app = open_page(name, period="Last 90 days", **{column: value})
    tables = len(app.dataframe)
    said = {unescape(title): unescape(words) for title, words in HEADING.findall(text(app))}
    controls = [str(button.key) for button in app.button if str(button.key).startswith("drill-")]
    assert len(controls) > 3
    for control in controls:
        app.session_state["behind"] = details.ROWS
        app.button(key=control).click().run()
        assert not [*app.exception, *app.warning], control
        scope = said[control.removeprefix("drill-")].partition("</span>")[0].removeprefix(SCOPE)
        if scope.startswith(SO_FAR):
            scope = f"{ALL_DAYS}, {value} (customer types new and returning)."
        assert escaped(scope) in [words.value for words in app.caption], control
        opened = [rows.value for rows in app.dataframe[tables:]]
        assert opened, control
        found = {each for rows in opened for each in rows[column]}
        assert found == {value} if value in scope else found > {value}, control


def test_filters_in_words() -> None:
    assert selection_words(()) == ""
    assert selection_words((("region", ("A", "B")), ("category", ("C",)))) == "C in A and B"
    assert selection_words((("store", tuple("ABC")),)) == "A, B and C"
    assert selection_words((("store", tuple("ABCDE")),)) == "A, B and 3 others"
    others = (("channel", ("A", "B")), ("customer_type", ("new",)))
    assert selection_words(others) == "channels A and B, customer type new"
    assert selection_words((("region", ("N",)), *others)) == "N (channels A and B, customer type new)"
