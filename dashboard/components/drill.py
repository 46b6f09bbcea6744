"""A card's control: it opens what lies behind the metric that the card shows."""

from dataclasses import dataclass, replace

import streamlit as st

from dashboard.components import details
from dashboard.metrics import Served
from dashboard.queries import figures
from dashboard.queries.figures import Bundle, Figures, Shown


@dataclass(frozen=True)
class Drill:
    """The metric of a card, how it is shown, and the figures whose days and filters it is within.

    `view`: which view of the dialog comes first.
    """

    served: Served
    shown: Figures
    metric: str
    how: Shown
    view: str = details.WHY

    def button(self, title: str) -> None:
        """The control in the heading of this title, which is the only one of its page."""
        label = f"What lies behind \u201c{title}\u201d"
        if st.button(label, icon=":material/more_horiz:", key=f"drill-{title}"):
            details.show(self.served, self.read(), self.metric, self.how, self.view)

    def read(self) -> Figures:
        """The figures, with the metric where no tile has asked for it."""
        shown = self.shown
        if self.metric in shown.now:
            return shown
        asked = [Bundle((self.metric,), shown.selection_of(self.metric))]
        now = figures.totals(self.served, shown.filters.period, asked)
        then = figures.totals(self.served, shown.before, asked) if shown.before else {}
        return replace(shown, now=now, then=then)
