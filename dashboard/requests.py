"""What is asked of the metrics: which, over which days, by what, within which selection."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from dashboard.periods import Grain, Period

GROUP_BYS = {
    "subcategory": "product__subcategory",
    "product": "product__product_label",
    "store": "store__store_name",
    "store_type": "store__store_type",
    "country": "store__country_name",
    "segment": "customer__segment",
    "channel": "sales_order__order_channel",
}
"""What to group and filter by, of those that MetricFlow spells otherwise: a dimension of a joined table.
Metrics with a name of their own, as those of visits with the channel, are grouped by that."""
SHORT_NAMES = {spelled: name for name, spelled in GROUP_BYS.items()}
PART = "part"
TIME = "metric_time__"
DAYS = "{{ TimeDimension('metric_time', 'day') }} between $first_day and $last_day"

Selection = tuple[tuple[str, tuple[str, ...]], ...]
"""What is asked for, by group-by name: (("region", ("Northern Europe",)),). Not named: everything.
Group-by names are entities of the metrics (`region`) or short for a joined dimension (GROUP_BYS)."""


@dataclass(frozen=True)
class Query:
    """Metrics over a period, whole or by its parts, by group-by names or by both, within a selection."""

    metrics: tuple[str, ...]
    period: Period
    by: Grain | str | tuple[Grain | str, ...] = ()
    selection: Selection = ()

    def groups(self, own: Container[str]) -> tuple[str, ...]:
        """The names to group by, as MetricFlow spells them; `own`: those that the metrics have themselves."""
        by = self.by if isinstance(self.by, tuple) else (self.by,)
        return tuple(f"{TIME}{name}" if isinstance(name, Grain) else spelled(name, own) for name in by)


def spelled(name: str, own: Container[str]) -> str:
    """A group-by name as MetricFlow spells it for what has these names of its own."""
    return name if name in own else GROUP_BYS.get(name, name)


def condition(name: str, own: Container[str]) -> str:
    """The filter on a group-by name, whose values are the parameter of that name, as MetricFlow takes it."""
    kind = "Dimension" if spelled(name, own) != name else "Entity"
    return f"list_contains(${name}, {{{{ {kind}('{spelled(name, own)}') }}}})"


def parameters(query: Query) -> dict[str, Any]:
    """The values of the parameters of a query's SQL."""
    days = {"first_day": query.period.start, "last_day": query.period.end}
    return {**days, **{name: list(chosen) for name, chosen in query.selection}}
