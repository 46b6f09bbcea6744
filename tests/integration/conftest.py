"""What the tests share that compare the built warehouse with what is known of its data."""

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from tests.commands import ROOT
from tests.conftest import Built
from tests.metric_answers import Metrics


@pytest.fixture(scope="module")
def warehouse(built: Built) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working warehouse, read-only."""
    with duckdb.connect(str(built.database), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def key() -> dict[str, Any]:
    """The answer key: what the sample company's generator knows of it."""
    answers: dict[str, Any] = json.loads((ROOT / "seeds" / "answer_key.json").read_text(encoding="utf-8"))
    return answers


@pytest.fixture(scope="module")
def metrics(built: Built) -> Iterator[Metrics]:
    """The published metrics, to be asked within this process."""
    opened = Metrics(built)
    yield opened
    opened.connection.close()
