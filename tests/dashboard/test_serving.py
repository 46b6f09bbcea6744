"""Opening versions: without dbt, again when another is published, and letting go of the old one."""

import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from time import sleep

import pyarrow as pa
import pytest
from metricflow.engine.metricflow_engine import (
    MetricFlowEngine,
    MetricFlowExplainResult,
    MetricFlowQueryRequest,
)

from dashboard import __main__ as command
from dashboard import ahead, metrics
from dashboard.periods import Grain, Period
from dashboard.requests import Query
from plugins.published import (
    SEMANTIC_MANIFEST,
    NothingPublishedError,
    Version,
    connect,
    current_version,
    published_folder,
)
from tests.conftest import Built
from tests.dashboard.browser import ROOT, free_port
from tests.dashboard.versions import publish_copy

READERS = 10
LAST_DAY_GONE = (
    "delete from marts.fct_order_items where order_date = (select max(order_date) from marts.fct_order_items)"
)


def open_files() -> set[str]:
    """The files that this process holds open."""
    return {str(link.resolve()) for link in Path("/proc/self/fd").iterdir()}


def test_a_new_version_is_served_and_the_old_one_let_go(built: Built, tmp_path: Path) -> None:
    first = publish_copy(built.published, tmp_path, "1")
    old = metrics.serving(tmp_path)
    assert metrics.serving(tmp_path) is old
    assert str(first.database) in open_files()
    everything = Query(("orders",), old.data)
    orders = old.run(everything)["orders"][0].as_py()

    second = publish_copy(first, tmp_path, "2", LAST_DAY_GONE)
    new = metrics.serving(tmp_path)
    assert (old.name, new.name) == ("1", "2")
    assert new.data.end == old.data.end - timedelta(days=1)
    assert new.run(everything)["orders"][0].as_py() < orders
    assert old.run(Query(("orders",), old.data, "region")).num_rows > 1, (
        "a page being drawn still reads the old"
    )

    del old
    assert str(first.database) not in open_files()
    assert str(second.database) in open_files()


def test_a_version_swept_while_it_is_opened_is_no_error(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_copy(built.published, tmp_path, "1")
    swept: list[str] = []

    def sweep_first(version: Version) -> Path:
        if not swept:
            swept.append(version.name)
            publish_copy(version, tmp_path, "2")
            shutil.rmtree(version.folder)
        return version.folder / SEMANTIC_MANIFEST

    monkeypatch.setattr(Version, "semantic_manifest", property(sweep_first))
    assert metrics.serving(tmp_path).name == "2"
    assert swept == ["1"]


def test_a_version_that_is_broken_is_an_error(built: Built, tmp_path: Path) -> None:
    version = publish_copy(built.published, tmp_path, "1")
    version.semantic_manifest.unlink()
    with pytest.raises(FileNotFoundError):
        metrics.serving(tmp_path)


def test_without_a_version_the_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError, match="make build"):
        metrics.serving(tmp_path)


def test_a_version_without_sales_says_so(built: Built, tmp_path: Path) -> None:
    publish_copy(built.published, tmp_path, "1", "delete from marts.fct_order_items")
    with pytest.raises(metrics.NoSalesError, match="no order that is a sale"):
        metrics.serving(tmp_path)


