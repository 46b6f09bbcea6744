"""The acquisition page: its numbers equal independent SQL, and parts without their metrics are left out."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Page, expect

from dashboard.charts.ridges import FILLED
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import PRESETS, Grain
from dashboard.queries import acquisition, attribution
from dashboard.queries.attribution import BASELINE, MODELS
from tests.conftest import Built
from tests.dashboard.browser import Site, parameters, settle
from tests.dashboard.conftest import Run, text
from tests.dashboard.versions import publish_copy, take_out

EXACT = 0.0049  # Half a cent: sums of money agree to the cent.
MODEL = "Time decay"


def filters(served: Served, preset: str = "Last 90 days", **chosen: tuple[str, ...]) -> Filters:
    return Filters(PRESETS[preset](served.data), Grain.WEEK, chosen, MODEL)


def rows(marts: duckdb.DuckDBPyConnection, sql: str, chosen: Filters) -> list[tuple[Any, ...]]:
    """What a query on days between $first and $last answers."""
    days = {"first": chosen.period.start, "last": chosen.period.end}
    return marts.execute(sql, days).fetchall()


@pytest.mark.parametrize("channels", [(), ("Paid Search",), ("Paid Social", "Email")], ids=str)
def test_tiles_equal_the_marts(
    served: Served, marts: duckdb.DuckDBPyConnection, channels: tuple[str, ...]
) -> None:
    chosen = filters(served, channel=channels)
    shown = acquisition.read(served, chosen)
    where = f"and list_contains({[*channels]}, channel)" if channels else ""
    [(visitors, sessions, rate)] = rows(
        marts,
        "select count(distinct anonymous_id), count(*),"
        " avg(case when has_reached_purchase then 1.0 else 0.0 end)"
        f" from marts.fct_sessions where session_date between $first and $last {where}",
        chosen,
    )
    assert (shown.now["visitors"], shown.now["sessions"]) == (visitors, sessions)
    assert shown.now["conversion_rate"] == pytest.approx(rate, rel=1e-12)
    [(spend,)] = rows(
        marts,
        f"select sum(spend_usd) from marts.fct_ad_spend where spend_date between $first and $last {where}",
        chosen,
    )
    [(earned, acquired)] = rows(
        marts,
        """
        select sum(credit_usd) filter (attribution_model = 'time_decay'),
            count(distinct customer_id) filter (
                is_first_order and attribution_model = 'last_non_direct' and credit_rate > 0)
        from marts.fct_attribution where conversion_date between $first and $last
            and channel in (select channel from marts.fct_ad_spend)
        """
        + where,
        chosen,
    )
    assert shown.now["ad_spend"] == pytest.approx(float(spend), abs=EXACT)
    assert shown.now[attribution.returned(MODEL)] == pytest.approx(float(earned / spend), rel=1e-9)
    assert shown.now["cost_per_new_customer"] == pytest.approx(float(spend) / acquired, rel=1e-9)


def test_a_channel_without_spend_has_no_return(served: Served) -> None:
    shown = acquisition.read(served, filters(served, channel=("Direct",)))
    assert shown.now["ad_spend"] in (0.0, None)
    assert shown.now[attribution.returned(MODEL)] is None
    assert shown.spending == []
    [row] = acquisition.numbers_table(shown).to_pylist()
    assert row["channel"] == "Direct"
    assert row.keys().isdisjoint(
        {"ad_spend_usd", "clicks", "return_on_ad_spend", "cost_per_new_customer_usd"}
    )


def test_channels_over_time_equal_the_sessions(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    chosen = filters(served, channel=("Email",))
    shown = acquisition.read(served, chosen)
    expected = {
        (channel, week): count
        for channel, week, count in rows(
            marts,
            "select channel, date_trunc('week', session_date)::date, count(*) from marts.fct_sessions"
            " where session_date between $first and $last group by 1, 2",
            chosen,
        )
    }
    assert shown.sessions_by_part == expected
    tables = acquisition.channels_tables(shown)
    drawn = tables["numbers"].to_pylist()
    assert len(drawn) == len({channel for channel, _ in expected}) * len(shown.parts)
    assert {row["channel"] for row in drawn if row["is_chosen"]} == {"Email"}
    for place, row in enumerate(tables["rows"].to_pylist()):
        tops = [point["top"] for point in drawn if point["channel"] == row["channel"]]
        assert row["place"] == place
        assert min(tops) == pytest.approx(place + 1 - FILLED)
        assert max(tops) <= place + 1


def test_spend_and_return_equal_the_marts(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    chosen = filters(served)
    shown = acquisition.read(served, chosen)
    expected = rows(
        marts,
        """
        with spend as (
            select channel, campaign, sum(spend_usd) as spend, sum(click_count) as clicks
            from marts.fct_ad_spend where spend_date between $first and $last
            group by grouping sets ((channel), (channel, campaign))
        ),
        credit as (
            select channel, campaign, grouping(campaign) as is_channel, sum(credit_usd) as earned
            from marts.fct_attribution
            where attribution_model = 'time_decay' and conversion_date between $first and $last
            group by grouping sets ((channel), (channel, campaign))
        )
        select spend.channel, spend.campaign, spend, spend / clicks, coalesce(earned, 0)
        from spend left join credit
            on spend.channel = credit.channel and spend.campaign is not distinct from credit.campaign
            and (spend.campaign is null) = (credit.is_channel = 1)
        """,
        chosen,
    )
    found = {(row["channel"], row["campaign"]): row for row in shown.spending}
    assert found.keys() == {(channel, campaign) for channel, campaign, *_ in expected}
    for channel, campaign, spend, click, earned in expected:
        row = found[channel, campaign]
        assert row["ad_spend"] == pytest.approx(float(spend), abs=EXACT)
        assert row["cost_per_click"] == pytest.approx(float(click), rel=1e-9)
        assert row[attribution.attributed(MODEL)] == pytest.approx(float(earned), abs=EXACT)
    drawn = acquisition.returns_table(shown).to_pylist()
    assert drawn[0]["is_channel"]
    assert not drawn[1]["is_channel"]
    assert all(row["is_chosen"] for row in drawn)


def test_a_campaign_is_chosen_among_all(served: Served) -> None:
    everything = acquisition.read(served, filters(served))
    chosen = filters(served, campaign=("search_eu",))
    shown = acquisition.read(served, chosen)
    assert shown.spending == everything.spending
    drawn = acquisition.returns_table(shown).to_pylist()
    assert [row["title"] for row in drawn if row["is_chosen"]] == ["search_eu"]


def test_a_click_on_a_campaign_filters_by_it_and_one_on_its_channel_by_nothing(
    site: Site, page: Page
) -> None:
    page.goto(f"{site.server.address}/acquisition")
    settle(page, "Ad spend and its return")
    names = page.locator(".st-key-card-returns svg text")
    sessions = page.locator(".tile .value").nth(1)
    everybody = sessions.inner_text()
    for name in ("search_eu", "Paid Search"):
        names.get_by_text(name, exact=True).first.click(force=True)
        expect(page.locator(".st-key-campaign [data-tag]:visible")).to_have_text("search_eu")
        page.wait_for_timeout(500)
        expect(sessions).not_to_have_text(everybody)
        assert parameters(page) == {"campaign": ["search_eu"]}


def test_models_share_out_the_same_sum(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    chosen = filters(served, "Last 12 months")
    shown = acquisition.read(served, chosen)
    expected = {
        (channel, model): float(credit)
        for channel, model, credit in rows(
            marts,
            "select channel, attribution_model, sum(credit_usd) from marts.fct_attribution"
            " where conversion_date between $first and $last group by 1, 2",
            chosen,
        )
    }
    for channel, row in shown.models.items():
        for model, name in MODELS.items():
            assert row[model] == pytest.approx(expected[channel, name], abs=EXACT)
    totals = [sum(row[model] for row in shown.models.values()) for model in MODELS]
    assert totals == pytest.approx([totals[0]] * len(MODELS), abs=EXACT)
    cells = attribution.grid(shown.models, chosen)["numbers"].to_pylist()
    assert len(cells) == len(shown.models) * len(MODELS)
    for cell in cells:
        row = shown.models[cell["channel"]]
        difference = row[cell["column"]] - row[BASELINE]
        assert (cell["tone"] == "less") == (difference < 0)
        assert 0 <= cell["strength"] <= 0.55
        assert cell["words"].startswith("$" if cell["column"] == BASELINE else ("+", "\u2212", "$0"))


def test_only_of_all_campaigns_the_models_share_out_the_same_sum(
    served: Served, marts: duckdb.DuckDBPyConnection
) -> None:
    everything = filters(served, "Last 12 months")
    [(total,)] = rows(
        marts,
        "select sum(credit_usd) from marts.fct_attribution"
        " where attribution_model = 'linear' and conversion_date between $first and $last",
        everything,
    )
    same = f"Every model shares out the same ${float(total) / 1000:.0f}K."
    for chosen in (everything, filters(served, "Last 12 months", channel=("Paid Search",))):
        assert same in attribution.subtitle(attribution.read(served, chosen), chosen)
        assert attribution.title(chosen) == "Attribution models on the same orders, by channel"
    one = filters(served, "Last 12 months", campaign=("brand_us",))
    models = attribution.read(served, one)
    assert len({round(sum(row[model] for row in models.values()), 2) for model in MODELS}) > 1
    assert "the same" not in attribution.subtitle(models, one)
    assert attribution.title(one) == "What each attribution model credits to brand_us, by channel"
    assert "the same $" not in attribution.subtitle({}, everything)


def test_the_page_opens_and_filters(open_page: Run) -> None:
    app = open_page("acquisition", channel="Paid Search", campaign="search_eu", model="Markov", grain="Month")
    shown = text(app)
    assert "<h1>Acquisition</h1>" in shown
    assert "Sessions by month and channel" in shown
    assert "attribution: markov" in shown
    assert "Markov, paid channels" in shown
    assert app.multiselect(key="campaign").value == ["search_eu"]
    app.selectbox(key="model").set_value("Linear").run()
    assert "attribution: linear" in text(app)
    app.button(key="reset").click().run()
    assert app.selectbox(key="model").value == MODEL
    assert app.multiselect(key="channel").value == []


def test_a_bad_url_shows_a_sane_page(open_page: Run) -> None:
    app = open_page("acquisition", channel="Telepathy", model="Guessing", campaign=["", "sale"])
    assert "What each attribution model credits to sale, by channel" in text(app)
    assert app.selectbox(key="model").value == MODEL


def test_a_channel_without_spend_says_so_in_a_sentence(open_page: Run) -> None:
    app = open_page("acquisition", channel="Direct", period="Last 7 days")
    assert app.caption[0].value == "No money was spent on Direct in this period."
    assert "Ad spend" not in text(app)
    assert "Cost per new customer" not in text(app)
    paid = open_page("acquisition", channel="Paid Search")
    assert not paid.caption
    assert "Cost per new customer" in text(paid)


def test_without_ads_there_is_no_word_of_spend(open_page: Run, built: Built, tmp_path: Path) -> None:
    version = publish_copy(built.published, tmp_path, "1", "drop table marts.fct_ad_spend")
    take_out(version, "ad_spend")
    app = open_page("acquisition", tmp_path, channel="Email", numbers="true")
    shown = text(app)
    assert "Sessions by month and channel" in shown
    assert "Attribution models on the same orders" in shown
    assert "spend" not in shown
    assert "ost per" not in shown
    assert app.dataframe[0].value.columns[0] == "channel"
    assert not any("spend" in name or "click" in name for name in app.dataframe[0].value.columns)


@pytest.mark.parametrize("name", ["acquisition", "funnel"])
def test_without_the_tracker_the_pages_are_absent(
    open_page: Run, built: Built, tmp_path: Path, name: str
) -> None:
    gone = ["fct_sessions", "dim_visitors", "dim_order_channels", "fct_attribution", "fct_ad_spend"]
    version = publish_copy(
        built.published, tmp_path, "1", ";".join(f"drop table marts.{table}" for table in gone)
    )
    take_out(version, "sessions", "orders_by_channel", "attribution", "ad_spend")
    app = open_page(name, tmp_path, channel="Email")
    assert "<h1>Overview</h1>" in text(app)
    assert [each.key for each in app.multiselect] == ["region", "store", "category"]
