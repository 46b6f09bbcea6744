"""Named views and those opened last: kept in a file, offered as links."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import bookmarks
from dashboard.bookmarks import View
from dashboard.components import saved
from tests.dashboard.conftest import Run, text


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the views of a test are kept."""
    file = tmp_path / "views.sqlite"
    monkeypatch.setenv("SAVED_VIEWS_PATH", str(file))
    return file


def test_a_named_view_stays_until_it_is_removed() -> None:
    kitchen = View("overview", "category=Kitchen", "Kitchen")
    bookmarks.save(View("funnel", "device=mobile", " Mobile "))
    bookmarks.save(kitchen)
    assert bookmarks.named() == [kitchen, View("funnel", "device=mobile", "Mobile")]
    bookmarks.remove("Mobile")
    assert bookmarks.named() == [kitchen]


def test_a_name_is_taken_once() -> None:
    bookmarks.save(View("overview", "category=Kitchen", "Mine"))
    bookmarks.save(View("funnel", "", "Mine"))
    assert bookmarks.named() == [View("funnel", "", "Mine")]


@pytest.mark.parametrize("name", ["", "   ", "x" * (bookmarks.LONGEST_NAME + 1)])
def test_a_view_needs_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 80 characters"):
        bookmarks.save(View("overview", "", name))
    assert bookmarks.named() == []


@given(name=st.text(min_size=1, max_size=40).filter(str.strip), query=st.text(max_size=200))
def test_any_text_is_kept_as_it_is(name: str, query: str) -> None:
    try:
        bookmarks.save(View("overview", query, name))
    except UnicodeEncodeError:
        return
    assert View("overview", query, name.strip()) in bookmarks.named()
    bookmarks.remove(name.strip())
    assert bookmarks.named() == []


def test_the_last_views_come_first_and_the_oldest_go() -> None:
    views = [View("overview", f"category={number}") for number in range(bookmarks.MOST_RECENT + 2)]
    for view in views:
        bookmarks.note(view)
    bookmarks.note(views[-2])
    assert bookmarks.recent() == [views[-2], views[-1], *reversed(views[2:-2])]


def test_a_link_leads_to_the_view() -> None:
    assert View("overview", "category=Kitchen").link == "./?category=Kitchen"
    assert View("sales", "category=Kitchen").link == "sales?category=Kitchen"
    assert View("funnel", "").link == "funnel"


def test_the_words_of_a_view_say_what_is_chosen() -> None:
    assert saved.words(View("overview", "category=Kitchen&category=Decor&region=Northern+Europe")) == (
        "Overview: Category: Kitchen, Decor; Region: Northern Europe"
    )
    assert saved.words(View("funnel", "")) == "Funnel"


def test_a_reader_names_what_is_shown(open_page: Run, kept: Path) -> None:
    app = open_page("overview", category="Kitchen")
    app.button(key="views").click().run()
    assert not app.exception
    assert "None yet" in app.caption[0].value
    app.text_input(key="view-name").set_value("Our <b>kitchen</b>")
    [save] = [button for button in app.button if button.label == "Save"]
    save.click().run()
    assert not app.exception
    assert [view.name for view in bookmarks.named()] == ["Our <b>kitchen</b>"]
    assert "category=Kitchen" in bookmarks.named()[0].query
    app.button(key="views").click().run()
    assert "Our &lt;b&gt;kitchen&lt;/b&gt;" in text(app)
    assert kept.with_name("saved_views.sqlite").exists()


def test_without_a_name_the_view_is_called_what_it_shows(open_page: Run) -> None:
    app = open_page("overview", category="Kitchen")
    app.button(key="views").click().run()
    [save] = [button for button in app.button if button.label == "Save"]
    save.click().run()
    assert [view.name for view in bookmarks.named()] == ["Overview: Category: Kitchen"]


def test_a_view_of_a_page_that_is_not_there_has_no_link(open_page: Run) -> None:
    bookmarks.save(View("weather", "category=Kitchen", "Rain"))
    bookmarks.save(View("sales", "", "Sold"))
    app = open_page("overview")
    app.button(key="views").click().run()
    assert 'href="weather' not in text(app)
    assert "<strong>Rain</strong><span>Weather: Category: Kitchen</span>" in text(app)
    assert text(app).count("This version has no such page.") == 1
    assert 'href="sales"' in text(app)


def test_what_was_opened_is_offered(open_page: Run) -> None:
    open_page("overview", category="Kitchen")
    app = open_page("overview", category="Decor")
    app.button(key="views").click().run()
    assert "Overview: Category: Kitchen" in text(app)
