"""The pieces of the catalog, on its page and in dialogs: links, facts, columns, tests. Text is escaped."""

import os
import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

import streamlit as st

from dashboard import formats
from dashboard.components.experiment_cards import STATUSES
from dashboard.components.markdown import escaped
from dashboard.components.versions import VERSION, published
from dashboard.definitions import Meaning
from dashboard.metrics import Served
from dashboard.queries import catalog as catalogs
from dashboard.queries.catalog import Catalog, Entry, Facts, Found
from dashboard.requests import Query

PAGE = "views/catalog.py"
CODE = re.compile(r"`([^`]+)`")
COMPILED = "SQL, as MetricFlow compiles it"
STATUS_KEYS = {"passed": "pass", "warned": "warn"}
DOCS_KINDS = {"mart": "model"}


def prose(text: str) -> str:
    """Text as HTML, what stands between backticks as code."""
    return CODE.sub(r"<code>\1</code>", escape(text))


def parameters(entry: Entry | None = None, **more: str) -> dict[str, str]:
    """The URL's parameters that open an entry, or the list; a version that is pinned stays so."""
    pinned = {VERSION: st.query_params[VERSION]} if VERSION in st.query_params else {}
    return {**pinned, **dict([entry.link] if entry else []), **{key: one for key, one in more.items() if one}}


def link(entry: Entry, label: str = "") -> None:
    """A link that opens an entry in the catalog."""
    st.page_link(PAGE, label=escaped(label or entry.title), query_params=parameters(entry))


def named(name: str, words: str, entries: Sequence[Entry]) -> None:
    """A line of links after a few words, where there are any."""
    if entries:
        with st.container(horizontal=True, gap="small", key=f"named-{name}"):
            st.html(f"<p>{escape(words)}</p>", width="content")
            for entry in entries:
                link(entry)


def docs_url(entry: Entry) -> str:
    """The entry's page on dbt's docs site at `$DOCS_URL`; empty where there is no such site."""
    site = os.environ.get("DOCS_URL", "").rstrip("/")
    if not site.startswith(("http://", "https://", "/")):
        return ""
    return f"{site}/#!/{DOCS_KINDS.get(entry.kind, entry.kind)}/{quote(entry.id)}"


def listed(catalog: Catalog, found: Found, *, is_mixed: bool) -> str:
    """What the list tells of an entry below its name; what kind it is in a list of several kinds."""
    entry = found.entry
    kind = capitalized(entry.kind_words) if is_mixed or not entry.owner_words else ""
    whose = "<br>".join(escape(words) for words in (kind, entry.owner_words) if words)
    matched = ", ".join(f"<code>{escape(column)}</code>" for column in found.columns)
    return (
        f'<div class="told"><p>{prose(first_sentence(entry.summary))}</p>'
        f"<span>{whose}</span>"
        f"<span>{escape(catalogs.tests_words(catalog.tests(entry)))}</span>"
        f'<span class="rows">{escape(catalogs.rows_words(entry))}</span>'
        f"{f'<span class=matched>Columns: {matched}</span>' if matched else ''}</div>"
    )


def description(entry: Entry) -> None:
    """The first paragraph, and the rest to be opened."""
    if entry.summary:
        st.html(f'<p class="prose">{prose(entry.summary)}</p>')
    if entry.notes:
        with st.expander("More about it", icon=":material/notes:"):
            st.markdown(entry.notes.replace("$", "\\$"))


