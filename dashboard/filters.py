"""The filters. Each is held in the URL under its key, so that a link opens what its sender saw.

Streamlit ignores what a URL holds that is no option, and takes it out of the URL; the rest is checked here.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from dashboard.metrics import Selection
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


@dataclass(frozen=True)
class Filters:
    """What the reader chose. Empty regions or categories mean all of them."""

    period: Period
    grain: Grain
    regions: tuple[str, ...]
    categories: tuple[str, ...]

    def selection(self, *, without: str = "") -> Selection:
        """The filters as metrics take them, leaving one out for the chart that shows all of it."""
        chosen = {"region": self.regions, "category": self.categories}
        return tuple((name, values) for name, values in chosen.items() if values and name != without)


def show(data: Period, regions: list[str], categories: list[str]) -> Filters:
    """Draw the row of filters and return what is chosen, sane whatever the URL said."""
    forget_unknown("region", regions)
    forget_unknown("category", categories)
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
            "By", list(GRAINS), default=AUTOMATIC, key="grain", bind="query-params", required=True
        )
        chosen_regions = st.multiselect(
            "Region", regions, key="region", bind="query-params", placeholder="All regions", width=200
        )
        chosen_categories = st.multiselect(
            "Category",
            categories,
            key="category",
            bind="query-params",
            placeholder="All categories",
            width=200,
        )
        st.button("Reset", on_click=reset, type="tertiary", disabled=not st.query_params, key="reset")
    return Filters(
        period=period,
        grain=GRAINS[grain or AUTOMATIC] or Grain.suited_to(period),
        regions=tuple(sorted(chosen_regions)),
        categories=tuple(sorted(chosen_categories)),
    )


def chosen_dates(data: Period) -> Period:
    """The custom period; while its end is not chosen yet, it is its first day alone."""
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
    chosen = chosen or default
    return Period(min(chosen), max(chosen)).within(data)


def forget_unknown(key: str, options: list[str]) -> None:
    """Drop choices that a newly published version no longer has."""
    chosen = st.session_state.get(key)
    if chosen and not set(chosen) <= set(options):
        st.session_state[key] = [value for value in chosen if value in options]


def reset() -> None:
    """Back to how the page opens without parameters."""
    st.session_state.update(period=DEFAULT_PRESET, grain=AUTOMATIC, region=[], category=[])
