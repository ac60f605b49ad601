"""Makes the reference answers of MetricsReferenceTest with scikit-learn.

    python -m venv venv && venv/bin/pip install scikit-learn
    venv/bin/python evaluation/src/test/scripts/make_fixtures.py

Writes, next to this script under ../resources/dev/millwright/evaluation/: rows.tsv (the inputs), metrics.tsv and curves.tsv
(the answers). Probabilities are float32, as models give them. Deterministic.
"""

import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m
from sklearn.calibration import calibration_curve

warnings.simplefilter("ignore")
OUT = pathlib.Path(__file__).parent.parent / "resources/dev/millwright/evaluation"
OUT.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(20)
rows, answers, curves = [], [], []


def text(value):
    return repr(float(value)) if not isinstance(value, np.float32) else np.format_float_positional(value, unique=True, trim="0")


def curve(case, name, xs, ys, thresholds=None):
    for i, (x, y) in enumerate(zip(xs, ys)):
        t = thresholds[i] if thresholds is not None and i < len(thresholds) else np.inf
        curves.append((case, name, text(x), text(y), text(t)))


def binary(case, truth, score, threshold=0.5):
    truth = np.asarray(truth)
    score = np.asarray(score, dtype=np.float32)
    chosen = (score >= np.float32(threshold)).astype(int)
    for t, s, c in zip(truth, score, chosen):
        rows.append((case, "binary", str(t), str(c), text(np.float32(1) - s) + "," + text(s)))
    both = len(set(truth)) == 2
    nan = float("nan")
    values = {
        "roc_auc": m.roc_auc_score(truth, score) if both else nan,
        "average_precision": m.average_precision_score(truth, score) if truth.any() else nan,
        "log_loss": m.log_loss(truth, np.stack([np.float32(1) - score, score], axis=1), labels=[0, 1]),
        "brier_score": m.brier_score_loss(truth, score.astype(float), pos_label=1),
        "accuracy": m.accuracy_score(truth, chosen),
        "balanced_accuracy": m.balanced_accuracy_score(truth, chosen),
        "precision": m.precision_score(truth, chosen, zero_division=nan),
        "recall": m.recall_score(truth, chosen, zero_division=nan),
        "f1": m.f1_score(truth, chosen, zero_division=nan),
        "matthews": m.matthews_corrcoef(truth, chosen) if both else nan,
    }
    answers.extend((case, name, text(value)) for name, value in values.items())
    wide = score.astype(float)
    if both:
        fpr, tpr, thresholds = m.roc_curve(truth, wide, drop_intermediate=False)
        curve(case, "roc", fpr, tpr, thresholds)
        precision, recall, thresholds = m.precision_recall_curve(truth, wide)
        # scikit-learn goes from the smallest threshold to the greatest
        curve(case, "precision_recall", recall[::-1], precision[::-1], np.append(thresholds, np.inf)[::-1])
        rate, mean = calibration_curve(truth, wide, n_bins=10, strategy="quantile")
        curve(case, "calibration", mean, rate)


def multiclass(case, truth, probabilities, classes):
    truth = np.asarray(truth)
    probabilities = np.asarray(probabilities, dtype=np.float32)
    chosen = probabilities.argmax(axis=1)
    for t, c, p in zip(truth, chosen, probabilities):
        rows.append((case, f"multiclass{classes}", str(t), str(c), ",".join(text(x) for x in p)))
    present = [k for k in range(classes) if 0 < (truth == k).sum() < len(truth)]
    values = {
        "roc_auc_ovr": np.mean([m.roc_auc_score(truth == k, probabilities[:, k]) for k in present]),
        "log_loss": np.mean(
            [-np.log(np.clip(float(p[t]), np.finfo(np.float32).eps, 1 - np.finfo(np.float32).eps)) for t, p in zip(truth, probabilities)]
        ),
        "accuracy": m.accuracy_score(truth, chosen),
        "balanced_accuracy": m.balanced_accuracy_score(truth, chosen),
        "f1_macro": m.f1_score(truth, chosen, average="macro"),
    }
    if len(present) == classes:
        whole = m.roc_auc_score(truth, probabilities, multi_class="ovr")
        assert abs(whole - values["roc_auc_ovr"]) < 1e-9, case
        assert abs(m.log_loss(truth, probabilities, labels=range(classes)) - values["log_loss"]) < 1e-6, case
    answers.extend((case, name, text(value)) for name, value in values.items())


