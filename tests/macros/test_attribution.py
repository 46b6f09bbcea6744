"""Attribution: weights, paths and the Markov chain, against published figures and a linear solver."""

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pytest

from tests.commands import run
from tests.macros.macro_runner import call
from tests.macros.vectors import vector

Matrix = npt.NDArray[np.float64]
MODELS = (
    "first_touch",
    "last_touch",
    "last_non_direct",
    "linear",
    "position_based",
    "time_decay",
    "markov",
)
TRANSFORMS = ("none", "exposure", "first", "frequency")
# One rendering for each count of channels: those of the two published chains, and of the random ones.
CHANNELS = {
    "textbook": ("C1", "C2", "C3"),
    "article": ("google ads", "mailing"),
    "one": ("a",),
    "five": tuple("abcde"),
    "nineteen": tuple("abcdefghijklmnopqrs"),
}
TEMPLATES = {
    **{model: call("touch_weight", model) for model in MODELS},
    "models": "{{ attribution_models() | join(',') }}",
    "transitions": call("channel_transitions", "steps", "path", "position", "channel", "has_conversion"),
    **{name: call("transform_path", "steps", "path", "position", "channel", name) for name in TRANSFORMS},
    **{
        name: call("markov_removal_effects", "transitions", list(states)) for name, states in CHANNELS.items()
    },
}


# Weights


def shares(
    connection: duckdb.DuckDBPyConnection,
    weight: str,
    channels: Sequence[str],
    days: Sequence[float] | None = None,
    effects: Sequence[float] | None = None,
) -> list[float]:
    """The share of each touch of one path, in its order."""
    count = len(channels)
    numbers = [number for number, channel in enumerate(channels, start=1) if channel != "Direct"]
    rows = zip(
        range(1, count + 1),
        [count] * count,
        [max(numbers, default=count)] * count,
        days or [0.0] * count,
        effects or [1.0] * count,
        strict=True,
    )
    connection.execute(
        """
        create or replace table touches (
            touch_number int, touch_count int, last_non_direct_number int,
            days_before_conversion double, removal_effect_rate double
        )
        """
    )
    connection.executemany("insert into touches values (?, ?, ?, ?, ?)", list(rows))
    weighted = f"select ({weight}) / sum({weight}) over () from touches order by touch_number"
    return [share for (share,) in connection.execute(weighted).fetchall()]


def test_the_models_are_those_that_have_a_weight(rendered: dict[str, str]) -> None:
    assert tuple(rendered["models"].split(",")) == MODELS


@pytest.mark.parametrize(
    ("model", "name"),
    [("first_touch", "first"), ("last_touch", "last"), ("linear", "linear"), ("position_based", "position")],
)
def test_credit_by_position_is_as_published(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection, model: str, name: str
) -> None:
    published = vector("snowplow_attribution_paths")
    for path in published["expected"]:
        channels = path["path"].split(" > ")
        credited = [path["revenue"] * share for share in shares(connection, rendered[model], channels)]
        assert credited == pytest.approx(path[name], abs=published["tolerance"], rel=0)


def test_time_decay_is_as_published(rendered: dict[str, str], connection: duckdb.DuckDBPyConnection) -> None:
    published = vector("time_decay_halflife7")
    days = published["inputs"]["days_before"]
    weights = shares(connection, rendered["time_decay"], ["Email"] * len(days), days)
    assert weights == pytest.approx(published["expected"]["weights"], abs=published["tolerance"], rel=0)


@pytest.mark.parametrize(
    ("channels", "credited"),
    [
        (["Email", "Direct", "Referral", "Direct"], 2),
        (["Email", "Direct", "Direct"], 0),
        (["Direct", "Email"], 1),
        (["Direct", "Direct"], 1),
        (["Direct"], 0),
    ],
)
def test_the_last_touch_that_is_not_direct_gets_all(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection, channels: list[str], credited: int
) -> None:
    expected = [float(place == credited) for place in range(len(channels))]
    assert shares(connection, rendered["last_non_direct"], channels) == expected


def test_markov_credit_follows_the_removal_effects(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    effects = [0.5, 1.0, 1.0]
    assert shares(connection, rendered["markov"], ["C1", "C2", "C3"], effects=effects) == [0.2, 0.4, 0.4]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ touch_weight('best_guess') }}", "markov, not 'best_guess'."),
        ("{{ transform_path('t', 'p', 'n', 'c', 'last') }}", "frequency, not 'last'."),
    ],
)
def test_an_unknown_name_is_an_error_that_names_the_known(
    jinja_home: Path, template: str, message: str
) -> None:
    failed = run("dbt", "compile", "--inline", template, home=jinja_home)
    assert failed.returncode != 0
    assert message in " ".join(failed.stdout.split())


# Paths


