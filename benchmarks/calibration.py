"""Whether the statistics keep what they promise: `python -m benchmarks.calibration [--experiments 2000]`.

Experiments whose truth is known are drawn, as many without an effect as with one, and analysed by the SQL
of the marts themselves (`int_arm_moments_gathered`, `fct_experiment_results`, `fct_experiment_timeline`) and
by the macros of `macros/statistics/`, all rendered by dbt. Prints how often each test was wrong, each
interval right and each correction exceeded, beside how often it should be, and exits with 1 if a figure
lies outside its bound.

A bound is what a count out of so many experiments keeps within with a probability of at least 99.9 %. The
seed is fixed: the same figures come out each time.
"""

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tests.commands import ROOT, render
from tests.macros.macro_runner import call

Array = npt.NDArray[np.generic]
Floats = npt.NDArray[np.floating[Any]]

EXPERIMENTS, SEED = 2_000, 2026
BATCH = 200  # experiments that are drawn and measured at once, so that memory does not grow with their number
CERTAINTY = 0.999
ALPHA, STRICT_ALPHA, POWER = 0.05, 0.01, 0.8

UNITS = 400  # in each arm of an experiment, unless a formula says how many
AMOUNT_SPREAD, AMOUNT_SHARED = 0.8, 0.6  # of the logarithm of an amount; the part that a unit keeps over time
AMOUNT_MEAN = math.exp(AMOUNT_SPREAD**2 / 2)
AMOUNT_DEVIATION = AMOUNT_MEAN * math.sqrt(math.expm1(AMOUNT_SPREAD**2))
AMOUNT_EFFECT = 0.2 * AMOUNT_DEVIATION
RATE, RATE_EFFECT, RATE_SHARED = 0.20, 0.08, 0.6
RATE_LIMIT, RAISED_LIMIT = (
    0.8416212335729143,
    0.5828415072712162,
)  # a normal value exceeds them with 0.20 and 0.28
ORDERS_MEAN, ORDER_VALUE, ORDER_VALUE_EFFECT = 1.5, 60.0, 0.2

LOOKS, DAILY_UNITS = 28, 100  # days on which somebody looks, and units that each arm gets on each
# How often one of 20 looks at the level 0.05 finds what is not there: Armitage, McPherson and Rowe (1969).
PUBLISHED_LOOKS, PUBLISHED_RATE = 20, 0.248

# Tests of a family, how many of them have an effect, its size in standard errors; and the
# correlation of dependent tests.
HYPOTHESES, EFFECTS, DISTANCE, CORRELATION = 10, 3, 3.0, 0.5
ARM_WEIGHTS, TRAFFIC = (1, 1, 2), 10_000

LABELS = {
    "net_sales": "mean of skewed amounts",
    "conversion": "proportion",
    "average_order_value": "ratio",
}
EFFECT_OF = {
    "net_sales": (AMOUNT_EFFECT, AMOUNT_EFFECT / AMOUNT_MEAN),
    "conversion": (RATE_EFFECT, RATE_EFFECT / RATE),
    "average_order_value": (ORDER_VALUE * ORDER_VALUE_EFFECT, ORDER_VALUE_EFFECT),
}

