"""The names of `style`: what a column's name says of its type, and a model's of its layer.

Raw tables and seeds keep the names of the raw contract, and base models with them, for `rejected_column`
names the raw column. Everything after follows these rules. `valid_from` and `valid_to` are a range's ends.
"""

import re
from collections.abc import Mapping

RANGE_ENDS = {"valid_from", "valid_to"}

# By suffix or prefix, the type that it promises …
PROMISES = {
    r"_at$": r"TIMESTAMP",
    r"(_date|_on)$|^date_day$": r"DATE",
    r"^(is|has)_": r"BOOLEAN",
    r"_usd$": r"DECIMAL\(\d+,2\)",
    r"_count$": r"(INTEGER|BIGINT|HUGEINT|DECIMAL\(\d+,0\))",
    r"_rate$": r"(DOUBLE|DECIMAL\(.+\))",
    r"(_key|_id)$": r"VARCHAR",
}
# … and by type, the names that it may have.
NAMES = {
    "TIMESTAMP": r"_at$",
    "DATE": r"(_date|_on)$|^date_day$",
    "BOOLEAN": r"^(is|has)_",
}
# In marts besides: a number is a count, a share, a place in an order, a score, or a part of the calendar …
MART_INTEGERS = r"_count$|_number$|_score$|^day_of_|^week_of_|^month_of_|^quarter_of_"
# … and money is in US dollars, unless the row names its currency.
MART_DECIMALS = r"_usd$|_rate$"
CURRENCY = "currency_code"

# Nouns without a plural that models are named after, and the word for a table with rows by day.
UNCOUNTED = {"attribution", "channel", "funnel", "health", "quality", "spend", "timeline"}
GRAIN = "daily"
IRREGULAR_PARTICIPLES = {"built", "held", "kept", "known", "made", "sent", "sold", "spent", "split", "spread"}


def column_faults(columns: Mapping[str, str], layer: str) -> list[str]:
    """The columns (name → type) of a layer (`staging`, …) whose name and type do not agree."""
    return [
        f"{name} is a {kind}"
        for name, kind in columns.items()
        if not is_well_named(name, kind, layer, columns)
    ]


def is_well_named(name: str, kind: str, layer: str, columns: Mapping[str, str]) -> bool:
    """Whether one column's name and type go together."""
    if name in RANGE_ENDS:
        return kind == "TIMESTAMP"
    if any(
        re.search(pattern, name) and not re.fullmatch(promised, kind)
        for pattern, promised in PROMISES.items()
    ):
        return False
    if kind in NAMES and not re.search(NAMES[kind], name):
        return False
    if layer != "marts":
        return True
    if re.fullmatch("INTEGER|BIGINT", kind):
        return bool(re.search(MART_INTEGERS, name))
    if kind.startswith("DECIMAL"):
        return bool(re.search(MART_DECIMALS, name)) or CURRENCY in columns
    return True


def model_name_faults(name: str, layer: str, sources: set[str]) -> list[str]:
    """What is wrong with a model's name, in `base`, `staging`, `intermediate` or `marts`.

    `base_` and `stg_` are followed by a source and its table (`sources` holds them as `shop__orders`),
    `int_` by a plural and what was done to it, `dim_` and `fct_` by a plural
    and, where it needs one, a grain.
    """
    if layer in {"base", "staging"}:
        prefix = {"base": "base_", "staging": "stg_"}[layer]
        return [] if name.removeprefix(prefix) in sources else [f"{name}: no `{prefix}<source>__<table>`"]
    words = name.split("_")[1:]
    if layer == "intermediate":
        done = words[-1].endswith("ed") or words[-1] in IRREGULAR_PARTICIPLES
        things = words[:-1]
    else:
        done, things = True, [word for word in words if word != GRAIN]
    faults = [] if done else [f"{name}: does not end with what was done"]
    named = any(word.endswith("s") or word in UNCOUNTED for word in things[-1:])
    return faults + ([] if named else [f"{name}: names no plural"])
