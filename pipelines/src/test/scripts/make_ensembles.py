"""Makes what the tests of inference graphs compare with: members of scikit-learn's ensembles as ONNX files, and what the
ensembles themselves say about some rows.

    python make_ensembles.py FOLDER        # scikit-learn 1.9, skl2onnx 1.20
"""

import json
import sys
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import make_classification, make_regression
from sklearn.ensemble import StackingClassifier, StackingRegressor, VotingClassifier, VotingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

FOLDER = Path(sys.argv[1])
ROWS = 60
WEIGHTS = [2, 1, 1]


def save(name, model, columns):
    classifier = hasattr(model, "predict_proba")
    options = {"zipmap": False} if classifier else None
    onnx = to_onnx(model, np.zeros((1, columns), dtype=np.float32), options=options, target_opset=18)
    (FOLDER / f"{name}.onnx").write_bytes(onnx.SerializeToString())


def classifiers(names):
    made = [LogisticRegression(), GaussianNB(), DecisionTreeClassifier(max_depth=3, random_state=5)]
    return list(zip(names, made))


def regressors(names):
    made = [LinearRegression(), DecisionTreeRegressor(max_depth=3, random_state=5), LinearRegression(positive=True)]
    return list(zip(names, made))


def classes(model, x):
    return {"label": [str(c) for c in model.predict(x)], "probabilities": model.predict_proba(x).tolist()}


def save_members(prefix, ensemble, columns):
    for number, member in enumerate(ensemble.estimators_):
        save(f"{prefix}-{number}", member, columns)


def of_classes(count, prefix, expected):
    x, y = make_classification(
        600, n_features=5, n_informative=4, n_redundant=0, n_classes=count, n_clusters_per_class=1, class_sep=0.7, random_state=count)
    x = x.astype(np.float32)
    train, test = slice(0, 400), slice(400, 400 + ROWS)
    named = classifiers("abc")
    soft = VotingClassifier(named, voting="soft").fit(x[train], y[train])
    weighted = VotingClassifier(named, voting="soft", weights=WEIGHTS).fit(x[train], y[train])
    hard = VotingClassifier(named, voting="hard").fit(x[train], y[train])
    stacked = StackingClassifier(named, LogisticRegression()).fit(x[train], y[train])
    passed = StackingClassifier(named, LogisticRegression(), passthrough=True).fit(x[train], y[train])
    save_members(prefix, soft, x.shape[1])
    predictions = 3 * (1 if count == 2 else count)
    save(f"{prefix}-final", stacked.final_estimator_, predictions)
    save(f"{prefix}-final-passthrough", passed.final_estimator_, predictions + x.shape[1])
    expected[prefix] = {
        "rows": x[test].tolist(),
        "soft": classes(soft, x[test]),
        "weighted": classes(weighted, x[test]),
        "hard": [str(c) for c in hard.predict(x[test])],
        "stacked": classes(stacked, x[test]),
        "passthrough": classes(passed, x[test]),
    }


def of_numbers(expected):
    x, y = make_regression(600, n_features=5, noise=20, random_state=9)
    x = x.astype(np.float32)
    y = y / 100
    train, test = slice(0, 400), slice(400, 400 + ROWS)
    named = regressors("abc")
    mean = VotingRegressor(named).fit(x[train], y[train])
    weighted = VotingRegressor(named, weights=WEIGHTS).fit(x[train], y[train])
    stacked = StackingRegressor(named, LinearRegression()).fit(x[train], y[train])
    save_members("numbers", mean, x.shape[1])
    save("numbers-final", stacked.final_estimator_, 3)
    expected["numbers"] = {
        "rows": x[test].tolist(),
        "mean": mean.predict(x[test]).tolist(),
        "weighted": weighted.predict(x[test]).tolist(),
        "stacked": stacked.predict(x[test]).tolist(),
    }


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    expected = {}
    of_classes(2, "two", expected)
    of_classes(3, "three", expected)
    of_numbers(expected)
    (FOLDER / "expected.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    main()
