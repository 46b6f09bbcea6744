"""The experiments page: its numbers and words equal the marts' rows, whatever the URL says."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from dashboard import formats
from dashboard.components import experiment_cards
from dashboard.metrics import NotInVersionError, Served
from dashboard.queries import effects, experiments, timeline
from dashboard.queries.effects import MONEY, RATE, RELATIVE, Interval, Unit
from dashboard.queries.experiments import ALL, Experiment
from tests.conftest import Built
from tests.dashboard.browser import choose, parameters, serve, settle
from tests.dashboard.conftest import Run, text
from tests.dashboard.experiment_marts import ALL as MADE
from tests.dashboard.experiment_marts import (
    BROKEN,
    EXPERIMENT_MARTS,
    RUNNING,
    SILENT,
    WIN,
    Made,
    experiment_marts,
    served_with,
)
from tests.dashboard.versions import publish_copy

BARE = Interval(None, None, None)


def read(*made: Made) -> dict[str, Experiment]:
    """Experiments made by hand, as the page reads them, with their segments."""
    served = served_with(*made)
    return {name: experiments.with_segments(served, one) for name, one in experiments.read(served).items()}


@pytest.fixture(scope="module")
def made(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse whose version has the experiments made by hand."""
    warehouse = tmp_path_factory.mktemp("made")
    publish_copy(built.published, warehouse, "made", experiment_marts(MADE))
    return warehouse


@pytest.mark.parametrize(
    ("interval", "unit", "words"),
    [
        (Interval(0.368, 0.171, 0.565), RELATIVE, "+36.8% (+17.1% to +56.5%)"),
        (Interval(0.00042, -0.00011, 0.00095), RELATIVE, "+0.042% (\u22120.011% to +0.095%)"),
        (Interval(-0.019, -0.041, 0.004), RATE, "\u22121.9 pp (\u22124.1 pp to +0.4 pp)"),
        (Interval(0.0000012, -0.000003, 0.0000054), Unit(), "+0.0000012 (\u22120.0000030 to +0.0000054)"),
        (Interval(1234.5, 1000, 1469), MONEY, "+$1,234.50 (+$1,000.00 to +$1,469.00)"),
        (Interval(0.0, 0.0, 0.0), RELATIVE, "0.0% (0.0% to 0.0%)"),
        (Interval(0.25, None, None), RELATIVE, "+25.0%"),
        (BARE, RELATIVE, "\u2013"),
    ],
)
def test_intervals_are_as_precise_as_they_are_narrow(interval: Interval, unit: Unit, words: str) -> None:
    assert interval.words(unit) == words


@pytest.mark.parametrize(
    ("p_value", "words"),
    [
        (None, "p \u2013"),
        (1e-300, "p < 0.0001"),
        (0.00042, "p = 0.00042"),
        (0.034, "p = 0.034"),
        (0.0996, "p = 0.10"),
        (1.0, "p = 1.00"),
    ],
)
def test_p_values_in_words(p_value: float | None, words: str) -> None:
    assert effects.p_words(p_value) == words


def test_the_level_and_power_are_those_of_the_marts() -> None:
    [usual] = read(WIN).values()
    [other] = read(replace(WIN, alpha=0.001, power=0.9)).values()
    assert (usual.intervals, other.intervals) == ("95% interval", "99.9% interval")
    assert "finds in 80 of 100 cases" in experiment_cards.seen(usual)
    assert "finds in 90 of 100 cases" in experiment_cards.seen(other)
    tones = [[row["tone"] for row in forest(one)] for one in (usual, other)]
    assert tones == [["better", "plain", "better", "plain"], ["better", "plain", "plain", "plain"]]


