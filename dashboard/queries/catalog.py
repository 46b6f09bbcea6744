"""What the catalog shows: the version's metrics and models, found by words or by name. Draws nothing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from dashboard import formats
from plugins.published import Version, published_folder

Facts = Mapping[str, Any]
GROUPS = {
    "Metrics": ("metric",),
    "Marts": ("mart",),
    "Models": ("model", "snapshot"),
    "Sources": ("source", "seed"),
    "Pages": ("exposure",),
}
"""What the filter of kinds offers, and the kinds of each."""
KIND_WORDS = {"exposure": "dashboard page", "seed": "seed, a file of the project"}
AGGREGATIONS = {"sum": "sum", "count_distinct": "count of different", "average": "mean"}
OPENED_VERSIONS = 3
FIRST_BREAK = re.compile(r"\n\s*\n|\n(?=[#|])")

NAME, COLUMN, DESCRIPTION, TAG, OWNER = "name", "column", "description", "tag", "owner"
WEIGHTS = {NAME: 6, COLUMN: 3, TAG: 3, OWNER: 2, DESCRIPTION: 1}
"""How much a word counts by where it is found; whole or at the beginning of a name it counts more."""


@dataclass(frozen=True)
class Entry:
    """A metric or a node of the project; `facts` as `plugins/catalog.py` describes them."""

    facts: Facts

    @property
    def id(self) -> str:
        """dbt's unique id."""
        return str(self.facts["id"])

    @property
    def kind(self) -> str:
        """The kind of the entry, where a published model is a `mart`."""
        is_mart = self.facts["kind"] == "model" and self.facts["layer"] == "marts"
        return "mart" if is_mart else str(self.facts["kind"])

    @property
    def name(self) -> str:
        """The name in the project."""
        return str(self.facts["name"])

    @property
    def title(self) -> str:
        """The name for readers."""
        return str(self.facts["label"] or self.name)

    @property
    def kind_words(self) -> str:
        """What it is: metric, mart, staging model, seed."""
        if self.kind == "model":
            return f"{self.facts['layer']} model" if self.facts["layer"] != "model" else "model"
        return KIND_WORDS.get(self.kind, self.kind)

    @property
    def link(self) -> tuple[str, str]:
        """The parameter of the catalog's URL that opens it; exposures may be called as seeds are."""
        if self.kind == "metric":
            return "metric", self.name
        return "node", f"exposure.{self.name}" if self.kind == "exposure" else self.name

    @property
    def summary(self) -> str:
        """The first paragraph of the description, on one line."""
        return " ".join(self.paragraphs[0].split())

    @property
    def notes(self) -> str:
        """What the description says besides, as Markdown."""
        return self.paragraphs[1].strip()

    @property
    def paragraphs(self) -> tuple[str, str]:
        """The description up to its first blank line, heading or table, and the rest."""
        text = str(self.facts["description"])
        end = FIRST_BREAK.search(text)
        return (text[: end.start()], text[end.start() :]) if end else (text, "")

    @property
    def owner_words(self) -> str:
        """Who answers for it; empty where nobody is named."""
        return " and ".join(one["name"] or one["email"] for one in self.facts["owners"])

    @property
    def columns(self) -> Sequence[Facts]:
        """The columns of a node, none of a metric."""
        found: Sequence[Facts] = self.facts.get("columns", ())
        return found


@dataclass(frozen=True)
class Found:
    """An entry that answers a search, and the columns in which the words were found."""

    entry: Entry
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalog:
    """All entries by id, in the order of their titles."""

    entries: Mapping[str, Entry]

    @cached_property
    def by_link(self) -> dict[tuple[str, str], Entry]:
        """Every entry by the parameter that opens it; nodes by dbt's id too."""
        named = {entry.link: entry for entry in self.entries.values()}
        return {**{("node", entry.id): entry for entry in self.entries.values()}, **named}

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """The ids of what reads an entry directly, by its id."""
        found: dict[str, list[str]] = {}
        for entry in self.entries.values():
            for parent in entry.facts["parents"]:
                found.setdefault(parent, []).append(entry.id)
        return found

    def parents(self, entry: Entry) -> list[Entry]:
        """What an entry reads directly."""
        return [self.entries[parent] for parent in entry.facts["parents"] if parent in self.entries]

    def readers(self, entry: Entry, *, are_metrics: bool) -> list[Entry]:
        """What reads an entry directly: its metrics, or all else."""
        found = [self.entries[child] for child in self.children.get(entry.id, [])]
        return [one for one in found if (one.kind == "metric") is are_metrics]

    def models(self, metric: Entry) -> list[Entry]:
        """The marts that a metric reads, through other metrics too."""
        return [self.entries[model] for model in metric.facts["models"] if model in self.entries]

    def tests(self, entry: Entry) -> list[Facts]:
        """The tests behind an entry: its own, or those of what a metric or a page reads."""
        if entry.kind not in ("metric", "exposure"):
            return [*entry.facts["tests"]]
        behind = self.models(entry) if entry.kind == "metric" else self.parents(entry)
        found = {(test["name"], test["description"]): test for node in behind for test in self.tests(node)}
        return [*found.values()]

    def of(self, *kinds: str) -> list[Entry]:
        """The entries of these kinds."""
        return [entry for entry in self.entries.values() if entry.kind in kinds]


