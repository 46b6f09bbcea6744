"""The shelf of the page Explore: metrics, what to divide them by, and the kind of chart; all in the URL."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from dashboard.components import choices, filters, links
from dashboard.components.links import Asked
from dashboard.components.markdown import literal
from dashboard.metrics import Served
from dashboard.queries import explore
from dashboard.queries.explore import (
    DEFAULT_METRIC,
    MOST_METRICS,
    MOST_NAMES,
    TIME,
    Answer,
    Question,
    name_words,
)
from dashboard.queries.kinds import AUTOMATIC, Kind, expected, kinds

METRICS, BY, CHART, FORECAST = "metrics", "by", "chart", "forecast"
KEYS = (METRICS, BY, CHART)
"""What a link may name; the forecast is on or off."""


def default_metric(served: Served) -> str:
    """The label of the metric that is shown while none is chosen."""
    by_name = {name: label for label, name in explore.labels(served).items()}
    return by_name.get(DEFAULT_METRIC) or next(iter(by_name.values()))


def begin(page: str, served: Served) -> Asked:
    """Before anything is drawn: what the link asks for; and a reset puts the shelf back too."""
    asked = links.asked()
    first = {METRICS: [default_metric(served)], BY: [name_words(TIME)], CHART: AUTOMATIC, FORECAST: False}
    filters.take_along(page, first)
    if st.session_state.get("reset"):
        st.session_state.update(first)
    return asked


def chosen_before(key: str, *default: str) -> list[str]:
    """What was chosen when the page was last drawn, or what the link says, or the default."""
    if key in st.session_state:
        return list(st.session_state[key])
    return st.query_params.get_all(key) if key in st.query_params else [*default]


def choose_metrics(served: Served) -> tuple[str, ...]:
    """Draw the choice of metrics; offered are those that can be divided as is chosen.

    Where a metric is chosen that cannot, all are: what to divide by then gives way.
    """
    first = default_metric(served)
    names = {name_words(name): name for name in explore.all_names(served)}
    divided = [names[word] for word in chosen_before(BY) if word in names]
    every = explore.labels(served)
    options = explore.offered(served, divided)
    if not options.keys() >= {*chosen_before(METRICS, first)} & every.keys():
        options = every
    choices.forget_unknown(METRICS, [*options])
    chosen = st.multiselect(
        "Metrics",
        [*options],
        default=[first] if first in options else [],
        key=METRICS,
        bind="query-params",
        max_selections=MOST_METRICS,
        placeholder="Choose metrics",
        help="Offered are the metrics that can be divided as is chosen beside.",
        width=430,
    )
    return tuple(options[label] for label in chosen)


def choose_names(served: Served, metrics: tuple[str, ...]) -> tuple[str, ...]:
    """Draw the choice of what to divide by: time, or names that all of the metrics know."""
    options = {name_words(name): name for name in explore.group_bys(served, metrics)}
    choices.forget_unknown(BY, [*options])
    chosen = st.multiselect(
        "Divided by",
        [*options],
        default=[name_words(TIME)],
        key=BY,
        bind="query-params",
        max_selections=MOST_NAMES,
        placeholder="Nothing: the whole",
        help="Time runs in the parts of the filter \u201cBy\u201d.",
        width=300,
    )
    if len(metrics) > 1 and [*options.values()] == [TIME]:
        st.caption("These metrics share nothing to be divided by but time.")
    return tuple(options[word] for word in chosen)


def expected_kind(question: Question) -> Kind:
    """The kind of chart that the choice below, which waits for the answer, is going to return."""
    return expected(question, st.session_state.get(CHART, st.query_params.get(CHART)))


def choose_kind(reasons: Mapping[Kind, str]) -> Kind:
    """Draw the choice of a chart among those that suit; those that do not, with the reasons."""
    fitting = [kind for kind, reason in reasons.items() if not reason]
    options = [AUTOMATIC, *(str(kind) for kind in Kind if kind in fitting)]
    choices.forget_unknown(CHART, options)
    chosen = st.segmented_control(
        "Chart", options, default=AUTOMATIC, key=CHART, bind="query-params", required=True
    )
    with st.popover("Other charts", type="tertiary"):
        lines = "".join(
            f"<li><strong>{kind}</strong>: {escape(reasons[kind])}</li>" for kind in Kind if reasons[kind]
        )
        st.html(f'<p class="served">Not offered here:</p><ul class="served">{lines}</ul>')
    return fitting[0] if chosen in (None, AUTOMATIC) else Kind(chosen)


def keep(page: str) -> None:
    """Remember the shelf for when the reader comes back from another page; after the filters are drawn."""
    filters.keep(page, {key: st.session_state[key] for key in KEYS if key in st.session_state})


def say_missing(served: Served, asked: Asked, metrics: tuple[str, ...], answer: Answer | None) -> None:
    """What the link asked for and cannot be had: unknown, not of these metrics, or unfit for a chart."""
    known = {
        METRICS: [*explore.labels(served)],
        BY: [name_words(name) for name in explore.all_names(served)],
        CHART: [AUTOMATIC, *Kind],
        FORECAST: links.SWITCH,
    }
    links.say(links.missing(asked, known))
    for key, most, what in ((METRICS, MOST_METRICS, "metrics"), (BY, MOST_NAMES, "names to divide by")):
        if left_out := [value for value in asked.get(key, ()) if value in known[key]][most:]:
            words = f"{explore.joined(left_out)} of the link {'are' if len(left_out) > 1 else 'is'} left out"
            st.info(f"No more than {most} {what} go together: {words}.")
    names = {name_words(name): name for name in explore.all_names(served)}
    by_label = explore.labels(served)
    for word in asked.get(BY, ()):
        cannot = [
            label
            for label in asked.get(METRICS) or [served.metrics[metric].label for metric in metrics]
            if label in by_label
            and names.get(word, TIME) not in explore.group_bys(served, (by_label[label],))
        ]
        if cannot:
            st.info(f"{explore.joined(cannot)} cannot be divided by {word.lower()}.")
    for word in asked.get(CHART, ()):
        reason = kinds(answer)[Kind(word)] if answer and word in [*Kind] else ""
        if reason:
            st.info(f"The link asked for {literal(word)}, which does not suit what is shown. {reason}")
