"""Datasets as PyIceberg reads them: a reader of the same tables that shares no code with Millwright."""

import datetime
import json

import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.expressions import And, EqualTo, GreaterThanOrEqual, LessThan

PIPELINE = """
pipeline: orders
data:
  orders:
    from: orders.csv
    schema:
      id: bigint
      price: {type: double, min: 0, unit: EUR}
      customer: {type: varchar, personal: true}
LAYOUT
features:
  sql: SELECT price, shop FROM orders
label: returned
train:
  split: {by: random, test: 20%, validation: 20% of the rest}
  learners: [logistic_regression]
  seed: 7
"""
LAYOUT = "    partition_by: [month(at), shop]\n    sort_by: [id]"
UTC = datetime.timezone.utc
MARCH = And(
    GreaterThanOrEqual("at", datetime.datetime(2026, 3, 1, tzinfo=UTC)),
    LessThan("at", datetime.datetime(2026, 4, 1, tzinfo=UTC)),
)


def orders(rows, broken):
    """Orders of four months in three shops, of which the first ones have no price that is a number."""
    lines = ["id,price,customer,shop,at,returned"]
    for i in range(rows):
        price = "x" if i < broken else i % 50 + 0.25
        lines.append(f"{i},{price},C{i % 7},{'abc'[i % 3]},2026-0{i % 4 + 1}-{i % 28 + 1:02}T10:00:00Z,{i % 5 == 0}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def versions(millwright, tmp_path_factory):
    """v1 lies in one file, v2 parted and sorted, v3 has two repaired rows more, in files of their own."""
    folder = tmp_path_factory.mktemp("orders")

    def run(text, layout):
        (folder / "orders.csv").write_text(text)
        (folder / "orders.yaml").write_text(PIPELINE.replace("LAYOUT", layout))
        millwright.run("run", folder / "orders.yaml")

    run(orders(400, 0), "")
    run(orders(600, 2), LAYOUT)
    broken = folder / "broken.csv"
    millwright.run("data", "quarantine", "orders", "--export", broken)
    broken.write_text(broken.read_text().replace(",x,C", ",9.5,C"))
    assert "orders@v3: 2 rows more than v2" in millwright.run("data", "replay", "orders", "--file", broken)
    millwright.run("data", "tag", "orders@v1", "first")

    def snapshot(version):
        shown = json.loads(millwright.run("data", "show", f"orders@v{version}", "--json"))
        return int(shown["recorded"]["snapshot"])

    return snapshot


def table(millwright):
    lake = millwright.home / "lake"
    catalog = SqlCatalog("lake", uri=f"sqlite:///{lake}/lake.db", warehouse=str(lake))
    return catalog.load_table("millwright.orders")


def ids(scan):
    return sorted(scan.to_arrow()["id"].to_pylist())


def test_reads_the_newest_version_and_every_earlier_one(millwright, versions):
    read = table(millwright)
    assert ids(read.scan()) == list(range(600))
    assert ids(read.scan(snapshot_id=versions(2))) == list(range(2, 600))
    assert ids(read.scan(snapshot_id=versions(1))) == list(range(400))
    assert ids(read.scan(snapshot_id=read.snapshot_by_name("first").snapshot_id)) == list(range(400))
    assert read.schema().find_field("price").doc == "unit: EUR"


def test_leaves_files_out_by_partitions_and_by_bounds(millwright, versions):
    read = table(millwright)
    everything = len(list(read.scan().plan_files()))
    assert everything == 12 + 2
    march = read.scan(row_filter=MARCH)
    assert len(list(march.plan_files())) == 3
    assert ids(march) == [i for i in range(600) if i % 4 == 2]
    one = read.scan(row_filter=And(MARCH, EqualTo("shop", "a")))
    assert len(list(one.plan_files())) == 1
    assert ids(one) == [i for i in range(600) if i % 4 == 2 and i % 3 == 0]
    beyond = read.scan(row_filter=GreaterThanOrEqual("id", 599))
    assert len(list(beyond.plan_files())) == 1 and ids(beyond) == [599]
    for task in read.scan().plan_files():
        bounded = {read.schema().find_column_name(field) for field in task.file.lower_bounds}
        assert {"id", "price", "at"} <= bounded and "customer" not in bounded


def test_reads_a_version_that_was_compacted(millwright, versions):
    assert "orders@v3 lies in 12 files" in millwright.run("data", "compact", "orders")
    read = table(millwright)
    assert len(list(read.scan().plan_files())) == 12
    assert read.current_snapshot().snapshot_id == versions(3)
    assert ids(read.scan()) == list(range(600))
    assert ids(read.scan(row_filter=MARCH)) == [i for i in range(600) if i % 4 == 2]
    assert ids(read.scan(snapshot_id=versions(2))) == list(range(2, 600))
