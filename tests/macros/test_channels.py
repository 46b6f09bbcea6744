"""The channel groups of Google Analytics 4, rule by rule, and the sites whose visits they sort."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.commands import ROOT
from tests.macros.macro_runner import call

SITES = ROOT / "seeds" / "reference" / "traffic_sources.csv"
TEMPLATES = {
    "group": call("channel_group", "source", "medium", "campaign", "source_category"),
    "names of groups": "{{ channel_groups() | join(',') }}",
}
Visit = tuple[str | None, str | None, str | None]

# One case for each rule, in the order of the rules: source, medium, campaign.
RULES: dict[str, list[Visit]] = {
    "Direct": [("(direct)", "(none)", None), ("(direct)", "(not set)", "(not set)"), (None, None, None)],
    "Cross-network": [("google", "cpc", "eu cross-network 7")],
    "Paid Shopping": [
        ("amazon", "cpc", None),
        ("homeblog", "paid", "spring shopping"),
        ("x", "ppc", "e-shop"),
    ],
    "Paid Search": [
        ("google", "cpc", "brand_us"),
        ("bing", "ppc", None),
        ("google.co.uk", "retargeting", None),
    ],
    "Paid Social": [("facebook", "paid_social", "social_us"), ("l.instagram.com", "cpc", None)],
    "Paid Video": [("youtube", "cpv-cpm", None), ("vimeo.com", "paid", None)],
    "Display": [
        ("partner", medium, None) for medium in ("display", "banner", "expandable", "interstitial", "cpm")
    ],
    "Paid Other": [("partner", "cpc", None), ("partner", "paid-listing", None), (None, "ppc", None)],
    "Organic Shopping": [("etsy.com", "referral", None), ("homeblog", "referral", "shop window")],
    "Organic Social": [
        ("l.instagram.com", "referral", None),
        ("forum", "social", None),
        ("forum", "social media", None),
        ("forum", "sm", None),
    ],
    "Organic Video": [("youtube.com", "referral", None), ("portal", "webvideo", None)],
    "Organic Search": [
        ("google", "organic", None),
        ("duckduckgo.com", "referral", None),
        ("finder", "organic", None),
    ],
    "Referral": [("homeblog.example", medium, None) for medium in ("referral", "app", "link")],
    "Email": [("newsletter", "email", "weekly"), ("e-mail", "letter", None), ("crm", "e mail", None)],
    "Affiliates": [("partner", "affiliate", None)],
    "Audio": [("spotcast", "audio", None)],
    "SMS": [("sms", "text", None), ("crm", "sms", None)],
    "Mobile Push Notifications": [
        ("crm", "webpush", None),
        ("crm", "mobile", None),
        ("crm", "in-app notification", None),
        ("firebase", "campaign", None),
    ],
    "Unassigned": [
        ("(not set)", "(not set)", "(not set)"),
        ("(direct)", "typo", None),
        (None, None, "spring"),
        ("newsletter", None, None),
        ("", "", ""),
    ],
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """With the seed as the table `sites`."""
    with duckdb.connect() as opened:
        opened.execute(f"create table sites as from read_csv('{SITES}')")
        yield opened


def group(connection: duckdb.DuckDBPyConnection, expression: str, visit: Visit) -> str:
    """The channel group of one visit, its source looked up among the sites."""
    row = "(select ?::text as source, ?::text as medium, ?::text as campaign) as visit"
    joined = f"{row} left join sites on lower(visit.source) = sites.traffic_source"
    (name,) = connection.execute(f"select {expression} from {joined}", visit).fetchone() or ("",)
    return str(name)


def test_the_names_are_those_of_the_rules_in_their_order(rendered: dict[str, str]) -> None:
    assert rendered["names of groups"].split(",") == list(RULES)


@pytest.mark.parametrize(
    ("expected", "visit"), [(name, visit) for name, visits in RULES.items() for visit in visits]
)
def test_each_rule_holds_in_any_case(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection, expected: str, visit: Visit
) -> None:
    upper = (visit[0] and visit[0].upper(), visit[1] and visit[1].upper(), visit[2] and visit[2].upper())
    assert group(connection, rendered["group"], visit) == expected
    assert group(connection, rendered["group"], upper) == expected


@pytest.mark.parametrize(
    ("visit", "expected", "not_this"),
    [
        (("(direct)", "(none)", "cross-network"), "Direct", "Cross-network"),
        (("google", "cpc", "shopping cross-network"), "Cross-network", "Paid Shopping"),
        (("google", "cpc", "shopping"), "Paid Shopping", "Paid Search"),
        (("google", "cpm", None), "Paid Search", "Display"),
        (("partner", "cpm", None), "Display", "Paid Other"),
        (("facebook", "cpc", None), "Paid Social", "Paid Other"),
        (("google", "social", None), "Organic Social", "Organic Search"),
        (("facebook", "organic", None), "Organic Social", "Organic Search"),
        (("google", "video", None), "Organic Video", "Organic Search"),
        (("facebook", "email", None), "Organic Social", "Email"),
        (("email", "referral", None), "Referral", "Email"),
        (("email", "affiliate", None), "Email", "Affiliates"),
        (("sms", "mobile", None), "SMS", "Mobile Push Notifications"),
        (("partner", "affiliate", "workshop"), "Affiliates", "Organic Shopping"),
        (("partner", "scpecial", None), "Paid Other", "Unassigned"),
    ],
)
def test_the_first_rule_that_holds_decides(
    rendered: dict[str, str],
    connection: duckdb.DuckDBPyConnection,
    visit: Visit,
    expected: str,
    not_this: str,
) -> None:
    assert {expected, not_this} <= RULES.keys()
    assert group(connection, rendered["group"], visit) == expected


def test_the_list_of_sites_is_clean() -> None:
    with Path(SITES).open(encoding="ascii", newline="") as file:
        rows = [(row["traffic_source"], row["source_category"]) for row in csv.DictReader(file)]
    names = [name for name, _ in rows]
    assert names == sorted(set(names))
    assert all(name == name.strip().lower() and not name.startswith("www.") for name in names)
    counts = Counter(category for _, category in rows)
    assert counts.keys() == {"search", "shopping", "social", "video"}
    assert min(counts.values()) > 40
    assert dict(rows)["google"] == dict(rows)["duckduckgo.com"] == "search"
    assert dict(rows)["facebook"] == dict(rows)["l.instagram.com"] == "social"
