"""The raw data from a folder of files, or from another tool: what is accepted, and what the errors say."""

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.commands import ROOT, dbt, run

SEEDS = ROOT / "seeds"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all tests have their raw data and their home, for dbt parses the project anew for other paths."""
    return tmp_path_factory.mktemp("ingestion")


@pytest.fixture
def raw(folder: Path) -> Path:
    """A folder with the sample company's shop as CSV files."""
    raw = folder / "raw"
    shutil.rmtree(raw, ignore_errors=True)
    shutil.copytree(SEEDS / "shop", raw / "shop", ignore=shutil.ignore_patterns("*.yml"))
    return raw


@pytest.fixture
def home(folder: Path) -> Path:
    """A home without a warehouse, in which the shop was perhaps parsed before."""
    shutil.rmtree(folder / "home" / "warehouse", ignore_errors=True)
    return folder / "home"


def without_columns(file: Path, *columns: str) -> None:
    """Rewrite a CSV file without some of its columns."""
    with duckdb.connect() as connection:
        kept = connection.read_csv(str(file), all_varchar=True).project(f"* exclude ({', '.join(columns)})")
        kept.write_csv(str(file.with_suffix(".new")))
    file.with_suffix(".new").rename(file)


def counts(home: Path, *relations: str) -> list[int]:
    with duckdb.connect(str(home / "warehouse" / "larkspur.duckdb"), read_only=True) as connection:
        return [
            (connection.execute(f"select count(*) from {name}").fetchone() or (0,))[0] for name in relations
        ]


def test_a_folder_that_does_not_exist_is_named(home: Path, raw: Path) -> None:
    shutil.rmtree(raw)
    done = run("dbt", "run", home=home, RAW_PATH=str(raw), SYSTEMS="shop")
    assert done.returncode != 0
    assert f"RAW_PATH is '{raw}'" in done.stdout
    assert "there is no such folder" in done.stdout


def test_missing_tables_and_columns_are_named_all_at_once(tmp_path: Path, raw: Path) -> None:
    (raw / "shop" / "refunds.csv").unlink()
    without_columns(raw / "shop" / "orders.csv", "currency_code")
    without_columns(raw / "shop" / "stores.csv", "opened_on")
    done = run("dbt", "run", home=tmp_path, RAW_PATH=str(raw))
    assert done.returncode != 0
    for problem in (
        "there is no shop/refunds.parquet or .csv",
        "there is no planning/sales_targets.parquet or .csv",
        "there is no web/events.parquet or .csv",
        "there is no ads/ad_spend.parquet or .csv",
        "shop/orders lacks the column currency_code",
        "shop/stores lacks the column opened_on",
    ):
        assert problem in done.stdout
    assert "leave it out of SYSTEMS" in done.stdout


def test_optional_columns_may_be_missing_and_others_are_ignored(home: Path, raw: Path) -> None:
    without_columns(
        raw / "shop" / "customers.csv", "email", "full_name", "city", "region", "marketing_opt_in"
    )
    stores = raw / "shop" / "stores.csv"
    with duckdb.connect() as connection:
        wider = connection.read_csv(str(stores), all_varchar=True).project("*, 'x' as square_metres")
        wider.write_csv(f"{stores}.new")
    Path(f"{stores}.new").rename(stores)
    models = ["base_shop__customers", "stg_shop__customers", "base_shop__stores"]
    dbt("run", "--select", *models, home=home, RAW_PATH=str(raw), SYSTEMS="shop")
    assert counts(home, "staging.stg_shop__customers", "staging.base_shop__stores") == [3000, 12]


def test_every_line_of_a_csv_is_a_row(home: Path, raw: Path) -> None:
    """Also one that looks like a comment, under a header in another case."""
    stores = raw / "shop" / "stores.csv"
    header, *lines = stores.read_text(encoding="utf-8").splitlines()
    extra = "#13,Corner shop,retail,GB,Leeds,2024-07-01"
    stores.write_text("\n".join([header.upper(), lines[0], extra, *lines[1:]]) + "\n", encoding="utf-8")
    dbt("run", "--select", "base_shop__stores", home=home, RAW_PATH=str(raw), SYSTEMS="shop")
    accepted = "staging.base_shop__stores where record_status = 'accepted' and city is not null"
    assert counts(home, "staging.base_shop__stores") == [13]
    assert counts(home, f"{accepted} and store_id = '#13'") == [1]