def test_an_experiment_lasts_as_many_days_as_the_mart_counts() -> None:
    [experiment] = read(WIN).values()
    midnight = replace(experiment, facts=experiment.facts | {"measured_until_at": datetime(2025, 10, 11)})
    for one in (experiment, midnight):
        assert (one.days.start, one.days.end) == (date(2025, 9, 1), date(2025, 10, 10))
        assert "40 days" in experiments.facts_words(one)
    to_come = replace(experiment, facts=experiment.facts | {"day_count": 0})
    assert to_come.days.day_count == 1
    assert experiments.facts_words(to_come).startswith("not begun, planned from 1 September 2025")


def test_a_version_without_level_and_power_says_neither() -> None:
    [experiment] = read(WIN).values()
    facts = {name: value for name, value in experiment.facts.items() if not name.endswith("_rate")}
    without = replace(experiment, facts=facts)
    assert without.intervals == "interval"
    assert "finds as often as wanted" in experiment_cards.seen(without)
    assert {row["tone"] for row in forest(without)} == {"plain"}


def test_comparisons_are_the_p_values_corrected_together() -> None:
    [two_arms] = read(RUNNING).values()
    assert two_arms.comparison_count() == 8, "four metrics of two arms"
    assert two_arms.comparison_count("conversion") == 8, "four segments of two arms"
    first, *rest = two_arms.results
    untested = replace(two_arms, results=[first | {"p_value": None}, *rest])
    assert untested.comparison_count() == 7
    assert untested.comparison_count("conversion") == 8
    [silent] = read(SILENT).values()
    assert silent.comparison_count() == silent.comparison_count("conversion") == 0
    assert experiments.comparisons_words(1) == "1 comparison"
    assert experiments.comparisons_words(1200) == "1,200 comparisons"


def test_the_primary_metric_and_all_units_come_first() -> None:
    experiment = read(WIN)["X01"]
    assert [*experiment.metrics] == ["conversion", "net_sales", "orders", "refund_rate"]
    first, *others = (title for title, _ in experiments.segment_rows(experiment, "conversion", "treatment"))
    assert first == "All visitors"
    assert others == ["Device: desktop", "Device: mobile", "Visitor: new", "Visitor: returning"]


def test_the_latest_experiment_comes_first() -> None:
    assert [*read(*MADE)] == ["X04", "X03", "X01", "X05"]


def test_arms_are_named_where_there_are_several() -> None:
    assert experiments.effect_rows(read(WIN)["X01"])[0][0] == "Conversion"
    titles = [title for title, _ in experiments.effect_rows(read(RUNNING)["X04"])]
    assert titles[:2] == ["Conversion, express", "Conversion, one page"]


def test_colours_follow_the_corrected_test_and_what_is_better() -> None:
    rows = {row["metric"]: row for row in read(WIN)["X01"].rows()}

    def tone(row: dict[str, Any], *, cuped: bool = False, is_readable: bool = True) -> str:
        return effects.tone(row, cuped=cuped, alpha=0.05, is_readable=is_readable)

    tones = {name: tone(row) for name, row in rows.items()}
    assert tones == {"conversion": "better", "orders": "better", "net_sales": "plain", "refund_rate": "plain"}
    found = rows["refund_rate"] | {"adjusted_p_value": 0.044}
    assert tone(found) == "plain", "its interval crosses 0"
    found |= {"relative_effect_upper": -0.01}
    assert tone(found) == "better", "fewer refunds are better"
    assert tone(found | {"is_more_better": True}) == "worse"
    assert tone(found | {"adjusted_p_value": 0.05}) == "plain"
    assert tone(found, cuped=True) == "plain", "the interval drawn is that with CUPED"
    assert tone(found | {"cuped_relative_effect_upper": -0.01}, cuped=True) == "better"
    assert tone(found, is_readable=False) == "quiet"


def forest(experiment: Experiment, *, cuped: bool = False) -> list[dict[str, Any]]:
    """The effects' plot."""
    rows = experiments.effect_rows(experiment)
    drawn: list[dict[str, Any]] = effects.forest_table(
        rows, cuped=cuped, alpha=experiment.alpha, is_readable=experiment.is_readable
    ).to_pylist()
    return drawn