MODELS = {
    "moments": "models/intermediate/experiments/int_arm_moments_gathered.sql",
    "results": "models/marts/experiments/fct_experiment_results.sql",
    "timeline": "models/marts/experiments/fct_experiment_timeline.sql",
}
COUNTS = ("x_t", "n_t", "x_c", "n_c", ALPHA)
MACROS = {
    "mean_units": f"select {call('sample_size_of_means', AMOUNT_DEVIATION, AMOUNT_EFFECT, ALPHA, POWER)}",
    "rate_units": f"select {call('sample_size_of_proportions', RATE, RATE_EFFECT, ALPHA, POWER)}",
    "power": f"select avg({call('power_of', 'effect', 'se', ALPHA)}) from judged",
    "newcombe": f"""
        select {call("newcombe_lower", *COUNTS)} as lower, {call("newcombe_upper", *COUNTS)} as upper
        from converted
    """,
    "wilson": f"""
        select {call("wilson_lower", *COUNTS[2:])} as lower, {call("wilson_upper", *COUNTS[2:])} as upper
        from converted
    """,
    "pooled": """
        select {{ normal_two_sided_p(two_proportions_z_pooled('x_c', 'n_c', 'x_t', 'n_t')) }} as p
        from converted
    """,
    "days": f"""
        select experiment, is_control, day, {call("moments", "value")} from drawn
        group by experiment, is_control, day
    """,
    "looks": f"""
        with looks as (
            select days.*, seen.day as look from days
            inner join range({LOOKS}) as seen (day) on days.day <= seen.day
        ),
        merged as ({call("merged_moments", "looks", ["experiment", "is_control", "look"], [""])})
        select *, {call("variance_of", "n", "m2")} as variance from merged
    """,
    "p_values": f"select *, {call('normal_two_sided_p', 'z')} as p from drawn",
    "corrected": call("adjusted_p_values", "tests", "p", "family", "id"),
    "traffic": call("sample_ratio", "drawn", "units", "weight", ["experiment"]),
}


@dataclass(frozen=True)
class Line:
    """One promise: how often something happened, how often it should, and within what it may lie."""

    what: str
    measured: float
    expected: str
    lower: float
    upper: float

    @property
    def is_met(self) -> bool:
        """Whether the measured rate lies within its bound."""
        return self.lower <= self.measured <= self.upper


def quantile(probability: float, n: int, rate: float) -> int:
    """The smallest number of n independent events of this rate that is not exceeded with the probability."""
    k = np.arange(n + 1)
    logs = np.array([math.lgamma(value + 1) for value in range(n + 1)])
    mass = np.exp(logs[n] - logs - logs[::-1] + k * math.log(rate) + (n - k) * math.log1p(-rate))
    return int(np.searchsorted(np.cumsum(mass), probability))


def as_often_as(what: str, measured: float, n: int, rate: float) -> Line:
    """A rate over n experiments that should be `rate`."""
    tail = (1 - CERTAINTY) / 2
    return Line(what, measured, f"{rate:.4g}", quantile(tail, n, rate) / n, quantile(1 - tail, n, rate) / n)


def at_most(what: str, measured: float, n: int, rate: float) -> Line:
    """A rate over n experiments that should be `rate` or less."""
    return Line(what, measured, f"≤ {rate:.4g}", 0.0, quantile(CERTAINTY, n, rate) / n)


def rendered(home: Path) -> dict[str, str]:
    """The SQL of the marts and of the macros, by dbt, in a home with nothing built."""
    models = {name: (ROOT / path).read_text(encoding="utf-8") for name, path in MODELS.items()}
    return render(models | MACROS, home)


class Laboratory:
    """A database of the warehouse's name, in memory, and the SQL that judges what is drawn into it."""

    def __init__(self, sql: Mapping[str, str], experiments: int, seed: int) -> None:
        """Schemas for what the marts read."""
        self.sql = sql
        self.experiments = experiments
        self.rng = np.random.default_rng(seed)
        self.connection = duckdb.connect(config={"threads": 2})
        self.run("attach ':memory:' as larkspur")
        self.run("use larkspur")
        for schema in ("intermediate", "marts"):
            self.run(f"create schema {schema}")

    def run(self, query: str) -> None:
        """Execute a statement."""
        self.connection.execute(query)

    def rows(self, query: str) -> list[tuple[float, ...]]:
        """All rows of a query."""
        return self.connection.execute(query).fetchall()

    def numbers(self, query: str) -> tuple[float, ...]:
        """The only row of a query."""
        [row] = self.rows(query)
        return row

    def draw(self, columns: Mapping[str, Array]) -> None:
        """What was drawn, as the table `drawn`; the arrays have one shape."""
        self.connection.register("arrays", pa.table({name: array.ravel() for name, array in columns.items()}))
        self.run("create or replace table drawn as from arrays")
        self.connection.unregister("arrays")

    def batches(self) -> list[range]:
        """The numbers of the experiments, batch by batch."""
        return [
            range(first, min(first + BATCH, self.experiments)) for first in range(0, self.experiments, BATCH)
        ]


