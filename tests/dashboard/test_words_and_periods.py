"""The pure parts: words, periods, sparklines, places of labels."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import formats
from dashboard.charts.spark import spark_svg
from dashboard.charts.trend import spread
from dashboard.components import tiles
from dashboard.periods import PRESETS, Grain, Period, months_later, parts
from dashboard.queries.figures import Tile

DATA = Period(date(2024, 7, 1), date(2026, 6, 30))
days = st.dates(date(2000, 1, 1), date(2040, 12, 31))
periods = st.builds(lambda day, days: Period(day, day + timedelta(days)), days, st.integers(0, 800))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "\u2013"),
        (0, "$0"),
        (949.5, "$950"),
        (999.4, "$999"),
        (999.9, "$1.00K"),
        (1234, "$1.23K"),
        (12345, "$12.3K"),
        (999499, "$999K"),
        (999999, "$1.00M"),
        (1_234_567, "$1.23M"),
        (2.5e9, "$2.50B"),
        (-54321, "\u2212$54.3K"),
    ],
)
def test_money_is_short(value: float | None, words: str) -> None:
    assert formats.money_short(value) == words


@pytest.mark.parametrize(
    ("change", "now", "before", "size", "words"),
    [
        (formats.relative_change, 112.3, 100, 0.123, "+12.3%"),
        (formats.relative_change, 90, 100, -0.1, "\u221210.0%"),
        (formats.relative_change, 100.01, 100, 0.0001, "0.0%"),
        (formats.point_change, 0.412, 0.4, 1.2, "+1.2 pp"),
        (formats.point_change, 0.4, 0.412, -1.2, "\u22121.2 pp"),
    ],
)
def test_changes_carry_their_sign(
    change: formats.Change, now: float, before: float, size: float, words: str
) -> None:
    found = change(now, before)
    assert found is not None
    assert found[0] == pytest.approx(size)
    assert found[1] == words


@pytest.mark.parametrize(("now", "before"), [(1, 0), (1, None), (None, 1), (1, -5)])
def test_no_change_without_a_base(now: float | None, before: float | None) -> None:
    assert formats.relative_change(now, before) is None


def test_spans_of_days_name_what_differs() -> None:
    assert formats.days_words(date(2026, 6, 1), date(2026, 6, 1)) == "1 June 2026"
    assert formats.days_words(date(2026, 6, 1), date(2026, 6, 30)) == "1\u201330 June 2026"
    assert formats.days_words(date(2026, 4, 2), date(2026, 6, 30)) == "2 April \u2013 30 June 2026"
    assert formats.days_words(date(2025, 7, 1), date(2026, 6, 30)) == "1 July 2025 \u2013 30 June 2026"


@pytest.mark.parametrize(
    ("preset", "start"),
    [
        ("Last 7 days", date(2026, 6, 24)),
        ("Last 28 days", date(2026, 6, 3)),
        ("Last 90 days", date(2026, 4, 2)),
        ("This month", date(2026, 6, 1)),
        ("This quarter", date(2026, 4, 1)),
        ("This year", date(2026, 1, 1)),
        ("Last 12 months", date(2025, 7, 1)),
        ("All", date(2024, 7, 1)),
    ],
)
def test_presets_end_on_the_last_day_of_the_data(preset: str, start: date) -> None:
    assert PRESETS[preset](DATA) == Period(start, DATA.end)


def test_every_preset_is_tested_here() -> None:
    assert len(PRESETS) == 8


def test_twelve_months_end_in_a_leap_february() -> None:
    data = Period(date(2020, 1, 1), date(2024, 2, 29))
    assert PRESETS["Last 12 months"](data).start == date(2023, 3, 1)


@given(periods)
def test_the_period_before_has_the_same_length_and_touches(period: Period) -> None:
    before = period.before()
    assert before.day_count == period.day_count
    assert before.end + timedelta(days=1) == period.start


@given(periods, st.sampled_from(Grain))
def test_parts_hold_every_day_of_a_period_once(period: Period, grain: Grain) -> None:
    found = parts(period, grain)
    assert found[0].days.start == period.start
    assert found[-1].days.end == period.end
    for left, right in pairwise(found):
        assert left.days.end + timedelta(days=1) == right.days.start
    assert all(part.is_whole for part in found[1:-1])
    assert all(grain.start_of(part.days.end) == part.whole.start for part in found)


@given(periods, st.sampled_from(Grain))
def test_the_year_before_has_as_many_parts_that_start_alike(period: Period, grain: Grain) -> None:
    for part in parts(period, grain):
        shifted = grain.year_before(part.whole.start)
        assert grain.start_of(shifted) == shifted
        assert 364 <= (part.whole.start - shifted).days <= 366


def test_months_keep_their_last_day() -> None:
    assert months_later(date(2025, 2, 28), -12) == date(2024, 2, 29)
    assert months_later(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert months_later(date(2026, 1, 15), -1) == date(2025, 12, 15)


def test_parts_that_are_cut_say_which_days_count() -> None:
    first, *_, last = parts(Period(date(2026, 4, 2), date(2026, 6, 12)), Grain.MONTH)
    assert first.label == "Apr 2026 (from 2 Apr)"
    assert last.label == "Jun 2026 (to 12 Jun)"
    [inner] = parts(Period(date(2026, 4, 2), date(2026, 4, 12)), Grain.QUARTER)
    assert inner.label == "Q2 2026 (2 Apr to 12 Apr)"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5), st.floats(0.1, 1e5))
def test_labels_end_up_apart_and_in_order(values: list[float], gap: float) -> None:
    placed = spread(values, gap)
    order = sorted(range(len(values)), key=values.__getitem__)
    tolerance = 1e-6 * (gap + max(map(abs, values)))
    for low, high in pairwise(order):
        assert placed[high] - placed[low] >= gap - tolerance


def test_labels_that_are_apart_stay() -> None:
    assert spread([10.0, 30.0, 0.0], 5.0) == [10.0, 30.0, 0.0]


def test_a_sparkline_skips_what_is_unknown() -> None:
    assert spark_svg([None, None]).count("<path") == 0
    assert spark_svg([1.0, None, 3.0]).count("100.0") == 0
    assert "200.0 3.0" in spark_svg([1.0, None, 3.0])


def test_a_tile_shows_direction_by_arrow_sign_and_colour() -> None:
    def change(now: float, before: float) -> str:
        tile = Tile("Orders", "", "1", formats.relative_change(now, before), "vs before", [1.0])
        return tiles.change_html(tile)

    assert 'class="change better"><b>▲ +10.0%' in change(110, 100)
    assert 'class="change worse"><b>▼ \u221210.0%' in change(90, 100)
    assert 'class="change "><b>0.0%' in change(100, 100)


def test_less_can_be_better_or_neither() -> None:
    def change(better: int) -> str:
        compared = formats.relative_change(110, 100)
        return tiles.change_html(Tile("Cost", "", "1", compared, "vs before", [1.0], better))

    assert 'class="change worse"><b>▲ +10.0%' in change(-1)
    assert 'class="change "><b>▲ +10.0%' in change(0)


def test_a_tile_escapes_its_words() -> None:
    tile = Tile("<b>", '"', "<i>", None, "", [])
    assert "<b>" not in tiles.html(tile).replace("<b>", "", 0)
    assert "&lt;b&gt;" in tiles.html(tile)
