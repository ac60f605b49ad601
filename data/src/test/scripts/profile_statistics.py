"""Writes the reference answers of ProfileStatisticsTest with pandas, SciPy and scikit-learn.

    python3 -m venv venv && venv/bin/pip install pandas==3.1.1 scipy==1.17.1 scikit-learn==1.9.1
    venv/bin/python data/src/test/scripts/profile_statistics.py
"""

import json
import pathlib

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.linear_model import Ridge
from sklearn.metrics import mutual_info_score, r2_score, roc_auc_score

FOLDS, PRIOR, RIDGE = 5, 10, 1e-3
TARGET = pathlib.Path(__file__).parent.parent / "resources/dev/millwright/data/profile"


def table():
    random = np.random.RandomState(20)
    rows = 400
    city = random.choice(["Bern", "Genf", "Chur", "Thun", "Biel"], rows, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    speaks = np.where(random.rand(rows) < 0.8, np.where(city == "Genf", "fr", "de"), random.choice(["it", "rm"], rows))
    age = random.randint(18, 80, rows).astype(float)
    income = np.exp(random.randn(rows)) * 1000 + 30 * age + 500 * (city == "Genf")
    score = 0.03 * age + (city == "Bern") + random.randn(rows)
    frame = pd.DataFrame({"city": city, "speaks": speaks, "age": age, "income": income.round(2)})
    frame["spent"] = (0.4 * frame.income + 300 * random.randn(rows)).round(2)
    frame["left"] = np.where(score > 2, "yes", "no")
    for column, share in ("city", 0.03), ("age", 0.08), ("income", 0.05):
        frame.loc[random.rand(rows) < share, column] = np.nan if column != "city" else None
    frame.loc[frame.age.isna() & (random.rand(rows) < 0.7), "income"] = np.nan
    frame["fold"] = random.randint(0, FOLDS, rows)
    return frame


def numbers(values):
    x = values.dropna().to_numpy()
    q1, median, q3 = np.quantile(x, [0.25, 0.5, 0.75])
    mad = stats.median_abs_deviation(x)
    return {
        "mean": x.mean(),
        "deviation": x.std(ddof=1),
        "skewness": pd.Series(x).skew(),
        "quantiles": np.quantile(x, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]).tolist(),
        "below": int((x < q1 - 1.5 * (q3 - q1)).sum()),
        "above": int((x > q3 + 1.5 * (q3 - q1)).sum()),
        "mad": mad,
        "extreme": int((np.abs(0.6745 * (x - median) / mad) > 3.5).sum()),
    }


def cramers_v(one, other):
    """Bergsma's correction, as in his paper; the statistic is SciPy's."""
    counts = pd.crosstab(one, other)
    n = counts.to_numpy().sum()
    phi = stats.chi2_contingency(counts, correction=False).statistic / n
    r, k = counts.shape
    phi = max(0, phi - (r - 1) * (k - 1) / (n - 1))
    r, k = r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)
    return float(np.sqrt(phi / min(r - 1, k - 1)))


def eta(classes, values):
    """From the F of a one-way analysis of variance."""
    both = pd.DataFrame({"c": classes, "v": values}).dropna()
    groups = [group.v.to_numpy() for _, group in both.groupby("c")]
    between, within = len(groups) - 1, len(both) - len(groups)
    f = stats.f_oneway(*groups).statistic
    return float(np.sqrt(f * between / (f * between + within)))


def information(one, other):
    both = pd.DataFrame({"a": one, "b": other}).dropna()
    return mutual_info_score(both.a, both.b) / np.log(2)


def out_of_fold(column, target, folds):
    codes = column.astype(object).where(~column.isna(), "missing")
    predictions = pd.Series(0.0, index=column.index)
    for fold in range(FOLDS):
        train, test = folds != fold, folds == fold
        groups = target[train].groupby(codes[train]).agg(["sum", "count"])
        mean = target[train].mean()
        shrunk = (groups["sum"] + PRIOR * mean) / (groups["count"] + PRIOR)
        predictions[test] = codes[test].map(shrunk).fillna(mean).astype(float)
    return predictions


def lines(values, target, folds):
    """One line over all values: a single bin."""
    predictions = out_of_fold(values.isna(), target, folds)
    for fold in range(FOLDS):
        train, test = (folds != fold) & ~values.isna(), (folds == fold) & ~values.isna()
        slope, intercept = np.polyfit(values[train], target[train], 1)
        predictions[test] = intercept + slope * values[test]
    return predictions


def by_fold(metric, target, predictions, folds):
    scores = [metric(target[folds == fold], predictions[folds == fold]) for fold in range(FOLDS)]
    return {"value": float(np.mean(scores)), "low": min(scores), "high": max(scores)}


def together(columns, target, folds):
    inputs = np.column_stack([np.log(p / (1 - p)) for p in columns])
    inputs = (inputs - inputs.mean(0)) / inputs.std(0)
    predictions = pd.Series(0.0, index=target.index)
    for fold in range(FOLDS):
        train, test = (folds != fold).to_numpy(), (folds == fold).to_numpy()
        model = Ridge(alpha=RIDGE * train.sum()).fit(inputs[train], target[train])
        predictions[test] = model.predict(inputs[test])
    return predictions


def main():
    t = table()
    left = (t.left == "yes").astype(float)
    city, speaks, age = (out_of_fold(t[column], left, t.fold) for column in ("city", "speaks", "age"))
    missing = t[["city", "age", "income"]].isna()
    complete = ~t.isna().any(axis=1)
    answers = {
        "numbers": {column: numbers(t[column]) for column in ("age", "income", "spent")},
        "pearson": {"age,income": t.age.corr(t.income), "income,spent": t.income.corr(t.spent)},
        "spearman": {
            "age,income": t.age.corr(t.income, method="spearman"),
            "income,spent": t.income.corr(t.spent, method="spearman"),
        },
        "cramers_v": {"city,speaks": cramers_v(t.city, t.speaks), "speaks,left": cramers_v(t.speaks, t.left)},
        "eta": {"city,income": eta(t.city, t.income), "left,age": eta(t.left, t.age)},
        "information": {"city,speaks": information(t.city, t.speaks), "speaks,left": information(t.speaks, t.left)},
        "phi": {"age,income": missing.age.corr(missing.income)},
        "complete": int(complete.sum()),
        "missing_age_and_income_only": int((missing.age & missing.income & ~missing.city).sum()),
        "roc_auc": {
            "city": by_fold(roc_auc_score, left, city, t.fold),
            "age": by_fold(roc_auc_score, left, age, t.fold),
            "together": by_fold(roc_auc_score, left, together([city, speaks, age], left, t.fold), t.fold),
        },
        "r2": {
            "city": by_fold(r2_score, t.spent, out_of_fold(t.city, t.spent, t.fold), t.fold),
            "income": by_fold(r2_score, t.spent, lines(t.income, t.spent, t.fold), t.fold),
        },
    }
    TARGET.mkdir(parents=True, exist_ok=True)
    t.to_csv(TARGET / "statistics.csv", index=False, lineterminator="\n")
    (TARGET / "statistics.json").write_text(json.dumps(answers, indent=1) + "\n")


main()
