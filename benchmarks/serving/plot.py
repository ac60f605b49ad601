"""The picture of a run: requests a second of one row, with the least and the most; beside it the times at a constant rate."""

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as pyplot  # noqa: E402

import rows  # noqa: E402

OURS, THEIRS, GOAL = "#0072b2", "#8c8c8c", "#d55e00"


def draw(found, path):
    one_row = [row for row in found["rows"] if row["group"] == rows.ONE_ROW and row["served"] and row["key"] != "in-process"]
    times = [row for row in found.get("constant_rate", []) if "p99" in row]
    if not one_row:
        return
    figure, axes = pyplot.subplots(1, 2 if times else 1, figsize=(13 if times else 7.5, 0.5 * len(one_row) + 1.6), squeeze=False)
    rates(axes[0][0], one_row)
    if times:
        latencies(axes[0][1], times)
    figure.tight_layout(w_pad=3)
    figure.savefig(path)


def colour(row):
    return OURS if row["key"].startswith("millwright") else THEIRS


def bars(axis, found, values, title, unit):
    places = range(len(found))
    axis.barh(places, values, color=[colour(row) for row in found], height=0.62)
    axis.set_yticks(places, [row["name"] for row in found])
    axis.invert_yaxis()
    axis.set_title(title, loc="left", fontsize=11)
    axis.set_xlabel(unit)
    axis.spines[["top", "right"]].set_visible(False)
    axis.margins(x=0.18)


def rates(axis, found):
    medians = [row["per_second"]["median"] for row in found]
    bars(axis, found, medians, "One row a request, one core", "requests a second; whiskers: least and most of the runs")
    spread = [
        [row["per_second"]["median"] - row["per_second"]["min"] for row in found],
        [row["per_second"]["max"] - row["per_second"]["median"] for row in found],
    ]
    axis.errorbar(medians, range(len(found)), xerr=spread, fmt="none", ecolor="black", capsize=3, linewidth=1)
    for place, row in enumerate(found):
        axis.annotate(f"{medians[place]:,.0f}", (row["per_second"]["max"], place), (5, 0), textcoords="offset points", va="center")
    bare = next((row["per_second"]["median"] for row in found if row["key"] == "bare-handler"), None)
    if bare:
        axis.axvline(0.8 * bare, color=GOAL, linewidth=1)
        lowest = len(found) - 0.6
        axis.annotate("0.8 of the bare handler", (0.8 * bare, lowest), (4, 0), textcoords="offset points", color=GOAL, fontsize=8)


def latencies(axis, found):
    values = [row["p99"] for row in found]
    bars(axis, found, values, "Latency at 70 % of that rate", "p99 in milliseconds, from when a request was due")
    for place, value in enumerate(values):
        axis.annotate(f"{value:,.1f}", (value, place), (5, 0), textcoords="offset points", va="center")
