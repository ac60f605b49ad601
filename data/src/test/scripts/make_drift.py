"""Makes reference answers for drift between two versions with NumPy and SciPy.

Run: python make_drift.py ../resources/dev/millwright/data/drift.json
Needs: numpy, scipy.
"""
import json
import sys

import numpy as np
from scipy import stats
from scipy.spatial import distance

random = np.random.default_rng(31)


def missing(values, share):
    return [None if random.uniform() < share else value for value in values]


def psi(before, after, edges):
    """Over bins that are closed above, missing values being one of their own; half a row is added to each."""
    def counts(values):
        present = [value for value in values if value is not None]
        return np.append(np.bincount(np.searchsorted(edges, present, side="left"), minlength=len(edges) + 1),
                         len(values) - len(present))
    n, m = counts(before), counts(after)
    used = (n + m) > 0
    p, q = (n[used] + 0.5) / (n[used] + 0.5).sum(), (m[used] + 0.5) / (m[used] + 0.5).sum()
    return float(stats.entropy(p, q) + stats.entropy(q, p))


def jensen_shannon(before, after):
    words = sorted({word for word in before + after if word is not None})
    p = [before.count(word) / len(before) for word in words + [None]]
    q = [after.count(word) / len(after) for word in words + [None]]
    return float(distance.jensenshannon(p, q, base=2))


def deciles(values):
    present = [value for value in values if value is not None]
    return np.unique(np.quantile(present, np.arange(1, 10) / 10, method="inverted_cdf"))


def between(values):
    present = np.unique([value for value in values if value is not None])
    return (present[1:] + present[:-1]) / 2


amount = [missing(random.normal(10, 3, 300).round(2).tolist(), 0.05), missing(random.normal(11, 4, 250).round(2).tolist(), 0.1)]
month = [random.integers(1, 7, 300).tolist(), random.integers(2, 9, 250).tolist()]
words = ["north", "east", "south", "west", "it's"]
region = [missing(random.choice(words, 300, p=[.4, .3, .2, .1, 0]).tolist(), 0.02), random.choice(words, 250, p=[.2, .3, .2, .2, .1]).tolist()]
flag = [[bool(value) for value in random.uniform(size=300) < 0.3], [bool(value) for value in random.uniform(size=250) < 0.5]]
with open(sys.argv[1], "w") as file:
    json.dump({
        "before": {"amount": amount[0], "month": month[0], "region": region[0], "flag": flag[0]},
        "after": {"amount": amount[1], "month": month[1], "region": region[1], "flag": flag[1]},
        "drift": {
            "amount": psi(*amount, deciles(amount[0])), "month": psi(*month, between(month[0])),
            "region": jensen_shannon(*region), "flag": jensen_shannon(*flag),
        },
    }, file)