def test_the_plot_shows_the_marts_intervals() -> None:
    experiment = read(WIN)["X01"]
    for cuped, prefix in ((False, ""), (True, "cuped_")):
        for drawn, row in zip(forest(experiment, cuped=cuped), experiment.rows(), strict=True):
            assert drawn["estimate"] == row[f"{prefix}relative_effect"]
            if drawn["cut_lower"] is None:
                assert drawn["lower"] == row[f"{prefix}relative_effect_lower"]
            if drawn["cut_upper"] is None:
                assert drawn["upper"] == row[f"{prefix}relative_effect_upper"]
            assert (drawn["plain_lower"] is None) == (not cuped)
            assert ("CUPED p" in drawn["note"]) == cuped


def test_an_interval_beyond_the_scale_is_marked() -> None:
    drawn = forest(read(WIN)["X01"])
    cut = [row["title"] for row in drawn if row["cut_lower"] is not None]
    assert cut == ["Refund rate"]
    assert drawn[-1]["lower"] == drawn[-1]["cut_lower"]
    assert "\u2212207.9%" in drawn[-1]["words"], "the words have the true end"
    low, high = effects.domain(experiments.effect_rows(read(WIN)["X01"]), cuped=False)
    assert low < 0 < high


def test_what_cannot_be_tested_says_why() -> None:
    experiment = read(SILENT)["X05"]
    [row] = forest(experiment)
    assert row["note"] == "Not tested: fewer than two units in an arm"
    assert (row["estimate"], row["lower"], row["words"]) == (None, None, "\u2013")
    assert "width: 0.00%" in experiment_cards.arms(experiment)
    served = served_with(SILENT)
    numbers = timeline.table(served, experiment, "conversion", "treatment")
    assert len(numbers) == 0
    assert timeline.in_words(numbers) == "No look yet."
    assert not timeline.is_cut(numbers)


def test_without_cuped_the_plain_effect_stands_in() -> None:
    experiment = read(RUNNING)["X04"]
    for drawn, row in zip(forest(experiment, cuped=True), experiment.rows(), strict=True):
        assert drawn["estimate"] == row["relative_effect"]
        assert drawn["note"].endswith("(no CUPED)")
        assert drawn["plain_lower"] is None


def test_the_timeline_shows_the_marts_looks() -> None:
    served = served_with(*MADE)
    experiment = experiments.read(served)["X01"]
    looks = [
        row
        for row in experiments.of_experiment(served.rows(timeline.TIMELINE), "X01").to_pylist()
        if row["metric"] == "conversion"
    ]
    looks.sort(key=lambda row: row["look_date"])
    numbers = timeline.table(served, experiment, "conversion", "treatment").to_pylist()
    assert len(numbers) == WIN.days
    limit = 100 * timeline.limit_of(looks)
    for drawn, row in zip(numbers, looks, strict=True):
        assert drawn["part"].startswith(str(row["look_date"]))
        assert drawn["effect"] == pytest.approx(100 * row["effect"], rel=1e-12)
        for name in ("effect_lower", "effect_upper", "always_valid_lower", "always_valid_upper"):
            assert drawn[name] == pytest.approx(min(limit, max(-limit, 100 * row[name])), rel=1e-12)
    assert numbers[-1]["always_valid_upper"] == pytest.approx(100 * looks[-1]["always_valid_upper"])
    assert timeline.is_cut(timeline.table(served, experiment, "conversion", "treatment"))


def test_a_wild_first_look_does_not_set_the_scale() -> None:
    served = served_with(WIN)
    experiment = experiments.read(served)["X01"]
    looks = served.rows(timeline.TIMELINE)
    first = [row["look_date"] == WIN.first for row in looks.to_pylist()]
    wild = [
        row["effect"] * (50 if is_first else 1)
        for row, is_first in zip(looks.to_pylist(), first, strict=True)
    ]
    place = looks.column_names.index("effect")
    tables = {timeline.TIMELINE: looks.set_column(place, "effect", [wild])}
    numbers = timeline.table(replace(served, rows=tables.__getitem__), experiment, "conversion", "treatment")
    assert numbers["effect"].null_count == 1
    calm = timeline.table(served, experiment, "conversion", "treatment")
    assert numbers["effect"].to_pylist()[1:] == calm["effect"].to_pylist()[1:]


