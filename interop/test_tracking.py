"""Experiments, runs, metrics, params, tags, searches and artifacts, as a data scientist's session uses them."""

import json
import math
import pathlib
import time

import mlflow
import pandas as pd
import pytest
from mlflow.entities import Metric, Param, RunStatus, RunTag, ViewType
from mlflow.exceptions import MlflowException, RestException


def test_experiment_is_created_renamed_tagged_deleted_and_restored(mlflow_client):
    name = f"exp-{time.time_ns()}"
    experiment_id = mlflow_client.create_experiment(name, tags={"team": "risk"})
    assert mlflow_client.get_experiment(experiment_id).artifact_location == f"mlflow-artifacts:/{experiment_id}"
    assert mlflow_client.get_experiment_by_name("no such experiment") is None
    with pytest.raises(RestException) as taken:
        mlflow_client.create_experiment(name)
    assert taken.value.error_code == "RESOURCE_ALREADY_EXISTS"
    mlflow_client.rename_experiment(experiment_id, name + "-new")
    mlflow_client.set_experiment_tag(experiment_id, "stage", "dev")
    found = mlflow_client.search_experiments(filter_string=f"name = '{name}-new' AND tags.team = 'risk'")
    assert [e.experiment_id for e in found] == [experiment_id]
    assert found[0].tags == {"team": "risk", "stage": "dev"}
    mlflow_client.delete_experiment(experiment_id)
    assert mlflow_client.get_experiment(experiment_id).lifecycle_stage == "deleted"
    assert experiment_id in [e.experiment_id for e in mlflow_client.search_experiments(view_type=ViewType.DELETED_ONLY)]
    with pytest.raises(MlflowException):
        mlflow_client.create_run(experiment_id)
    mlflow_client.restore_experiment(experiment_id)
    assert mlflow_client.get_experiment(experiment_id).lifecycle_stage == "active"


def test_default_experiment_is_there(mlflow_client):
    assert mlflow_client.get_experiment("0").name == "Default"


def test_a_run_keeps_what_it_logged(experiment, mlflow_client):
    with mlflow.start_run(run_name="first", description="a try") as run:
        mlflow.log_params({"depth": 3, "eta": 0.1})
        mlflow.log_metrics({"auc": 0.5, "nan": math.nan, "inf": math.inf, "-inf": -math.inf})
        for step in range(100):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        mlflow.set_tags({"team": "risk", "weird key/with:chars": "ünï"})
        with mlflow.start_run(run_name="child", nested=True) as child:
            mlflow.log_metric("auc", 0.6)
    stored = mlflow_client.get_run(run.info.run_id)
    assert stored.info.run_name == "first" and stored.info.status == "FINISHED"
    assert stored.data.params == {"depth": "3", "eta": "0.1"}
    assert stored.data.metrics["auc"] == 0.5 and math.isnan(stored.data.metrics["nan"])
    assert stored.data.metrics["inf"] == math.inf and stored.data.metrics["-inf"] == -math.inf
    assert stored.data.tags["weird key/with:chars"] == "ünï" and stored.data.tags["mlflow.note.content"] == "a try"
    history = mlflow_client.get_metric_history(run.info.run_id, "loss")
    assert [m.step for m in history] == list(range(100)) and history[3].value == 0.25
    assert mlflow_client.get_parent_run(child.info.run_id).info.run_id == run.info.run_id
    children = mlflow.search_runs(filter_string=f"tags.mlflow.parentRunId = '{run.info.run_id}'", output_format="list")
    assert [c.info.run_id for c in children] == [child.info.run_id]


def test_params_are_written_once(experiment, mlflow_client):
    run = mlflow_client.create_run(experiment.experiment_id)
    mlflow_client.log_param(run.info.run_id, "depth", 3)
    mlflow_client.log_param(run.info.run_id, "depth", 3)
    with pytest.raises(MlflowException, match="Changing param values is not allowed"):
        mlflow_client.log_param(run.info.run_id, "depth", 4)
    with pytest.raises(RestException):
        mlflow_client.log_batch(run.info.run_id, params=[Param("depth", "5"), Param("new", "1")])
    assert mlflow_client.get_run(run.info.run_id).data.params == {"depth": "3"}


def test_a_batch_of_a_thousand_metrics(experiment, mlflow_client):
    run = mlflow_client.create_run(experiment.experiment_id)
    now = int(time.time() * 1000)
    mlflow_client.log_batch(
        run.info.run_id,
        metrics=[Metric("m", float(i), now, i) for i in range(1000)],
        params=[],
        tags=[],
    )
    mlflow_client.log_batch(
        run.info.run_id,
        metrics=[],
        params=[Param(f"p{i}", str(i)) for i in range(100)],
        tags=[RunTag(f"t{i}", str(i)) for i in range(100)],
    )
    stored = mlflow_client.get_run(run.info.run_id)
    assert stored.data.metrics == {"m": 999.0} and len(stored.data.params) == 100
    assert len(mlflow_client.get_metric_history(run.info.run_id, "m")) == 1000


