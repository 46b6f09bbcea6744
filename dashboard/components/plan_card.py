"""The planner's card: its inputs, held in the URL, and its answer."""

from typing import Any

import streamlit as st

from dashboard import theme
from dashboard.charts.plan import curve
from dashboard.components import (
    experiment_cards,
    experiment_drill,
    experiment_report,
    export,
    links,
    sections,
)
from dashboard.components.links import Asked
from dashboard.metrics import Served
from dashboard.queries import planner
from dashboard.queries.planner import Baseline, Plan

DEFAULTS: dict[str, Any] = {
    "plan": None,
    "baseline": None,
    "effect": planner.USUAL_EFFECT,
    "traffic": None,
    "power": next(iter(planner.POWERS)),
    "level": next(iter(planner.LEVELS)),
}
"""The keys of its inputs, and what they say at first."""


def missing(asked: Asked, known: dict[str, Baseline]) -> list[str]:
    """What a link asks of the planner that it does not have."""
    if not known:
        return []
    baseline = known.get((*asked.get("plan", ()), "")[0], next(iter(known.values())))
    return links.missing(
        asked,
        {"plan": [*known], "power": [*planner.POWERS], "level": [*planner.LEVELS]},
        {
            "baseline": (planner.LEAST_BASELINE, baseline.most),
            "effect": (planner.LEAST_EFFECT, planner.MOST_EFFECT),
            "traffic": (planner.LEAST_TRAFFIC, planner.MOST_TRAFFIC),
        },
    )


def plan_of(known: dict[str, Baseline]) -> Plan:
    """The planner's inputs; what is left empty is taken from the data."""
    with st.container(horizontal=True, key="plan-inputs"):
        label = st.selectbox(
            "Plan for",
            [*known],
            key="plan",
            bind="query-params",
            on_change=st.session_state.update,
            args=({"baseline": None, "traffic": None},),
            width=220,
        )
        baseline = known[label]
        unit = baseline.unit
        scale = unit.scale
        shown = "%" if scale > 1 else "US$" if unit.before else baseline.experiment.units
        mean = st.number_input(
            f"Baseline ({shown})" if scale > 1 or unit.before else "Baseline",
            min_value=planner.LEAST_BASELINE,
            max_value=baseline.most,
            value=None,
            placeholder=f"{baseline.mean * scale:.4g}",
            format="%g",
            step=1.0,
            key="baseline",
            bind="query-params",
            width=140,
        )
        effect = st.number_input(
            "Effect to find (%)",
            min_value=planner.LEAST_EFFECT,
            max_value=planner.MOST_EFFECT,
            value=planner.USUAL_EFFECT,
            step=1.0,
            format="%g",
            key="effect",
            bind="query-params",
            width=150,
        )
        traffic = st.number_input(
            f"New {baseline.experiment.units} a day",
            min_value=planner.LEAST_TRAFFIC,
            max_value=planner.MOST_TRAFFIC,
            value=None,
            placeholder=planner.traffic_words(baseline.daily),
            step=10.0,
            format="%g",
            key="traffic",
            bind="query-params",
            width=170,
        )
        power = st.selectbox("Power", [*planner.POWERS], key="power", bind="query-params", width=110)
        level = st.selectbox("Level", [*planner.LEVELS], key="level", bind="query-params", width=110)
    return Plan(
        baseline=baseline,
        mean=mean / scale if mean is not None else baseline.mean,
        effect=effect / 100,
        daily=traffic if traffic is not None else baseline.daily,
        alpha=planner.LEVELS[level],
        power=planner.POWERS[power],
    )


def show(served: Served, found: dict[str, Baseline]) -> None:
    """How large an experiment must be."""
    title = "Plan the next experiment"
    words = (
        "Two arms of one size, compared once at the end. What is left empty is as the latest sound "
        "experiment observed it."
    )
    with sections.card("plan"):
        head = st.container()
        if not found:
            with head:
                sections.heading(title, words)
            st.caption("No metric has been measured yet, so that there is nothing to start from.")
            return
        plan = plan_of(found)
        with head:
            sections.heading(title, words, drill=experiment_drill.plan(served, plan))
        st.html(experiment_cards.answer(plan))
        for item in experiment_report.planned(plan):
            export.report().add(item)
        numbers = planner.curve_table(plan)
        if len(numbers):
            sections.heading(
                f"The smallest effect on {plan.baseline.row['metric_label'].lower()} that is found, by days",
                f"Relative to the baseline, with a probability of {plan.power:.0%}.",
            )
            sections.chart("plan", title, curve(theme.palette()), numbers, words=planner.plan_words(plan))
