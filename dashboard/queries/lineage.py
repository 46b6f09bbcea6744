"""What an entry of the catalog comes from and goes into, laid out from left to right. Draws nothing.

Columns are steps from the entry: every arrow points to the right, also where a mart feeds a model that
feeds another mart. An arrow that passes columns has a lane of its own in each, so that it crosses no box.
The order within columns follows the mean place of the neighbours (Sugiyama, Tagawa & Toda 1981).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import pyarrow as pa

from dashboard import formats
from dashboard.charts.lineage import WIDTH
from dashboard.queries import catalog as catalogs
from dashboard.queries.catalog import Catalog, Entry

HALF_WIDTH, HALF_HEIGHT = WIDTH / 2, 0.42
LANE = 0.34
SWEEPS = 8
MOST_CHARACTERS = 18
MOST_NAMED = 12
MOST_STEPS, MOST_COLUMNS = 3, 6
EVERYTHING = 1_000

Slot = tuple[int, str]
"""A place in a column: the column and the id of a node, or of the node whose arrow passes."""


@dataclass(frozen=True)
class Place:
    """Where an entry's box has its middle: columns from the left, rows from the top, both from 0.5."""

    entry: Entry
    x: float
    y: float


@dataclass(frozen=True)
class Arrow:
    """From what is read to what reads it, by points (columns, rows) from left to right."""

    source: str
    target: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Lineage:
    """The drawing: `columns` and `rows` are its size."""

    entry: Entry
    places: tuple[Place, ...]
    arrows: tuple[Arrow, ...]
    columns: int
    rows: float

    @property
    def middle(self) -> float:
        """Where from left (0) to right (1) the entry itself stands."""
        [own] = [place for place in self.places if place.entry == self.entry]
        return own.x / self.columns


def lay_out(catalog: Catalog, entry: Entry, steps: int) -> Lineage:
    """What is at most so many steps before and after the entry; metrics only around a metric."""
    before = within(steps, entry.id, parents_of(catalog))
    after = within(steps, entry.id, children_of(catalog, is_metric=entry.kind == "metric"))
    shown = before | after
    reads = {
        node: [one for one in parents_of(catalog).get(node, []) if one in shown] for node in sorted(shown)
    }
    levels = levels_of(entry.id, reads, before, after)
    columns, ends = slots(reads, levels)
    heights = settle(columns, ends)
    top = min(heights.values()) - 0.5
    places = tuple(
        Place(catalog.entries[node], levels[node] + 0.5, heights[levels[node], node] - top)
        for node in sorted(shown, key=lambda node: (levels[node], heights[levels[node], node]))
    )
    arrows = tuple(
        Arrow(source, target, points(source, target, levels, heights, top))
        for target, sources in reads.items()
        for source in sources
    )
    return Lineage(entry, places, arrows, len(columns), max(heights.values()) - top + 0.5)


def fitting(catalog: Catalog, entry: Entry) -> Lineage:
    """As many steps, up to three, as stay within six columns; one step in any case."""
    found = lay_out(catalog, entry, 1)
    for steps in range(2, MOST_STEPS + 1):
        further = lay_out(catalog, entry, steps)
        if further.columns > MOST_COLUMNS:
            break
        found = further
    return found


def parents_of(catalog: Catalog) -> dict[str, list[str]]:
    """What each entry reads, by id."""
    return {
        entry.id: [parent for parent in entry.facts["parents"] if parent in catalog.entries]
        for entry in catalog.entries.values()
    }


def children_of(catalog: Catalog, *, is_metric: bool) -> dict[str, list[str]]:
    """What reads each entry, by id; without metrics unless one is asked for."""
    return {
        node: [child for child in children if is_metric or catalog.entries[child].kind != "metric"]
        for node, children in catalog.children.items()
    }


def within(steps: int, start: str, neighbours: Mapping[str, list[str]]) -> set[str]:
    """The ids that so many steps reach, that of the start included."""
    found = edge = {start}
    for _ in range(steps):
        edge = {one for node in edge for one in neighbours.get(node, [])} - found
        if not edge:
            break
        found = found | edge
    return found


def levels_of(
    start: str, reads: Mapping[str, list[str]], before: Iterable[str], after: Iterable[str]
) -> dict[str, int]:
    """The column of each node, from 0: by its longest way to or from the start."""
    read_by: dict[str, list[str]] = {node: [] for node in reads}
    for target, sources in reads.items():
        for source in sources:
            read_by[source].append(target)

    def longest(nodes: set[str], neighbours: Mapping[str, list[str]]) -> dict[str, int]:
        known = {start: 0}

        def of(node: str) -> int:
            if node not in known:
                known[node] = 1 + max(of(one) for one in neighbours[node] if one in nodes)
            return known[node]

        return {node: of(node) for node in nodes}

    distances = {
        **longest({*after}, reads),
        **{node: -distance for node, distance in longest({*before}, read_by).items()},
    }
    first = min(distances.values())
    return {node: distance - first for node, distance in distances.items()}


def slots(
    reads: Mapping[str, list[str]], levels: Mapping[str, int]
) -> tuple[list[list[Slot]], dict[Slot, set[Slot]]]:
    """The slots of each column, and what each is joined to; the arrows of one source share their lanes."""
    columns: list[dict[Slot, None]] = [{} for _ in range(max(levels.values()) + 1)]
    for node, level in levels.items():
        columns[level][level, node] = None
    joined: dict[Slot, set[Slot]] = {}
    for target, sources in reads.items():
        for source in sources:
            way = [(level, source) for level in range(levels[source], levels[target])]
            way.append((levels[target], target))
            for slot in way:
                columns[slot[0]][slot] = None
            for left, right in pairwise(way):
                joined.setdefault(left, set()).add(right)
                joined.setdefault(right, set()).add(left)
    own = {(level, node) for node, level in levels.items()}
    return [sorted(column, key=lambda slot: (slot not in own, slot[1])) for column in columns], joined


