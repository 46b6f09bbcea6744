"""The sample company's files: the same bytes every time, in the contract's shape, at any scale."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from sample_company.__main__ import main

SEEDS = Path(__file__).parents[2] / "seeds"
CONTRACT = {
    "shop/customers": """customer_id email full_name country_code region city marketing_opt_in created_at
        updated_at""",
    "shop/stores": "store_id store_name store_type country_code city opened_on",
    "shop/products": "product_id sku product_name category subcategory is_active created_at updated_at",
    "shop/product_prices": "product_id effective_at unit_cost list_price currency_code",
    "shop/orders": """order_id customer_id store_id order_status currency_code shipping_amount coupon_code
        ordered_at updated_at""",
    "shop/order_items": "order_item_id order_id product_id quantity unit_price discount_amount",
    "shop/payments": "payment_id order_id payment_method payment_status amount processed_at",
    "shop/refunds": "refund_id order_item_id quantity amount reason refunded_at",
    "shop/exchange_rates": "rate_date currency_code usd_per_unit",
    "web/events": """event_id anonymous_id customer_id event_name event_at received_at page_path referrer
        utm_source utm_medium utm_campaign device_type user_agent product_id order_id""",
    "ads/ad_spend": "spend_date channel campaign impressions clicks cost currency_code",
    "experiments/experiments": """experiment_id experiment_name hypothesis owner unit primary_metric
        started_at ended_at""",
    "experiments/variants": "experiment_id variant is_control allocation",
    "experiments/assignments": "experiment_id unit_id variant assigned_at",
    "planning/sales_targets": "target_month category target_net_sales_usd",
}
SHARED = {"shop/stores", "shop/products", "shop/product_prices", "shop/exchange_rates"}
SHARED |= {"experiments/experiments", "experiments/variants"}
BY_SHARD = {
    "shop/customers",
    "shop/orders",
    "shop/order_items",
    "shop/payments",
    "shop/refunds",
    "web/events",
}


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("again")
    assert main(["--out", str(directory)]) == 0
    return directory


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("parquet")
    assert main(["--out", str(directory), "--format", "parquet"]) == 0
    return directory


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("double")
    assert main(["--out", str(directory), "--scale", "2"]) == 0
    return directory


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as database:
        yield database


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("name", [*(f"{table}.csv" for table in CONTRACT), "answer_key.json"])
def test_same_arguments_give_the_committed_bytes(again: Path, name: str) -> None:
    assert (again / name).read_bytes() == (SEEDS / name).read_bytes(), (
        "seeds/ is not what the program writes: run `python -m sample_company --out seeds`"
    )


def test_same_arguments_give_the_same_parquet_bytes(parquet: Path, tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path), "--format", "parquet"]) == 0
    for table in CONTRACT:
        assert (parquet / f"{table}.parquet").read_bytes() == (tmp_path / f"{table}.parquet").read_bytes()


def test_another_seed_gives_another_company(again: Path, tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path), "--seed", "5"]) == 0
    assert (tmp_path / "shop/orders.csv").read_bytes() != (again / "shop/orders.csv").read_bytes()


@pytest.mark.parametrize("table", CONTRACT)
def test_columns_are_the_contracts(again: Path, table: str) -> None:
    assert read(again / f"{table}.csv")[0] == CONTRACT[table].split()


def test_no_other_file_is_written(again: Path) -> None:
    written = {path.relative_to(again).as_posix() for path in again.rglob("*") if path.is_file()}
    assert written == {f"{table}.csv" for table in CONTRACT} | {"answer_key.json"}


def test_everything_committed_fits_in_ten_megabytes() -> None:
    sizes = [path.stat().st_size for path in SEEDS.rglob("*") if path.is_file()]
    assert sum(sizes) <= 10_000_000
    assert max(sizes) <= 7_000_000


@pytest.mark.parametrize(
    ("table", "about"),
    [("shop/customers", 3_000), ("shop/orders", 9_000), ("shop/order_items", 20_000), ("web/events", 60_000)],
)
def test_counts_are_near_the_stated_ones(again: Path, table: str, about: int) -> None:
    assert about * 0.9 < len(read(again / f"{table}.csv")) < about * 1.1


def test_quotes_stand_only_around_commas_and_nothing_means_null(again: Path) -> None:
    for table in CONTRACT:
        text = (again / f"{table}.csv").read_text(encoding="utf-8")
        assert all("," in field for field in re.findall(r'"([^"]*)"', text))
        assert text.endswith("\n")
        assert "\r" not in text


def test_parquet_holds_the_same_values_as_csv(again: Path, parquet: Path) -> None:
    for table, columns in CONTRACT.items():
        rows = pq.read_table(parquet / f"{table}.parquet")
        assert rows.column_names == columns.split()
        values = [
            ["" if value is None else value for value in column] for column in rows.to_pydict().values()
        ]
        assert [list(row) for row in zip(*values, strict=True)] == read(again / f"{table}.csv")[1:]
    key = "answer_key.json"
    assert (parquet / key).read_bytes() == (again / key).read_bytes()


def test_twice_the_scale_is_twice_the_rows_and_begins_with_the_same_shard(again: Path, double: Path) -> None:
    for table in CONTRACT:
        once, twice = read(again / f"{table}.csv"), read(double / f"{table}.csv")
        if table in SHARED:
            assert twice == once
        elif table in BY_SHARD | {"experiments/assignments"}:
            assert twice[: len(once)] == once
            assert len(twice) == pytest.approx(2 * len(once), rel=0.06)
        else:
            assert len(twice) == len(once)


def test_ids_of_two_shards_are_apart(double: Path, again: Path) -> None:
    for table in BY_SHARD:
        once, twice = read(again / f"{table}.csv"), read(double / f"{table}.csv")
        first = {row[0] for row in once[1:]}
        second = {row[0] for row in twice[len(once) :]}
        assert first & second <= {"", "N/A"}


def test_advertising_and_targets_grow_with_the_scale(
    again: Path, double: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    def total(directory: Path, table: str, column: str) -> float:
        query = f"""
            select sum(try_cast(replace({column}, ',', '') as double))
            from (select distinct * from read_csv('{directory}/{table}.csv', all_varchar = true))
        """
        return float(connection.execute(query).fetchall()[0][0])

    for table, column in (("ads/ad_spend", "cost"), ("planning/sales_targets", "target_net_sales_usd")):
        assert total(double, table, column) == pytest.approx(2 * total(again, table, column), rel=0.05)


def test_the_answer_key_does_not_grow_with_the_scale(again: Path, double: Path) -> None:
    small, large = ((directory / "answer_key.json").stat().st_size for directory in (again, double))
    assert large == pytest.approx(small, rel=0.01)
    assert json.loads((double / "answer_key.json").read_text(encoding="utf-8"))["company"]["scale"] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--out"),
        (["--out", "x", "--scale", "0"], "expected a whole number from 1 up, got 0"),
        (["--out", "x", "--scale", "half"], "--scale"),
        (["--out", "x", "--seed", "-1"], "expected a whole number from 0 up, got -1"),
        (["--out", "x", "--format", "xlsx"], "choose from"),
    ],
)
def test_wrong_arguments_are_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert message in capsys.readouterr().err


def test_a_directory_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file, not a directory", encoding="utf-8")
    assert main(["--out", str(taken)]) == 1
    assert f"error: cannot write to {taken}" in capsys.readouterr().err


def test_two_formats_do_not_share_a_directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/orders.csv").write_text("order_id\n", encoding="utf-8")
    assert main(["--out", str(tmp_path), "--format", "parquet"]) == 1
    assert "orders.csv" in capsys.readouterr().err
