"""Makes the reference answers of SelectionReferenceTest with scikit-learn and SciPy.

    python -m venv venv && venv/bin/pip install scikit-learn scipy
    venv/bin/python evaluation/src/test/scripts/selection_fixtures.py

Writes, next to this script under ../resources/dev/millwright/evaluation/selection/: columns.tsv (the rows), information.tsv (nats) and
clusters.tsv (at several bounds). Deterministic.
"""

import pathlib

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.feature_selection import mutual_info_classif, mutual_info_regression

OUT = pathlib.Path(__file__).parent.parent / "resources/dev/millwright/evaluation/selection"
OUT.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(43)
n = 400
target = rng.normal(size=n)
kind = np.digitize(target, [-0.5, 0.8])
numbers = {
    "line": 3 * target + rng.normal(size=n),
    "square": target**2 + 0.1 * rng.normal(size=n),
    "noise": rng.normal(size=n) * 1000 + 5,
    "skewed": np.exp(target + rng.normal(size=n)),
}
classes = {"three": np.digitize(target + rng.normal(size=n), [-1, 1]), "coin": rng.integers(0, 2, size=n)}
with open(OUT / "columns.tsv", "w") as out:
    names = ["target", "kind", *numbers, *classes]
    out.write("\t".join(names) + "\n")
    for i in range(n):
        row = [repr(float(target[i])), str(kind[i])]
        row += [repr(float(v[i])) for v in numbers.values()] + [str(v[i]) for v in classes.values()]
        out.write("\t".join(row) + "\n")
with open(OUT / "information.tsv", "w") as out:
    for group, discrete in ((numbers, False), (classes, True)):
        for name, values in group.items():
            column = np.asarray(values, dtype=float).reshape(-1, 1)
            options = dict(discrete_features=[discrete], random_state=0)
            out.write(f"{name}\tkind\t{float(mutual_info_classif(column, kind, **options)[0])!r}\n")
            out.write(f"{name}\ttarget\t{float(mutual_info_regression(column, target, **options)[0])!r}\n")
raw = rng.uniform(size=(12, 12))
likeness = (raw + raw.T) / 2
np.fill_diagonal(likeness, 1)
tree = linkage(squareform(1 - likeness, checks=False), method="complete")
with open(OUT / "clusters.tsv", "w") as out:
    for row in likeness:
        out.write("likeness\t" + "\t".join(repr(float(v)) for v in row) + "\n")
    for least in (0.3, 0.5, 0.6, 0.7, 0.9):
        labels = fcluster(tree, t=1 - least, criterion="distance")
        out.write(f"{least}\t" + "\t".join(str(v) for v in labels) + "\n")
