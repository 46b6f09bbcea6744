"""The filters. Each is held in the URL under its key, so that a link opens what its sender saw.

Streamlit ignores what a URL holds that is no option, and takes it out of the URL; the rest is checked here.
What pages have in common stays when the reader goes from one to another.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.components import links, versions
from dashboard.components.choices import all_below, choose, forget_below, forget_unknown
from dashboard.components.links import Asked
from dashboard.filters import Filters, Setting
from dashboard.metrics import Served
from dashboard.periods import PRESETS, Compare, Grain, Part, Period, around

CUSTOM = "Custom"
DEFAULT_PRESET = "Last 12 months"
AUTOMATIC = "Auto"
GRAINS = {
    AUTOMATIC: None,
    "Day": Grain.DAY,
    "Week": Grain.WEEK,
    "Month": Grain.MONTH,
    "Quarter": Grain.QUARTER,
    "Year": Grain.YEAR,
}
KEPT, ONLY_DAY, NOTES, NUMBERS = "kept", "only_day", "notes", "numbers"


def show(
    page: str,
    served: Served,
    metrics: tuple[str, ...],
    names: Sequence[str],
    setting: Setting | None = None,
    views: Sequence[Setting] = (),
    comparisons: Sequence[Compare] = (Compare.BEFORE, Compare.YEAR),
    can_have_notes: bool = False,
    asked: Asked | None = None,
) -> Filters:
    """Draw the page's row of filters and return what is chosen, sane whatever the URL said.

    `metrics`: of which the filters offer the values that they ever had, by the group-by `names`; `views`: the
    choices further down, which `view` draws; `comparisons`: what the period can be compared with, which is
    not asked where there is none; `can_have_notes`: whether there is what charts over time could mark
    (`queries.annotations`); `asked`: what the link asks for, where the page has read it already.
    """
    defaults: dict[str, Any] = {
        "period": DEFAULT_PRESET,
        **({"compare": str(comparisons[0])} if comparisons else {}),
        "grain": AUTOMATIC,
        **{name: [] for name in names},
        **({NOTES: True} if can_have_notes else {}),
        NUMBERS: False,
    }
    options: dict[str, Sequence[str]] = {
        "period": [*PRESETS, CUSTOM],
        "compare": [*comparisons],
        "grain": [*GRAINS],
        NOTES: links.SWITCH,
        NUMBERS: links.SWITCH,
    }
    for each in (*([setting] if setting else []), *views):
        defaults[each.key] = each.options[0]
        options[each.key] = each.options
    asked = links.asked() if asked is None else asked
    take_along(page, {**defaults, "dates": None})
    if "dates" in st.query_params and "period" not in {*st.query_params, *st.session_state}:
        st.session_state["period"] = CUSTOM
    if comparisons:
        forget_unknown("compare", [*comparisons])
    with st.container(horizontal=True, key="filters"):
        preset = st.selectbox(
            "Period",
            [*PRESETS, CUSTOM],
            index=list(PRESETS).index(DEFAULT_PRESET),
            key="period",
            bind="query-params",
            width=160,
        )
        data = served.data
        period = chosen_dates(data) if preset == CUSTOM else PRESETS[preset](data).within(data)
        compare = (
            st.selectbox("Compare with", [*comparisons], key="compare", bind="query-params", width=160)
            if comparisons
            else None
        )
        grain = st.segmented_control(
            "By",
            list(GRAINS),
            default=AUTOMATIC,
            key="grain",
            bind="query-params",
            required=True,
        )
        chosen, offered = choose(served, metrics, names)
        picked = (
            st.selectbox(
                setting.label,
                setting.options,
                key=setting.key,
                bind="query-params",
                width=200,
            )
            if setting
            else ""
        )
        with st.container(horizontal=True, vertical_alignment="center", width="content", key="switches"):
            has_notes = can_have_notes and st.toggle(
                "Events",
                value=True,
                key=NOTES,
                bind="query-params",
                help="Mark promotions, holidays, experiments, unusual sales and lost tracking "
                "on charts over time",
            )
            st.button(
                "Reset",
                on_click=st.session_state.update,
                args=(defaults,),
                type="tertiary",
                disabled={*st.query_params} <= {versions.VERSION},
                key="reset",
            )
    links.say([*links.missing(asked, {**options, **offered}), *links.bad_dates(asked, data)])
    if preset == CUSTOM:
        trail(period, data)
    remembered: dict[str, Any] = {"period": preset, "grain": grain, **chosen}
    if compare:
        remembered["compare"] = compare
    if can_have_notes:
        remembered[NOTES] = has_notes
    keep(page, {**remembered, **({setting.key: picked} if setting else {})})
    return Filters(
        period=period,
        grain=GRAINS[grain or AUTOMATIC] or Grain.suited_to(period),
        chosen={name: tuple(sorted(values)) for name, values in chosen.items()},
        setting=picked,
        compare=Compare(compare or Compare.BEFORE),
        has_notes=has_notes,
    )


def trail(period: Period, data: Period) -> None:
    """The way back from a part that was drilled down to: the longer ones around it."""
    grain = Grain.of_whole(period)
    if not grain:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="trail"):
        for part in around(period):
            st.button(
                part.label,
                on_click=show_days,
                args=(part.whole.within(data),),
                type="tertiary",
                icon=":material/arrow_upward:",
                key=f"trail-{part.grain}",
            )
        st.html(f'<span class="here">{Part(grain, period, period).label}</span>')


def show_days(period: Period, grain: Grain | None = None) -> None:
    """Choose a custom period and a grain, or what suits it: in a callback, before the filters are drawn."""
    hold_in_url("dates", [period.start.isoformat(), period.end.isoformat()])
    [by] = [label for label, known in GRAINS.items() if known == grain]
    st.session_state.update(period=CUSTOM, dates=(period.start, period.end), grain=by)


def set_values(name: str, values: Sequence[str]) -> None:
    """Choose values of a filter, which appears with them if it was not there: in a callback."""
    hold_in_url(name, values)
    st.session_state[name] = [*values]
    forget_below(name)


def hold_in_url(key: str, values: Sequence[str]) -> None:
    """Write into the URL what is chosen of a widget that was never drawn.

    Of one that was, Streamlit does so itself, and lets nobody else.
    """
    with suppress(StreamlitAPIException):
        st.query_params[key] = [*values]


def view(page: str, setting: Setting) -> str:
    """Draw a choice between views of a card, and return what is chosen; held in the URL as filters are."""
    picked = st.segmented_control(
        setting.label,
        setting.options,
        default=setting.options[0],
        key=setting.key,
        bind="query-params",
        required=True,
        label_visibility="collapsed",
        width="content",
    )
    keep(page, {setting.key: picked})
    return picked or setting.options[0]


def numbers_switch() -> bool:
    """Draw the switch of the page's table, and return whether it is on; held in the URL as filters are.

    Most clicks are made to see the charts, and a table takes the browser as long as one of them.
    """
    is_on = st.toggle("Show the table", key=NUMBERS, bind="query-params")
    page, _ = st.session_state[KEPT]
    keep(page, {NUMBERS: is_on})
    return is_on


def take_along(page: str, defaults: Mapping[str, Any]) -> None:
    """On coming from another page, choose what was chosen there, but for what the URL says, by widgets' keys.

    What is no default is written into the URL at once, for Streamlit does so only when something else is
    chosen. Where the reader went back in the browser's history, the URL says everything.
    """
    context = get_script_run_ctx()
    came_from, kept = st.session_state.get(KEPT, (page, {}))
    if came_from == page or (context and context.is_history_navigation):
        return
    taken = {key: kept[key] for key in defaults if key in kept and key not in st.query_params}
    st.session_state.update(taken)
    written = {key: in_url(value) for key, value in taken.items() if value != defaults[key]}
    with suppress(StreamlitAPIException):
        st.query_params.update({key: values for key, values in written.items() if values})


def in_url(value: Any) -> list[str]:
    """A widget's value as the URL has it; nothing where nothing is chosen."""
    if isinstance(value, list | tuple):
        return [part for each in value for part in in_url(each)]
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return [str(value).lower()]
    return [f"{value:g}" if isinstance(value, float) else str(value)]