def test_search_filters_orders_and_pages(experiment, mlflow_client):
    for i in range(12):
        with mlflow.start_run(run_name=f"r{i}"):
            mlflow.log_param("depth", i % 3)
            mlflow.log_metric("auc", i / 12)
            mlflow.set_tag("parity", "even" if i % 2 == 0 else "odd")
    ids = [experiment.experiment_id]
    frame = mlflow.search_runs(
        filter_string="metrics.auc >= 0.5 and params.depth != '1' and tags.parity LIKE 'e%'", order_by=["metrics.auc DESC"]
    )
    assert list(frame["metrics.auc"] * 12) == pytest.approx([8, 6])
    page = mlflow_client.search_runs(ids, max_results=5, order_by=["metrics.auc ASC"])
    seen = [r.info.run_name for r in page]
    while page.token:
        page = mlflow_client.search_runs(ids, max_results=5, order_by=["metrics.auc ASC"], page_token=page.token)
        seen += [r.info.run_name for r in page]
    assert seen == [f"r{i}" for i in range(12)]
    with pytest.raises(RestException) as wrong:
        mlflow_client.search_runs(ids, "metrics.auc > 0.5 OR metrics.auc < 0.1")
    assert wrong.value.error_code == "INVALID_PARAMETER_VALUE"


def test_runs_are_deleted_restored_and_ended(experiment, mlflow_client):
    run = mlflow_client.create_run(experiment.experiment_id)
    mlflow_client.set_terminated(run.info.run_id, RunStatus.to_string(RunStatus.KILLED))
    assert mlflow_client.get_run(run.info.run_id).info.status == "KILLED"
    mlflow_client.delete_run(run.info.run_id)
    assert mlflow_client.search_runs([experiment.experiment_id]) == []
    mlflow_client.restore_run(run.info.run_id)
    assert len(mlflow_client.search_runs([experiment.experiment_id])) == 1
    mlflow_client.set_tag(run.info.run_id, "a", "b")
    mlflow_client.delete_tag(run.info.run_id, "a")
    assert "a" not in mlflow_client.get_run(run.info.run_id).data.tags
    with pytest.raises(RestException) as missing:
        mlflow_client.get_run("0" * 32)
    assert missing.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_datasets_are_remembered(experiment, mlflow_client):
    data = mlflow.data.from_pandas(pd.DataFrame({"x": [1, 2], "y": [0, 1]}), source="file:///x.csv", name="toy", targets="y")
    with mlflow.start_run() as run:
        mlflow.log_input(data, context="training")
    inputs = mlflow_client.get_run(run.info.run_id).inputs.dataset_inputs
    assert [i.dataset.name for i in inputs] == ["toy"] and inputs[0].tags[0].value == "training"
    assert len(mlflow.search_runs(filter_string="dataset.name = 'toy'")) == 1


def test_artifacts_go_up_and_come_down(experiment, mlflow_client, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text("alpha")
    (tmp_path / "sub" / "ü b.bin").write_bytes(bytes(range(256)) * 4096)
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(tmp_path), "files")
        mlflow.log_dict({"a": 1}, "conf/a.json")
        mlflow.log_text("hello", "note.txt")
    run_id = run.info.run_id
    assert [f.path for f in mlflow_client.list_artifacts(run_id)] == ["conf", "files", "note.txt"]
    assert {f.path: f.file_size for f in mlflow_client.list_artifacts(run_id, "files")} == {"files/a.txt": 5, "files/sub": None}
    assert mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/conf/a.json") == {"a": 1}
    got = pathlib.Path(mlflow_client.download_artifacts(run_id, "files", str(tmp_path)))
    assert (got / "sub" / "ü b.bin").read_bytes() == bytes(range(256)) * 4096
    with pytest.raises(Exception):
        mlflow_client.download_artifacts(run_id, "nothing.txt", str(tmp_path))


def test_a_file_longer_than_any_other_request_goes_up_and_down(experiment, mlflow_client, tmp_path):
    block = bytes(range(256)) * 4096
    large = tmp_path / "large.bin"
    with open(large, "wb") as file:
        for _ in range(200):
            file.write(block)
    with mlflow.start_run() as run:
        mlflow.log_artifact(str(large))
    (tmp_path / "down").mkdir()
    got = mlflow_client.download_artifacts(run.info.run_id, "large.bin", str(tmp_path / "down"))
    assert pathlib.Path(got).stat().st_size == 200 * len(block)
    with open(got, "rb") as file:
        assert all(file.read(len(block)) == block for _ in range(200))


@pytest.mark.parametrize("path", ["../x", "a/../../x", "..%2F..%2Fetc%2Fpasswd", "%2e%2e/x", "/etc/passwd", "a\\..\\..\\x"])
def test_no_path_leaves_the_artifact_root(millwright, path):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", millwright.port)
    for method in ("GET", "PUT", "DELETE"):
        connection.request(method, "/api/2.0/mlflow-artifacts/artifacts/" + path, body=b"x" if method == "PUT" else None)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status in (400, 404), (method, path, answer.status, body)
        assert b"root:" not in body
    connection.request("GET", f"/api/2.0/mlflow-artifacts/artifacts?path={path.replace(chr(92), '%5C')}")
    answer = connection.getresponse()
    assert answer.status == 400
    assert json.loads(answer.read())["error_code"] == "INVALID_PARAMETER_VALUE"
    connection.close()


def test_what_is_not_implemented_says_so(millwright):
    import urllib.error
    import urllib.request

    for path in ("/api/3.0/mlflow/traces/search", "/api/2.0/mlflow/webhooks", "/api/3.0/mlflow/gateway/secrets/create"):
        request = urllib.request.Request(millwright.url + path, data=b"{}", method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        assert refused.value.code == 501
        assert json.load(refused.value)["error_code"] == "NOT_IMPLEMENTED"
    with pytest.raises(mlflow.exceptions.MlflowException, match="Prompts are not implemented"):
        mlflow.genai.register_prompt(name="greeting", template="Hello {{name}}")
    assert not mlflow.search_registered_models(filter_string="name = 'greeting'")
