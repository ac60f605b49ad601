"""Compares Millwright with MLflow's own server, side by side: both on SQLite, then both on PostgreSQL.

    run [--quick] [--json FILE] [--only sqlite|postgresql] [--part logging|reading]

Both servers run all the time; what is measured alternates between them, slice by slice, so that whatever else the machine does
meets both alike. The load comes from a process of its own (load.py), and commits are durable on both. The runs that are
searched, and the history that is read, are put into both databases by SQL; the schema of each was made by its server.
"""

import argparse
import base64
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import fill
import mlflow_fill
import search
import servers

HERE = pathlib.Path(__file__).resolve().parent
API = "/api/2.0/mlflow/"
BATCH = {
    "run_id": "%(run)s",
    "metrics": [{"key": f"metric{i}", "value": i + 0.5, "timestamp": 1_700_000_000_000, "step": "%(n)d"} for i in range(20)],
    "params": [{"key": f"param{i}-%(n)d", "value": f"value {i}"} for i in range(10)],
}
METRIC = {"run_id": "%(run)s", "key": "loss", "value": 0.25, "timestamp": 1_700_000_000_000, "step": "%(n)d"}
RUN = {"experiment_id": "0", "start_time": 1_700_000_000_000, "run_name": "run %(n)d", "tags": [{"key": "mlflow.user", "value": "ana"}]}
LONG_ENOUGH = 120
HISTORY = {"run": "0" * 31 + "2", "key": "history"}


def template(body):
    """Numbers are not quoted in the request."""
    return json.dumps(body).replace('"%(n)d"', "%(n)d")