def keep(page: str, chosen: Mapping[str, Any]) -> None:
    """Remember what is chosen on this page, and what was on others, for the next one."""
    _, kept = st.session_state.get(KEPT, (page, {}))
    # What was emptied here is so on pages that have more below it.
    emptied: dict[str, list[str]] = {
        below: [] for name, values in chosen.items() if values == [] for below in all_below(name)
    }
    dates = {"dates": st.session_state["dates"]} if chosen.get("period") == CUSTOM else {}
    st.session_state[KEPT] = (page, {**kept, **emptied, **chosen, **dates})


def chosen_dates(data: Period) -> Period:
    """The custom period; while its end is not chosen yet, it is its first day alone.

    Of two equal days Streamlit keeps one in the URL, and opens such a link without an end: the page gives it
    that end in a second run, because in the first one the URL has the last word.
    """
    if ONLY_DAY in st.session_state:
        st.session_state["dates"] = (st.session_state.pop(ONLY_DAY),) * 2
    is_new = "dates" not in st.session_state
    default = (max(data.start, data.end - timedelta(days=27)), data.end)
    dates = st.date_input(
        "Dates",
        default,
        min_value=data.start,
        max_value=data.end,
        format="YYYY-MM-DD",
        key="dates",
        bind="query-params",
        width=245,
    )
    chosen: tuple[date, ...] = dates if isinstance(dates, tuple) else (dates,)
    if is_new and len(chosen) == 1:
        st.session_state[ONLY_DAY] = chosen[0]
        st.rerun()
    chosen = chosen or default
    return Period(min(chosen), max(chosen)).within(data)
