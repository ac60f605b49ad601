"""Makes reference answers for the drift statistics with SciPy.

Run: python make_statistics.py ../resources/dev/millwright/monitoring/statistics.json
Needs: numpy, scipy.
"""
import json
import sys

import numpy as np
from scipy import stats
from scipy.spatial import distance

random = np.random.default_rng(11)
cases = []
for bins, n, m, shift in [(2, 500, 300, 0), (10, 5000, 400, 0), (10, 5000, 400, 0.3), (12, 200, 200, 1.0), (30, 100000, 50000, 0.05)]:
    shares = random.dirichlet(np.ones(bins) * 2)
    moved = shares * np.exp(shift * random.normal(size=bins))
    reference = random.multinomial(n, shares)
    window = random.multinomial(m, moved / moved.sum())
    if bins == 12:
        reference[3] = window[3] = 0  # empty on both sides
        window[5] = 0                 # empty on one
    used = (reference + window) > 0
    p = (reference[used] + 0.5) / (reference[used] + 0.5).sum()
    q = (window[used] + 0.5) / (window[used] + 0.5).sum()
    chi = stats.chi2_contingency(np.array([reference[used], window[used]]), correction=False)
    # The samples that the bins' numbers stand for: SciPy's exact statistic is then the binned one.
    ks = stats.ks_2samp(np.repeat(np.arange(bins), reference), np.repeat(np.arange(bins), window), method="asymp")
    cases.append({
        "reference": reference.tolist(), "window": window.tolist(),
        "psi": float(stats.entropy(p, q) + stats.entropy(q, p)),
        "jensen_shannon": float(distance.jensenshannon(reference / reference.sum(), window / window.sum(), base=2)),
        "chi_square": float(chi.statistic), "p_value": float(chi.pvalue), "ks": float(ks.statistic),
    })
p_values = [[0.01, 0.04, 0.03, 0.005, 0.8], [1.0], [0.2, 0.2, 0.2], random.uniform(size=20).tolist()]
corrections = [{"p": p, "corrected": stats.false_discovery_control(p, method="bh").tolist()} for p in p_values]
with open(sys.argv[1], "w") as file:
    json.dump({"cases": cases, "corrections": corrections}, file)
