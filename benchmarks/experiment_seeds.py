"""Whether other companies' experiments come out as they truly are.

    python -m benchmarks.experiment_seeds [--seeds 200]

Each seed of the generator is another company with the same three experiments: X01 raises conversion by 35 %,
X02 does nothing, X03 is broken. Each is made at the smallest scale, and all models that the verdicts need
run on its raw data, as dbt compiled them, in a database of its own in memory. Prints how often the 95 %
intervals hold the truth and which verdicts were given, and exits with 1 if a figure lies outside its bound.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from tqdm import tqdm

from benchmarks.calibration import Line, as_often_as, at_most, table
from sample_company.company import write_company
from tests.commands import ROOT, dbt, render
from tests.macros.macro_runner import call

SEEDS, FIRST_SEED = 200, 1_000
WIN, NOTHING, BROKEN = "X01", "X02", "X03"
EFFECTS = {WIN: 0.35, NOTHING: 0.0}  # relative to the control, on the primary metric
ALPHA, BROKEN_ALPHA = 0.05, 0.001
GOAL = "model.larkspur.fct_experiment_verdicts"
POWER = f"select {call('power_of', 'effect', 'se', ALPHA)} from judged"


@dataclass(frozen=True)
class Outcome:
    """What the marts say of one company's experiment."""

    seed: int
    experiment: str
    verdict: str
    failed_checks: frozenset[str]
    holds_truth: bool
    holds_truth_by_cuped: bool
    power: float


def statements(target: Path) -> list[str]:
    """Plain SQL that makes the verdicts of raw tables, in order, from dbt's manifest with compiled code."""
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    ordered: dict[str, str] = {}

    def visit(name: str) -> None:
        node = nodes.get(name)
        if node is None or name in ordered:
            return
        for parent in node["depends_on"].get("nodes", []):
            visit(parent)
        relation = f'{node["schema"]}."{node["alias"]}"'
        if node["resource_type"] == "model":
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            ordered[name] = f"create {kind} {relation} as {node['compiled_code']}"
        elif node["schema"] != "raw":
            file = ROOT / node["original_file_path"]
            ordered[name] = f"create table {relation} as from read_csv('{file}', all_varchar = true)"

    visit(GOAL)
    return list(ordered.values())


def compiled(home: Path) -> tuple[list[str], str]:
    """The statements, and the query of power, by dbt in an empty home: no model is incremental there."""
    power = render({"power": POWER}, home)["power"]
    dbt("--quiet", "compile", "--select", "+fct_experiment_verdicts", home=home)
    return statements(home / "target"), power


def build(company: Path, sql: Iterable[str]) -> duckdb.DuckDBPyConnection:
    """A warehouse in memory with the company's raw files as text and all that the statements make of them."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("attach ':memory:' as larkspur")
    connection.execute("use larkspur")
    for schema in ("raw", "reference", "staging", "quarantine", "intermediate", "marts"):
        connection.execute(f"create schema {schema}")
    for file in sorted(company.glob("*/*.parquet")):
        connection.execute(
            f"create table raw.{file.stem} as select columns(*)::varchar from read_parquet('{file}')"
        )
    for statement in sql:
        connection.execute(statement)
    return connection


def outcomes(seed: int, sql: Iterable[str], power: str) -> Iterator[Outcome]:
    """Make the company of a seed and read its experiments' verdicts."""
    with tempfile.TemporaryDirectory() as folder:
        write_company(Path(folder), 1, seed, "parquet", show_progress=False)
        with build(Path(folder), sql) as connection:
            for experiment in (WIN, NOTHING, BROKEN):
                yield outcome(connection, seed, experiment, power)