def regression(case, truth, predicted):
    truth = np.asarray(truth, dtype=float)
    predicted = np.asarray(predicted, dtype=np.float32)
    for t, p in zip(truth, predicted):
        rows.append((case, "regression", text(t), "0", text(p)))
    wide = predicted.astype(float)
    constant = np.ptp(truth) == 0
    values = {
        "rmse": m.root_mean_squared_error(truth, wide),
        "mae": m.mean_absolute_error(truth, wide),
        "r2": float("nan") if constant else m.r2_score(truth, wide),
        "median_absolute_error": m.median_absolute_error(truth, wide),
        "mape": float("nan") if (truth == 0).any() else m.mean_absolute_percentage_error(truth, wide),
    }
    answers.extend((case, name, text(value)) for name, value in values.items())


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


latent = rng.normal(size=300)
truth = (rng.random(300) < sigmoid(1.5 * latent)).astype(int)
binary("plain", truth, sigmoid(latent + rng.normal(size=300) * 0.5))
binary("ties", truth, np.round(sigmoid(latent), 1))
binary("all_tied", truth[:40], np.full(40, 0.5))
rare = (rng.random(1000) < 0.015).astype(int)
binary("rare", rare, sigmoid(-4 + 2 * rare + rng.normal(size=1000)))
binary("tiny", [0, 1, 1, 0], [0.1, 0.4, 0.35, 0.8])
binary("two_rows", [0, 1], [0.3, 0.7])
binary("perfect", [0, 0, 1, 1, 1], [0.1, 0.2, 0.8, 0.9, 1.0])
binary("reversed", [1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9])
binary("extreme", [0, 1, 0, 1, 1], [0.0, 0.0, 1.0, 1.0, 1e-9])
binary("only_negatives", [0, 0, 0], [0.2, 0.6, 0.1])
binary("only_positives", [1, 1, 1], [0.2, 0.6, 0.1])
binary("none_chosen", [0, 1, 0, 1], [0.2, 0.4, 0.1, 0.3])

truth = rng.integers(0, 4, size=300)
logits = rng.normal(size=(300, 4)) + 1.2 * np.eye(4)[truth]
p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
multiclass("four", truth, p, 4)
multiclass("four_ties", truth, rng.multinomial(8, p) / 8, 4)
multiclass("three_tiny", [0, 1, 2, 2], [[0.5, 0.25, 0.25], [0.25, 0.25, 0.5], [0.125, 0.25, 0.625], [0.5, 0.375, 0.125]], 3)
multiclass("class_absent", [0, 1, 1, 0, 1], [[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.125, 0.25, 0.625], [0.5, 0.375, 0.125], [0.5, 0.5, 0]], 3)

truth = rng.normal(50, 20, size=301)
regression("numbers_odd", truth, truth + rng.normal(size=301) * 8)
regression("numbers_even", truth[:200], truth[:200] * 0.7 + 3)
regression("numbers_ties", np.round(truth[:100], -1) + 0.5, np.round(truth[:100], -1))
regression("numbers_two", [1.5, -2.5], [1.0, 4.0])
regression("numbers_with_zero", [0.0, 1.0, 2.0], [0.5, 1.0, 2.5])
regression("numbers_constant", [3.0, 3.0, 3.0], [2.0, 3.0, 5.0])


def write(name, header, lines):
    body = "\n".join("\t".join(line) for line in lines)
    (OUT / name).write_text(f"# scikit-learn {sklearn.__version__}, made by make_fixtures.py\n{header}\n{body}\n")


write("rows.tsv", "case\ttask\ttruth\tchosen\tpredicted", rows)
write("metrics.tsv", "case\tmetric\tvalue", answers)
write("curves.tsv", "case\tcurve\tx\ty\tthreshold", curves)
