"""The filters. Each is held in the URL under its key, so that a link opens what its sender saw.

Streamlit ignores what a URL holds that is no option, and takes it out of the URL; the rest is checked here.
What pages have in common stays when the reader goes from one to another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboard.metrics import Query, Selection, Served
from dashboard.periods import PRESETS, Grain, Period

CUSTOM = "Custom"
DEFAULT_PRESET = "Last 12 months"
AUTOMATIC = "Auto"
GRAINS = {
    AUTOMATIC: None,
    "Day": Grain.DAY,
    "Week": Grain.WEEK,
    "Month": Grain.MONTH,
    "Quarter": Grain.QUARTER,
}
EVERYTHING = {
    "region": "All regions",
    "category": "All categories",
    "channel": "All channels",
    "campaign": "All campaigns",
    "device": "All devices",
}
"""What a filter says while nothing is chosen, by its key, which is also the metrics' group-by name."""

KEPT, ONLY_DAY = "kept", "only_day"


@dataclass(frozen=True)
class Filters:
    """What the reader chose. A name that is not chosen, or has no values, means everything.

    `setting` is the option of the page's own select box.
    """

    period: Period
    grain: Grain
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    setting: str = ""

    def of(self, name: str) -> tuple[str, ...]:
        """What is chosen of a group-by name."""
        return self.chosen.get(name, ())

    def selection(self, *, without: str = "") -> Selection:
        """The filters as metrics take them, leaving one out for the chart that shows all of it."""
        return tuple((name, values) for name, values in self.chosen.items() if values and name != without)


@dataclass(frozen=True)
class Setting:
    """A choice that filters nothing, but says how to look at it; the first option is the default."""

    key: str
    label: str
    options: Sequence[str]


def options(served: Served, metrics: tuple[str, ...], names: Sequence[str]) -> dict[str, list[str]]:
    """The values of each group-by name that one of the metrics ever had, by name."""
    return {
        name: served.run(Query(metrics, served.data, name))[name].drop_null().to_pylist() for name in names
    }


def show(
    page: str,
    data: Period,
    options: Mapping[str, list[str]],
    setting: Setting | None = None,
    views: Sequence[Setting] = (),
) -> Filters:
    """Draw the page's row of filters and return what is chosen, sane whatever the URL said.

    `views`: the choices further down, which `view` draws.
    """
    defaults: dict[str, Any] = {
        "period": DEFAULT_PRESET,
        "grain": AUTOMATIC,
        **{name: [] for name in options},
    }
    for each in (*([setting] if setting else []), *views):
        defaults[each.key] = each.options[0]
    take_along(page, [*defaults, "dates"])
    for name, values in options.items():
        forget_unknown(name, values)
    with st.container(horizontal=True, key="filters"):
        preset = st.selectbox(
            "Period",
            [*PRESETS, CUSTOM],
            index=list(PRESETS).index(DEFAULT_PRESET),
            key="period",
            bind="query-params",
            width=160,
        )
        period = chosen_dates(data) if preset == CUSTOM else PRESETS[preset](data).within(data)
        grain = st.segmented_control(
            "By",
            list(GRAINS),
            default=AUTOMATIC,
            key="grain",
            bind="query-params",
            required=True,
        )
        chosen = {
            name: st.multiselect(
                name.capitalize(),
                values,
                key=name,
                bind="query-params",
                placeholder=EVERYTHING[name],
                width=200,
            )
            for name, values in options.items()
        }
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
        st.button(
            "Reset",
            on_click=st.session_state.update,
            args=(defaults,),
            type="tertiary",
            disabled=not st.query_params,
            key="reset",
        )
    keep(page, {"period": preset, "grain": grain, **chosen, **({setting.key: picked} if setting else {})})
    return Filters(
        period=period,
        grain=GRAINS[grain or AUTOMATIC] or Grain.suited_to(period),
        chosen={name: tuple(sorted(values)) for name, values in chosen.items()},
        setting=picked,
    )


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


def take_along(page: str, keys: Sequence[str]) -> None:
    """On coming from another page, choose what was chosen there, but for what the URL says."""
    came_from, kept = st.session_state.get(KEPT, (page, {}))
    if came_from != page:
        st.session_state.update(
            {key: kept[key] for key in keys if key in kept and key not in st.query_params}
        )


def keep(page: str, chosen: Mapping[str, Any]) -> None:
    """Remember what is chosen on this page, and what was on others, for the next one."""
    _, kept = st.session_state.get(KEPT, (page, {}))
    dates = {"dates": st.session_state["dates"]} if chosen.get("period") == CUSTOM else {}
    st.session_state[KEPT] = (page, {**kept, **chosen, **dates})


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


def forget_unknown(key: str, options: list[str]) -> None:
    """Drop choices that a newly published version no longer has."""
    chosen = st.session_state.get(key)
    if chosen and not set(chosen) <= set(options):
        st.session_state[key] = [value for value in chosen if value in options]
