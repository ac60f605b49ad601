"""What Millwright's own pipelines log and register, seen through MLflow's client."""

import json
import urllib.request

import mlflow
import numpy as np
import pandas as pd
import pytest
from conftest import write_customers

PIPELINE = """
pipeline: interop
data:
  customers: customers.csv
features:
  sql: SELECT spend, visits, plan FROM customers
label: churned = 'yes'
train:
  split: {by: random, test: 20%, validation: 20% of the rest}
  learners:
    - xgboost: {n_estimators: 10, max_depth: 3}
  seed: 7
deploy:
  endpoint: interop
"""


@pytest.fixture(scope="module")
def trained(millwright, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pipeline")
    write_customers(folder)
    (folder / "interop.yaml").write_text(PIPELINE)
    return json.loads(millwright.run("run", folder / "interop.yaml", "--json"))


def rows():
    return pd.DataFrame({"spend": [20.0, 80.0, np.nan], "visits": [25.0, 2.0, 5.0], "plan": ["basic", "pro", ""]})


def served(millwright):
    frame = rows()
    inputs = [
        {"name": "spend", "shape": [3, 1], "datatype": "FP32", "data": [20.0, 80.0, None]},
        {"name": "visits", "shape": [3, 1], "datatype": "FP32", "data": list(frame["visits"])},
        {"name": "plan", "shape": [3, 1], "datatype": "BYTES", "data": list(frame["plan"])},
    ]
    request = urllib.request.Request(
        millwright.url + "/v2/models/interop/infer", data=json.dumps({"inputs": inputs}).encode()
    )
    outputs = {output["name"]: output for output in json.load(urllib.request.urlopen(request))["outputs"]}
    return np.array(outputs["probabilities"]["data"]).reshape(3, 2)


def test_runs_of_pipelines_are_found(trained, mlflow_client):
    experiment = mlflow_client.get_experiment_by_name("interop")
    run = mlflow_client.get_run(trained["run"])
    assert run.info.experiment_id == experiment.experiment_id and run.info.status == "FINISHED"
    best = mlflow_client.search_runs([experiment.experiment_id], "metrics.test_roc_auc > 0.5")
    assert trained["run"] in [found.info.run_id for found in best]
    assert run.data.metrics["test_roc_auc"] == pytest.approx(trained["metrics"]["test"]["roc_auc"])


def test_a_pipelines_model_is_loaded_by_mlflow_and_predicts_as_it_serves(trained, millwright, mlflow_client):
    version = mlflow_client.get_model_version_by_alias("interop", "champion")
    assert version.run_id == trained["run"]
    expected = served(millwright)
    loaded = mlflow.pyfunc.load_model("models:/interop@champion")
    np.testing.assert_allclose(loaded.predict(rows())["probabilities"], expected, rtol=1e-6)
    graph = mlflow.onnx.load_model(f"models:/interop/{version.version}")
    assert {"spend", "visits", "plan"} == {value.name for value in graph.graph.input}


def test_the_alias_champion_of_a_served_model_is_a_rollout(trained, millwright, mlflow_client):
    mlflow_client.set_registered_model_alias("interop", "champion", "1")
    assert mlflow_client.get_model_version_by_alias("interop", "champion").version == "1"
    endpoints = json.loads(millwright.run("endpoints", "--json"))
    assert "interop" in json.dumps(endpoints)
    mlflow_client.create_model_version("interop", "s3://somewhere/else")
    with pytest.raises(Exception, match="has no ONNX graph"):
        mlflow_client.set_registered_model_alias("interop", "champion", "2")
    assert mlflow_client.get_model_version_by_alias("interop", "champion").version == "1"