class Side:
    """One of the two, and what was measured of it."""

    def __init__(self, server):
        self.server = server
        self.client = None
        self.runs = []
        self.numbers = 0
        self.results = {}

    def ready(self):
        self.server.start()
        self.client = search.Client(f"http://127.0.0.1:{self.server.port}")
        self.runs = [self.client.post(API + "runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"] for _ in range(8)]

    def load(self, path, body, clients, seconds):
        spec = {
            "port": self.server.port, "path": API + path, "body": template(body), "clients": clients, "seconds": seconds,
            "runs": self.runs, "first": self.numbers,
        }
        done = subprocess.run([sys.executable, HERE / "load.py", json.dumps(spec)], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{self.server.name}: {done.stderr[-2000:]}")
        result = json.loads(done.stdout)
        self.numbers = result["last"]
        return result["requests"] / result["seconds"]

    def seconds(self, act):
        begun = time.perf_counter()
        act(self)
        return time.perf_counter() - begun

    def searched(self, token):
        answer = self.client.search(["1001"], "metrics.auc > 0.5", ["metrics.loss ASC"], 100, token)
        if len(answer["runs"]) != 100:
            raise RuntimeError(f"{self.server.name}: {len(answer['runs'])} runs")
        return answer.get("next_page_token")

    def page_50(self):
        if isinstance(self.server, servers.Mlflow):
            return base64.b64encode(json.dumps({"offset": 4900}).encode()).decode()
        token = None
        for _ in range(49):
            token = self.searched(token)
        return token

    def history(self, points):
        token, seen = "", 0
        while token is not None:
            page = self.client.raw(
                "GET",
                f"{API}metrics/get-history?run_id={HISTORY['run']}&metric_key={HISTORY['key']}&max_results=25000"
                + (f"&page_token={token.replace('=', '%3D').replace('+', '%2B')}" if token else ""),
                None,
            )
            seen += page.count(b'"key"')
            found = re.search(rb'"next_page_token": ?"([^"]*)"', page)
            token = found.group(1).decode() if found and found.group(1) else None
        if seen != points:
            raise RuntimeError(f"{self.server.name}: {seen} points")


def fill_history(url, points, table_run, millis, boolean):
    started = fill.STARTED // 1000 if millis else fill.STARTED
    step = 1 if millis else 1000
    false = "false" if boolean else "0"
    numbers = (
        f"(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {points}) SELECT i FROM n)"
        if url.startswith("sqlite") else f"(SELECT generate_series(1, {points}) AS i) AS numbers"
    )
    sql = (
        f"INSERT INTO metrics ({table_run}, key, step, timestamp, value, is_nan) SELECT '{HISTORY['run']}', '{HISTORY['key']}', i,"
        f" {started} + i * {step}, i / 7.0, {false} FROM {numbers} ORDER BY i"
    )
    fill.fill(url, points, lambda *_: [sql])


def fill_both(sides, runs, points):
    for side in sides:
        side.server.stop()
        url = side.server.sql()
        is_mlflow = isinstance(side.server, servers.Mlflow)
        boolean = is_mlflow and not url.startswith("sqlite")
        if is_mlflow:
            fill.fill(url, runs, lambda *words: mlflow_fill.statements(*words, boolean))
        else:
            fill.fill(url, runs)
        fill_history(url, points, "run_uuid" if is_mlflow else "run_id", is_mlflow, boolean)
        side.server.start()
        side.client = search.Client(f"http://127.0.0.1:{side.server.port}")


def compare(sides, name, unit, measure, repeats):
    """Slices in turn, none begun after two minutes; the median of each side."""
    begun = time.monotonic()
    for done in range(repeats):
        if done and time.monotonic() - begun > LONG_ENOUGH:
            break
        for side in sides:
            side.results.setdefault(name, []).append(measure(side))
    ours, theirs = (statistics.median(side.results[name]) for side in sides)
    ratio = ours / theirs if unit == "/s" else theirs / ours
    row = {"what": name, "unit": unit, "millwright": ours, "mlflow": theirs, "ratio": ratio}
    print(f"  {name:44} {ours:12.1f} {theirs:12.1f} {unit:3} {ratio:8.1f}x", flush=True)
    return row


def logging(sides, options):
    slices, seconds = (2, 2) if options.quick else (5, 4)
    for clients in (1, 8):
        of = f"{clients} client" + "s" * (clients > 1)
        for side in sides:  # warm both up
            side.load("runs/log-metric", METRIC, clients, seconds)
        yield compare(sides, f"metrics logged, one by one, {of}", "/s", lambda side: side.load("runs/log-metric", METRIC, clients, seconds), slices)
        yield compare(sides, f"batches of 20 metrics + 10 params, {of}", "/s", lambda side: side.load("runs/log-batch", BATCH, clients, seconds), slices)
        yield compare(sides, f"new runs, {of}", "/s", lambda side: side.load("runs/create", RUN, clients, seconds), slices)


def reading(sides, options):
    runs, points = (25_000, 100_000) if options.quick else (100_000, 1_000_000)
    fill_both(sides, runs, points)
    for side in sides:
        side.token = side.page_50()
    few = 3 if options.quick else 7
    yield compare(sides, f"search over {runs:,} runs, page 1", "ms", lambda side: 1e3 * side.seconds(lambda it: it.searched(None)), few)
    yield compare(sides, f"search over {runs:,} runs, page 50", "ms", lambda side: 1e3 * side.seconds(lambda it: it.searched(it.token)), few)
    yield compare(
        sides, "one run", "ms",
        lambda side: 1e3 * statistics.median(side.seconds(lambda it: it.client.get(f"{API}runs/get?run_id={HISTORY['run']}")) for _ in range(20)), few,
    )
    yield compare(sides, f"history of {points:,} points, all pages", "ms", lambda side: 1e3 * side.seconds(lambda it: it.history(points)), 2 if options.quick else 3)


PARTS = {"logging": logging, "reading": reading}


def run(kind, work, options):
    work.mkdir()
    postgres = None
    if kind == "postgresql":
        postgres = servers.Postgres(work)
        postgres.start()
    sides = [Side(servers.Millwright(work, postgres)), Side(servers.Mlflow(work, postgres))]
    try:
        for side in sides:
            side.ready()
        resident = {"started": sides[0].server.resident_mb()}
        print(f"\n{kind:46} {'Millwright':>12} {'MLflow':>12}", flush=True)
        rows = [row for name, part in PARTS.items() if options.part in (None, name) for row in part(sides, options)]
        resident["at the end"] = sides[0].server.resident_mb()
        print(f"  resident: Millwright {resident['started']:.0f} MB when started, {resident['at the end']:.0f} MB at the end;"
              f" MLflow {sides[1].server.resident_mb():.0f} MB at the end", flush=True)
        return {"database": kind, "rows": rows, "millwright_resident_mb": resident, "mlflow_resident_mb": sides[1].server.resident_mb()}
    finally:
        for side in sides:
            if side.server.process and side.server.process.poll() is None:
                side.server.stop()
        if postgres:
            postgres.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a part of the data, short slices")
    parser.add_argument("--json", metavar="FILE", help="write what was measured, with each slice")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--part", choices=list(PARTS))
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped in that case too
    work = pathlib.Path(tempfile.mkdtemp(prefix="bench-tracking-"))
    os.chmod(work, 0o755)
    begun = os.getloadavg()
    try:
        results = [run(kind, work / kind, options) for kind in ("sqlite", "postgresql") if options.only in (None, kind)]
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"\nload average before {begun[0]:.1f}, after {os.getloadavg()[0]:.1f}, on {os.cpu_count()} cores")
    if options.json:
        document = {"machine": platform.platform(), "cores": os.cpu_count(), "load_before": begun[0], "quick": options.quick, "results": results}
        pathlib.Path(options.json).write_text(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