def read(warehouse: Path, version: str) -> Catalog | None:
    """The catalog of a version; None where it was published before versions held one.

    Raises FileNotFoundError where the version is removed.
    """
    return _read(published_folder(warehouse) / version)


@lru_cache(maxsize=OPENED_VERSIONS)
def _read(folder: Path) -> Catalog | None:
    """The catalog in a version's folder, which never changes."""
    catalog = Version(folder).catalog
    if catalog is None:
        return None
    entries = [Entry(facts) for facts in (*catalog["metrics"], *catalog["nodes"])]
    return Catalog(
        {entry.id: entry for entry in sorted(entries, key=lambda one: (one.title.casefold(), one.id))}
    )


def search(catalog: Catalog, words: str, kinds: Iterable[str] = ()) -> list[Found]:
    """What answers the words, the best first; every word has to be found, in whatever case.

    Words are looked for in the name, the label, the columns, the tags, the owner and the description. Of
    answers that are equally good the metrics come first, then marts, then the rest. No words: everything.
    """
    wanted = [*dict.fromkeys(words.casefold().split())]
    order = [kind for group in GROUPS.values() for kind in group]
    kinds = {*kinds} or {*order}
    scored = [
        (score, order.index(entry.kind), place, entry)
        for place, entry in enumerate(catalog.entries.values())
        if entry.kind in kinds and (score := score_of(entry, wanted, words.casefold().strip())) is not None
    ]
    return [
        Found(entry, matching_columns(entry, wanted))
        for _, _, _, entry in sorted(scored, key=lambda one: (-one[0], *one[1:3]))
    ]


def score_of(entry: Entry, wanted: Sequence[str], phrase: str) -> int | None:
    """How well an entry answers the words, None where one of them is nowhere in it."""
    names = (entry.name.casefold(), entry.title.casefold())
    places = {
        NAME: names,
        COLUMN: tuple(column["name"].casefold() for column in entry.columns),
        TAG: tuple(tag.casefold() for tag in entry.facts["tags"]),
        OWNER: (entry.owner_words.casefold(),),
        DESCRIPTION: (entry.facts["description"].casefold(),),
    }
    total = 0
    for word in wanted:
        best = max((weight(where, word, texts) for where, texts in places.items()), default=0)
        if not best:
            return None
        total += best
    if phrase in names:
        total += 100
    elif phrase and any(name.startswith(phrase) for name in names):
        total += 10
    return total


def weight(where: str, word: str, texts: Iterable[str]) -> int:
    """What a word counts for being in one of the texts, 0 where it is in none."""
    found = [text for text in texts if word in text]
    if not found:
        return 0
    is_whole = any(word in text.replace("_", " ").replace(".", " ").split() for text in found)
    return WEIGHTS[where] * (2 if is_whole else 1)


def matching_columns(entry: Entry, wanted: Sequence[str]) -> tuple[str, ...]:
    """The columns whose names hold a word that the entry's own name does not."""
    names = f"{entry.name} {entry.title}".casefold()
    missing = [word for word in wanted if word not in names]
    return tuple(
        column["name"]
        for column in entry.columns
        if any(word in column["name"].casefold() for word in missing)
    )


def tests_words(tests: Sequence[Facts]) -> str:
    """How many tests passed: 12 of 12 tests passed, and those that warned."""
    if not tests:
        return "not tested"
    count = warned(tests)
    passed = f"{len(tests) - count:,} of {len(tests):,} test{'' if len(tests) == 1 else 's'} passed"
    return f"{passed}, {count:,} warned" if count else passed


def warned(tests: Sequence[Facts]) -> int:
    """How many tests found something that is no error."""
    return sum(test["status"] == "warned" for test in tests)


def rows_words(entry: Entry) -> str:
    """The rows of a mart; empty where they are not counted."""
    rows = entry.facts.get("rows")
    return "" if rows is None else formats.counted(rows, "row")


def measure_words(catalog: Catalog, measure: Facts) -> str:
    """A measure in words: sum of `sales_usd` in `fct_order_items`."""
    aggregation = AGGREGATIONS.get(measure["aggregation"], measure["aggregation"])
    model = catalog.entries.get(measure["model"])
    return f"{aggregation} of `{measure['expression']}` in `{model.name if model else measure['model']}`"


def counted_words(catalog: Catalog) -> str:
    """What the catalog holds: 68 metrics, 26 marts, 62 models before them; 411 tests passed."""
    tests = {
        (test["name"], test["description"]): test
        for entry in catalog.of("mart", "model", "snapshot", "source", "seed")
        for test in catalog.tests(entry)
    }
    counts = {group: len(catalog.of(*kinds)) for group, kinds in GROUPS.items()}
    told = ", ".join(f"{count:,} {group.lower()}" for group, count in counts.items() if count)
    return f"{told}; {tests_words([*tests.values()])}."
