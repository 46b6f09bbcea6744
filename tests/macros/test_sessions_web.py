"""Telling crawlers by what they say of themselves, and reading the host of an address."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.macros.macro_runner import call

TEMPLATES = {
    "is crawler": call("is_announced_crawler", "text"),
    "host": call("url_host", "text"),
    "is within": call("is_within_hosts", "text", ["www.shop.example", "pay.example"]),
}
PEOPLE = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 "
    "Chrome/121.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Safari/605.1.15",
    "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80) Presto/2.5.25 Version/10.54",
    "Safari/17 (iPhone)",
    "Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36",
    "",
    None,
]
CRAWLERS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "HeadlessChrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 11; moto g power) Chrome/126.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse",
    "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
    "python-requests/2.32.3",
    "curl/8.5.0",
    "Wget/1.21.4",
    "Go-http-client/2.0",
    "okhttp/4.12.0",
    "GOOGLEBOT",
    "Mediapartners-Google",
    "Mozilla/5.0 (compatible; Google-InspectionTool/1.0)",
    "GoogleOther",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ChatGPT-User/1.0; +https://openai.com/bot)",
    "ia_archiver",
    "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
    "Mozilla/4.5 (compatible; HTTrack 3.0x; Windows 98)",
    "libwww-perl/6.72",
    "Java/1.8.0_401",
    "axios/1.7.2",
    "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0.0.0 Safari/537.36 Datadog/Synthetics",
]


def answer(connection: duckdb.DuckDBPyConnection, expression: str, text: str | None) -> object:
    [row] = connection.execute(f"select {expression} from (select ?::varchar as text)", [text]).fetchall()
    return row[0]


@pytest.mark.parametrize("agent", CRAWLERS)
def test_a_crawler_that_says_so_is_known(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection, agent: str
) -> None:
    assert answer(connection, rendered["is crawler"], agent) is True


@pytest.mark.parametrize("agent", PEOPLE)
def test_a_browser_is_no_crawler(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection, agent: str | None
) -> None:
    assert answer(connection, rendered["is crawler"], agent) is False


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.google.com/", "google.com"),
        ("https://www.Example.com:443/page", "example.com"),
        ("http://homeblog.example/a/b?c=https://other.example/", "homeblog.example"),
        ("https://news.example.co.uk", "news.example.co.uk"),
        ("HTTPS://EXAMPLE.COM/", "example.com"),
        ("android-app://com.google.android.gm/", "com.google.android.gm"),
        ("https://example.com/redirect//www.other.example/", "example.com"),
        ("https://example.com?query=1", "example.com"),
        ("https://example.com#part", "example.com"),
        ("https://wwwhost.example/", "wwwhost.example"),
        ("https://user:secret@example.com:8443/", "example.com"),
        ("https:///nowhere", None),
        ("/c/kitchen", None),
        ("example.com", None),
        ("", None),
        (None, None),
    ],
)
def test_the_host_of_an_address(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection, url: str | None, host: str | None
) -> None:
    assert answer(connection, rendered["host"], url) == host


@given(
    scheme=st.sampled_from(["http://", "https://", "HTTPS://"]),
    www=st.sampled_from(["", "www.", "WWW."]),
    host=st.from_regex(r"[a-z0-9]{1,9}(\.[a-z0-9]{1,6}){1,2}", fullmatch=True).filter(
        lambda host: not host.startswith("www.")
    ),
    port=st.sampled_from(["", ":80", ":8443"]),
    path=st.sampled_from(["", "/", "/a/b", "/a?b=//www.c.example/d", "//www.e.example"]),
)
@settings(max_examples=100)
def test_a_host_is_found_whatever_stands_around_it(
    rendered: dict[str, str], scheme: str, www: str, host: str, port: str, path: str
) -> None:
    with duckdb.connect() as connection:
        assert answer(connection, rendered["host"], f"{scheme}{www}{host}{port}{path}") == host


@pytest.mark.parametrize(
    ("host", "is_within"),
    [
        ("shop.example", True),
        ("help.shop.example", True),
        ("pay.example", True),
        ("myshop.example", False),
        ("shop.example.net", False),
        ("", False),
        (None, None),
    ],
)
def test_hosts_below_a_listed_one_count_as_it(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection, host: str | None, is_within: bool | None
) -> None:
    assert answer(connection, rendered["is within"], host) is is_within
