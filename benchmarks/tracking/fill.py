"""Fills a database of Millwright with runs, by SQL, in minutes where logging them would take hours.

    fill.py sqlite:///HOME/state.db 1000000
    fill.py postgresql://USER@HOST/DATABASE 1000000

The schema must be there: start a server once, then stop it. Half of the runs lie in one experiment, the others in fifty. Every
run has four metrics (a twentieth lacks `loss`, a thousandth has NaN), three params and five tags; a tenth has a parent.
Histories of metrics stay empty, for searches don't read them.
"""

import sys
import time

PRIMES = {"auc": 7919, "loss": 104729, "accuracy": 1299709, "epoch_seconds": 15485863}
STARTED = 1_700_000_000_000_000
CHILD = "i > 10 AND i % 100 IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 11)"


def uniform(prime):
    """A number from 0 to 1 that belongs to the run, told apart by the prime."""
    return f"(((i * {prime} + {prime // 3}) % 1000003) / 1000003.0)"


def statements(runs, numbers, hexadecimal, real, text):
    run = hexadecimal("i")
    parent = hexadecimal("(i / 10) * 10")
    experiment = "(CASE WHEN i % 2 = 0 THEN 1001 ELSE 1002 + (i / 2) % 50 END)"
    name = f"(CASE i % 4 WHEN 0 THEN 'sweep' WHEN 1 THEN 'baseline' WHEN 2 THEN 'nightly' ELSE 'try' END || '-' || {text('i')})"
    yield (
        "INSERT INTO experiments (experiment_id, name, created, updated, artifact_location)"
        f" SELECT 1000 + i, 'benchmark-' || {text('i')}, {STARTED}, {STARTED}, 'mlflow-artifacts:/' || {text('1000 + i')}"
        f" FROM {numbers(51)}"
    )
    yield (
        "INSERT INTO runs (run_id, experiment_id, name, kind, status, parent_id, started, ended, user_id, artifact_uri)"
        f" SELECT {run}, {experiment}, {name}, 'TRACKED',"
        " CASE WHEN i % 500 = 0 THEN 'RUNNING' WHEN i % 20 = 1 THEN 'FAILED' ELSE 'FINISHED' END,"
        f" CASE WHEN {CHILD} THEN {parent} END,"
        f" {STARTED} + i * 1000000, {STARTED} + i * 1000000 + 60000000, 'user' || {text('i % 40')},"
        f" 'mlflow-artifacts:/' || {text(experiment)} || '/' || {run} || '/artifacts' FROM {numbers(runs)} ORDER BY i"
    )
    for key, prime in PRIMES.items():
        value = f"ROUND({real(uniform(prime))}, 2)" if key == "accuracy" else real(uniform(prime))
        nan = "CASE WHEN i % 1000 = 7 THEN 1 ELSE 0 END" if key == "loss" else "0"
        known = "WHERE i % 20 <> 5" if key == "loss" else ""
        yield (
            "INSERT INTO latest_metrics (run_id, key, step, timestamp, value, is_nan)"
            f" SELECT {run}, '{key}', 10, {STARTED} + i * 1000000,"
            f" CASE WHEN {nan} = 1 THEN 0.0 ELSE {value} END, {nan} FROM {numbers(runs)} {known} ORDER BY i"
        )
    for key, value in {
        "learner": "CASE i % 5 WHEN 0 THEN 'xgboost' WHEN 1 THEN 'lightgbm' WHEN 2 THEN 'logistic' WHEN 3 THEN 'forest' ELSE 'mlp' END",
        "depth": text("i % 10"),
        "seed": text("i"),
    }.items():
        yield f"INSERT INTO params (run_id, key, value) SELECT {run}, '{key}', {value} FROM {numbers(runs)} ORDER BY i"
    for key, value, where in [
        ("mlflow.runName", name, ""),
        ("mlflow.user", f"'user' || {text('i % 40')}", ""),
        ("team", f"'team' || {text('i % 20')}", ""),
        ("host", f"'host' || {text('i % 997')}", ""),
        ("mlflow.parentRunId", parent, f"WHERE {CHILD}"),
    ]:
        yield f"INSERT INTO tags (run_id, key, value) SELECT {run}, '{key}', {value} FROM {numbers(runs)} {where} ORDER BY i"


def fill_sqlite(path, runs, statements):
    import sqlite3

    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -1000000")
    indexes = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    connection.execute("BEGIN")
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for sql in statements(
        runs,
        lambda n: f"(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n}) SELECT i FROM n)",
        lambda i: f"printf('%032x', {i})",
        lambda value: value,
        lambda value: f"CAST({value} AS TEXT)",
    ):
        connection.execute(sql)
    for _, sql in indexes:
        connection.execute(sql)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def fill_postgres(url, runs, statements):
    import psycopg2

    connection = psycopg2.connect(url)
    cursor = connection.cursor()
    cursor.execute("SET synchronous_commit = off")
    cursor.execute("SET maintenance_work_mem = '512MB'")
    cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE INDEX%'")
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for sql in statements(
        runs,
        lambda n: f"(SELECT generate_series(1, {n})::bigint AS i) AS numbers",
        lambda i: f"lpad(to_hex({i}), 32, '0')",
        lambda value: f"CAST({value} AS numeric)" if "ROUND" in value else value,
        lambda value: f"CAST({value} AS TEXT)",
    ):
        cursor.execute(sql)
    for _, sql in indexes:
        cursor.execute(sql)
    connection.commit()
    connection.autocommit = True
    cursor.execute("VACUUM ANALYZE")


def fill(url, runs, statements=statements):
    begun = time.monotonic()
    if url.startswith("sqlite:///"):
        fill_sqlite(url.removeprefix("sqlite:///"), runs, statements)
    else:
        fill_postgres(url, runs, statements)
    return time.monotonic() - begun


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(f"{sys.argv[2]} runs in {fill(sys.argv[1], int(sys.argv[2])):.0f} s", file=sys.stderr)