def outcome(connection: duckdb.DuckDBPyConnection, seed: int, experiment: str, power: str) -> Outcome:
    """What the marts of a company say of an experiment."""

    def row(query: str) -> tuple[Any, ...]:
        [found] = connection.execute(query).fetchall()
        return tuple(found)

    effect = EFFECTS.get(experiment, 0.0)
    results = f"""
        from marts.fct_experiment_results
        where experiment_id = '{experiment}' and is_primary and segment_name = 'all'
    """
    held = f"coalesce({effect} between {{0}}relative_effect_lower and {{0}}relative_effect_upper, false)"
    truth = f"{effect} * control_mean as effect, effect_se as se"
    connection.execute(f"create or replace table judged as select {truth} {results}")
    failed = connection.execute(
        "select check_name from intermediate.int_experiment_checks_judged "
        f"where experiment_id = '{experiment}' and status = 'fail'"
    ).fetchall()
    [verdict] = row(f"select verdict from marts.fct_experiment_verdicts where experiment_id = '{experiment}'")
    is_held, is_held_by_cuped = row(f"select {held.format('')}, {held.format('cuped_')} {results}")
    [power_to_find] = row(power)
    checks = frozenset(name for (name,) in failed)
    return Outcome(seed, experiment, verdict, checks, is_held, is_held_by_cuped, power_to_find)


def judged(found: list[Outcome]) -> list[Line]:
    """How often each experiment came out as it should."""
    by_experiment = {
        experiment: [outcome for outcome in found if outcome.experiment == experiment]
        for experiment in (WIN, NOTHING, BROKEN)
    }
    n = len(by_experiment[WIN])

    def share(experiment: str, *verdicts: str) -> float:
        return sum(outcome.verdict in verdicts for outcome in by_experiment[experiment]) / n

    lines = []
    for experiment, effect in EFFECTS.items():
        of_it = by_experiment[experiment]
        title = f"{experiment}: 95 % interval holds the true {effect:+.0%}"
        held, held_by_cuped = (
            sum(values) / n
            for values in (
                [outcome.holds_truth for outcome in of_it],
                [outcome.holds_truth_by_cuped for outcome in of_it],
            )
        )
        lines.append(as_often_as(title, held, n, 1 - ALPHA))
        lines.append(as_often_as(f"{title}, CUPED", held_by_cuped, n, 1 - ALPHA))
    power = sum(outcome.power for outcome in by_experiment[WIN]) / n
    lines += [
        as_often_as(f"{WIN}: ship (expected: the mean power)", share(WIN, "ship"), n, power),
        at_most(f"{WIN}: do not ship", share(WIN, "do not ship"), n, ALPHA / 2),
        at_most(f"{NOTHING}: ship or do not ship", share(NOTHING, "ship", "do not ship"), n, ALPHA),
        # Two checks of each may fail by chance: the sample ratio and the difference before it began.
        at_most(f"{WIN}: do not read", share(WIN, "do not read"), n, 2 * BROKEN_ALPHA),
        at_most(f"{NOTHING}: do not read", share(NOTHING, "do not read"), n, 2 * BROKEN_ALPHA),
        Line(f"{BROKEN}: do not read", share(BROKEN, "do not read"), "≥ 0.99", 0.99, 1.0),
    ]
    for check in ("sample_ratio", "leakage"):
        failing = sum(check in outcome.failed_checks for outcome in by_experiment[BROKEN]) / n
        lines.append(Line(f"{BROKEN}: the check {check} fails", failing, "none set", 0.0, 1.0))
    return lines


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(description="Run the experiments of other seeds of the sample company.")
    parser.add_argument("--seeds", type=int, default=SEEDS, metavar="N", help="number of companies")
    parser.add_argument("--first", type=int, default=FIRST_SEED, metavar="N", help="the first seed")
    arguments = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        sql, power = compiled(Path(folder))
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    found = [
        outcome
        for seed in tqdm(seeds, unit="company", file=sys.stderr)
        for outcome in outcomes(seed, sql, power)
    ]
    lines = judged(found)
    print(table(lines))
    print(
        f"\n{arguments.seeds} companies, seeds {seeds.start} to {seeds.stop - 1}, "
        f"{datetime.now(UTC):%Y-%m-%d}, {len(sql)} models each, {time.perf_counter() - start:.0f} s"
    )
    return int(not all(line.is_met for line in lines))


if __name__ == "__main__":
    sys.exit(main())
