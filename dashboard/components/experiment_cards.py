"""The pieces of HTML of the experiments page: verdicts, arms, checks. All text from the data is escaped."""

from collections.abc import Sequence
from html import escape

from dashboard import formats
from dashboard.queries import effects, planner
from dashboard.queries.effects import Interval
from dashboard.queries.experiments import CHECKS, Experiment
from dashboard.queries.figures import Row
from dashboard.queries.planner import Plan

VERDICTS = {
    "ship": ("\u2713", "better"),
    "do not ship": ("\u2715", "worse"),
    "no effect": ("=", "muted"),
    "keep running": ("\u2026", "accent"),
    "do not read": ("!", "worse"),
}
"""Each verdict's sign and colour."""
STATUSES = {
    "pass": ("\u2713", "better", "Passed"),
    "warn": ("!", "worse", "Warning"),
    "fail": ("\u2715", "worse", "Failed"),
}
NOT_KNOWN = ("?", "muted", "Not known")
EXCLUDED = {"two_arm_unit_count": "in two arms", "crawler_unit_count": "crawlers"}


def badge(verdict: str | None) -> str:
    """A verdict with its sign."""
    sign, colour = VERDICTS.get(verdict or "", ("?", "muted"))
    words = (verdict or "no verdict").capitalize()
    return f'<span class="badge {colour}"><b aria-hidden="true">{sign}</b>{escape(words)}</span>'


def listed(experiment: Experiment, facts: str, limit: float) -> str:
    """An experiment in the list: verdict, name, sentence, and its primary effect on the list's scale."""
    return (
        f'<div class="experiment"><div>{badge(experiment.verdict.get("verdict"))}'
        f"<h3>{escape(experiment.name)}</h3><p>{escape(experiment.sentence)}</p>"
        f'<p class="facts">{escape(experiment.id)} \u00b7 {escape(facts)}</p></div>'
        f"<div>{''.join(effect(row, experiment, limit) for row in experiment.primary)}</div></div>"
    )


def effect(row: Row, experiment: Experiment, limit: float) -> str:
    """An effect on the primary metric: its interval drawn between -limit and +limit, and its words."""
    shown = Interval.of(row, "relative_effect")
    tone = effects.tone(row, cuped=False, alpha=experiment.alpha, is_readable=experiment.is_readable)
    drawn = ""
    if shown.is_known:
        low, middle, high = (
            50 + 50 * min(1.0, max(-1.0, (value or 0.0) / limit))
            for value in (shown.lower, shown.estimate, shown.upper)
        )
        drawn = (
            f'<i style="left: {low:.2f}%; width: {max(0.5, high - low):.2f}%"></i>'
            f'<b style="left: {middle:.2f}%"></b>'
        )
    return (
        f'<div class="effect {tone}"><span>{escape(effect_name(row, experiment))}</span>'
        f'<div class="line" aria-hidden="true">{drawn}</div><span>{escape(shown.words())}</span></div>'
    )


def effect_name(row: Row, experiment: Experiment) -> str:
    """The metric of a primary effect, with its arm where there are several."""
    label: str = row["metric_label"]
    return f"{label}, {row['variant']}" if len(experiment.primary) > 1 else label


def verdict_banner(experiment: Experiment) -> str:
    """The verdict and why."""
    verdict = experiment.verdict.get("verdict")
    _, colour = VERDICTS.get(verdict or "", ("?", "muted"))
    said = f"{badge(verdict)}<p>{escape(experiment.sentence)}</p>"
    return f'<div class="verdict {colour}" role="status">{said}</div>'


def checks(experiment: Experiment) -> str:
    """The checks of its health, one below the other."""
    items = []
    for check in experiment.checks:
        sign, colour, status = STATUSES.get(check["status"], NOT_KNOWN)
        items.append(
            f'<li class="{colour}"><b aria-hidden="true">{sign}</b><div>'
            f"<strong>{escape(check_name(check))}</strong>"
            f' <span class="status">{status}</span><p>{escape(check["explanation"])}</p></div></li>'
        )
    return f'<ul class="checks">{"".join(items)}</ul>'


def check_name(check: Row) -> str:
    """What a check asks for, in words."""
    name: str = check["check_name"]
    return CHECKS.get(name, name.replace("_", " ").capitalize())


def checks_words(found: Sequence[Row]) -> str:
    """How the checks came out: 6 checks: 1 failed, 5 passed."""
    counts = {"failed": 0, "with a warning": 0, "passed": 0, "not known": 0}
    words = {"fail": "failed", "warn": "with a warning", "pass": "passed"}
    for check in found:
        counts[words.get(check["status"], "not known")] += 1
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"{len(found)} checks: {told}." if found else "Nothing was checked."