def test_html_of_the_data_is_escaped() -> None:
    experiment = read(RUNNING)["X04"]
    shown = experiment_cards.listed(experiment, "x", 1.0) + experiment_cards.masthead(experiment, "x")
    assert "<b>checkouts" not in shown
    assert "&lt;b&gt;checkouts&lt;/b&gt; &amp; a survey" in shown


def test_the_list_draws_within_its_scale() -> None:
    found = [*read(*MADE).values()]
    limit = experiments.list_limit(found)
    for experiment in found:
        places = re.findall(r"(?:left|width): ([-\d.]+)%", experiment_cards.listed(experiment, "", limit))
        assert all(0 <= float(place) <= 100 for place in places)
    assert experiments.list_limit([]) == 0.05


def test_checks_are_counted_in_words() -> None:
    checks = read(BROKEN)["X03"].checks
    assert experiment_cards.checks_words(checks) == (
        "6 checks: 2 failed, 1 with a warning, 2 passed, 1 not known."
    )
    assert experiment_cards.checks_words([]) == "Nothing was checked."


def shown_text(app: AppTest) -> str:
    """The page's text without tags."""
    return unescape(re.sub("<[^>]+>", " ", text(app)))


def test_the_list_names_every_experiment_with_its_verdict(open_page: Run, made: Path) -> None:
    app = open_page("experiments", made)
    shown = shown_text(app)
    assert (
        "4 experiments: 1 \u201cdo not read\u201d, 2 \u201ckeep running\u201d, 1 \u201cship\u201d." in shown
    )
    for one in MADE:
        assert one.name in shown
    assert "The arms hold 46.1% and 53.9%" in shown, "the verdict is not said twice"
    offered = [button.label for button in app.button if button.label.startswith("Open ")]
    assert offered == ["Open X04", "Open X03", "Open X01", "Open X05"]


def test_a_button_opens_an_experiment_and_the_box_goes_back(open_page: Run, made: Path) -> None:
    app = open_page("experiments", made)
    app.button(key="open-2").click().run()
    assert not app.exception
    assert f"<h1>{WIN.name}</h1>" in text(app)
    assert len(app.get("vega_lite_chart")) == 3
    app.selectbox(key="experiment").set_value(ALL).run()
    assert "<h1>Experiments</h1>" in text(app)
    app.button(key="open-0").click().run()
    app.button(key="back").click().run()
    assert "<h1>Experiments</h1>" in text(app)


def test_a_link_opens_an_experiment_with_its_choices(open_page: Run, made: Path) -> None:
    app = open_page("experiments", made, experiment="X01", metric="Net sales per visitor", cuped="true")
    shown = shown_text(app)
    assert app.selectbox(key="metric").value == "Net sales per visitor"
    assert app.toggle(key="cuped").value
    assert "Net sales per visitor: the effect, as it was known after each day" in shown
    assert "difference in US dollars" in shown
    assert "Pale: without CUPED" in shown
    assert not [box for box in app.selectbox if box.key == "arm"]
    app.toggle(key="cuped").set_value(False).run()
    assert "Pale" not in text(app)
    assert "corrected for 4 comparisons (Holm)" in shown
    assert "corrected for 4 comparisons of segments (Benj" in shown
    app = open_page("experiments", made, experiment="X04", arm="one page")
    assert "corrected for 8 comparisons of segments, over all arms (Benj" in shown_text(app)
    assert app.selectbox(key="arm").value == "one page"
    assert "One page less control" in shown_text(app)


