"""Makes one training set with several libraries, side by side: see README.md.

    run [--quick] [--json FILE] [--only LIBRARIES] [--rows N]
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

import events
import numpy as np
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent
DIST = HERE.parent.parent / "app/target/dist"
LIBRARIES = ["millwright", "polars", "duckdb", "pandas", "feast"]
GOALS = {"pandas": 4, "feast": 4, "polars": 1 / 1.7}
FEAST_ROWS = 100_000


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a fifth of the rows, one run")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path)
    parser.add_argument("--only", metavar="LIBRARIES", help="some of " + ",".join(LIBRARIES))
    parser.add_argument("--rows", type=int, help="5,000,000 unless said; there are 50 for each entity")
    options = parser.parse_args()
    options.libraries = options.only.split(",") if options.only else LIBRARIES
    unknown = set(options.libraries) - set(LIBRARIES)
    if unknown:
        parser.error(f"--only: {', '.join(sorted(unknown))} (expected: some of {', '.join(LIBRARIES)})")
    options.rows = options.rows or (1_000_000 if options.quick else 5_000_000)
    options.runs = 1 if options.quick else 3
    return options


def command(library, source, out, classes):
    if library != "millwright":
        return [sys.executable, str(HERE / "rivals.py"), library, str(source), str(out)]
    return [
        f"{os.environ['JAVA_HOME']}/bin/java", "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx400m",
        f"-Djava.library.path={DIST}/native", "-cp", f"{classes}:{DIST}/lib/*", "TrainingSetRun", str(source), str(HERE / "view.sql"), str(out), "1000", "2",
    ]  # fmt: skip


def compiled(work):
    classes = work / "classes"
    javac = f"{os.environ['JAVA_HOME']}/bin/javac"
    subprocess.run(
        [javac, "-nowarn", "-proc:none", "-d", classes, "-cp", f"{DIST}/lib/*", HERE / "java/TrainingSetRun.java"], check=True
    )
    return classes


def measure(library, source, out, classes):
    """Seconds inside the process, and CPU seconds and peak memory of all of it."""
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command(library, source, out, classes), stdout=printed, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        said.seek(0)
        if process.returncode:
            raise RuntimeError(f"{library}: ended with {process.returncode}: {said.read()[-2000:]}")
        found = json.loads(printed.read().strip().splitlines()[-1])
    return {**found, "cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}


def columns(file):
    """A training set as arrays in the order of row ids, its features as numbers; and its parts."""
    table = pq.read_table(file)
    order = np.argsort(table["_row_id"].to_numpy())
    names = [f"{short}_{name}" for name in ("1d", "7d", "30d") for short in ("n", "sum", "avg", "max")]
    arrays = {name: table[name].to_numpy(zero_copy_only=False).astype("float64")[order] for name in names}
    return arrays, table["_split"].to_numpy(zero_copy_only=False)[order] if "_split" in table.column_names else None


def require_equal(library, file, reference):
    """No values and a sum of 0 are the same here: libraries differ in what the sum of nothing is."""
    arrays, parts = columns(file)
    expected, expected_parts = reference
    for name, values in arrays.items():
        close = np.isclose(np.nan_to_num(values), np.nan_to_num(expected[name]), rtol=1e-9, atol=1e-6)
        if not close.all():
            row = int(np.argmin(close))
            raise RuntimeError(f"{library}: {name} of row {row} is {values[row]} (expected: {expected[name][row]})")
    if parts is not None and (parts != expected_parts).any():
        raise RuntimeError(f"{library}: other rows are in the parts of the split")


def check(work, libraries, classes):
    """Makes a small training set with each, and stops when they differ."""
    source = work / "small.parquet"
    events.write(100_000, 2_000, source)
    reference = work / "features.parquet"
    measure("millwright", source, reference, classes)
    for library in libraries:
        if library not in ("millwright", "feast"):
            measure(library, source, work / f"{library}.parquet", classes)
            require_equal(library, work / f"{library}.parquet", columns(reference))


def compare(work, libraries, rows, runs, classes):
    source = work / "events.parquet"
    events.write(rows, max(1, rows // 50), source)
    found = {library: [] for library in libraries}
    for turn in range(runs):
        for library in libraries if turn % 2 == 0 else reversed(libraries):
            out = work / ("features.parquet" if library == "millwright" else "out.parquet")
            found[library].append(measure(library, source, out, classes))
            print(f"  {library:<11} {found[library][-1]['seconds']:7.1f} s", flush=True)
    return found


def row(library, results, base):
    seconds = statistics.median(one["seconds"] for one in results)
    return {
        "library": library, "seconds": seconds, "cpu_s": statistics.median(one["cpu_s"] for one in results),
        "peak_mb": max(one["peak_mb"] for one in results), "times_millwright": seconds / base if base else None, "runs": results,
    }  # fmt: skip


def table(rows):
    print(f"\n{'':<12}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}{'Millwright is':>15}")
    for one in rows:
        ratio = f"{one['times_millwright']:.2f}×" if one["times_millwright"] else ""
        print(f"{one['library']:<12}{one['seconds']:9.1f}{one['cpu_s']:8.1f}{one['peak_mb']:9.0f}{ratio:>15}")


def main():
    options = arguments()
    result = {"date": datetime.date.today().isoformat(), "machine": platform.platform(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    result["versions"] = {name: importlib.metadata.version(name) for name in ("pandas", "polars", "duckdb", "feast")}
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder:
        work = pathlib.Path(folder)
        classes = compiled(work)
        check(work, options.libraries, classes)
        libraries = [library for library in options.libraries if library != "feast"]
        sizes = [(options.rows, libraries)]
        if "feast" in options.libraries:
            sizes.append((FEAST_ROWS, ["millwright", "feast"]))
        if not options.quick and not options.only:
            sizes.append((4 * options.rows, ["millwright"]))
        for rows, contenders in sizes:
            print(f"\n{rows:,} events, {max(1, rows // 50):,} entities, 12 windowed features", flush=True)
            found = compare(work, contenders, rows, options.runs, classes)
            base = statistics.median(one["seconds"] for one in found["millwright"]) if "millwright" in found else None
            lines = [row(library, results, base) for library, results in found.items()]
            table(lines)
            result.setdefault("tables", []).append({"rows": rows, "lines": lines})
    goals = {
        line["library"]: {"ratio": line["times_millwright"], "goal": GOALS[line["library"]]}
        for one in result["tables"] for line in one["lines"] if line["library"] in GOALS and line["times_millwright"]
    }  # fmt: skip
    result["goals"] = goals
    print("\n" + ", ".join(f"{name} {goal['ratio']:.2f}× (goal: {goal['goal']:.2f}×)" for name, goal in goals.items()))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