def arms(experiment: Experiment) -> str:
    """The arms: units, their share against what was planned, and who is left out."""
    rows = []
    for arm, share in zip(experiment.arms, arm_shares(experiment), strict=True):
        units = arm["analysed_unit_count"]
        length = f"{100 * (share or 0):.2f}%"
        planned = arm["allocation_rate"]
        left_out = ", ".join(
            f"{formats.count(arm[name])} {words}" for name, words in EXCLUDED.items() if arm[name]
        )
        kind = " <span>control</span>" if arm["is_control"] and arm["variant"] != "control" else ""
        rows.append(
            f"<tr><th scope='row'>{escape(arm['variant'])}{kind}</th>"
            f"<td>{formats.count(units)}</td><td>{formats.percent(share)}</td>"
            f"<td>{formats.percent(planned)}</td></tr>"
            f'<tr class="share"><td colspan="4"><div aria-hidden="true">'
            f'<i style="width: {length}"></i><b style="left: {100 * planned:.2f}%"></b></div>'
            f"{f'<p>Left out: {left_out}.</p>' if left_out else ''}</td></tr>"
        )
    return (
        '<table class="arms"><thead><tr><th scope="col">Arm</th>'
        f'<th scope="col">{escape(experiment.units.capitalize())}</th>'
        '<th scope="col">Share</th><th scope="col">Planned</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>{seen(experiment)}"
    )


def arm_shares(experiment: Experiment) -> list[float | None]:
    """The share of the analysed units that each arm has; None where nobody was analysed."""
    units = [arm["analysed_unit_count"] for arm in experiment.arms]
    return [count / sum(units) if sum(units) else None for count in units]


def seen(experiment: Experiment) -> str:
    """`seen_facts` as a list."""
    facts = seen_facts(experiment)
    items = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in facts.items())
    return f'<dl class="seen">{items}</dl>' if facts else ""


def seen_facts(experiment: Experiment) -> dict[str, str]:
    """How small an effect on the primary metric the experiment could find; of several arms the worst one."""
    tested = [row for row in experiment.primary if row["detectable_relative_effect"] is not None]
    if not tested:
        return {}
    row = max(tested, key=lambda row: float(row["detectable_relative_effect"]))
    taken = row["cuped_variance_reduction_rate"]
    power = experiment.power
    often = "as often as wanted" if power is None else f"in {100 * power:.4g} of 100 cases"
    return {
        f"Smallest effect on {row['metric_label'].lower()} that it finds {often}": formats.percent(
            row["detectable_relative_effect"]
        ),
        "How often it would find an effect of 10%": formats.percent_short(row["power_of_tenth"]),
        "Variance that CUPED takes away": formats.percent(taken),
    }


def masthead(experiment: Experiment, facts: str) -> str:
    """The experiment's name, what it is about, and its hypothesis."""
    hypothesis = experiment.facts["hypothesis"]
    said = f"<p>Hypothesis: {escape(hypothesis)}.</p>" if hypothesis else ""
    return (
        f'<div class="masthead"><h1>{escape(experiment.name)}</h1>'
        f"<p><strong>{escape(experiment.id)}</strong> \u00b7 {escape(facts)}</p>{said}</div>"
    )


def plan_figures(plan: Plan) -> list[tuple[str, str, str]]:
    """How many units and days a plan takes: each figure's name, its value, and a note."""
    figures = [
        ("Units in each arm", formats.count(plan.units), ""),
        ("Units in both", formats.count(None if plan.units is None else 2 * plan.units), ""),
        ("Days", formats.NOTHING if plan.days is None else planner.days_words(plan.days), ""),
    ]
    if plan.cuped_units is not None:
        taken = formats.percent_short(plan.baseline.cuped)
        days = "" if plan.cuped_days is None else f", {planner.days_words(plan.cuped_days)}"
        note = f"in each arm{days}: it took away {taken} of the variance"
        figures.append(("With CUPED", formats.count(plan.cuped_units), note))
    return figures


def observed_words(plan: Plan) -> str:
    """What the plan starts from."""
    unit, start = plan.baseline.unit, plan.baseline
    return (
        f"Observed in {start.experiment.id}: {unit.value(start.mean, start.mean / 10)} in the control, "
        f"{planner.traffic_words(start.daily)} new {start.experiment.units} a day."
    )


def answer(plan: Plan) -> str:
    """How many units and days, and what to think of it."""
    figures = plan_figures(plan)
    tiles = "".join(
        f'<div class="tile"><dt>{name}</dt><dd class="value">{value}</dd>'
        f'{f"""<dd class="note">{note}</dd>""" if note else ""}</div>'
        for name, value, note in figures
    )
    advice = planner.advice(plan)
    return (
        f'<p class="answer" role="status">{escape(planner.plan_words(plan))} {escape(advice)}</p>'
        f'<dl class="tiles plain" style="--count: {len(figures)}">{tiles}</dl>'
        f'<p class="facts">{escape(observed_words(plan))}</p>'
    )
