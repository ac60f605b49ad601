"""What sends requests: wrk and h2load in a closed loop, a generator of our own and h2load at a constant rate. Each has the second core."""

import dataclasses
import json
import pathlib
import re
import subprocess
import tempfile

import contestants

HERE = pathlib.Path(__file__).resolve().parent
UNDER_WAY = 32
STREAMS = 8
JSON = "Content-Type: application/json"


@dataclasses.dataclass(frozen=True)
class Target:
    """Where requests go, and what they are."""

    url: str
    body: pathlib.Path
    headers: tuple = (JSON,)
    grpc: bool = False
    paths: pathlib.Path | None = None


class Disappointed(RuntimeError):
    """Not every request was answered as it should have been."""


def run(*command):
    done = subprocess.run(["taskset", "-c", str(contestants.GENERATOR_CORE), *map(str, command)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    return done.stdout


def quantile(values, share):
    """Of values that are in order."""
    return values[min(len(values) - 1, int(len(values) * share))]


def closed(target, seconds):
    """As many requests as are answered, with 32 under way all the time."""
    found = h2load(target, seconds) if target.grpc else wrk(target, seconds)
    if found["refused"] or found["broken"]:
        raise Disappointed(f"{target.url}: {found['refused']} refused, {found['broken']} broken of {found['requests']}")
    return found


def wrk(target, seconds):
    headers = [word for header in target.headers for word in ("-H", header)]
    paths = [target.paths] if target.paths else []
    printed = run("wrk", "-t1", f"-c{UNDER_WAY}", f"-d{seconds}s", "--timeout", "30s", "-s", HERE / "wrk.lua", target.url, "--", target.body, *headers, *paths)
    found = json.loads(printed.splitlines()[-1])
    return {"per_second": found["requests"] / found["seconds"], **found}


def h2load(target, seconds, *words):
    """Eight streams a connection for gRPC; --h1 among the words makes it speak HTTP/1.1."""
    headers = [word for header in target.headers for word in ("-H", header)]
    streams = [] if "--h1" in words else ["-c", UNDER_WAY // STREAMS, "-m", STREAMS]
    with tempfile.NamedTemporaryFile() as log:
        printed = run("h2load", "-D", seconds, *streams, *words, "-d", target.body, *headers, f"--log-file={log.name}", target.url)
        times = sorted(int(line.split("\t")[2]) for line in log.read().decode().splitlines())
    statuses = [int(count) for count in re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", printed).groups()]
    broken = sum(int(count) for count in re.search(r"(\d+) failed, (\d+) errored, (\d+) timeout", printed).groups())
    if not times:
        raise Disappointed(f"{target.url}: no answer\n{printed}")
    return {
        "per_second": statuses[0] / seconds, "requests": sum(statuses), "seconds": seconds, "p50": quantile(times, 0.5) / 1e3,
        "p99": quantile(times, 0.99) / 1e3, "refused": sum(statuses[1:]), "broken": broken,
    }  # fmt: skip


def constant(classes, target, rate, seconds, *words, warm_up=3, connections=64):
    """Our own; see java/ConstantRate.java. What it says has "failed" when it did not keep its schedule."""
    headers = [word for header in target.headers for word in ("--header", header)]
    command = contestants.java(
        classes, "ConstantRate", "--url", target.url, "--body", target.body, *headers, "--rate", rate, "--seconds", seconds,
        "--warm-up", warm_up, "--connections", connections, *words,
    )  # fmt: skip
    command[1:1] = ["-Xmx512m", "-XX:+UseSerialGC"]
    done = subprocess.run(["taskset", "-c", str(contestants.GENERATOR_CORE), *command], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{target.url}: {done.stderr[-2000:]}")
    return {**json.loads(done.stdout.splitlines()[-1]), "failed": done.returncode == 3}
