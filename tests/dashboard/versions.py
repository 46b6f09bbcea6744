"""Warehouse folders of a test's own, with copies of the built version in them."""

import json
import shutil
from pathlib import Path

import duckdb

from plugins.publication import replace_file
from plugins.published import FACTS, POINTER, Version, published_folder


def publish_copy(version: Version, warehouse: Path, name: str, change: str = "") -> Version:
    """Publish a copy of the version under another name, its marts changed by SQL."""
    copy = Version(published_folder(warehouse) / name)
    shutil.copytree(version.folder, copy.folder)
    if change:
        with duckdb.connect(str(copy.database)) as connection:
            connection.execute(change)
    facts = {**version.facts, "version": name}
    (copy.folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")
    replace_file(published_folder(warehouse) / POINTER, f"{name}\n")
    return copy
