"""Moments that merge: counts, means, squared deviations and their products, never sums of squares."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.macros.macro_runner import Macros, call, write
from tests.macros.vectors import vector

NAMES = ("n", "mean", "m2")
PAIR_NAMES = ("n", "mean_x", "m2_x", "mean_y", "m2_y", "c_xy")
MERGED = call("merged_moments", "parts", ["arm"], ["v_"], ["p_"])
COLUMNS = f"{call('moments', 'x', 'v_')}, {call('co_moments', 'x', 'y', 'p_')}"
TEMPLATES = {
    "moments": call("moments", "x"),
    "variance": call("variance_of", "n", "m2"),
    "whole": f"select arm, {COLUMNS} from observations group by arm order by arm",
    "merged": f"with parts as (select arm, part, {COLUMNS} from observations group by arm, part)"
    f" {MERGED} order by arm",
    "all": f"with parts as (select part, {call('moments', 'x')} from observations group by part)"
    f" {call('merged_moments', 'parts', [], [''])}",
    "of one name": call("merged_moments", "parts", "arm", [""]),
}

Row = dict[str, object]


def observe(
    macros: Macros,
    arm: Sequence[object],
    part: Sequence[object],
    x: Sequence[object] | npt.NDArray[np.float64],
    y: Sequence[object] | npt.NDArray[np.float64],
) -> None:
    write(macros.connection, "observations", {"arm": arm, "part": part, "x": x, "y": y})


def rows(macros: Macros, name: str) -> list[Row]:
    result = macros.connection.execute(macros.sql[name])
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def same(found: list[Row], expected: list[Row], tolerance: float) -> None:
    """The same groups, all to 12 digits but the products of deviations, which may be off by the tolerance."""
    assert len(found) == len(expected)
    for got, wanted in zip(found, expected, strict=True):
        assert got.keys() == wanted.keys()
        for name, value in wanted.items():
            is_product = name.endswith(("m2", "m2_x", "m2_y", "c_xy"))
            if value is None:
                assert got[name] is None, name
            else:
                assert got[name] == pytest.approx(value, rel=1e-12, abs=tolerance if is_product else 1e-12), (
                    name
                )


def test_nist_numacc4(macros: Macros) -> None:
    published = vector("nist_numacc4", "statistics")
    inputs, expected = published["inputs"], published["expected"]
    values = [inputs["x0"], *inputs["values"] * inputs["pairs"]]
    write(macros.connection, "observations", {"x": values})
    query = f"with made as (select {macros.sql['moments']} from observations)"
    (found,) = macros.connection.execute(
        f"{query} select n, mean, sqrt({macros.sql['variance']}) from made"
    ).fetchall()
    assert found[0] == len(values)
    assert found[1:] == pytest.approx((expected["mean"], expected["sd"]), **published["tolerance"], abs=0)


@pytest.mark.parametrize("offset", [0.0, 1e9, -1e9])
def test_moments_are_those_of_numpy(macros: Macros, offset: float) -> None:
    generator = np.random.default_rng(3)
    x = offset + np.round(generator.normal(0, 3, 5000), 3)
    y = 0.5 * x + generator.normal(0, 1, 5000)
    observe(macros, [1] * 5000, [1] * 5000, x, y)
    (found,) = rows(macros, "whole")
    # The offset is taken out before numpy sums; what it rounded away in x and y is the same for both.
    centred = np.array([x - offset, y - 0.5 * offset])
    products = np.cov(centred, bias=True) * 5000
    expected = [5000, x.mean(), products[0, 0], y.mean(), products[1, 1], products[0, 1]]
    exactness = 1e-12 if offset == 0 else 1e-7
    assert [found[f"p_{name}"] for name in PAIR_NAMES] == pytest.approx(expected, rel=exactness)
    assert [found[f"v_{name}"] for name in NAMES] == pytest.approx(expected[:3], rel=exactness)


def test_what_is_no_number_is_left_out(macros: Macros) -> None:
    nan, infinity = float("nan"), float("inf")
    x = [1.0, 3.0, None, nan, infinity, -infinity, 1e200, 5.0]
    y = [2.0, 6.0, 1.0, 1.0, 1.0, 1.0, 1.0, None]
    observe(macros, [1] * 8, [1] * 8, x, y)
    (found,) = rows(macros, "whole")
    assert [found[f"v_{name}"] for name in NAMES] == pytest.approx([3, 3, 8])
    assert [found[f"p_{name}"] for name in PAIR_NAMES] == pytest.approx([2, 2, 2, 4, 8, 4])


def test_groups_without_values_have_no_mean(macros: Macros) -> None:
    observe(macros, [1, 2, 2], [1, 1, 2], [None, None, 7.0], [1.0, None, 8.0])
    for name in ("whole", "merged"):
        empty, one = rows(macros, name)
        assert [empty[f"v_{name}"] for name in NAMES] == [0, None, None]
        assert [empty[f"p_{name}"] for name in PAIR_NAMES] == [0, None, None, None, None, None]
        assert [one[f"v_{name}"] for name in NAMES] == [1, 7, 0]
        assert [one[f"p_{name}"] for name in PAIR_NAMES] == [1, 7, 0, 8, 0, 0]


numbers = st.one_of(st.none(), st.integers(-1000, 1000).map(lambda number: number / 8))


@settings(max_examples=150)
@given(
    observations=st.lists(
        st.tuples(st.integers(1, 2), st.integers(1, 6), numbers, numbers), min_size=1, max_size=60
    ),
    offset=st.sampled_from([0.0, 1e9, -1e9]),
)
def test_any_split_merges_to_the_whole(
    macros: Macros, observations: list[tuple[int, int, float | None, float | None]], offset: float
) -> None:
    arm, part, x, y = zip(*observations, strict=True)
    shifted = [[None if value is None else value + offset for value in values] for values in (x, y)]
    observe(macros, arm, part, *shifted)
    # Around 1e9 doubles are 1.2e-7 apart: by so much is each value's deviation uncertain, 250 at most.
    # (Of a sum of squares, 1e18 each, not even the first digit would be right.)
    tolerance = 1e-9 + abs(offset) * 1.2e-16 * 250 * len(observations)
    same(rows(macros, "merged"), rows(macros, "whole"), tolerance)
    (both,) = rows(macros, "all")
    known = np.array([value for value in shifted[0] if value is not None])
    if len(known):
        deviations = known - offset - np.mean(known - offset)
        assert both["n"] == len(known)
        assert both["mean"] == pytest.approx(np.mean(known - offset) + offset, rel=1e-14, abs=1e-12)
        assert both["m2"] == pytest.approx(np.sum(deviations**2), rel=1e-12, abs=tolerance)
    else:
        assert list(both.values()) == [0, None, None]


def test_parts_of_hundreds_of_thousands_merge(macros: Macros) -> None:
    generator = np.random.default_rng(8)
    size = 300_000
    x = 1e9 + generator.integers(0, 2, size).astype(np.float64)
    observe(macros, [1] * size, list(generator.integers(0, 50, size)), x, x)
    (found,) = rows(macros, "merged")
    rate = np.mean(x - 1e9)
    assert found["v_m2"] == pytest.approx(size * rate * (1 - rate), rel=1e-7)
    assert found["p_c_xy"] == pytest.approx(size * rate * (1 - rate), rel=1e-7)


def test_one_key_may_be_a_name(macros: Macros) -> None:
    write(
        macros.connection, "parts", {"arm": [1.0, 1.0], "n": [1.0, 1.0], "mean": [1.0, 3.0], "m2": [0.0, 0.0]}
    )
    assert rows(macros, "of one name") == [{"arm": 1.0, "n": 2, "mean": 2.0, "m2": 2.0}]


def test_variance_needs_two_values(macros: Macros) -> None:
    columns = {"n": [None, 0.0, 1.0, 2.0, 5.0, 5.0], "m2": [1.0, None, 0.0, 2.0, 8.0, None]}
    assert macros.values("variance", columns) == [None, None, None, 2.0, 2.0, None]
