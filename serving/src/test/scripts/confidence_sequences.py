r"""Makes confidence_sequences.json: bounds of confidence sequences by betting, computed from single scores, one after the other.

The formulas are those of Waudby-Smith and Ramdas (2024): wealth is the mean over gamblers of the product of
1 + lambda * (x - m) with lambda = c / m against "the mean is at most m", and lambda = -c / (1 - m) against "at least m". Nothing is
binned and no grid is used: bounds come from bisection, those of a difference from a fine search over the first mean. So what the
program computes from histograms on a grid must contain these, and be hardly wider.

    python3 serving/src/test/scripts/confidence_sequences.py \
        > serving/src/test/resources/dev/millwright/serving/rollout/confidence_sequences.json    # needs NumPy alone
"""

import json

import numpy as np

FRACTIONS = np.array([0.9] + [2.0 ** -i for i in range(1, 14)])


def log_wealth_above(x, m):
    """Of those who bet that the mean of x is above m."""
    lambdas = FRACTIONS / m
    logs = np.log1p(np.multiply.outer(lambdas, x - m)).sum(axis=1)
    return np.logaddexp.reduce(logs) - np.log(len(FRACTIONS))


def log_wealth_below(x, m):
    return log_wealth_above(1 - x, 1 - m)


def bisect(holds, low, high):
    """The largest value in (low, high) up to which holds is true."""
    for _ in range(60):
        middle = (low + high) / 2
        if holds(middle):
            low = middle
        else:
            high = middle
    return low


def mean_bounds(x, alpha):
    enough = np.log(2 / alpha)
    lower = bisect(lambda m: log_wealth_above(x, m) >= enough, 1e-9, 1 - 1e-9)
    upper = 1 - bisect(lambda m: log_wealth_below(x, 1 - m) >= enough, 1e-9, 1 - 1e-9)
    return lower, upper


def largest_difference(x, y, alpha):
    """The smallest d that is refuted as a lower bound of mean(y) - mean(x)."""
    enough = np.log(2 / alpha)

    def refuted(d):
        ms = np.linspace(max(1e-6, 1e-6 - d), min(1 - 1e-6, 1 - 1e-6 - d), 1500)
        return min(log_wealth_above(x, m) + log_wealth_below(y, m + d) for m in ms) >= enough

    return -bisect(lambda d: refuted(-d), -1 + 1e-5, 1 - 1e-5)


def main():
    rng = np.random.default_rng(20260301)
    cases = []
    for n, a, b, alpha in [(30, 0.5, 0.5, 0.05), (200, 0.9, 0.8, 0.05), (400, 0.05, 0.1, 0.01)]:
        x = (rng.random(n) < a).astype(float)
        y = (rng.random(n) < b).astype(float)
        cases.append((x, y, alpha))
    x = np.round(rng.beta(8, 2, 300), 3)
    y = np.round(rng.beta(6, 2, 250), 3)
    cases.append((x, y, 0.05))
    out = []
    for x, y, alpha in cases:
        lower, upper = mean_bounds(x, alpha)
        out.append({
            "alpha": alpha,
            "first": x.tolist(),
            "second": y.tolist(),
            "mean": [round(lower, 6), round(upper, 6)],
            "difference": [round(-largest_difference(y, x, alpha), 4), round(largest_difference(x, y, alpha), 4)],
        })
    print(json.dumps(out))


main()