def write_steps(connection: duckdb.DuckDBPyConnection, paths: Sequence[tuple[Sequence[str], bool]]) -> None:
    """The paths (channels, whether a conversion follows) as the table `steps`, last steps first."""
    rows = [
        (path, position, channel, has_conversion)
        for path, (channels, has_conversion) in enumerate(paths)
        for position, channel in enumerate(channels)
    ]
    connection.execute(
        "create or replace table steps (path int, position int, channel text, has_conversion boolean)"
    )
    connection.executemany("insert into steps values (?, ?, ?, ?)", rows[::-1])


def exposures(path: Sequence[str]) -> list[str]:
    return [channel for channel, _ in itertools.groupby(path)]


def firsts(path: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(path))


def frequencies(path: Sequence[str]) -> list[str]:
    return [f"{channel}({path.count(channel)})" for channel in firsts(path)]


@pytest.mark.parametrize(
    ("name", "plain"),
    [("none", list), ("exposure", exposures), ("first", firsts), ("frequency", frequencies)],
)
def test_paths_are_transformed_as_published(
    rendered: dict[str, str],
    connection: duckdb.DuckDBPyConnection,
    name: str,
    plain: Callable[[Sequence[str]], list[str]],
) -> None:
    published = vector("path_transforms")
    generator = np.random.default_rng(7)
    paths = [published["inputs"], *(list(generator.choice(list("ABC"), size)) for size in range(1, 12))]
    write_steps(connection, [(path, True) for path in paths])
    query = f"select path_step from {rendered[name]} where path = ? order by position"
    found = [[step for (step,) in connection.execute(query, [path]).fetchall()] for path in range(len(paths))]
    assert found == [plain(path) for path in paths]
    assert found[0] == {"none": published["inputs"], **published["expected"]}[name]


