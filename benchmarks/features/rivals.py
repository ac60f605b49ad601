"""One training set, made by one library: rivals.py LIBRARY EVENTS OUT

Each reads the events, computes count, sum, mean and maximum of what the entity did in the day, week and month before each event, adds a
label and the part of a split by time (the last fifth is the test, the last fifth of the rest the validation), and writes all of it
to Parquet in the order of time. Prints the seconds that took, without the library's own start.
"""

import json
import sys
import time

WINDOWS = {"1d": 1, "7d": 7, "30d": 30}
LABEL = 50


def pandas(events, out):
    import numpy as np
    import pandas as pd

    began = time.monotonic()
    rows = pd.read_parquet(events).sort_values(["entity", "ts"], kind="stable", ignore_index=True)
    for name, days in WINDOWS.items():
        windows = rows.groupby("entity", sort=True).rolling(f"{days}D", on="ts", closed="left")["amount"]
        for function, short in (("count", "n"), ("sum", "sum"), ("mean", "avg"), ("max", "max")):
            rows[f"{short}_{name}"] = getattr(windows, function)().to_numpy()
    rows["_label"] = rows["amount"] > LABEL
    test = rows["ts"].sort_values().iloc[-round(len(rows) * 0.2)]
    earlier = rows["ts"][rows["ts"] < test].sort_values()
    validation = earlier.iloc[-round(len(earlier) * 0.2)]
    rows["_split"] = np.where(rows["ts"] >= test, "test", np.where(rows["ts"] >= validation, "validation", "train"))
    rows.drop(columns="amount").sort_values(["ts", "_row_id"]).to_parquet(out, index=False)
    return began


def polars(events, out):
    import polars as pl

    began = time.monotonic()
    rows = pl.read_parquet(events).sort("entity", "ts", "_row_id")
    amount = pl.col("amount")
    parts = [rows]
    for name, days in WINDOWS.items():
        windows = rows.rolling("ts", period=f"{days}d", group_by="entity", closed="left").agg(
            pl.len().alias(f"n_{name}"),
            amount.sum().alias(f"sum_{name}"),
            amount.mean().alias(f"avg_{name}"),
            amount.max().alias(f"max_{name}"),
        )
        parts.append(windows.drop("entity", "ts"))
    rows = pl.concat(parts, how="horizontal")
    times = rows["ts"].sort(descending=True)
    test = times[round(len(rows) * 0.2) - 1]
    earlier = times.filter(times < test)
    validation = earlier[round(len(earlier) * 0.2) - 1]
    part = pl.when(pl.col("ts") >= test).then(pl.lit("test")).when(pl.col("ts") >= validation).then(pl.lit("validation"))
    rows.with_columns((amount > LABEL).alias("_label"), part.otherwise(pl.lit("train")).alias("_split")).drop("amount").sort(
        "ts", "_row_id"
    ).write_parquet(out)
    return began


def duckdb(events, out):
    import duckdb as library

    began = time.monotonic()
    con = library.connect()
    con.execute(f"SET threads = 2; SET memory_limit = '1500MB'; SET temp_directory = '{out}.spill'")
    cut = "SELECT min(ts) FROM (SELECT ts FROM '{0}' WHERE {1} ORDER BY ts DESC LIMIT round({2} * (SELECT count(*) FROM '{0}' WHERE {1}))::BIGINT)"
    test = con.execute(cut.format(events, "true", 0.2)).fetchone()[0]
    validation = con.execute(cut.format(events, f"ts < TIMESTAMP '{test}'", 0.2)).fetchone()[0]
    functions = ", ".join(
        f"{function} OVER past_{name} AS {short}_{name}"
        for name in WINDOWS
        for function, short in (("count(*)", "n"), ("sum(amount)", "sum"), ("avg(amount)", "avg"), ("max(amount)", "max"))
    )
    windows = ", ".join(
        f"past_{name} AS (PARTITION BY entity ORDER BY ts RANGE BETWEEN INTERVAL {days} DAY PRECEDING"
        " AND INTERVAL 1 MICROSECOND PRECEDING)"
        for name, days in WINDOWS.items()
    )
    con.execute(
        f"COPY (SELECT _row_id, entity, ts, {functions}, amount > {LABEL} AS _label, CASE WHEN ts >= TIMESTAMP '{test}' THEN 'test'"
        f" WHEN ts >= TIMESTAMP '{validation}' THEN 'validation' ELSE 'train' END AS _split FROM '{events}' WINDOW {windows}"
        f" ORDER BY ts, _row_id) TO '{out}' (FORMAT parquet)"
    )
    return began


def feast(events, out):
    """Feast joins features that others have computed: it gets them, made by Millwright, as its feature view."""
    import datetime
    import pathlib
    import tempfile

    import pandas as pd
    from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig, ValueType
    from feast.types import Float64

    names = [f"{short}_{name}" for name in WINDOWS for short in ("n", "sum", "avg", "max")]
    with tempfile.TemporaryDirectory() as folder:
        features = pd.read_parquet(pathlib.Path(out).with_name("features.parquet"), columns=["entity", "ts", *names])
        source = f"{folder}/features.parquet"
        features.astype(dict.fromkeys(names, "float64")).assign(ts=features["ts"].dt.tz_localize("UTC")).to_parquet(source)
        store = FeatureStore(
            config=RepoConfig(
                project="bench", provider="local", registry=f"{folder}/registry.db", offline_store={"type": "dask"},
                online_store=None, entity_key_serialization_version=3,
            )
        )  # fmt: skip
        entity = Entity(name="entity", join_keys=["entity"], value_type=ValueType.INT64)
        view = FeatureView(
            name="view", entities=[entity], ttl=datetime.timedelta(days=30), schema=[Field(name=n, dtype=Float64) for n in names],
            source=FileSource(path=source, timestamp_field="ts"), online=False,
        )  # fmt: skip
        store.apply([entity, view])
        began = time.monotonic()
        rows = pd.read_parquet(events)
        rows["event_timestamp"] = rows.pop("ts").dt.tz_localize("UTC")
        joined = store.get_historical_features(rows, [f"view:{name}" for name in names]).to_df()
        joined["_label"] = joined.pop("amount") > LABEL
        joined.sort_values(["event_timestamp", "_row_id"]).to_parquet(out, index=False)
        return began


if __name__ == "__main__":
    made = {"pandas": pandas, "polars": polars, "duckdb": duckdb, "feast": feast}[sys.argv[1]](sys.argv[2], sys.argv[3])
    print(json.dumps({"seconds": time.monotonic() - made}))
