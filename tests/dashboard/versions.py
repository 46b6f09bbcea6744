"""Warehouse folders of a test's own, with copies of the built version in them."""

import json
import shutil
from pathlib import Path
from typing import Any

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


def take_out(version: Version, *semantic_models: str) -> None:
    """Take models and the metrics made of them out of the semantic manifest, as a build without them does."""
    manifest = json.loads(version.semantic_manifest.read_text(encoding="utf-8"))
    gone = {
        measure["name"]
        for model in manifest["semantic_models"]
        if model["name"] in semantic_models
        for measure in model["measures"]
    }
    assert gone, semantic_models
    kept = manifest["metrics"]
    while lost := [metric for metric in kept if inputs(metric) & gone]:
        gone |= {metric["name"] for metric in lost}
        kept = [metric for metric in kept if metric not in lost]
    manifest["metrics"] = kept
    manifest["semantic_models"] = [
        model for model in manifest["semantic_models"] if model["name"] not in semantic_models
    ]
    version.semantic_manifest.write_text(json.dumps(manifest), encoding="utf-8")


def take_out_metric(version: Version, name: str) -> None:
    """Take one metric, and those made of it, out of the semantic manifest, as a build without it does."""
    manifest = json.loads(version.semantic_manifest.read_text(encoding="utf-8"))
    gone = {name}
    while lost := {each["name"] for each in manifest["metrics"] if inputs(each) & gone} - gone:
        gone |= lost
    kept = [each for each in manifest["metrics"] if each["name"] not in gone]
    assert len(kept) < len(manifest["metrics"]), name
    manifest["metrics"] = kept
    version.semantic_manifest.write_text(json.dumps(manifest), encoding="utf-8")


def inputs(metric: dict[str, Any]) -> set[str]:
    """The measures and metrics that a metric is made of."""
    parameters = metric["type_params"]
    parts = [
        parameters.get("measure"),
        *(parameters.get("input_measures") or []),
        *(parameters.get("metrics") or []),
    ]
    return {part["name"] for part in parts if part}