def test_a_transformed_path_keeps_its_columns(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    write_steps(connection, [("ABBA", True)])
    result = connection.execute(f"select * from {rendered['exposure']} order by position")
    names = [column[0] for column in result.description or []]
    assert names == ["path", "position", "channel", "has_conversion", "path_step"]
    assert result.fetchall() == [(0, 0, "A", True, "A"), (0, 1, "B", True, "B"), (0, 3, "A", True, "A")]


# The Markov chain


def counted_paths(inputs: list[dict[str, object]]) -> list[tuple[Sequence[str], bool]]:
    """The published paths, each as often as it converted (`conv`) and as it did not (`null`)."""
    paths: list[tuple[Sequence[str], bool]] = []
    for entry in inputs:
        channels = str(entry["path"]).split(">")
        for kind, has_conversion in (("conv", True), ("null", False)):
            paths += [(channels, has_conversion)] * int(str(entry.get(kind, 0)))
    return paths


def solved(
    connection: duckdb.DuckDBPyConnection, rendered: dict[str, str], name: str
) -> tuple[dict[str, float], float]:
    """From the table `steps`: each channel's removal effect, and the chain's share of conversions."""
    connection.execute(f"create or replace table transitions as from {rendered['transitions']}")
    rows = connection.execute(f"select state, removal_effect_rate, conversion_rate from {rendered[name]}")
    found = rows.fetchall()
    rates = [rate for _, _, rate in found]
    assert rates == pytest.approx([rates[0]] * len(rates), rel=1e-12, abs=0)
    return {state: effect for state, effect, _ in found}, rates[0]


def test_the_textbook_chain_is_as_published(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    published = vector("markov_order1_textbook")
    tolerance = {"abs": published["tolerance"], "rel": 0}
    write_steps(connection, counted_paths(published["inputs"]))
    effects, rate = solved(connection, rendered, "textbook")
    assert rate == pytest.approx(published["expected"]["p_conversion"], **tolerance)
    assert effects == pytest.approx(published["expected"]["removal_effect"], **tolerance)
    parts = {state: effect / sum(effects.values()) for state, effect in effects.items()}
    assert parts == pytest.approx(published["expected"]["share"], **tolerance)


def test_the_chain_of_the_article_is_as_published(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    published = vector("markov_serhiipuzyrov")
    tolerance = {"abs": published["tolerance"], "rel": 0}
    paths = counted_paths(published["inputs"])
    write_steps(connection, paths)
    effects, rate = solved(connection, rendered, "article")
    short = {"(start)": "start", "(conversion)": "conv", "(null)": "null", "google ads": "ga"}
    moves = connection.execute("select from_state, to_state, transition_rate from transitions").fetchall()
    named = {f"{short.get(start, start)}_{short.get(end, end)}": share for start, end, share in moves}
    assert named == pytest.approx(published["expected"]["transition"], **tolerance)
    assert rate == pytest.approx(published["expected"]["p_conversion"], **tolerance)
    assert effects == pytest.approx(published["expected"]["removal_effect"], **tolerance)
    parts = {state: effect / sum(effects.values()) for state, effect in effects.items()}
    assert parts == pytest.approx(published["expected"]["share"], **tolerance)
    conversions = sum(has_conversion for _, has_conversion in paths)
    credited = {state: share * conversions for state, share in parts.items()}
    assert credited == pytest.approx(published["expected"]["attributed"], **tolerance)


def test_transitions_are_counted_step_by_step(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    write_steps(connection, [("ABBA", True), ("B", False), ("B", True)])
    moves = connection.execute(f"from {rendered['transitions']} order by all").fetchall()
    assert moves == [
        ("(start)", "A", 1, pytest.approx(1 / 3)),
        ("(start)", "B", 2, pytest.approx(2 / 3)),
        ("A", "(conversion)", 1, 0.5),
        ("A", "B", 1, 0.5),
        ("B", "(conversion)", 1, 0.25),
        ("B", "(null)", 1, 0.25),
        ("B", "A", 1, 0.25),
        ("B", "B", 1, 0.25),
    ]


def chain_rates(connection: duckdb.DuckDBPyConnection, states: Sequence[str]) -> Matrix:
    """The table `transitions` as a matrix: start and channels down, channels and conversion across."""
    down = {name: row for row, name in enumerate(["(start)", *states])}
    across = {name: column for column, name in enumerate([*states, "(conversion)"])}
    matrix = np.zeros((len(down), len(across)))
    moves = connection.execute("select from_state, to_state, transition_rate from transitions").fetchall()
    for start, end, rate in moves:
        if end != "(null)":
            matrix[down[start], across[end]] = rate
    return matrix


def conversion_rate(matrix: Matrix, removed: int | None) -> float:
    """By a linear solver: from the start, with all that enters one channel sent to where nothing converts."""
    rates = matrix.copy()
    if removed is not None:
        rates[:, removed] = 0
    between, converting = rates[1:, :-1], rates[1:, -1]
    # Channels that no path has leave by no way: their rows are 0, and so is what solves them.
    from_channels = np.linalg.solve(np.eye(len(between)) - between, converting)
    return float(rates[0, :-1] @ from_channels + rates[0, -1])


def random_paths(
    generator: np.random.Generator, states: Sequence[str], converting: float
) -> list[tuple[Sequence[str], bool]]:
    """Paths that favour some channels over others, with repetitions."""
    odds = generator.dirichlet(np.full(len(states), 0.5))
    return [
        (
            list(generator.choice(states, generator.geometric(0.3), p=odds)),
            bool(generator.random() < converting),
        )
        for _ in range(generator.integers(1, 300))
    ]


@pytest.mark.parametrize("name", ["one", "five", "nineteen"])
@pytest.mark.parametrize("converting", [0.02, 0.5, 1.0])
def test_removal_effects_are_those_of_a_linear_solver(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection, name: str, converting: float
) -> None:
    generator = np.random.default_rng([len(name), int(100 * converting)])
    for _ in range(4):
        write_steps(connection, random_paths(generator, CHANNELS[name], converting))
        effects, rate = solved(connection, rendered, name)
        matrix = chain_rates(connection, CHANNELS[name])
        whole = conversion_rate(matrix, None)
        assert rate == pytest.approx(whole, rel=1e-12, abs=0)
        expected = {
            state: 1 - conversion_rate(matrix, place) / whole if whole else 0
            for place, state in enumerate(CHANNELS[name])
        }
        assert effects == pytest.approx(expected, rel=0, abs=1e-12)


def test_a_small_effect_keeps_its_digits(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    """One path in a hundred million goes through `b`, all others through `a`."""
    rare, common = 1, 10**8
    connection.execute(
        f"""
        create table transitions as
        select * from (values
            ('(start)', 'a', {common} / ({common}.0e0 + {rare})),
            ('(start)', 'b', {rare} / ({common}.0e0 + {rare})),
            ('a', '(conversion)', 1.0e0),
            ('b', '(conversion)', 1.0e0)
        ) as moves (from_state, to_state, transition_rate)
        """
    )
    rows = connection.execute(f"select state, removal_effect_rate from {rendered['five']}").fetchall()
    assert dict(rows)["b"] == pytest.approx(1 / (common + rare), rel=1e-15, abs=0)


def test_paths_of_no_conversion_have_no_effects(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    for paths in ([], [("ab", False)]):
        connection.execute("drop table if exists steps")
        connection.execute(
            "create table steps (path int, position int, channel text, has_conversion boolean)"
        )
        if paths:
            write_steps(connection, paths)
        effects, rate = solved(connection, rendered, "five")
        assert effects == dict.fromkeys("abcde", 0)
        assert rate == 0