def test_a_broken_experiment_says_so_before_its_numbers(open_page: Run, made: Path) -> None:
    shown = shown_text(open_page("experiments", made, experiment="X03"))
    verdict, health, warning = (
        shown.index(words) for words in ("Do not read", "2 failed", "Not to be read, see the verdict.")
    )
    assert verdict < health < warning


def test_an_experiment_without_anyone_opens(open_page: Run, made: Path) -> None:
    app = open_page("experiments", made, experiment="X05", cuped="true")
    assert "Nobody has been observed yet." in [caption.value for caption in app.caption]
    assert app.toggle(key="cuped").disabled


@pytest.mark.parametrize(
    "parameters",
    [
        {"experiment": "X99"},
        {"experiment": "<script>alert(1)</script>"},
        {"experiment": ["X01", "X02"]},
        {"experiment": ""},
        {"metric": "Conversion", "cuped": "true", "arm": "control"},
        {"plan": "'; drop table", "power": "120%", "level": "0%"},
        {"baseline": "nan", "effect": "inf", "traffic": "-1"},
        {"baseline": "1e400", "effect": "0", "traffic": "ten"},
        {"baseline": "200", "effect": "1000", "traffic": "1e9"},
    ],
    ids=str,
)
def test_a_bad_url_shows_the_list(open_page: Run, made: Path, parameters: dict[str, str | list[str]]) -> None:
    app = open_page("experiments", made, **parameters)
    shown = text(app)
    assert "<h1>Experiments</h1>" in shown
    assert "alert(1)" not in shown
    assert "nan" not in shown_text(app).lower().split()


@pytest.mark.parametrize(
    "parameters",
    [
        {"metric": "Happiness", "arm": "nobody", "cuped": "perhaps"},
        {"metric": ["Conversion", "Refund rate"], "arm": ""},
        {"cuped": ["true", "false"], "unknown": "x"},
    ],
    ids=str,
)
def test_a_bad_choice_shows_the_experiment(
    open_page: Run, made: Path, parameters: dict[str, str | list[str]]
) -> None:
    app = open_page("experiments", made, experiment="X04", **parameters)
    assert app.selectbox(key="metric").value in {"Conversion", "Refund rate"}
    assert app.selectbox(key="arm").value == "express"


def test_an_unknown_experiment_is_named(open_page: Run, made: Path) -> None:
    app = open_page("experiments", made, experiment="X99")
    assert "There is no experiment `X99`" in app.info[0].value


def test_the_planner_answers_and_keeps_its_inputs(open_page: Run, made: Path) -> None:
    app = open_page(
        "experiments", made, plan="Net sales per visitor", effect="20", traffic="500", power="90%"
    )
    shown = shown_text(app)
    assert "Net sales per visitor from $24.10 to $28.92 (+20.0%) with a probability of 90%" in shown
    assert "at 500 new ones a day" in shown
    app.selectbox(key="plan").set_value("Conversion").run()
    assert "Conversion from 17.4% to 20.9% (+20.0%)" in shown_text(app)
    assert "at 62 new ones a day" in shown_text(app), "another metric starts from its own data"
    app.number_input(key="baseline").set_value(99.0).run()
    assert not app.exception
    assert "can be no change of" in shown_text(app)


def test_no_experiment_is_said_in_words(open_page: Run, built: Built, tmp_path: Path) -> None:
    publish_copy(built.published, tmp_path, "1", experiment_marts(()))
    shown = text(open_page("experiments", tmp_path))
    assert "0 experiments." in shown
    assert "No experiments yet" in shown


def test_without_the_system_the_page_is_absent(open_page: Run, built: Built, tmp_path: Path) -> None:
    gone = ";".join(f"drop table if exists marts.{mart}" for mart in EXPERIMENT_MARTS)
    publish_copy(built.published, tmp_path, "1", gone)
    assert "<h1>Overview</h1>" in text(open_page("experiments", tmp_path))


def test_only_the_marts_that_pages_show_can_be_read(served: Served) -> None:
    with pytest.raises(NotInVersionError, match="it has no "):
        served.rows("fct_order_items; drop table x")
    for mart in served.marts:
        assert served.rows(mart) is served.rows(mart)


