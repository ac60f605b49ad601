"""A server for the tests of users' own code: it keeps nothing, and each test begins with an empty one."""

import json
import pathlib
import subprocess
import urllib.error
import urllib.request

import mlflow
import pytest
from conftest import LAUNCHER as MILLWRIGHT


@pytest.fixture(scope="session")
def server():
    """One server for all tests: its start takes about a second."""
    process = subprocess.Popen(
        [MILLWRIGHT, "server", "--ephemeral", "--port", "0", "--json"], stdout=subprocess.PIPE, text=True
    )
    printed = ""
    while not printed.endswith("}\n"):
        line = process.stdout.readline()
        assert line, "the server ended before it served"
        printed += line
    yield json.loads(printed)
    process.terminate()
    process.wait(30)


@pytest.fixture
def tracking(server):
    """MLflow's client, pointed at a server that is empty."""
    urllib.request.urlopen(urllib.request.Request(server["url"] + "/api/v1/reset", method="POST"))
    mlflow.set_tracking_uri(server["url"])
    mlflow.set_registry_uri(server["url"])
    mlflow.set_experiment(experiment_id="0")
    return mlflow.MlflowClient()


@pytest.mark.parametrize("attempt", range(3))
def test_each_test_finds_only_what_it_logged(tracking, attempt, tmp_path):
    assert [e.name for e in tracking.search_experiments()] == ["Default"]
    assert tracking.search_runs(["0"]) == [] and tracking.search_registered_models() == []
    experiment = mlflow.set_experiment("mine")
    assert experiment.experiment_id == "1"
    with mlflow.start_run() as run:
        mlflow.log_param("depth", attempt)
        mlflow.log_metric("auc", 0.9)
        mlflow.log_text("hello", "note.txt")
    found = tracking.get_run(run.info.run_id)
    assert found.data.params == {"depth": str(attempt)} and found.data.metrics == {"auc": 0.9}
    assert pathlib.Path(tracking.download_artifacts(run.info.run_id, "note.txt", str(tmp_path))).read_text() == "hello"
    tracking.create_registered_model("mine")
    version = tracking.create_model_version("mine", f"{run.info.artifact_uri}/model", run.info.run_id)
    assert version.version == "1"


def test_only_an_ephemeral_server_can_be_emptied(millwright, experiment, mlflow_client):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(millwright.url + "/api/v1/reset", method="POST"))
    assert refused.value.code == 404 and b"--ephemeral" in refused.value.read()
    assert mlflow_client.get_experiment_by_name(experiment.name) is not None


def test_pages_of_other_origins_can_not_empty_it(tracking, server):
    mlflow.set_experiment("mine")
    request = urllib.request.Request(server["url"] + "/api/v1/reset", method="POST", headers={"Origin": "http://evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 403
    assert tracking.get_experiment_by_name("mine") is not None
