"""An existing MLflow brought over: from its running server, and from its database and files."""

import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import mlflow
import numpy as np
import pandas as pd
import pytest
from conftest import LAUNCHER, PATIENCE, Millwright, free_port
from mlflow import MlflowClient
from mlflow.entities import Metric, ViewType
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression

RANDOM = np.random.default_rng(3)
X = RANDOM.normal(size=(60, 3)).astype(np.float32)
MODEL = LogisticRegression().fit(X, X[:, 0] > 0)


class Original:
    """MLflow's own server, with a database and a folder of files."""

    def __init__(self, folder):
        self.folder = folder
        self.database = folder / "mlflow.db"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        environment = dict(os.environ, MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false")
        self.log = open(self.folder / "server.log", "w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{self.database}", "--port"]
            + [str(self.port), "--workers", "1"],
            cwd=self.folder,
            env=environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(self.url + "/health", timeout=1)
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, (self.folder / "server.log").read_text()
                time.sleep(0.2)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    server = Original(tmp_path_factory.mktemp("original"))
    server.start()
    mlflow.set_tracking_uri(server.url)
    mlflow.set_registry_uri(server.url)
    fill(MlflowClient())
    yield server
    server.stop()


def fill(client):
    mlflow.set_experiment(experiment_id="0")  # whatever tests before this one chose
    with mlflow.start_run(run_name="in default"):
        mlflow.log_metrics({"m": 1.0, "nan": math.nan, "inf": math.inf})
    mlflow.set_experiment("churn")
    client.set_experiment_tag(mlflow.get_experiment_by_name("churn").experiment_id, "team", "risk")
    data = mlflow.data.from_pandas(pd.DataFrame({"x": [1, 2]}), source="file:///x.csv", name="toy")
    with mlflow.start_run(run_name="parent", description="with children") as parent:
        mlflow.log_params({"depth": 3, "eta": 0.1})
        mlflow.log_metrics({"auc": 0.5})
        client.log_batch(parent.info.run_id, [Metric("loss", 1 / (i + 1), 1_700_000_000_000 + i, i) for i in range(900)])
        mlflow.log_input(data, context="training")
        mlflow.log_text("hello", "notes/ü.txt")
        mlflow.log_dict({"a": 1}, "conf.json")
        for i in range(3):
            with mlflow.start_run(run_name=f"child {i}", nested=True):
                mlflow.log_metric("auc", i / 3)
                mlflow.set_tag("weird key/with:chars", "ünï")
        onx = to_onnx(MODEL, X[:1], options={"zipmap": False})
        mlflow.onnx.log_model(onx, name="graph", registered_model_name="churn", input_example=X[:9])
        mlflow.sklearn.log_model(MODEL, name="pickle", registered_model_name="churn")
    with mlflow.start_run(run_name="failed") as failed:
        mlflow.log_metric("auc", 0.1)
    client.set_terminated(failed.info.run_id, "FAILED")
    client.delete_run(failed.info.run_id)
    client.create_run(mlflow.get_experiment_by_name("churn").experiment_id, run_name="still running")
    client.set_registered_model_alias("churn", "champion", "1")
    client.set_registered_model_tag("churn", "owner", "me")
    client.update_registered_model("churn", "who leaves")
    client.set_model_version_tag("churn", "2", "kind", "pickle")
    client.transition_model_version_stage("churn", "1", "Production")
    client.create_registered_model("elsewhere")
    client.create_model_version("elsewhere", "s3://bucket/model")
    client.create_registered_model("gaps")
    run = client.search_runs([mlflow.get_experiment_by_name("churn").experiment_id], "attributes.run_name = 'parent'")[0]
    for _ in range(3):
        client.create_model_version("gaps", f"{run.info.artifact_uri}/notes", run.info.run_id)
    client.delete_model_version("gaps", "2")
    client.delete_experiment(client.create_experiment("gone"))
    with mlflow.start_span("traced"):
        pass


def facts(client):
    """All that clients see, but for where it is."""
    experiments = {e.name: e for e in client.search_experiments(view_type=ViewType.ALL)}
    names = {e.experiment_id: e.name for e in experiments.values()}
    runs = {}
    for experiment in experiments.values():
        for run in client.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL):
            histories = {
                key: sorted((m.step, m.timestamp, repr(m.value)) for m in client.get_metric_history(run.info.run_id, key))
                for key in run.data.metrics
            }
            files = sorted(walk(client, run.info.run_id))
            runs[run.info.run_id] = {
                "experiment": names[run.info.experiment_id],
                "info": (run.info.run_name, run.info.status, run.info.start_time, run.info.end_time, run.info.lifecycle_stage),
                "user": run.info.user_id,
                "params": run.data.params,
                "tags": {k: v for k, v in run.data.tags.items() if k != "mlflow.log-model.history"},
                "metrics": {k: repr(v) for k, v in run.data.metrics.items()},
                "histories": histories,
                "datasets": sorted((d.dataset.name, d.dataset.digest, d.tags[0].value) for d in run.inputs.dataset_inputs),
                "outputs": sorted(m.model_id for m in run.outputs.model_outputs) if run.outputs else [],
                "files": files,
            }
    models = {
        m.model_id: (m.name, names[m.experiment_id], str(m.status), m.source_run_id, m.creation_timestamp, m.params, m.tags)
        for m in client.search_logged_models([e.experiment_id for e in experiments.values() if e.lifecycle_stage == "active"])
    }
    registered = {
        m.name: (m.description or "", m.tags, {a: str(v) for a, v in m.aliases.items()}, m.creation_timestamp)
        for m in client.search_registered_models()
    }
    versions = {
        (v.name, str(v.version)): (v.description or "", tags(v), v.current_stage, v.run_id or "", v.creation_timestamp)
        for v in client.search_model_versions()
    }
    return {
        "experiments": {n: (e.lifecycle_stage, e.tags, e.creation_time) for n, e in experiments.items() if n != "Default"},
        "runs": runs,
        "models": models,
        "registered": registered,
        "versions": versions,
    }


