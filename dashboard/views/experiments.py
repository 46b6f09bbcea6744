"""Experiments: what each one found and whether it may be believed, and how large the next one must be."""

from html import escape

import streamlit as st

from dashboard import formats, theme
from dashboard.charts.intervals import forest, height_of
from dashboard.charts.looks import looks
from dashboard.components import (
    experiment_cards,
    experiment_drill,
    experiment_report,
    export,
    filters,
    links,
    plan_card,
    sections,
    versions,
)
from dashboard.components.catalog_cards import capitalized
from dashboard.components.drill import RowsDrill
from dashboard.components.experiment_drill import OF_BOTH
from dashboard.components.markdown import literal
from dashboard.exports.report import Note
from dashboard.metrics import Served
from dashboard.queries import effects, experiments, figures, planner, timeline
from dashboard.queries.effects import Titled
from dashboard.queries.experiments import ALL, Experiment

PAGE = "experiments"
MOST_LISTED, MOST_UNFILTERED = 30, 10
ALL_VERDICTS = "All verdicts"
CHOICES = {"experiment": ALL, "verdict": ALL_VERDICTS, "metric": None, "arm": None, "cuped": False}
"""The keys of the filters, and what they say at first; a metric and an arm always are chosen."""
NAMES_WIDTHS = {"effects": (230, 760), "segments": (170, 660)}
"""How wide the names of a plot are, and below what width of the plot they stand above its rows."""


def choose_experiment(known: dict[str, Experiment]) -> Experiment | None:
    """The first filter: which experiment, None for all."""
    asked = st.query_params.get("experiment")
    if asked and asked not in (*known, ALL):
        st.info(f"There is no experiment {literal(asked[:40])} in this version: here are all.")
    chosen = st.selectbox("Experiment", [ALL, *known], key="experiment", bind="query-params", width=200)
    return known.get(chosen)


def choose_verdict(known: list[Experiment]) -> list[Experiment]:
    """The experiments of the verdict that is chosen; a short list has no such filter."""
    if len(known) <= MOST_UNFILTERED:
        return known
    options = [ALL_VERDICTS, *verdicts(known)]
    chosen = st.selectbox("Verdict", options, key="verdict", bind="query-params", width=200)
    return [one for one in known if chosen in (ALL_VERDICTS, experiments.verdict_of(one))]


def verdicts(known: list[Experiment]) -> list[str]:
    """The verdicts that there are."""
    return sorted({experiments.verdict_of(one) for one in known})


def forest_card(
    name: str,
    title: str,
    subtitle: str,
    rows: list[Titled],
    cuped: bool,
    experiment: Experiment,
    opened: RowsDrill,
) -> None:
    """A forest plot of rows of results."""
    with sections.card(name, is_beside=name == "segments"):
        sections.heading(title, subtitle, experiment.days.words, opened)
        numbers = effects.forest_table(
            rows, cuped=cuped, alpha=experiment.alpha, is_readable=experiment.is_readable
        )
        if len(numbers):
            spec = forest(
                len(numbers),
                *NAMES_WIDTHS[name],
                effects.domain(rows, cuped=cuped),
                figures.columns_with_values(numbers),
                theme.palette(),
            )
            sections.chart(name, title, spec, numbers, effects.forest_words(numbers))
        else:
            st.caption("Nothing was measured.")


def effects_card(served: Served, experiment: Experiment, cuped: bool) -> None:
    """Each metric's effect, the primary one first."""
    control = next((arm["variant"] for arm in experiment.arms if arm["is_control"]), "control")
    words = (
        f"Change of each metric against {escape(control)}, in per cent, with {experiment.intervals}s; "
        "the primary metric first. P-values are corrected for "
        f"{experiments.comparisons_words(experiment.comparison_count())} (Holm)"
    )
    words += (
        ", those of CUPED are not; a colour needs a corrected one below the level and an interval that does "
        "not cross 0. Pale: without CUPED."
        if cuped
        else "."
    )
    if experiment.is_readable:
        legend = sections.legend(
            ("for the better", "better"), ("for the worse", "worse"), ("not certain", "accent")
        )
    else:
        words = f"<strong>Not to be read, see the verdict.</strong> {words}"
        legend = sections.legend(("not to be read", "earlier"))
    title = "Effects, relative to the control" + (", with CUPED" if cuped else "")
    rows = experiments.effect_rows(experiment)
    opened = experiment_drill.card(
        served,
        experiment,
        experiments.RESULTS,
        "of all metrics and everyone",
        "segment_name = $segment",
        segment=experiments.EVERYONE,
    )
    forest_card("effects", title, f"{words}<br>{legend}", rows, cuped, experiment, opened)