@pytest.mark.parametrize("systems", ["shop,plannning", "planning", "shop web", "shop,experiments"])
def test_systems_must_be_known_and_hold_what_they_need(tmp_path: Path, systems: str) -> None:
    done = run("dbt", "run", home=tmp_path, SYSTEMS=systems)
    assert done.returncode != 0
    assert f"SYSTEMS is '{systems}'" in done.stdout


def test_parquet_csv_and_loaded_tables_give_the_same_staging(tmp_path: Path, raw: Path) -> None:
    """Typed Parquet, text CSV, and tables that another tool wrote into the schema raw."""
    for system in ("web", "ads"):
        shutil.copytree(SEEDS / system, raw / system, ignore=shutil.ignore_patterns("*.yml"))
    typed = tmp_path / "typed"
    loaded = tmp_path / "loaded" / "warehouse" / "larkspur.duckdb"
    loaded.parent.mkdir(parents=True)
    with duckdb.connect(str(loaded)) as connection:
        connection.execute("create schema raw")
        for file in raw.glob("*/*.csv"):
            connection.execute(f"create table raw.{file.stem} as from read_csv('{file}', all_varchar = true)")
            is_text = file.stem not in ("exchange_rates", "events", "ad_spend")
            rows = connection.read_csv(str(file), all_varchar=is_text)
            (typed / file.parent.name).mkdir(parents=True, exist_ok=True)
            rows.write_parquet(str(typed / file.parent.name / f"{file.stem}.parquet"))
    tables = [
        *(f"shop__{name}" for name in ("orders", "order_items", "exchange_rates", "product_prices")),
        *("shop__customers", "web__events", "ads__ad_spend"),
    ]

    def staged(home: Path, path: str) -> dict[str, list[tuple[object, ...]]]:
        dbt("run", "--select", "staging", home=home, RAW_PATH=path, SYSTEMS="shop,web,ads")
        with duckdb.connect(str(home / "warehouse" / "larkspur.duckdb"), read_only=True) as connection:
            return {
                table: connection.execute(
                    f"""
                    select columns(lambda name: name not in ('record_key', 'record_hash'))
                    from staging.stg_{table} order by all
                    """
                ).fetchall()
                for table in tables
            }

    of_csv = staged(tmp_path / "files", str(raw))
    shutil.rmtree(tmp_path / "files" / "warehouse")
    shutil.rmtree(raw)
    typed.rename(raw)
    assert staged(tmp_path / "files", str(raw)) == of_csv
    assert staged(tmp_path / "loaded", "warehouse") == of_csv
    assert len(of_csv["shop__orders"]) > 9_000
    assert len(of_csv["web__events"]) > 55_000
    assert len(of_csv["ads__ad_spend"]) > 4_000


def test_a_warehouse_keeps_its_origin(home: Path, tmp_path: Path, raw: Path) -> None:
    """Loaded tables are not replaced by the seeds, nor one company's files by another origin."""
    warehouse = tmp_path / "warehouse" / "larkspur.duckdb"
    warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema raw; create table raw.stores as select 'mine' as store_id")
    done = run("dbt", "seed", home=tmp_path)
    assert "gets its raw data from loaded tables" in done.stdout
    assert counts(tmp_path, "raw.stores") == [1]

    dbt("run", "--select", "base_shop__stores", home=home, RAW_PATH=str(raw), SYSTEMS="shop")
    shutil.copy(home / "warehouse" / "larkspur.duckdb", warehouse)
    done = run("dbt", "seed", home=tmp_path)
    assert "gets its raw data from files, and RAW_PATH ('') asks for seeds" in done.stdout
    assert done.returncode != 0