def tags(version):
    return {key: value for key, value in version.tags.items() if not key.startswith("millwright.")}


def walk(client, run_id, path=None):
    for file in client.list_artifacts(run_id, path):
        if file.is_dir:
            yield from walk(client, run_id, file.path)
        else:
            yield file.path, file.file_size


def bring(source, home, *options):
    done = subprocess.run(
        [LAUNCHER, "import", "mlflow", str(source), *map(str, options), "--home", home, "--json"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


@pytest.fixture(scope="module", params=["server", "database"])
def brought(request, original, tmp_path_factory):
    folder = tmp_path_factory.mktemp("brought")
    source = original.url if request.param == "server" else original.database
    report = bring(source, folder / "home")
    server = Millwright(folder / "home")
    server.start()
    yield server, report, source
    server.stop()


def clients(original, brought):
    return (MlflowClient(original.url, original.url), MlflowClient(brought[0].url, brought[0].url))


def test_clients_see_the_same(original, brought):
    before, after = (facts(client) for client in clients(original, brought))
    for part in before:
        assert after[part] == before[part], part


def test_the_report_says_what_came_and_what_did_not(original, brought):
    report = brought[1]
    assert report["runs"] == 7 and report["registered_models"] == 3 and report["versions"] == 5
    assert report["metric_values"] > 900 and report["files"] > 10 and report["logged_models"] == 2
    assert [each["experiment"] for each in report["mapped_experiments"]] == ["Default"]
    left = {each["what"] for each in report["not_brought"]}
    assert left == {"traces", "files of a model version"}


def test_models_that_came_over_are_loaded_and_deployed(original, brought, tmp_path):
    server = brought[0]
    mlflow.set_tracking_uri(server.url)
    mlflow.set_registry_uri(server.url)
    loaded = mlflow.sklearn.load_model("models:/churn/2")
    np.testing.assert_array_equal(loaded.predict(X), MODEL.predict(X))
    notes = mlflow.artifacts.download_artifacts(artifact_uri="models:/gaps/3", dst_path=str(tmp_path))
    assert (pathlib.Path(notes) / "ü.txt").read_text() == "hello"
    server.run("deploy", "churn/1", "--endpoint", "churn")
    body = {"inputs": [{"name": "X", "shape": [5, 3], "datatype": "FP32", "data": X[:5].ravel().tolist()}]}
    request = urllib.request.Request(server.url + "/v2/models/churn/infer", data=json.dumps(body).encode())
    with urllib.request.urlopen(request) as answer:
        outputs = {output["name"]: output for output in json.load(answer)["outputs"]}
    got = np.array(outputs["probabilities"]["data"]).reshape(5, 2)
    np.testing.assert_allclose(got, MODEL.predict_proba(X[:5]), rtol=1e-4, atol=1e-5)


def test_the_pages_show_what_came(original, brought):
    run = clients(original, brought)[1].search_runs(["1"], "attributes.run_name = 'parent'")[0]
    for path in ("/runs", f"/runs/{run.info.run_id}", "/models/churn", "/models/churn/versions/1", "/events"):
        with urllib.request.urlopen(urllib.request.Request(brought[0].url + path, headers={"Accept": "text/html"})) as answer:
            assert answer.status == 200


def test_a_second_time_changes_nothing_and_brings_what_is_new(original, brought):
    server, _, source = brought
    mlflow.set_tracking_uri(original.url)
    before = clients(original, brought)[0]
    running = before.search_runs(["1"], "attributes.status = 'RUNNING'")
    assert len(running) == 1
    refused = subprocess.run([LAUNCHER, "import", "mlflow", str(source), "--home", server.home], capture_output=True, text=True)
    assert refused.returncode != 0 and "Stop it, import, and start it again" in refused.stderr
    for run in running:
        before.log_metric(run.info.run_id, "late", 1.0)
    server.stop()
    report = bring(source, server.home)
    server.start()
    assert report["runs"] == 1 and report["runs_from_before"] >= 6 and report["files"] == 0
    assert report["logged_models"] == 0 and report["experiments"] == 0
    one, other = (facts(client) for client in clients(original, brought))
    assert other == one
    assert "import.finished" in server.run("events", "--json")


def test_an_interrupted_import_goes_on(original, tmp_path):
    home = tmp_path / "home"
    process = subprocess.Popen([LAUNCHER, "import", "mlflow", original.url, "--home", home], stderr=subprocess.DEVNULL)
    ledger = home / "imports"
    deadline = time.monotonic() + PATIENCE
    while not any("WHOLE_RUN" in log.read_text() for log in ledger.glob("*.log")):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    report = bring(original.url, home)
    assert report["runs_from_before"] >= 1 and report["runs"] + report["runs_from_before"] == 7
    server = Millwright(home)
    server.start()
    try:
        assert facts(MlflowClient(server.url, server.url)) == facts(MlflowClient(original.url, original.url))
    finally:
        server.stop()


@pytest.mark.parametrize(
    "source, message",
    [
        ("http://127.0.0.1:9", "does not answer as MLflow does"),
        ("no-such.db", "is no file"),
        (__file__, "can't be read as MLflow's database"),
    ],
)
def test_what_is_no_mlflow_is_refused(source, message, tmp_path):
    done = subprocess.run(
        [LAUNCHER, "import", "mlflow", source, "--home", tmp_path / "home"], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 2 and message in done.stderr


def test_files_of_a_server_that_kept_them_elsewhere_are_found_by_name(original, tmp_path):
    shutil.copy(original.database, tmp_path / "mlflow.db")
    report = bring(tmp_path / "mlflow.db", tmp_path / "home")
    assert report["files"] == 0
    assert any("--artifacts DIR" in each["why"] for each in report["not_brought"])
    report = bring(tmp_path / "mlflow.db", tmp_path / "home", "--artifacts", original.folder / "mlartifacts")
    assert report["files"] > 10