def test_the_sample_is_shown_as_the_marts_have_it(
    open_page: Run, served: Served, marts: duckdb.DuckDBPyConnection
) -> None:
    rows = marts.execute(
        "select experiment_id, verdict, verdict_sentence from marts.fct_experiment_verdicts order by all"
    ).fetchall()
    assert {verdict for _, verdict, _ in rows} >= {"ship", "do not read"}
    listed = shown_text(open_page("experiments"))
    for experiment_id, verdict, sentence in rows:
        opened = shown_text(open_page("experiments", experiment=experiment_id))
        for shown in (listed, opened):
            assert verdict.capitalize() in shown
            assert re.sub(f"^{verdict}: ", "", sentence, flags=re.IGNORECASE)[1:] in shown
        arms = marts.execute(
            "select analysed_unit_count from marts.fct_experiment_arms where experiment_id = ?",
            [experiment_id],
        ).fetchall()
        explanations = marts.execute(
            "select explanation from marts.fct_experiment_health where experiment_id = ?", [experiment_id]
        ).fetchall()
        for (value,) in (*((formats.count(units),) for (units,) in arms), *explanations):
            assert value in opened
    for experiment in experiments.read(served).values():
        expected = marts.execute(
            "select metric_label, variant, relative_effect, cuped_relative_effect, adjusted_p_value"
            " from marts.fct_experiment_results where experiment_id = ?"
            " order by is_primary desc, metric_label, variant, segment_name <> 'all', segment_name,"
            " segment_value",
            [experiment.id],
        ).fetchall()
        table = experiments.numbers_table(experiments.with_segments(served, experiment)).select(
            ["metric", "variant", "relative_effect", "cuped_relative_effect", "adjusted_p_value"]
        )
        assert [tuple(row.values()) for row in table.to_pylist()] == expected


@pytest.fixture
def served_at(made: Path, tmp_path: Path) -> Iterator[str]:
    log = tmp_path / "log"
    with serve(made, log) as server:
        yield server.address
    printed = log.read_text(encoding="utf-8")
    assert "Traceback" not in printed, printed


def test_clicks_open_and_change_an_experiment(served_at: str, page: Page) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{served_at}/experiments")
    settle(page, "Plan the next experiment", charts=1)
    page.get_by_role("button", name="Open X01").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".masthead h1")).to_have_text(WIN.name)
    settle(page, "6 checks: 6 passed", charts=3)
    assert parameters(page) == {"experiment": ["X01"]}
    choose(page, "metric", "Refund rate")
    page.get_by_role("switch", name="CUPED").or_(page.locator(".st-key-cuped label")).first.click()
    settle(page, "Pale: without CUPED", charts=3)
    assert parameters(page) == {"experiment": ["X01"], "metric": ["Refund rate"], "cuped": ["true"]}
    chart = page.locator(".st-key-card-effects [role=img], .st-key-card-effects .stVegaLiteChart")
    assert chart.count() >= 1
    page.reload()
    settle(page, "Refund rate: the effect, as it was known after each day", charts=3)
    page.get_by_role("link", name="Overview").click()
    expect(page.locator(".masthead h1")).to_have_text("Overview")
    page.get_by_role("link", name="Experiments").click()
    expect(page.locator(".masthead h1")).to_have_text(WIN.name)
    settle(page, "Pale: without CUPED", charts=3)
    assert parameters(page) == {"experiment": ["X01"], "metric": ["Refund rate"], "cuped": ["true"]}
    choose(page, "experiment", ALL, charts=1)
    assert "experiment" not in parameters(page)
    page.locator(".st-key-effect input").fill("25")
    page.locator(".st-key-effect input").press("Enter")
    settle(page, "(+25.0%)", charts=1)
    assert parameters(page) == {"effect": ["25"]} or parameters(page) == {"effect": ["25.0"]}
    assert complaints == []