def test_a_kind_of_query_compiles_once(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    served = metrics.serving(built.warehouse)
    served.run(Query(("units",), served.data, "category"))

    def never(*_: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(MetricFlowEngine, "explain", never)
    found = served.run(Query(("units",), Period(date(2026, 1, 1), date(2026, 1, 31)), "category"))
    assert found.column_names == ["category", "units"]


def test_what_may_be_asked_next_is_compiled_while_nobody_waits(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = metrics.open_version(*connect(built.warehouse))
    monkeypatch.setattr(metrics, "serving", lambda _: served)
    monkeypatch.setattr(ahead, "PAUSE", 60.0)
    month = Query(("orders", "units"), served.data, Grain.MONTH)
    served.run(month)
    chosen = replace(month, selection=(("region", ("Northern Europe",)), ("category", ("Kitchen",))))
    nexts = (
        replace(month, selection=(("channel", ("Email",)),)),
        replace(month, by=Grain.QUARTER, selection=chosen.selection[:1]),
        replace(month, by=Grain.DAY),
        chosen,
    )
    compiled = []
    explain = MetricFlowEngine.explain

    def noted(engine: MetricFlowEngine, request: MetricFlowQueryRequest) -> MetricFlowExplainResult:
        compiled.append(request)
        return explain(engine, request)

    monkeypatch.setattr(MetricFlowEngine, "explain", noted)
    with ahead.readers.waiting():
        ahead.work_ahead(built.warehouse)
    ahead.work_ahead(built.warehouse)
    assert compiled == [], "somebody waits, or did a moment ago"
    monkeypatch.setattr(ahead, "PAUSE", 0.0)
    ahead.work_ahead(built.warehouse)
    assert len(compiled) > len(nexts)
    compiled.clear()
    served.run(nexts[0])
    served.run(nexts[2])
    assert compiled == []
    served.run(replace(month, selection=chosen.selection[:1]))
    ahead.work_ahead(built.warehouse)
    compiled.clear()
    answers = [served.run(query) for query in nexts]
    assert compiled == []
    monkeypatch.undo()
    fresh = metrics.open_version(*connect(built.warehouse))
    assert [fresh.run(query) for query in nexts] == answers


def test_what_several_ask_for_at_once_is_worked_out_once(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = metrics.open_version(*connect(built.warehouse))
    explain, asked = MetricFlowEngine.explain, []

    def slowly(engine: MetricFlowEngine, request: MetricFlowQueryRequest) -> MetricFlowExplainResult:
        asked.append(request.metric_names)
        sleep(0.2)
        return explain(engine, request)

    monkeypatch.setattr(MetricFlowEngine, "explain", slowly)
    everybody = Barrier(READERS)

    def ask(_: int) -> pa.Table:
        everybody.wait()
        return served.run(Query(("units",), served.data, "region"))

    with ThreadPoolExecutor(READERS) as readers:
        found = [*readers.map(ask, range(READERS))]
    assert len(asked) == 1
    assert len({id(table) for table in found}) == 1


def test_a_metric_that_the_version_lacks_is_named(built: Built) -> None:
    served = metrics.serving(built.warehouse)
    with pytest.raises(metrics.NotInVersionError, match="it has no gone"):
        served.run(Query(("units", "gone"), served.data))


def test_a_query_groups_by_time_and_names_at_once(built: Built) -> None:
    served = metrics.serving(built.warehouse)
    found = served.run(Query(("orders",), served.data, (Grain.QUARTER, "region")))
    assert found.column_names == ["part", "region", "orders"]
    first = [(row["part"], row["region"]) for row in found.to_pylist()]
    assert first == sorted(first)
    assert len({part for part, _ in first}) == 8
    by_region = served.run(Query(("orders",), served.data, "region"))
    assert sum(found["orders"].to_pylist()) == sum(by_region["orders"].to_pylist())


def test_values_are_bound_not_pasted(built: Built) -> None:
    served = metrics.serving(built.warehouse)
    hostile = "') or 1=1 --"
    found = served.run(Query(("orders",), served.data, "region", (("region", (hostile,)),)))
    assert found.num_rows == 0


def test_the_dashboard_imports_neither_dbt_nor_pandas_code() -> None:
    script = (
        "import sys, dashboard.__main__, dashboard.components.sections\n"
        "from dashboard.queries import acquisition, funnel, overview, timeline\n"
        "from dashboard.components import plan_card\n"
        "found = {name.split('.')[0] for name in sys.modules}\n"
        "sys.exit(', '.join(found & {'dbt', 'dbt_common', 'dbt_semantic_interfaces', 'pandas'}) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_port_in_use_is_named_with_another(capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    with socket.create_server(("localhost", port)), pytest.raises(SystemExit) as ended:
        command.main(["--port", str(port)])
    assert f"Port {port}" in str(ended.value.code)
    assert f"--port {port + 1}" in str(ended.value.code)
    assert capsys.readouterr().out == ""


def test_the_pointer_is_read_where_the_warehouse_is(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE_PATH", str(built.warehouse))
    assert current_version(metrics.warehouse()) == built.published
    monkeypatch.delenv("WAREHOUSE_PATH")
    assert published_folder(metrics.warehouse()) == Path("warehouse/published")
