"""Which kinds of chart suit an answer, which one best, and why others do not. Draws nothing."""

from enum import StrEnum

from dashboard.queries.explore import MOST_CELLS, TIME, Answer, Question, column_name, unanswered

AUTOMATIC = "Auto"
MOST_COLUMNS = 62


class Kind(StrEnum):
    """How an answer is drawn; the values are the words of the choice."""

    FIGURES = "Figures"
    LINE = "Line"
    BARS = "Bars"
    AREA = "Area"
    HEAT_MAP = "Heat map"
    SCATTER = "Scatter"
    PIVOT = "Pivot"
    TABLE = "Table"


def misfit(kind: Kind, answer: Answer) -> str:
    """Why a kind of chart does not suit the answer, as a sentence; nothing where it does."""
    question = answer.question
    count, divided = len(question.metrics), len(question.by)
    if kind is Kind.TABLE:
        return "" if divided else "It takes something to divide by."
    if kind is Kind.FIGURES:
        return "They are of the whole, divided by nothing." if divided else ""
    if not divided:
        return "It takes something to divide by."
    if len(answer.table) > MOST_CELLS:
        return f"More than {MOST_CELLS:,} values: choose a longer part of time, or filters."
    if kind in (Kind.LINE, Kind.AREA):
        return over_time_misfit(kind, answer)
    if kind is Kind.SCATTER:
        return "" if (count, divided) == (2, 1) else "It takes two metrics, divided by one thing."
    if kind is Kind.BARS:
        if divided > 1:
            return "They are divided by one thing."
        return "Over time they show one metric." if count > 1 and TIME in question.by else ""
    if kind is Kind.PIVOT and divided == 1:
        return ""
    if divided == 1 or count > 1:
        return "It crosses two things, for one metric."
    column = column_name(question)
    if len(answer.keys[column]) > MOST_COLUMNS:
        return f"More than {MOST_COLUMNS} columns: choose a longer part of time, or filters."
    return ""


def over_time_misfit(kind: Kind, answer: Answer) -> str:
    """Why a chart over time does not suit."""
    question = answer.question
    if TIME not in question.by:
        return "It runs over time."
    if len(question.metrics) > 1 and (question.name or kind is Kind.AREA):
        return "It shows one metric where it is stacked, or divided by more than time."
    if kind is Kind.AREA and not question.nature.adds_up:
        return f"It stacks parts, and those of {question.labels[question.metric].lower()} do not add up."
    if kind is Kind.AREA and answer.has_losses:
        return "It cannot stack values below zero."
    return ""


def kinds(answer: Answer) -> dict[Kind, str]:
    """Every kind of chart, and why it does not suit the answer; the one that suits best comes first."""
    question = answer.question
    best = Kind.TABLE
    if not question.by:
        best = Kind.FIGURES
    elif TIME in question.by and (len(question.metrics) == 1 or not question.name):
        best = Kind.LINE
    elif len(question.by) == 1:
        best = Kind.BARS
    elif len(question.metrics) == 1:
        best = Kind.HEAT_MAP
    reasons = {kind: misfit(kind, answer) for kind in [best, *Kind]}
    return reasons if not reasons[best] else {Kind.TABLE: "", **reasons}


def expected(question: Question, chosen: str | None) -> Kind:
    """The kind that will be drawn where this one is chosen, as far as that is known before the answer."""
    fitting = [kind for kind, reason in kinds(unanswered(question)).items() if not reason]
    return next((kind for kind in fitting if kind == chosen), fitting[0])


def compares(question: Question, kind: Kind) -> bool:
    """Whether the picture shows what its days are compared with: figures, or one metric's bars by a name."""
    return kind is Kind.FIGURES or (kind is Kind.BARS and bool(question.name) and len(question.metrics) == 1)


def runs_over_time(question: Question, kind: Kind) -> bool:
    """Whether the picture has an axis of time, along which events can be marked."""
    return TIME in question.by and kind in (Kind.LINE, Kind.AREA, Kind.BARS)
