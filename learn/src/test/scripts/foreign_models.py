"""Models that others export, with what the library that trained them predicts: the fixture of ImportedModelTest.

Made with scikit-learn 1.9.1, skl2onnx 1.20.0, torch 2.9.1, onnx 1.23.2, onnxscript 0.7.2:
    python foreign_models.py > ../resources/dev/millwright/learn/foreign_models.json
"""

import base64
import io
import json
import pathlib
import tempfile

import numpy as np
import onnx
import pandas as pd
import torch
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

ROWS, SHOWN = 400, 12
random = np.random.default_rng(5)
numbers = random.normal(size=(ROWS, 3)).astype(np.float32)
plans = random.choice(["basic", "plus", "pro"], ROWS)
score = numbers[:, 0] - 0.5 * numbers[:, 2] + (plans == "basic") + random.normal(size=ROWS) * 0.3
COLUMNS = ["a", "b", "c"]
cases = []


def add(name, model, expected, task, classes=(), labels=None, columns=COLUMNS, text=(), files=None):
    cases.append(
        {
            "name": name,
            "onnx": base64.b64encode(model).decode(),
            "files": {key: base64.b64encode(value).decode() for key, value in (files or {}).items()},
            "task": task,
            "classes": list(classes),
            "columns": list(columns),
            "text": list(text),
            "expected": np.asarray(expected, dtype=float).round(9).tolist(),
            "labels": labels,
        }
    )


def table():
    frame = pd.DataFrame(numbers, columns=COLUMNS)
    frame["plan"] = plans
    return frame


def named_columns():
    y = np.where(score > 0.4, "stays", "leaves")
    model = make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(), StandardScaler()), COLUMNS),
            (OneHotEncoder(handle_unknown="ignore"), ["plan"]),
        ),
        LogisticRegression(),
    ).fit(table(), y)
    types = [(name, FloatTensorType([None, 1])) for name in COLUMNS] + [("plan", StringTensorType([None, 1]))]
    graph = to_onnx(model, initial_types=types)
    shown = table().head(SHOWN)
    add(
        "skl2onnx: named columns, maps, text labels",
        graph.SerializeToString(),
        model.predict_proba(shown),
        "binary",
        ["leaves", "stays"],
        model.predict(shown).tolist(),
        COLUMNS + ["plan"],
        ["plan"],
    )


def one_matrix():
    y = np.digitize(score, [-0.4, 0.6]) + 1
    model = RandomForestClassifier(n_estimators=5, max_depth=3, random_state=1).fit(numbers, y)
    for zipmap in (False, True):
        graph = to_onnx(model, numbers[:1], options={"zipmap": zipmap})
        add(
            f"skl2onnx: one matrix, zipmap {zipmap}, whole numbers",
            graph.SerializeToString(),
            model.predict_proba(numbers[:SHOWN]),
            "multiclass",
            ["1", "2", "3"],
            [str(label) for label in model.predict(numbers[:SHOWN])],
        )


def booleans():
    model = LogisticRegression().fit(numbers, score > 0.4)
    graph = to_onnx(model, numbers[:1])
    add(
        "skl2onnx: booleans",
        graph.SerializeToString(),
        model.predict_proba(numbers[:SHOWN]),
        "binary",
        ["false", "true"],
        [str(label).lower() for label in model.predict(numbers[:SHOWN])],
    )


def regression():
    model = LinearRegression().fit(numbers, score)
    graph = to_onnx(model, numbers[:1].astype(np.float64))
    add("skl2onnx: a regression in double", graph.SerializeToString(), model.predict(numbers[:SHOWN]), "regression")


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.body = torch.nn.Sequential(torch.nn.Linear(3, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))

    def forward(self, features):
        return torch.sigmoid(self.body(torch.nan_to_num(features)))


class Columns(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(2)
        self.body = torch.nn.Linear(2, 3)

    def forward(self, a, c):
        return torch.softmax(self.body(torch.cat([a, c], dim=1)), dim=1)


def dynamo():
    net = Net().eval()
    rows = torch.from_numpy(numbers[:SHOWN])
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.onnx"
        batch = torch.export.Dim("batch")
        torch.onnx.export(net, (rows,), path, dynamo=True, dynamic_shapes=({0: batch},), verbose=False)
        whole = onnx.load(path)
        onnx.save_model(whole, path, save_as_external_data=True, location="weights.bin", size_threshold=16)
        add(
            "torch: the newer exporter, weights in a file, one probability",
            path.read_bytes(),
            net(rows).detach().numpy(),
            "binary",
            ["no", "yes"],
            files={"weights.bin": (path.parent / "weights.bin").read_bytes()},
        )


def legacy():
    net = Columns().eval()
    rows = torch.from_numpy(numbers[:SHOWN])
    a, c = rows[:, 0:1], rows[:, 2:3]
    file = io.BytesIO()
    open_ = {"a": {0: "rows"}, "c": {0: "rows"}, "out": {0: "rows"}}
    torch.onnx.export(
        net, (a, c), file, input_names=["a", "c"], output_names=["out"], dynamic_axes=open_, dynamo=False
    )
    add(
        "torch: the older exporter, two of three columns, no label",
        file.getvalue(),
        net(a, c).detach().numpy(),
        "multiclass",
        ["x", "y", "z"],
    )


if __name__ == "__main__":
    named_columns()
    one_matrix()
    booleans()
    regression()
    dynamo()
    legacy()
    rows = {name: numbers[:SHOWN, at].astype(float).tolist() for at, name in enumerate(COLUMNS)}
    rows["plan"] = plans[:SHOWN].tolist()
    print(json.dumps({"rows": rows, "cases": cases}))