def settle(columns: list[list[Slot]], joined: Mapping[Slot, set[Slot]]) -> dict[Slot, float]:
    """The height of each slot: near its neighbours, in columns without overlap."""
    own = first_slots(columns)
    heights = {slot: float(place) for column in columns for place, slot in enumerate(column)}

    def wanted(slot: Slot) -> float:
        near = [heights[other] for other in joined.get(slot, ())]
        return sum(near) / len(near) if near else heights[slot]

    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            aims = {slot: wanted(slot) for slot in column}
            column.sort(key=lambda slot: (aims[slot], slot[1]))
            heights.update(spread(column, aims, own))
    return heights


def first_slots(columns: list[list[Slot]]) -> dict[Slot, float]:
    """Half of what each slot takes of its column: a box, or a lane."""
    boxes: dict[str, int] = {}
    for column in columns:
        for level, node in column:
            boxes[node] = min(level, boxes.get(node, level))
    return {
        (level, node): 0.5 if boxes[node] == level else LANE / 2
        for column in columns
        for level, node in column
    }


def spread(column: list[Slot], aims: Mapping[Slot, float], halves: Mapping[Slot, float]) -> dict[Slot, float]:
    """Heights near the aims, in the column's order, none nearer to another than both halves.

    The mean of pushing down from the top and up from the bottom, which both keep the distances.
    """
    down: list[float] = []
    up: list[float] = []
    for place, slot in enumerate(column):
        least = down[-1] + halves[column[place - 1]] + halves[slot] if down else aims[slot]
        down.append(max(aims[slot], least))
    for place, slot in reversed([*enumerate(column)]):
        most = up[-1] - halves[column[place + 1]] - halves[slot] if up else aims[slot]
        up.append(min(aims[slot], most))
    return {slot: (low + high) / 2 for slot, low, high in zip(column, down, reversed(up), strict=True)}


def points(
    source: str, target: str, levels: Mapping[str, int], heights: Mapping[Slot, float], top: float
) -> tuple[tuple[float, float], ...]:
    """An arrow's points: flat out of its box, through its lanes, and flat into the other box."""
    first, last = levels[source], levels[target]
    start, end = heights[first, source] - top, heights[last, target] - top
    found = [(first + 0.5, start), (first + 0.5 + HALF_WIDTH, start)]
    for level in range(first + 1, last):
        lane = heights[level, source] - top
        found += [(level + 0.5 - HALF_WIDTH, lane), (level + 0.5 + HALF_WIDTH, lane)]
    return (*found, (last + 0.5 - HALF_WIDTH, end), (last + 0.5, end))


def tables(catalog: Catalog, shown: Lineage) -> dict[str, pa.Table]:
    """What `charts.lineage` draws: a row per box, and a row per point of an arrow."""
    own = shown.entry.id
    boxes = {
        "id": [place.entry.id for place in shown.places],
        "left": [place.x - HALF_WIDTH for place in shown.places],
        "right": [place.x + HALF_WIDTH for place in shown.places],
        "top": [place.y - HALF_HEIGHT for place in shown.places],
        "bottom": [place.y + HALF_HEIGHT for place in shown.places],
        "name": [broken(place.entry.title) for place in shown.places],
        "full_name": [place.entry.title for place in shown.places],
        "kind": [short_kind(place.entry) for place in shown.places],
        "is_own": [place.entry.id == own for place in shown.places],
        "is_published": [place.entry.kind in ("mart", "metric") for place in shown.places],
        "owner": [place.entry.owner_words or formats.NOTHING for place in shown.places],
        "tests": [catalogs.tests_words(catalog.tests(place.entry)) for place in shown.places],
    }
    rows = [
        (f"{arrow.source}>{arrow.target}", *point, own in (arrow.source, arrow.target))
        for arrow in shown.arrows
        for point in arrow.points
    ]
    arrows = {name: [row[place] for row in rows] for place, name in enumerate(("arrow", "x", "y", "is_own"))}
    types = [("arrow", pa.string()), ("x", pa.float64()), ("y", pa.float64()), ("is_own", pa.bool_())]
    return {"numbers": pa.table(boxes), "rows": pa.table(arrows, schema=pa.schema(types))}


def short_kind(entry: Entry) -> str:
    """What a box says below its name."""
    return {"exposure": "page", "model": entry.facts.get("layer") or "model"}.get(entry.kind, entry.kind)


def broken(name: str) -> str:
    """The name on one line or, where it is long, on two of about the same length."""
    breaks = [place + 1 for place, letter in enumerate(name[:-1]) if letter in "_. "]
    if len(name) <= MOST_CHARACTERS or not breaks:
        return name
    at = min(breaks, key=lambda place: (max(place, len(name) - place), -place))
    return f"{name[:at].rstrip()}\n{name[at:]}"


def in_words(catalog: Catalog, entry: Entry) -> str:
    """The direct neighbours, for who cannot see the drawing."""
    reads = listed(catalog.parents(entry))
    readers = listed(catalog.readers(entry, are_metrics=entry.kind == "metric"))
    return f"Reads {reads or 'nothing'}; read by {readers or 'nothing'}"


def listed(entries: list[Entry]) -> str:
    """The first names, and how many more."""
    more = f" and {len(entries) - MOST_NAMED} more" if len(entries) > MOST_NAMED else ""
    return ", ".join(entry.title for entry in entries[:MOST_NAMED]) + more
