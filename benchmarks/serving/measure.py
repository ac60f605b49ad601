"""Slices of measurement: what was answered, what it cost the server, and whether anything else was at work meanwhile."""

import dataclasses
import resource
import statistics
import time
import typing

import contestants
import generators

DISTURBED = 0.05
REPEATS = 2


@dataclasses.dataclass(frozen=True)
class Contender:
    """One line of the table. Without a target it measures itself."""

    key: str
    name: str
    server: contestants.Pinned
    target: generators.Target | None = None
    warm_up: float = 30
    served: typing.Callable[[], bool] = lambda: True

    def load(self, seconds):
        return generators.closed(self.target, seconds) if self.target else self.server.calls(seconds)


def busy(core):
    """Seconds that a core has worked, or was taken away by the machine below."""
    with open("/proc/stat") as file:
        fields = next(line for line in file if line.startswith(f"cpu{core} ")).split()[1:]
    user, nice, system, _, _, interrupts, soft, steal = map(int, fields[:8])
    return (user + nice + system + interrupts + soft + steal) / contestants.TICK


def children():
    """Seconds that generators have used which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def look(server):
    return {
        "at": time.monotonic(), "server": server.cpu_seconds(), "server core": busy(contestants.SERVER_CORE), "generator": children(),
        "generator core": busy(contestants.GENERATOR_CORE),
    }  # fmt: skip


def watched(server, act):
    """What act gives, with the share of the server's core that the server had, and of both cores that anything else had."""
    before = look(server)
    found = act()
    after = look(server)
    spent = {name: after[name] - before[name] for name in before}
    others = max(spent["server core"] - spent["server"], spent["generator core"] - spent["generator"], 0) / spent["at"]
    return {**found, "server_cpu_s": spent["server"], "busy": spent["server"] / spent["at"], "others": others}


def calm(server, act):
    """The least disturbed of up to three tries; the first that is calm."""
    tries = []
    for _ in range(1 + REPEATS):
        tries.append(watched(server, act))
        if tries[-1]["others"] <= DISTURBED:
            break
    return {**min(tries, key=lambda found: found["others"]), "tries": len(tries)}


def slice_of(contender, seconds):
    found = calm(contender.server, lambda: contender.load(seconds))
    requests = found.get("requests", found["per_second"] * seconds)
    return {**found, "cpu_us": 1e6 * found["server_cpu_s"] / requests}


def group(name, contenders, runs, seconds):
    """Warms each up, then measures them in turn, there and back; a row for each."""
    print(f"\n{name}", flush=True)
    served = [contender for contender in contenders if contender.served()]
    slices = {contender.key: [] for contender in served}
    for contender in served:
        contender.load(contender.warm_up)
    for run in range(runs):
        for contender in served if run % 2 == 0 else reversed(served):
            slices[contender.key].append(slice_of(contender, seconds))
    rows = [row(name, contender, slices.get(contender.key)) for contender in contenders]
    for each in rows:
        print(line(each), flush=True)
    return rows


def row(name, contender, slices):
    if slices is None:
        return {"group": name, "key": contender.key, "name": contender.name, "served": False}
    found = {"group": name, "key": contender.key, "name": contender.name, "served": True}
    for figure in ("per_second", "p50", "p99", "cpu_us", "others"):
        values = [each[figure] for each in slices if figure in each]
        if values:
            found[figure] = {"median": statistics.median(values), "min": min(values), "max": max(values)}
    return {**found, "resident_mb": contender.server.resident_mb(), "runs": slices}


HEAD = (
    f"{'':34} {'requests/s':>10} {'least':>8} {'most':>8} {'p50 ms':>8} {'p99 ms':>8} {'CPU µs':>7} {'MB':>6} {'others':>6}"
)


def line(found):
    if not found["served"]:
        return f"  {found['name']:32} not served by this build"
    rate = found["per_second"]
    times = [f"{found[name]['median']:8.2f}" if name in found else f"{'':8}" for name in ("p50", "p99")]
    return (
        f"  {found['name']:32} {rate['median']:10,.0f} {rate['min']:8,.0f} {rate['max']:8,.0f} {times[0]} {times[1]}"
        f" {found['cpu_us']['median']:7.1f} {found['resident_mb']:6.0f} {100 * found['others']['median']:5.0f}%"
    )
