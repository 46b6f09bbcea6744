"""Explore: units, which charts suit, what they hold, and the forecast of a metric."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import altair as alt
import pyarrow as pa
import pytest
import vl_convert

from dashboard.charts.base import COUNT_AXIS, MONEY_AXIS, RATE_AXIS
from dashboard.charts.explore import heat_map, lines
from dashboard.components import tables
from dashboard.components.pivot import html
from dashboard.metrics import Served
from dashboard.periods import Grain, Period, parts
from dashboard.queries import annotations, crossed, drawn, explore, outlook, units
from dashboard.queries.explore import TIME, Answer
from dashboard.queries.forecasts import Declined, Forecast
from dashboard.queries.kinds import Kind, kinds
from dashboard.queries.units import Nature
from dashboard.theme import DARK, LIGHT, mixed
from tests.dashboard.explored import question


@pytest.fixture
def asked(served: Served) -> Callable[..., Answer]:
    """Asks for metrics (one, or a tuple), by names."""

    def ask(metrics: str | tuple[str, ...], *by: str, **more: Any) -> Answer:
        wanted = (metrics,) if isinstance(metrics, str) else metrics
        return explore.ask(served, question(served, wanted, *by, **more))

    return ask


@pytest.mark.parametrize(
    ("axis", "named"),
    [
        (MONEY_AXIS, {-1500: "\u2212$1.5K", 0: "$0", 0.25: "$0.25", 12: "$12", 2e9: "$2B"}),
        (COUNT_AXIS, {-0.5: "\u22120.5", 0: "0", 0.002: "0.002", 250: "250", 1.25e6: "1.25M"}),
        (RATE_AXIS, {-0.05: "\u22125%", 0: "0%", 0.455: "45.5%", 0.0025: "0.25%", 0.46: "46%", 1: "100%"}),
    ],
    ids=["money", "counts", "rates"],
)
def test_an_axis_names_its_values_exactly(axis: str, named: dict[float, str]) -> None:
    for value, words in named.items():
        x = alt.X("value:Q", axis=alt.Axis(labelExpr=axis, values=[value], grid=False, title=None))
        chart = alt.Chart(pa.table({"value": [value]})).mark_point().encode(x=x)
        svg = vl_convert.vegalite_to_svg(chart.to_dict())
        assert re.findall(r"<text[^>]*>([^<]+)</text>", svg) == [words]


def test_several_metrics_and_a_scatter_show_the_answer(asked: Callable[..., Answer]) -> None:
    answer = asked(("net_sales", "repeat_rate"), "category")
    cells = drawn.grid_cells(answer)["numbers"].to_pylist()
    assert {(cell["category"], cell["column"]) for cell in cells} == {
        (key, label) for key in answer.keys["category"] for label in ("Net sales", "Repeat rate")
    }
    assert max(cell["end"] - cell["place"] for cell in cells) == pytest.approx(0.95)
    points = {row["name"]: row for row in drawn.scatter_table(answer).to_pylist()}
    for (key,), row in answer.cells.items():
        if row["repeat_rate"] is None:
            assert key not in points
        else:
            assert (points[key]["y"], points[key]["x"]) == (row["net_sales"], row["repeat_rate"])
    assert 1 < sum(bool(point["title"]) for point in points.values()) < len(points)


def test_metrics_of_one_unit_share_a_chart(asked: Callable[..., Answer]) -> None:
    answer = asked(("net_sales", "sessions", "refunds", "visitors"), TIME)
    assert drawn.panels(answer.question) == [("net_sales", "refunds"), ("sessions", "visitors")]
    assert [*drawn.series_of(answer)] == ["Net sales", "Sessions", "Refunds", "Visitors"]


def test_every_metric_names_its_unit(served: Served) -> None:
    natures = units.natures(served)
    assert natures.keys() == served.metrics.keys()
    unnamed = [name for name, nature in natures.items() if nature.unit is units.PLAIN]
    assert not unnamed, "metrics without `config: {meta: {unit: …}}`"
    for name, metric in served.metrics.items():
        unit = natures[name].unit.name
        share = "(0\u20131" in metric.description or "as a share of the target" in metric.description
        assert share == (unit == "per cent"), name
        if unit != "ratios":
            assert ("US dollars" in metric.description) == (unit == "US dollars") or name.startswith(
                "session_"
            ), name


def test_what_adds_up_is_told_from_the_definitions(served: Served) -> None:
    natures = units.natures(served)
    adding = {name for name, nature in natures.items() if nature.adds_up}
    assert adding >= {"net_sales", "units", "sessions", "ad_spend", "gross_margin", "sales_target"}
    assert not adding & {
        "orders",
        "customers",
        "visitors",
        "average_order_value",
        "cost_per_click",
        "repeat_rate",
    }
    assert natures["orders"].nothing == 0
    assert natures["repeat_rate"].nothing is None


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("usd", -1234.5, "\u2212$1,234.50"),
        ("count", 12.25, "12.2"),
        ("count", 12345.0, "12,345"),
        ("share", 0.125, "12.5%"),
        ("seconds", 45.2, "45 s"),
        ("seconds", 205.0, "3 min 25 s"),
        ("seconds", 44640.0, "12.4 h"),
        ("ratio", 4.266, "4.27"),
        ("", 4.5, "4.5"),
        ("seconds", None, "\u2013"),
    ],
)
def test_values_are_written_in_their_unit(unit: str, value: float | None, words: str) -> None:
    assert units.UNITS.get(unit, units.PLAIN).words(value) == words


SHAPES: list[tuple[tuple[str, ...], tuple[str, ...], list[Kind]]] = [
    (("net_sales",), (), [Kind.FIGURES]),
    (("net_sales",), (TIME,), [Kind.LINE, Kind.BARS, Kind.AREA, Kind.PIVOT, Kind.TABLE]),
    (("orders",), (TIME,), [Kind.LINE, Kind.BARS, Kind.PIVOT, Kind.TABLE]),
    (("net_sales", "orders"), (TIME,), [Kind.LINE, Kind.SCATTER, Kind.PIVOT, Kind.TABLE]),
    (("net_sales",), ("region",), [Kind.BARS, Kind.PIVOT, Kind.TABLE]),
    (("net_sales", "orders"), ("region",), [Kind.BARS, Kind.SCATTER, Kind.PIVOT, Kind.TABLE]),
    (("units",), (TIME, "region"), [Kind.LINE, Kind.AREA, Kind.HEAT_MAP, Kind.PIVOT, Kind.TABLE]),
    (("orders",), ("region", "category"), [Kind.HEAT_MAP, Kind.PIVOT, Kind.TABLE]),
    (("orders", "units"), ("region", "category"), [Kind.TABLE]),
    (("orders", "units"), (TIME, "region"), [Kind.TABLE]),
]


@pytest.mark.parametrize(("metrics", "by", "expected"), SHAPES)
def test_charts_that_suit_are_offered_the_best_first(
    asked: Callable[..., Answer], metrics: tuple[str, ...], by: tuple[str, ...], expected: list[Kind]
) -> None:
    reasons = kinds(asked(metrics, *by))
    assert reasons.keys() == {*Kind}
    fitting = [kind for kind, reason in reasons.items() if not reason]
    assert fitting[0] == expected[0]
    assert {*fitting} == {*expected}
    assert all(reason.endswith(".") for reason in reasons.values() if reason)


def test_losses_are_not_stacked_and_long_answers_are_tables(asked: Callable[..., Answer]) -> None:
    losses = asked("net_sales", TIME, "product", grain=Grain.DAY)
    assert losses.has_losses
    assert "below zero" in kinds(losses)[Kind.AREA]
    everything = asked(
        "net_sales", TIME, "product", grain=Grain.DAY, period=Period(date(2024, 7, 1), date(2026, 6, 30))
    )
    reasons = kinds(everything)
    assert len(everything.table) > explore.MOST_CELLS
    assert [kind for kind, reason in reasons.items() if not reason] == [Kind.TABLE]
    assert "choose a longer part of time" in reasons[Kind.LINE]
    assert not everything.is_empty
    assert "columns" in kinds(asked("units", TIME, "region", grain=Grain.DAY))[Kind.PIVOT]


def test_only_what_can_be_divided_is_offered(served: Served) -> None:
    for name in explore.all_names(served)[1:]:
        offered = explore.offered(served, [name])
        assert offered
        assert {*offered.values()} == {
            metric for metric in served.metrics if name in served.group_bys((metric,))
        }
    assert explore.group_bys(served, ("net_sales", "sessions")) == [TIME]
    credited = ("net_sales", "attributed_net_sales_linear")
    assert "channel" not in explore.group_bys(served, credited)  # That of an order is not that of a touch.
    assert "device" not in explore.group_bys(served, ("net_sales",))


def test_the_forecast_is_of_whole_parts_and_starts_after_them(
    served: Served, asked: Callable[..., Answer]
) -> None:
    period = Period(date(2025, 7, 1), date(2026, 6, 17))
    own = asked("sessions", TIME, grain=Grain.DAY, period=period)
    assert outlook.can_be_forecast(own.question)
    found = outlook.outlook(served, own.question)
    assert isinstance(found.found, Forecast)
    assert [part.whole.start for part in found.ahead][:2] == [date(2026, 6, 18), date(2026, 6, 19)]
    assert found.known == (date(2026, 6, 17) - served.data.start).days + 1
    assert min(found.found.lower) >= 0
    words = outlook.words(own.question, found)
    assert "damped Holt-Winters with a season of 7 days" in words
    assert "MASE" in words
    table = drawn.with_forecast(
        drawn.lines_table(own.question, drawn.series_of(own)), own.question, found.found, found.ahead
    )
    ahead = [row for row in table.to_pylist() if row["part"] > "2026-06-18"]
    assert [row["forecast"] for row in ahead] == [*found.found.values]
    assert all(row["value"] is None for row in ahead)
    weeks = asked("sessions", TIME, grain=Grain.WEEK, period=period)
    cut = outlook.outlook(served, weeks.question)
    assert cut.ahead[0].whole.start == date(2026, 6, 15)  # The week that has begun is forecast whole.
    months = outlook.outlook(served, asked("sessions", TIME, grain=Grain.YEAR).question)
    assert isinstance(months.found, Declined)
    assert outlook.words(own.question, months).startswith("No forecast. It takes ")


def test_a_part_that_has_begun_keeps_its_value_beside_the_forecast(asked: Callable[..., Answer]) -> None:
    own = asked("sessions", TIME, grain=Grain.MONTH)
    numbers = drawn.lines_table(own.question, drawn.series_of(own))
    found = Forecast((900.0,), (800.0,), (1000.0,), None, 0.5, None, 6, 0)  # type: ignore[arg-type]
    june = replace(own.question.parts[-1], days=own.question.parts[-1].whole)
    last = drawn.with_forecast(numbers, own.question, found, [june]).to_pylist()[-1]
    assert last["part"].startswith("2026-06-01")
    assert (last["forecast"], last["whole"]) == (900.0, None)
    assert last["value"] == numbers.to_pylist()[-1]["value"] > 0


def test_beside_a_forecast_names_of_events_have_less_room(
    served: Served, asked: Callable[..., Answer]
) -> None:
    own = asked("sessions", TIME, grain=Grain.MONTH)
    shown = explore.within(served, own.question)
    notes = annotations.read(served, replace(shown, filters=replace(shown.filters, has_notes=True)))
    numbers = drawn.lines_table(own.question, drawn.series_of(own))
    found = Forecast((9.0,) * 5, (8.0,) * 5, (10.0,) * 5, None, 0.5, None, 6, 0)  # type: ignore[arg-type]
    ahead = parts(Period(date(2026, 7, 1), date(2026, 11, 30)), Grain.MONTH)
    numbers = drawn.with_forecast(numbers, own.question, found, ahead)
    before, after = (
        table["room"].to_pylist() for table in (notes.table, drawn.narrowed(notes, numbers, 6).table)
    )
    assert any(before)
    assert after == pytest.approx([room / 2 for room in before])


def test_the_csv_of_a_pivot_holds_its_totals(served: Served, asked: Callable[..., Answer]) -> None:
    pivot = crossed.pivot(served, asked("orders", "region", "store_type"))
    lines_ = tables.csv(crossed.pivot_table(pivot)).decode().splitlines()
    assert lines_[0].startswith('"Region by store type",')
    assert lines_[0].endswith(',"Total"')
    assert lines_[-1].startswith('"Total",')
    assert lines_[-1].endswith(f",{pivot.total[-1]:.0f}")


def test_a_pivot_escapes_what_it_shows() -> None:
    pivot = crossed.Pivot("<b>", ["<i>"], ["net_sales"], [("<script>", [1.0])], [None])
    shown = html(pivot, {"net_sales": Nature(units.UNITS["usd"])}, '"><u>')
    assert not any(tag in shown for tag in ("<b>", "<i>", "<script>", "<u>"))
    assert "$1.00" in shown
    assert "\u2013" in shown


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_stand_out_from_every_shade(colours: Any) -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    spec = heat_map(3, 3, True, colours)
    shades = spec["layer"][0]["encoding"]["color"]["condition"]["scale"]["range"]
    for low, high in pairwise(shades):
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            ground, above = sorted((luminance(mixed(low, high, share)), luminance(colours.text)))
            assert (above + 0.05) / (ground + 0.05) >= 4.5


def test_charts_hold_no_data() -> None:
    spec = lines(units.UNITS["usd"].axis, False, True, True, LIGHT)
    assert spec is lines(units.UNITS["usd"].axis, False, True, True, LIGHT)
    assert "values" not in str(spec)
