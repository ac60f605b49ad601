"""Trains on what Millwright hands over, and logs the model as ONNX. Run by sklearn.yaml."""

import json
import os

import mlflow
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import average_precision_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

SETTINGS = {"n_estimators": 60, "max_depth": 10, "min_samples_leaf": 5}
PARITY_ROWS = 300

signature = json.load(open(os.environ["MILLWRIGHT_SIGNATURE"]))
label = signature["label"]
numbers = [column["name"] for column in signature["inputs"] if column["type"] == "number"]
texts = [column["name"] for column in signature["inputs"] if column["type"] == "text"]
train = pd.read_parquet(os.environ["MILLWRIGHT_TRAIN"])
validation = pd.read_parquet(os.environ["MILLWRIGHT_VALIDATION"])
print(f"{len(train):,} rows to train on, {train[label].mean():.1%} of them frauds")

model = make_pipeline(
    make_column_transformer(
        (SimpleImputer(strategy="median"), numbers),
        (OneHotEncoder(handle_unknown="ignore"), texts),
    ),
    RandomForestClassifier(**SETTINGS, class_weight="balanced", random_state=signature["seed"]),
)

with mlflow.start_run():  # the run that MLFLOW_RUN_ID names
    mlflow.log_params(SETTINGS)
    model.fit(train[numbers + texts], train[label])
    probabilities = model.predict_proba(validation[numbers + texts])
    score = average_precision_score(validation[label], probabilities[:, 1])
    mlflow.log_metric("validation_ap", score)
    print(f"average precision {score:.4f} on {len(validation):,} rows of validation")

    # One input for each column, so that the graph itself imputes and encodes.
    inputs = [(name, FloatTensorType([None, 1])) for name in numbers]
    inputs += [(name, StringTensorType([None, 1])) for name in texts]
    graph = to_onnx(model, initial_types=inputs, options={"zipmap": False})
    mlflow.onnx.log_model(graph, name="model")

    # What scikit-learn itself says: Millwright holds the graph to it before it serves.
    mlflow.log_dict({"probabilities": probabilities[:PARITY_ROWS].tolist()}, "parity.json")