def looks_card(served: Served, experiment: Experiment, metric: str, variant: str, height: int) -> None:
    """The effect as it was known after each day; the chart's height in pixels."""
    label = experiment.metrics[metric]
    title = f"{label}: the effect, as it was known after each day"
    with sections.card("looks", is_beside=True):
        unit = effects.unit_of(experiment.rows(metric)[0])
        legend = sections.legend(
            (f"{experiment.intervals}, if one looks once", "accent"),
            ("however often one looks", "accent_soft"),
        )
        said = f"{escape(capitalized(variant))} less control, {unit.axis}. {legend}"
        words = f"of {label} and {variant}, by day"
        opened = experiment_drill.card(
            served, experiment, timeline.TIMELINE, words, OF_BOTH, metric=metric, arm=variant
        )
        sections.heading(title, said, experiment.days.words, opened)
        numbers = timeline.table(served, experiment, metric, variant)
        if len(numbers):
            spec = looks(height, len(numbers) == 1, theme.palette())
            sections.chart("looks", title, spec, numbers, timeline.in_words(numbers))
            if timeline.is_cut(numbers):
                st.caption("The first days' intervals are wider than the picture.")
        else:
            st.caption("Nobody has been observed yet.")


def segments_card(
    served: Served, experiment: Experiment, metric: str, variant: str, rows: list[Titled], cuped: bool
) -> None:
    """A metric's effect in segments."""
    words = f"of {experiment.metrics[metric]} and {variant}, of everyone and by segment"
    of_arms = " of segments, over all arms" if len(experiment.treatments) > 1 else " of segments"
    counted = experiments.comparisons_words(experiment.comparison_count(metric))
    forest_card(
        "segments",
        f"{experiment.metrics[metric]}: exploratory, by segment",
        "A hint for the next experiment, not a finding of this one. Relative to the control, "
        f"with {experiment.intervals}s; p-values are corrected for {counted}{of_arms} (Benjamini-Hochberg).",
        rows,
        cuped,
        experiment,
        experiment_drill.card(
            served, experiment, experiments.RESULTS, words, OF_BOTH, metric=metric, arm=variant
        ),
    )


def details(served: Served, experiment: Experiment, metric: str, variant: str, cuped: bool) -> None:
    """One experiment's page below its filters."""
    verdict = experiments.verdict_of(experiment)
    export.report().add(Note(f"Verdict: {verdict}", experiment.sentence))
    st.html(experiment_cards.verdict_banner(experiment))
    left, right = st.columns([3, 2], gap="small")
    with left, sections.card("health", is_beside=True):
        sections.heading(
            "Can it be believed?",
            experiment_cards.checks_words(experiment.checks),
            drill=experiment_drill.card(
                served, experiment, experiments.HEALTH, "of its checks", are_analysed=False
            ),
        )
        export.report().add(experiment_report.checks(experiment))
        st.html(experiment_cards.checks(experiment))
    with right, sections.card("arms", is_beside=True):
        sections.heading(
            "Arms",
            "Units analysed, and their share; the mark shows the share that was planned.",
            experiment.days.words,
            experiment_drill.card(served, experiment, experiments.ARMS, "of its arms", are_analysed=False),
        )
        export.report().add(experiment_report.arms(experiment))
        export.report().add(experiment_report.seen(experiment))
        st.html(experiment_cards.arms(experiment))
    if not experiment.rows():
        sections.empty("No results yet", "No metric of this experiment has been measured.")
        return
    effects_card(served, experiment, cuped)
    segments = experiments.segment_rows(experiment, metric, variant)
    left, right = st.columns(2, gap="small")
    with left:
        looks_card(served, experiment, metric, variant, height_of(len(segments)))
    with right:
        segments_card(served, experiment, metric, variant, segments, cuped)
    sections.table(
        f"experiment-{experiment.id}",
        "The numbers",
        "Every metric, arm and segment. Shares from 0 to 1 and US dollars where the metric is one; "
        "relative effects in per cent.",
        experiments.numbers_table(experiment),
        experiments.COLUMNS,
        experiment.days,
        scope=experiment.days.words,
        drill=experiment_drill.card(
            served, experiment, experiments.RESULTS, "of all metrics, arms and segments"
        ),
        has_switch=False,
    )


