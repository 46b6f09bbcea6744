"""A copy of this small project in a folder of its own, built by the real macros and the real plugin."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from plugins import published

PROJECT = Path(__file__).parent
REPOSITORY = PROJECT.parents[2]
DBT = [str(Path(sys.executable).with_name("dbt")), "--no-use-colors"]

SALES = "seeds/raw_sales.csv"
PRODUCTS = "seeds/raw_products.csv"
SALE_IDS = "select sale_id from marts.fct_sales order by all"


@dataclass(frozen=True)
class Run:
    """A finished dbt command."""

    code: int
    output: str


@dataclass(frozen=True)
class Sandbox:
    """A project with its warehouse."""

    root: Path
    publisher: str = "plugins.publisher"

    @property
    def warehouse(self) -> Path:
        return self.root / "data" / "warehouse"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("DBT_")},
            "WAREHOUSE_PATH": str(self.warehouse.relative_to(self.root)),
            "PUBLISHER": self.publisher,
            "REPOSITORY": str(REPOSITORY),
            "MACROS": str(REPOSITORY / "macros"),
        }

    def start(self, *arguments: str, fault: str = "") -> subprocess.Popen[str]:
        """Start a dbt command, with a fault where one is named and the publisher is that of `faults.py`."""
        return subprocess.Popen(
            [*DBT, *arguments],
            cwd=self.root,
            env={**self.environment, "FAULT": fault},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def dbt(self, *arguments: str, fault: str = "") -> Run:
        process = self.start(*arguments, fault=fault)
        output, _ = process.communicate(timeout=120)
        return Run(process.returncode, output)

    def build(self, *arguments: str) -> Run:
        """A build that has to succeed."""
        run = self.dbt("build", *arguments)
        assert run.code == 0, run.output
        return run

    def write(self, file: str, text: str) -> None:
        (self.root / file).parent.mkdir(parents=True, exist_ok=True)
        (self.root / file).write_text(text, encoding="utf-8")

    def read(self, file: str) -> str:
        return (self.root / file).read_text(encoding="utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        text = self.read(file)
        assert old in text
        self.write(file, text.replace(old, new))

    def add_sale(self, line: str) -> None:
        self.write(SALES, self.read(SALES) + line + "\n")

    @property
    def version(self) -> published.Version:
        return published.require_version(self.warehouse)

    @property
    def attempt(self) -> dict[str, Any]:
        attempt = published.last_attempt(self.warehouse)
        assert attempt is not None
        return attempt

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer of the version that serves."""
        with published.connect(self.warehouse)[1] as connection:
            return connection.execute(sql).fetchall()

    def query_working(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer of the working warehouse."""
        file = str(self.warehouse / "larkspur.duckdb")
        with duckdb.connect(file, read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads(self.read("target/manifest.json"))
        return manifest

    def copy(self, root: Path) -> "Sandbox":
        """The same project and warehouse once more; its paths are relative, so dbt need not parse it anew."""
        shutil.copytree(self.root, root)
        return replace(self, root=root)


def new_sandbox(root: Path, publisher: str = "plugins.publisher") -> Sandbox:
    """A copy of the project in which nothing was built yet; even the warehouse's folder is missing."""
    shutil.copytree(PROJECT, root, ignore=shutil.ignore_patterns("harness.py", "__pycache__"))
    return Sandbox(root, publisher)


def poison(sandbox: Sandbox) -> None:
    """Wrong raw data: one sale that a test rejects, and with it a sale and a price that none does."""
    sandbox.add_sale("4,lamp,2026-01-03,-5.00")
    sandbox.add_sale("5,lamp,2026-01-03,777.00")
    sandbox.replace(PRODUCTS, "lamp,10.00", "lamp,777.00")


def cure(sandbox: Sandbox) -> None:
    """The same raw data corrected at its source, and one more sale."""
    lines = [line for line in sandbox.read(SALES).splitlines() if line[0] not in "45"]
    sandbox.write(SALES, "\n".join([*lines, "6,vase,2026-01-03,30.00", ""]))
    sandbox.replace(PRODUCTS, "lamp,777.00", "lamp,10.00")


def assert_cured(sandbox: Sandbox) -> None:
    assert sandbox.query(SALE_IDS) == [(1,), (2,), (3,), (6,)]
    assert sandbox.query("select sale_id from marts.fct_arrivals order by all") == [(1,), (2,), (3,), (6,)]
    assert sandbox.query("select max(price), count(*) from marts.dim_products") == [(20.5, 2)]
    assert sandbox.query_working("select * from operations.unpublished_writes") == []
    assert sandbox.query_working("from duckdb_tables() where table_name like 'before%'") == []
