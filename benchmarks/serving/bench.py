"""Compares servers of one model, side by side on one machine: see README.md.

    run [--quick] [--json FILE] [--only ROWS]
"""

import argparse
import contextlib
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile

import contestants
import measure
import models
import plot
import rows

LEAST_OF_BARE_HANDLER = 25_000
CROSS_CHECK = 0.9
CROSS_CHECK_RATE = 0.99
ROWS = ["one-row", "constant-rate", "batch", "perceptron", "many-models", "overload", "cross-check"]
QUICK = ["one-row"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one row only, three short runs: under five minutes")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write every figure, and a plot beside it")
    parser.add_argument("--only", metavar="ROWS", help="some of " + ",".join(ROWS))
    options = parser.parse_args()
    options.rows = options.only.split(",") if options.only else QUICK if options.quick else ROWS
    unknown = set(options.rows) - set(ROWS)
    if unknown:
        parser.error(f"--only: {', '.join(sorted(unknown))} (expected: some of {', '.join(ROWS)})")
    options.runs, options.seconds, options.warm_up = (3, 4, 18) if options.quick else (5, 10, 30)
    return options


def prepare(work):
    """Millwright with two versions of one model, half of the requests each, and what the contestants need of it."""
    server = contestants.Millwright(work)
    models.write_rows(work / "rows.csv")
    for seed in (1, 2):
        server.run_pipeline(contestants.HERE / "pipeline.yaml", ROWS=work / "rows.csv", SEED=seed)
    server.start()
    versions = json.loads(server.get("/v2/models/gbm"))["versions"]
    if sorted(versions) != ["1", "2"]:
        raise RuntimeError(f"versions: {versions} (expected: 1 and 2, half of the requests each)")
    (work / "gbm.onnx").write_bytes(server.get("/api/2.0/mlflow-artifacts/artifacts/models/gbm/1/model.onnx"))
    return server


def per_second(found, group, key):
    for each in found["rows"]:
        if each["group"] == group and each["key"] == key and each["served"]:
            return each["per_second"]["median"]
    return None


def ratios(found):
    """Each with its goal; what was not measured is left out."""
    ours, bare = per_second(found, rows.ONE_ROW, "millwright-json"), per_second(found, rows.ONE_ROW, "bare-handler")
    for key, name, goal in (("bare-handler", "of the bare handler", 0.8), ("fastapi", "times FastAPI", 5), ("mlserver", "times MLServer", 10)):
        theirs = per_second(found, rows.ONE_ROW, key)
        if ours and theirs:
            yield goal_of(name, ours / theirs, goal, ours / theirs >= goal)
    for key in ("millwright-binary", "millwright-grpc"):
        other = per_second(found, rows.ONE_ROW, key)
        if other and bare:
            yield {"name": f"of the bare handler, {key.removeprefix('millwright-')}", "value": other / bare}
    if "overload" in found:
        worse = found["overload"]["p99_ratio"]
        yield goal_of("times the p99 at 70 %, under overload", worse, 3, worse is not None and worse <= 3)
    if "cross_check" in found:
        check = {name: statistics.median(each["per_second"] for each in tries) for name, tries in found["cross_check"].items()}
        for other, least, loop in (("wrk", CROSS_CHECK, "closed loop"), ("h2load", CROSS_CHECK_RATE, "constant rate")):
            ratio = check[f"{loop}, own"] / check[f"{loop}, {other}"]
            yield goal_of(f"of {other}'s requests, {loop}, by our own generator", ratio, least, ratio >= least)
    if found["resident_mb"]:
        most = max(found["resident_mb"].values())
        yield goal_of("MB resident", most, 400, most < 400)


def behind(found):
    """The rows in which the generator fell behind its schedule in some run, which then has no figure."""
    for row in found.get("constant_rate", []):
        if row["kept_schedule"] < len(row["runs"]):
            yield f"{row['name']} at a constant rate"
    for name in ("calm", "storm"):
        if any(each["failed"] for each in found.get("overload", {}).get(name, [])):
            yield f"overload, {name}"


def goal_of(name, value, goal, met):
    return {"name": name, "value": value, "goal": goal, "met": met}


def sentence(ratio):
    value = "none" if ratio["value"] is None else f"{ratio['value']:.3g}"
    goal = f" (goal {ratio['goal']}: {'met' if ratio['met'] else 'missed'})" if "goal" in ratio else ""
    return f"{value} {ratio['name']}{goal}"


def versions():
    here = {name: importlib.metadata.version(name) for name in ("fastapi", "uvicorn", "onnxruntime")}
    python = pathlib.Path(os.environ["BENCH_MLSERVER"]).with_name("python")
    told = subprocess.run(
        [python, "-c", "import importlib.metadata as m; print(m.version('mlserver'), m.version('onnxruntime'))"], capture_output=True, text=True
    )
    theirs = dict(zip(("mlserver", "mlserver's onnxruntime"), told.stdout.split()))
    jar = next((contestants.DIST / "lib").glob("onnxruntime-*.jar")).stem.removeprefix("onnxruntime-")
    return {**here, **theirs, "java onnxruntime": jar}


def processor():
    with open("/proc/cpuinfo") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.processor())


def judge(found):
    found["ratios"] = list(ratios(found))
    bare = per_second(found, rows.ONE_ROW, "bare-handler")
    found["behind"] = list(behind(found))
    found["valid"] = bare is not None and bare >= LEAST_OF_BARE_HANDLER and not found["behind"]
    found["goals_met"] = found["valid"] and all(ratio["met"] for ratio in found["ratios"] if "goal" in ratio)
    for row in found["behind"]:
        print(f"\nnot valid: the generator fell behind its schedule: {row}")
    if bare and bare < LEAST_OF_BARE_HANDLER:
        print(f"\nnot valid: the bare handler answered {bare:,.0f}/s (expected: at least {LEAST_OF_BARE_HANDLER:,}/s on an idle machine)")
    print("\n" + " · ".join(map(sentence, found["ratios"])))


def save(found, file):
    file.write_text(json.dumps(found, indent=1))


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped in that case too
    work = pathlib.Path(tempfile.mkdtemp(prefix="bench-serving-"))
    found = {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), "machine": platform.platform(), "processor": processor(),
        "cores": os.cpu_count(), "quick": options.quick, "runs": options.runs, "seconds": options.seconds, "warm_up": options.warm_up,
        "under_way": 32, "versions": versions(), "load_before": os.getloadavg()[0], "rows": [], "resident_mb": {},
    }  # fmt: skip
    try:
        with contextlib.ExitStack() as running:
            server = prepare(work)
            running.callback(server.stop)
            found["resident_mb"]["started"] = server.resident_mb()
            print(measure.HEAD)
            bench = rows.Bench(work, server, contestants.compile_java(work), options, running, found)
            for name in options.rows:
                getattr(bench, name.replace("-", "_"))()
                if options.json:
                    save(found, options.json)  # what is known stays known when a later row fails
    finally:
        shutil.rmtree(work, ignore_errors=True)
    found["load_after"] = os.getloadavg()[0]
    print(f"\nload average before {found['load_before']:.1f}, after {found['load_after']:.1f}, on {os.cpu_count()} cores")
    judge(found)
    if options.json:
        save(found, options.json)
        plot.draw(found, options.json.with_suffix(".svg"))


if __name__ == "__main__":
    main()
