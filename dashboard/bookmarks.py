"""Views of pages that readers named, and those opened last: in a SQLite file that outlives the warehouse.

A view is a page and the query of its URL. All readers of a server share them.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

MOST_RECENT = 8
LONGEST_NAME = 80
FIRST_PAGE = "overview"
TABLES = """
    create table if not exists views (name text primary key, page text not null, query text not null);
    create table if not exists recent (
        page text not null, query text not null, opened_at text not null, primary key (page, query)
    );
"""


@dataclass(frozen=True)
class View:
    """A page with the state of its URL; `name` is empty where nobody gave it one."""

    page: str
    query: str
    name: str = ""

    @property
    def link(self) -> str:
        """The way to it from any page; the first page is at the root."""
        way = "./" if self.page == FIRST_PAGE else self.page
        return f"{way}?{self.query}" if self.query else way


def file() -> Path:
    """Where they are kept: `$SAVED_VIEWS_PATH`, by default `saved_views.sqlite`."""
    return Path(os.environ.get("SAVED_VIEWS_PATH", "saved_views.sqlite"))


@contextmanager
def opened() -> Iterator[sqlite3.Connection]:
    """The file, made where there is none; what is done in it is done whole or not at all."""
    with closing(sqlite3.connect(file())) as connection:
        connection.executescript(f"pragma journal_mode = wal; pragma synchronous = normal; {TABLES}")
        with connection:
            yield connection


def named() -> list[View]:
    """The named views, by name."""
    with opened() as connection:
        rows = connection.execute("select page, query, name from views order by name").fetchall()
    return [View(*row) for row in rows]


def save(view: View) -> None:
    """Keep a view under its name, in place of one that had it.

    Raises ValueError where the name is empty or longer than LONGEST_NAME.
    """
    name = view.name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise ValueError(f"A name has 1 to {LONGEST_NAME} characters.")
    with opened() as connection:
        connection.execute(
            "insert or replace into views (name, page, query) values (?, ?, ?)", (name, view.page, view.query)
        )


def remove(name: str) -> None:
    """Forget a named view."""
    with opened() as connection:
        connection.execute("delete from views where name = ?", (name,))


def note(view: View) -> None:
    """Remember that a view was opened now; the oldest beyond MOST_RECENT are forgotten."""
    with opened() as connection:
        connection.execute(
            "insert or replace into recent (page, query, opened_at) values (?, ?, ?)",
            (view.page, view.query, datetime.now(UTC).isoformat()),
        )
        connection.execute(
            "delete from recent where opened_at not in"
            " (select opened_at from recent order by opened_at desc limit ?)",
            (MOST_RECENT,),
        )


def recent() -> list[View]:
    """The views opened last, the latest first."""
    with opened() as connection:
        rows = connection.execute("select page, query from recent order by opened_at desc").fetchall()
    return [View(*row) for row in rows]