def correlated(rng: np.random.Generator, shape: tuple[int, ...], shared: float) -> tuple[Floats, Floats]:
    """Normal values of the same units before and after; `shared` is their correlation."""
    always = rng.standard_normal(shape) * math.sqrt(shared)
    before, after = (always + rng.standard_normal(shape) * math.sqrt(1 - shared) for _ in range(2))
    return before, after


def unit_values(
    rng: np.random.Generator, metric: str, shape: tuple[int, ...], has_effect: bool
) -> list[Floats]:
    """Numerators and denominators of units, after and before their assignment.

    `shape` is experiments, arms (the control first), units. Their truth is in the constants above.
    """
    treated = np.zeros(shape)
    treated[:, 1] = has_effect
    ones = np.ones(shape)
    if metric == "net_sales":
        before, after = (np.exp(AMOUNT_SPREAD * z) for z in correlated(rng, shape, AMOUNT_SHARED))
        return [after + treated * AMOUNT_EFFECT, ones, before, ones]
    if metric == "conversion":
        before, after = correlated(rng, shape, RATE_SHARED)
        limit = np.where(treated == 1, RAISED_LIMIT, RATE_LIMIT)
        return [(after > limit) * 1.0, ones, (before > RATE_LIMIT) * 1.0, ones]
    eagerness = ORDERS_MEAN * rng.gamma(2, 1 / 2, shape)
    before, after = rng.poisson(eagerness) * 1.0, rng.poisson(eagerness) * 1.0
    value_before, value = (
        ORDER_VALUE * np.exp(0.6 * z - 0.18) for z in correlated(rng, shape, AMOUNT_SHARED)
    )
    return [after * value * (1 + treated * ORDER_VALUE_EFFECT), after, before * value_before, before]


def analyse(lab: Laboratory, units: Mapping[str, int]) -> None:
    """Draw the experiments with and without an effect, and make their `results` by the marts' SQL."""
    lab.run("""
        create table intermediate.int_unit_values_measured (
            experiment_id varchar, metric varchar, variant varchar, device_type varchar,
            numerator double, denominator double, covariate_numerator double, covariate_denominator double,
            is_control boolean, is_new boolean
        )
    """)
    values = ["numerator", "denominator", "covariate_numerator", "covariate_denominator"]
    for has_effect in (False, True):
        for batch in lab.batches():
            lab.run("truncate intermediate.int_unit_values_measured")
            for metric in LABELS:
                shape = (len(batch), 2, units[metric] if has_effect else UNITS)
                drawn = unit_values(lab.rng, metric, shape, has_effect)
                numbers = np.broadcast_to(np.array(batch)[:, None, None], shape)
                arms = np.broadcast_to(np.array([True, False])[None, :, None], shape)
                lab.draw({"number": numbers, "is_control": arms} | dict(zip(values, drawn, strict=True)))
                lab.run(f"""
                    insert into intermediate.int_unit_values_measured
                    select
                        '{has_effect}' || number, '{metric}', if(is_control, 'control', 'treatment'), null,
                        {", ".join(values)}, is_control, true
                    from drawn
                """)
            is_first = not has_effect and batch.start == 0
            head = "create table {} as" if is_first else "insert into {}"
            lab.run(f"{head.format('intermediate.int_arm_moments_gathered')} {lab.sql['moments']}")
    lab.run("""
        create table marts.fct_experiment_arms as
        select distinct experiment_id, variant, is_control from intermediate.int_arm_moments_gathered
    """)
    lab.run("""
        create table marts.dim_experiments as
        select distinct experiment_id, 'net_sales' as primary_metric from marts.fct_experiment_arms
    """)
    lab.run(f"""
        create table results as
        select *, starts_with(experiment_id, 'True') as has_effect from ({lab.sql["results"]})
        where segment_name = 'all'
    """)


