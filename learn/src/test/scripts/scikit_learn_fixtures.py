"""Makes the reference answers in src/test/resources/dev/millwright/learn from scikit-learn.

Run: pip install scikit-learn, then python scikit_learn_fixtures.py OUTPUT_DIRECTORY
Made with scikit-learn 1.9.1 and numpy 2.4.6.
"""

import json
import pathlib
import sys

import numpy as np
from sklearn.calibration import _SigmoidCalibration
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

out = pathlib.Path(sys.argv[1])
random = np.random.default_rng(20)
rows, towns = 200, ["Bern", "Basel", "Chur"]

x = np.round(random.normal(size=(rows, 3)) * [1, 50, 0.01] + [0, 1000, 5], 6).astype(np.float32)
town = random.choice(towns, size=rows)
x[random.random(rows) < 0.15, 0] = np.nan

imputed = x.astype(np.float64)
missing = np.isnan(imputed[:, 0])
imputed[missing, 0] = np.nanmedian(imputed[:, 0])
scaled = StandardScaler().fit_transform(imputed)
# The order of slots: numbers, missing indicators, one-hot in natural order.
design = np.column_stack([scaled, missing] + [town == name for name in sorted(towns)])

score = scaled @ [1.5, -1, 0.5] + (town == "Chur") - 0.8 * missing
binary = (score + random.logistic(size=rows) > 0.5).astype(int)
multi = np.digitize(score + random.logistic(size=rows), [-0.8, 1.2])
target = np.round(1e4 + 100 * score + random.normal(size=rows), 3)


def logistic(labels, **settings):
    model = LogisticRegression(tol=1e-12, max_iter=10_000, **settings).fit(design, labels)
    p = model.predict_proba(design)
    return {
        "labels": labels.tolist(),
        "coefficients": model.coef_.tolist(),
        "intercepts": model.intercept_.tolist(),
        "log_loss": log_loss(labels, p),
    }


ridge = Ridge(alpha=2.5, solver="cholesky").fit(design, target)
texts = [
    "Free entry in a weekly comp", "free FREE free call now", "", "call me later  ok", "ok ok", "a b a c a",
    "Grüße aus Zürich", "grüße AUS bern ok", "now or never", "in a while in a minute",
]
tfidf = TfidfVectorizer(token_pattern=r"[^ ]+", lowercase=True, min_df=2)
weights = tfidf.fit_transform(texts)
scores = np.round(random.normal(size=120) * 3, 6)
outcomes = (scores * 0.4 - 1 + random.logistic(size=120) > 0).astype(int)
platt = _SigmoidCalibration().fit(scores, outcomes)

fixture = {
    "numbers": [[None if np.isnan(v) else float(v) for v in column] for column in x.T],
    "town": town.tolist(),
    "binary": logistic(binary, C=0.7),
    "balanced": logistic(binary, C=0.7, class_weight="balanced"),
    "multiclass": logistic(multi, C=2.0),
    "ridge": {
        "labels": target.tolist(),
        "coefficients": [ridge.coef_.tolist()],
        "intercepts": [float(ridge.intercept_)],
    },
    "tfidf": {
        "texts": texts,
        "words": tfidf.get_feature_names_out().tolist(),
        "idf": tfidf.idf_.tolist(),
        "weights": weights.toarray().tolist(),
    },
    # scikit-learn's is 1 / (1 + exp(a · score + b)).
    "platt": {"scores": scores.tolist(), "labels": outcomes.tolist(), "a": platt.a_, "b": platt.b_},
}
(out / "scikit_learn.json").write_text(json.dumps(fixture, ensure_ascii=False) + "\n")