def first_sentence(text: str) -> str:
    """The text up to its first full stop that ends a sentence."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z`])", text, maxsplit=1)[0]


def capitalized(words: str) -> str:
    """The words with their first letter as a capital, the others as they are."""
    return words[:1].upper() + words[1:]


def facts(served: Served, catalog: Catalog, entry: Entry) -> str:
    """Owner, tests, freshness and where it is defined, as a list."""
    return described(facts_of(served, catalog, entry))


def facts_of(served: Served, catalog: Catalog, entry: Entry) -> dict[str, str]:
    """The same as HTML by name; what there is not is empty."""
    owners = " and ".join(
        f'{escape(one["name"])} <span class="muted">{escape(one["email"])}</span>'
        for one in entry.facts["owners"]
    )
    shown = {
        "Owner": owners,
        "Tests": f"{catalogs.tests_words(catalog.tests(entry))}{behind(catalog, entry)}",
        "Rows": catalogs.rows_words(entry).removesuffix("s").removesuffix(" row"),
        "Freshness": freshness(served),
        "Name": f"<code>{escape(entry.name)}</code>",
        "Made as": escape(entry.facts.get("materialization") or ""),
        "Tags": escape(", ".join(entry.facts["tags"])),
        "Defined in": f"<code>{escape(entry.facts['path'])}</code>",
    }
    docs = docs_url(entry)
    if docs:
        shown["Documentation"] = f'<a href="{escape(docs)}" target="_blank">dbt docs</a>'
    return shown


def freshness(served: Served) -> str:
    """How far the data reaches, and when it was published."""
    return f"data to {formats.day_words(served.data.end)}, {published(served)}"


def behind(catalog: Catalog, entry: Entry) -> str:
    """Of what the tests are, where the entry has none of its own."""
    names = {"metric": catalog.models, "exposure": catalog.parents}.get(entry.kind)
    read = ", ".join(escape(one.name) for one in names(entry)) if names else ""
    return f' <span class="muted">of {read}</span>' if read else ""


def definition(served: Served, catalog: Catalog, metric: Entry) -> str:
    """How a metric is worked out, as a list."""
    return described(definition_of(served, catalog, metric))


def definition_of(served: Served, catalog: Catalog, metric: Entry) -> dict[str, str]:
    """The same as HTML by name; what there is not is empty."""
    measures = "<br>".join(
        prose(catalogs.measure_words(catalog, measure)) for measure in metric.facts["measures"]
    )
    names = served.group_bys((metric.name,)) if metric.name in served.metrics else metric.facts["group_bys"]
    return {
        "Worked out as": f"<code>{escape(metric.facts['expression'])}</code>"
        if metric.facts["type"] != "simple"
        else "",
        "From": measures,
        "Only where": f"<code>{escape(metric.facts['filter'] or '')}</code>"
        if metric.facts["filter"]
        else "",
        "Grouped by": ", ".join(f"<code>{escape(name)}</code>" for name in ("time", *names)),
    }


def drawn(mart: Entry, meaning: Meaning) -> str:
    """What a card draws of a mart: the formula, and the columns with their meaning, as a list."""
    meanings = {column["name"]: column["description"] for column in mart.columns}
    read = (f"<code>{escape(name)}</code>: {prose(meanings.get(name, ''))}" for name in meaning.columns)
    formula = f"<code>{escape(meaning.formula)}</code>" if meaning.formula else ""
    return described({"Worked out as": formula, "From": "<br>".join(read), "Note": escape(meaning.note)})


def described(shown: dict[str, str]) -> str:
    """Names with what is said of them, as HTML; what is empty is left out."""
    items = "".join(f"<dt>{escape(name)}</dt><dd>{said}</dd>" for name, said in shown.items() if said)
    return f'<dl class="described">{items}</dl>'


def sql(served: Served, metric: Entry) -> None:
    """The SQL of a metric over a period, as MetricFlow compiles it."""
    if statement := sql_of(served, metric):
        code(COMPILED, statement)


def sql_of(served: Served, metric: Entry) -> str:
    """The same; empty where the version has no such metric."""
    return served.sql(Query((metric.name,), served.data)) if metric.name in served.metrics else ""


def code(label: str, statement: str) -> None:
    """SQL, to be opened."""
    with st.expander(label, icon=":material/code:"):
        st.code(statement, language="sql")


def columns(entry: Entry) -> str:
    """The columns with type, meaning and tests, as a table."""
    tests = {test["name"]: test for test in entry.facts["tests"]}
    rows = "".join(
        f"<tr><th scope='row'>{escape(column['name'])}</th>"
        f'<td class="type">{escape(column["type"] or "")}</td><td>{prose(column["description"])}</td>'
        f"<td>{column_tests([tests[name] for name in column['tests'] if name in tests])}</td></tr>"
        for column in entry.columns
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Column", "Type", "Meaning", "Tests"))
    return f'<table class="column-list"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def column_tests(tests: Sequence[Facts]) -> str:
    """The kinds of a column's tests, each with the sign of its status."""
    return "<br>".join(
        f'<span class="{colour}"><b aria-label="{words}">{sign}</b> {escape(test["kind"].replace("_", " "))}'
        "</span>"
        for test in tests
        for sign, colour, words in [STATUSES[STATUS_KEYS[test["status"]]]]
    )


def checks(tests: Iterable[Facts]) -> str:
    """The tests one below the other: what each says, its name, and how it ended."""
    items = []
    for test in tests:
        sign, colour, status = STATUSES[STATUS_KEYS[test["status"]]]
        looked = "" if test["rows"] is None else f", over {formats.count(test['rows'])} rows"
        looked = ", on examples" if test["kind"] == "unit_test" else looked
        items.append(
            f'<li class="{colour}"><b aria-hidden="true">{sign}</b><div><strong>{prose(test["description"])}'
            f'</strong> <span class="status">{status}{looked}</span><p>{escape(test["name"])}</p></div></li>'
        )
    return f'<ul class="checks">{"".join(items)}</ul>'