def false_positives(lab: Laboratory) -> list[Line]:
    """How often experiments without an effect are significant."""
    lines = []
    for metric, label in LABELS.items():
        for prefix, title in {"": "", "cuped_": ", CUPED"}.items():
            for alpha in (ALPHA, STRICT_ALPHA):
                [rate] = lab.numbers(f"""
                    select avg(coalesce({prefix}p_value < {alpha}, true)::int) from results
                    where metric = '{metric}' and not has_effect
                """)
                what = f"A/A false positives at {alpha}: {label}{title}"
                lines.append(as_often_as(what, rate, lab.experiments, alpha))
    [rate] = lab.numbers(f"""
        select avg(found::int) from (
            select bool_or(coalesce(adjusted_p_value < {ALPHA}, true)) as found from results
            where not has_effect group by experiment_id
        )
    """)
    lines.append(
        at_most(
            f"A/A any of the {len(LABELS)} metrics, by the marts' adjusted p-value",
            rate,
            lab.experiments,
            ALPHA,
        )
    )
    return lines


def coverage(lab: Laboratory) -> list[Line]:
    """How often the 95 % intervals of the experiments with an effect hold it."""
    lines = []
    for metric, label in LABELS.items():
        effects = dict(zip(("effect", "relative_effect"), EFFECT_OF[metric], strict=True))
        for effect, title in {"effect": "effect", "relative_effect": "relative effect"}.items():
            for prefix, suffix in {"": "", "cuped_": ", CUPED"}.items():
                bound = f"{prefix}{effect}"
                [rate] = lab.numbers(f"""
                    select
                        avg(coalesce({effects[effect]} between {bound}_lower and {bound}_upper, false)::int)
                    from results where metric = '{metric}' and has_effect
                """)
                what = f"95 % interval holds the {title}: {label}{suffix}"
                lines.append(as_often_as(what, rate, lab.experiments, 1 - ALPHA))
    return lines


def proportions(lab: Laboratory) -> list[Line]:
    """The tests and intervals that are of proportions alone."""
    counts = """
        create or replace table converted as
        select
            round(control_mean * control_unit_count) as x_c, control_unit_count as n_c,
            round(treatment_mean * treatment_unit_count) as x_t, treatment_unit_count as n_t
        from results where metric = 'conversion' and has_effect = {}
    """
    inside = "select avg(coalesce({} between lower and upper, false)::int) from ({})"
    lab.run(counts.format("true"))
    [newcombe] = lab.numbers(inside.format(RATE_EFFECT, lab.sql["newcombe"]))
    lab.run(counts.format("false"))
    [wilson] = lab.numbers(inside.format(RATE, lab.sql["wilson"]))
    lines = [
        as_often_as(
            "95 % interval holds the difference of proportions: Newcombe",
            newcombe,
            lab.experiments,
            1 - ALPHA,
        ),
        as_often_as("95 % interval holds the proportion: Wilson", wilson, lab.experiments, 1 - ALPHA),
    ]
    for alpha in (ALPHA, STRICT_ALPHA):
        query = f"select avg(coalesce(p < {alpha}, true)::int) from ({lab.sql['pooled']})"
        [rate] = lab.numbers(query)
        lines.append(
            as_often_as(
                f"A/A false positives at {alpha}: two proportions, pooled z", rate, lab.experiments, alpha
            )
        )
    return lines


def power(lab: Laboratory) -> list[Line]:
    """How often an effect is found in experiments of the size that a formula asks for."""
    lines = []
    for metric, label in LABELS.items():
        lab.run(f"""
            create or replace table judged as
            select {EFFECT_OF[metric][0]} as effect, effect_se as se, p_value from results
            where metric = '{metric}' and has_effect
        """)
        [rate] = lab.numbers(f"select avg(coalesce(p_value < {ALPHA}, false)::int) from judged")
        # Of proportions the formula takes the baseline's variance for both arms, the test each arm's own.
        is_by_size = metric == "net_sales"
        [expected] = (POWER,) if is_by_size else lab.numbers(lab.sql["power"])
        formula = "sample_size_of_means" if is_by_size else "power_of"
        lines.append(as_often_as(f"power, by {formula}: {label}", rate, lab.experiments, expected))
    return lines