def listing(served: Served, known: list[Experiment]) -> None:
    """All experiments, each with a button that opens it."""
    if not known:
        sections.empty("No experiments yet", "None has been declared in the data.")
        return
    limit = experiments.list_limit(known)
    reach = formats.percent_short(limit)
    levels = {experiment.alpha for experiment in known}
    interval = experiments.interval_words(levels.pop() if len(levels) == 1 else None)
    with st.container(key="listing"):
        sections.heading(
            "The latest first",
            f"At the right the relative effect on the primary metric with its {interval}, all on "
            f"one scale, from {formats.MINUS}{reach} to +{reach}; the line marks no effect.",
            drill=experiment_drill.listing(served, known),
        )
    export.report().add(experiment_report.listed(known))
    for place, experiment in enumerate(known[:MOST_LISTED]):
        with (
            sections.card(f"listed-{place}"),
            st.container(horizontal=True, vertical_alignment="center", gap="medium"),
        ):
            st.html(experiment_cards.listed(experiment, experiments.facts_words(experiment), limit))
            st.button(
                f"Open {experiment.id}",
                key=f"open-{place}",
                on_click=st.session_state.update,
                args=({"experiment": experiment.id},),
            )
    if len(known) > MOST_LISTED:
        st.caption(f"The {MOST_LISTED} latest of {len(known):,}; the others open by the box above.")


def show(served: Served) -> None:
    """The page, top to bottom."""
    known = experiments.read(served)
    listed = [*known.values()]
    baselines = planner.baselines(listed)
    asked = links.asked()
    top = st.container(key="masthead")
    filters.take_along(PAGE, CHOICES | plan_card.DEFAULTS)
    with st.container(horizontal=True, key="filters"):
        experiment = choose_experiment(known)
        experiment = experiment and experiments.with_segments(served, experiment)
        metric, variant, cuped = choose_view(experiment) if experiment else ("", "", False)
        if not experiment:
            listed = choose_verdict(listed)
    if experiment:
        options = {"metric": [*experiment.metrics.values()], "arm": experiment.treatments}
        links.say(links.missing(asked, options))
    else:
        options = {"verdict": [ALL_VERDICTS, *verdicts([*known.values()])]}
        links.say([*links.missing(asked, options), *plan_card.missing(asked, baselines)])
    filters.keep(
        PAGE, {key: st.session_state[key] for key in CHOICES | plan_card.DEFAULTS if key in st.session_state}
    )
    with top:
        if experiment:
            st.button(
                ALL,
                icon=":material/arrow_back:",
                type="tertiary",
                key="back",
                on_click=st.session_state.update,
                args=({"experiment": ALL},),
            )
            facts = experiments.facts_words(experiment)
            drawn = experiment_cards.masthead(experiment, facts)
            sections.head(experiment.name, escape(f"{experiment.id} \u00b7 {facts}"), experiment.days, drawn)
        else:
            words = experiments.counted_words([*known.values()])
            sections.head("Experiments", escape(words))
    if experiment:
        details(served, experiment, metric, variant, cuped)
    else:
        listing(served, listed)
        plan_card.show(served, baselines)
    sections.served_line(served)


def choose_view(experiment: Experiment) -> tuple[str, str, bool]:
    """What of an experiment is shown: a metric, an arm, and whether with CUPED."""
    names = {label: name for name, label in experiment.metrics.items()}
    if not names:
        return "", "", False
    label = st.selectbox("Metric", [*names], key="metric", bind="query-params", width=220)
    variant = experiment.treatments[0]
    if len(experiment.treatments) > 1:
        variant = st.selectbox("Arm", experiment.treatments, key="arm", bind="query-params", width=180)
    with st.container(key="cuped-toggle", width="content"):
        cuped = st.toggle(
            "CUPED",
            key="cuped",
            bind="query-params",
            disabled=not any(map(effects.has_cuped, experiment.results)),
            help="Take away what the units' own behaviour before the experiment explains: the same effect, "
            "narrower intervals.",
        )
    return names[label], variant, cuped


show(versions.serving())
