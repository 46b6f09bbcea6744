"""A card's control: it opens what lies behind the metric, or the rows of marts, that the card shows."""

from dataclasses import dataclass, replace

import streamlit as st

from dashboard.components import details
from dashboard.definitions import Meaning, Rows
from dashboard.metrics import Served
from dashboard.periods import Period
from dashboard.queries import figures
from dashboard.queries.figures import Bundle, Figures, Shown


@dataclass(frozen=True)
class Drill:
    """The metric of a card, how it is shown, and the figures whose days and filters it is within.

    `without`: the filters that the card leaves out; `days`: its own, where they are not the period; `views`:
    those of the dialog. Where none says why, the figures are as the card says.
    """

    served: Served
    shown: Figures
    metric: str
    how: Shown
    without: tuple[str, ...] = ()
    days: Period | None = None
    views: tuple[str, ...] = details.VIEWS

    def button(self, title: str) -> None:
        """The control in the heading of this title, which is the only one of its page."""
        if is_clicked(title):
            details.show(self.served, self.read(), self.metric, self.how, self.views)

    def read(self) -> Figures:
        """The figures of the card: read anew where they are not those of the page."""
        shown = self.shown
        of_page = shown.selection_of(self.metric)
        selection = tuple((name, values) for name, values in of_page if name not in self.without)
        period = self.days or shown.filters.period
        is_same = (period, selection) == (shown.filters.period, of_page)
        if details.WHY not in self.views or (is_same and self.metric in shown.now):
            return shown
        filters = replace(shown.filters, period=period, chosen=dict(selection))
        return figures.read(self.served, filters, [Bundle((self.metric,), selection)])


@dataclass(frozen=True)
class RowsDrill:
    """Rows of marts that a card shows or sums up, and what it means.

    `scope` says in words what they are of, and `parts` in the names of their files.
    """

    served: Served
    meaning: Meaning
    scope: str
    rows: tuple[Rows, ...]
    parts: tuple[str, ...]

    def button(self, title: str) -> None:
        """The control in the heading of this title, which is the only one of its page."""
        if is_clicked(title):
            details.show_rows(self.served, title, self.scope, self.rows, self.parts, self.meaning)


def is_clicked(title: str) -> bool:
    """Draw the control, and say whether it was clicked."""
    label = f"What lies behind \u201c{title}\u201d"
    return st.button(label, icon=":material/more_horiz:", key=f"drill-{title}")