def peeking(lab: Laboratory) -> list[Line]:
    """How often somebody who looks every day finds an effect that is not there."""
    for batch in lab.batches():
        shape = (len(batch), 2, LOOKS, DAILY_UNITS)
        lab.draw({
            "experiment": np.broadcast_to(np.array(batch)[:, None, None, None], shape),
            "is_control": np.broadcast_to(np.array([True, False])[None, :, None, None], shape),
            "day": np.broadcast_to(np.arange(LOOKS)[None, None, :, None], shape),
            "value": np.exp(AMOUNT_SPREAD * lab.rng.standard_normal(shape)),
        })  # fmt: skip
        lab.run(f"{'insert into days' if batch.start else 'create table days as'} {lab.sql['days']}")
    lab.run(f"""
        create table intermediate.int_arm_looks_accumulated as
        select
            'X' || experiment as experiment_id, 'net_sales' as metric,
            if(is_control, 'control', 'treatment') as variant, n as unit_count, mean as arm_mean,
            variance as unit_variance, is_control, date '2026-01-01' + look::int as look_date
        from ({lab.sql["looks"]})
    """)
    lab.run(f"create table timeline as {lab.sql['timeline']}")
    fixed, valid, strict, outside = lab.numbers(f"""
        select avg(fixed::int), avg(valid::int), avg(strict::int), avg(outside::int)
        from (
            select
                bool_or(p_value < {ALPHA})
                    filter (look_date < date '2026-01-01' + {PUBLISHED_LOOKS}) as fixed,
                bool_or(coalesce(always_valid_p_value < {ALPHA}, true)) as valid,
                bool_or(coalesce(always_valid_p_value < {STRICT_ALPHA}, true)) as strict,
                bool_or(coalesce(0 not between always_valid_lower and always_valid_upper, true)) as outside
            from timeline group by experiment_id
        )
    """)
    n = lab.experiments
    title = f"false positives, looking on {LOOKS} days"
    return [
        as_often_as(
            f"false positives, looking on {PUBLISHED_LOOKS} days: fixed horizon", fixed, n, PUBLISHED_RATE
        ),
        at_most(f"{title}: always-valid p-value below {ALPHA}", valid, n, ALPHA),
        at_most(f"{title}: always-valid p-value below {STRICT_ALPHA}", strict, n, STRICT_ALPHA),
        at_most(f"{title}: always-valid interval leaves 0 out", outside, n, ALPHA),
    ]


def family(lab: Laboratory, effects: int, correlation: float) -> dict[str, tuple[float, float]]:
    """By each correction, the rate of families with a false finding, and the mean share of false findings."""
    shape = (lab.experiments, HYPOTHESES)
    has_effect = np.broadcast_to(np.arange(HYPOTHESES) < effects, shape)
    together = lab.rng.standard_normal((lab.experiments, 1)) * math.sqrt(correlation)
    z = together + lab.rng.standard_normal(shape) * math.sqrt(1 - correlation) + has_effect * DISTANCE
    families = np.broadcast_to(np.arange(lab.experiments)[:, None], shape)
    lab.draw({"family": families, "id": np.arange(z.size), "z": z, "has_effect": has_effect})
    lab.run(f"create or replace table tests as {lab.sql['p_values']}")
    lab.run(f"create or replace table corrected as {lab.sql['corrected']}")
    found = {}
    for method in ("p", "p_bonferroni", "p_holm", "p_benjamini_hochberg"):
        any_false, false_share = lab.numbers(f"""
            select avg((false_count > 0)::int), avg(false_count / greatest(found_count, 1))
            from (
                select
                    count(*) filter ({method} <= {ALPHA}) as found_count,
                    count(*) filter ({method} <= {ALPHA} and not has_effect) as false_count
                from corrected group by family
            )
        """)
        found[method] = any_false, false_share
    return found


