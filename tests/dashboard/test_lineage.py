"""The lineage of the catalog's entries: what it holds, and that the drawing can be read."""

import json
from itertools import pairwise

import pytest

from dashboard.charts.lineage import STEP
from dashboard.charts.lineage import lineage as drawing
from dashboard.queries import catalog, lineage
from dashboard.queries.catalog import Catalog
from dashboard.theme import LIGHT
from tests.conftest import Built


@pytest.fixture(scope="module")
def known(built: Built) -> Catalog:
    found = catalog.read(built.warehouse, built.published.name)
    assert found is not None
    return found


def test_lineage_holds_what_the_manifest_says(built: Built, known: Catalog) -> None:
    parents = json.loads((built.target / "manifest.json").read_text(encoding="utf-8"))["parent_map"]
    entry = known.by_link["node", "fct_daily_sales"]
    before: set[str] = set()
    waiting = [entry.id]
    while waiting:
        found = set(parents[waiting.pop()]) - before
        before |= found
        waiting += found
    shown = lineage.lay_out(known, entry, lineage.EVERYTHING)
    left = {place.entry.id for place in shown.places if place.x < shown.middle * shown.columns}
    assert left == before
    drawn = {(arrow.source, arrow.target) for arrow in shown.arrows}
    assert drawn == {
        (parent, place.entry.id)
        for place in shown.places
        for parent in parents[place.entry.id]
        if parent in {other.entry.id for other in shown.places}
    }
    nearest = lineage.lay_out(known, entry, 1)
    assert {place.entry.id for place in nearest.places} == {
        entry.id,
        *parents[entry.id],
        *(child for child in known.children.get(entry.id, []) if not child.startswith("metric.")),
    }


@pytest.mark.parametrize("steps", [1, 2, lineage.EVERYTHING])
def test_boxes_do_not_overlap_and_arrows_point_to_the_right(known: Catalog, steps: int) -> None:
    for entry in known.of("mart") + known.of("metric")[::5]:
        shown = lineage.lay_out(known, entry, steps)
        columns: dict[float, list[float]] = {}
        for place in shown.places:
            columns.setdefault(place.x, []).append(place.y)
            assert 0.5 <= place.x <= shown.columns - 0.5
            assert 0.499 < place.y < shown.rows - 0.499
        for heights in columns.values():
            ordered = sorted(heights)
            assert all(low + 0.999 < high for low, high in pairwise(ordered))
        for arrow in shown.arrows:
            across = [x for x, _ in arrow.points]
            assert across == sorted(set(across))
            for x, y in arrow.points[2:-2]:
                boxes = columns[int(x) + 0.5]
                assert all(abs(y - box) > lineage.HALF_HEIGHT for box in boxes), "it crosses a box"


def test_lineage_of_its_own_choice_stays_narrow(known: Catalog) -> None:
    for entry in known.of("mart", "metric"):
        shown = lineage.fitting(known, entry)
        one = lineage.lay_out(known, entry, 1)
        assert len(shown.places) >= len(one.places)
        assert shown.columns <= max(lineage.MOST_COLUMNS, one.columns)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("fct_orders", "fct_orders"),
        ("fct_experiment_arms", "fct_experiment_\narms"),
        ("Gross margin of everything", "Gross margin\nof everything"),
        ("x" * 30, "x" * 30),
    ],
)
def test_long_names_are_broken_once(name: str, lines: str) -> None:
    assert lineage.broken(name) == lines


def test_the_drawing_names_every_column_it_reads(known: Catalog) -> None:
    entry = known.by_link["metric", "net_sales"]
    shown = lineage.fitting(known, entry)
    tables = lineage.tables(known, shown)
    spec = drawing(shown.columns, shown.rows, LIGHT)
    text = json.dumps(spec)
    for table, names in {name: table.column_names for name, table in tables.items()}.items():
        assert {"name": table} in [layer["data"] for layer in spec["layer"]]
        assert [name for name in names if f'"{name}"' not in text and f"datum.{name}" not in text] == []
    assert spec["height"] >= STEP * shown.rows
    assert tables["numbers"]["is_own"].to_pylist().count(True) == 1
    assert len(set(tables["rows"]["arrow"].to_pylist())) == len(shown.arrows)


def test_the_drawing_in_words(known: Catalog) -> None:
    words = lineage.in_words(known, known.by_link["metric", "net_sales"])
    assert words == "Reads Refunds, Sales; read by Target attainment"
    alone = lineage.in_words(known, known.by_link["node", "shop.orders"])
    assert alone == "Reads nothing; read by base_shop__orders"