def corrections(lab: Laboratory) -> list[Line]:
    """The family-wise error and the false discovery rate of each correction."""
    n, nulls = lab.experiments, HYPOTHESES - EFFECTS
    mixed, none, dependent = family(lab, EFFECTS, 0), family(lab, 0, 0), family(lab, 0, CORRELATION)

    def any_of(tests: int, level: float) -> float:
        return float(1 - (1 - level) ** tests)

    each = ALPHA / HYPOTHESES
    found = f"{HYPOTHESES} tests, {EFFECTS} effects, a false finding"
    share = f"{HYPOTHESES} tests, {EFFECTS} effects, share of false findings"
    nothing = f"{HYPOTHESES} tests, no effect, a false finding"
    together = f"{HYPOTHESES} tests, no effect, correlated {CORRELATION}, a false finding"
    uncorrected, holm, bonferroni, discovery = "p", "p_holm", "p_bonferroni", "p_benjamini_hochberg"
    of_nulls, of_all = any_of(nulls, each), any_of(HYPOTHESES, each)
    return [
        as_often_as(f"{found}: uncorrected", mixed[uncorrected][0], n, any_of(nulls, ALPHA)),
        as_often_as(f"{found}: Bonferroni", mixed[bonferroni][0], n, of_nulls),
        at_most(f"{found}: Holm", mixed[holm][0], n, ALPHA),
        as_often_as(f"{share}: Benjamini-Hochberg", mixed[discovery][1], n, ALPHA * nulls / HYPOTHESES),
        as_often_as(f"{nothing}: Bonferroni", none[bonferroni][0], n, of_all),
        as_often_as(f"{nothing}: Holm", none[holm][0], n, of_all),
        as_often_as(f"{nothing}: Benjamini-Hochberg", none[discovery][0], n, ALPHA),
        at_most(f"{together}: Holm", dependent[holm][0], n, ALPHA),
        at_most(f"{together}: Benjamini-Hochberg", dependent[discovery][0], n, ALPHA),
    ]


def traffic(lab: Laboratory) -> list[Line]:
    """How often traffic that was split as planned is called off."""
    weights = np.array(ARM_WEIGHTS)
    units = lab.rng.multinomial(TRAFFIC, weights / weights.sum(), lab.experiments)
    numbers = np.broadcast_to(np.arange(lab.experiments)[:, None], units.shape)
    lab.draw({"experiment": numbers, "units": units, "weight": np.broadcast_to(weights, units.shape)})
    lines = []
    for alpha in (STRICT_ALPHA, 0.001):
        [rate] = lab.numbers(
            f"select avg(coalesce(p_value < {alpha}, true)::int) from ({lab.sql['traffic']})"
        )
        lines.append(
            as_often_as(
                f"false alarms of the sample ratio at {alpha}: {len(ARM_WEIGHTS)} arms",
                rate,
                lab.experiments,
                alpha,
            )
        )
    return lines


def measure(sql: Mapping[str, str], experiments: int = EXPERIMENTS, seed: int = SEED) -> list[Line]:
    """All promises, each over so many experiments; `sql` is what `rendered` gives."""
    lab = Laboratory(sql, experiments, seed)
    with lab.connection:
        units = {
            "net_sales": math.ceil(lab.numbers(sql["mean_units"])[0]),
            "conversion": math.ceil(lab.numbers(sql["rate_units"])[0]),
            "average_order_value": UNITS,
        }
        analyse(lab, units)
        steps = (false_positives, coverage, proportions, power, peeking, corrections, traffic)
        return [line for step in steps for line in step(lab)]


def table(lines: list[Line]) -> str:
    """The lines as a table in Markdown."""
    rows = ["| what | measured | expected | 99.9 % bound | |", "|---|---|---|---|---|"]
    for line in lines:
        verdict = "met" if line.is_met else "MISSED"
        bound = f"{line.lower:.4f} to {line.upper:.4f}"
        rows.append(f"| {line.what} | {line.measured:.4f} | {line.expected} | {bound} | {verdict} |")
    return "\n".join(rows)


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(description="Measure the statistics' error rates.")
    parser.add_argument("--experiments", type=int, default=EXPERIMENTS, metavar="N", help="of each kind")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N")
    arguments = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        lines = measure(rendered(Path(folder)), arguments.experiments, arguments.seed)
    print(table(lines))
    missed = sum(not line.is_met for line in lines)
    print(
        f"\n{arguments.experiments:,} experiments of each kind, seed {arguments.seed}, "
        f"{datetime.now(UTC):%Y-%m-%d}, {time.perf_counter() - start:.0f} s: "
        f"{len(lines) - missed} met, {missed} missed"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
