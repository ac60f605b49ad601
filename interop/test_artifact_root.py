"""Files that clients write by themselves into a folder of this machine, and that the server reads there."""

import json
import pathlib
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import mlflow
import numpy as np
import pytest
from conftest import LAUNCHER, ROOT, Millwright, write_customers
from sklearn.linear_model import LogisticRegression


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("client files")


@pytest.fixture(scope="module")
def server(root):
    process = subprocess.Popen(
        [LAUNCHER, "server", "--ephemeral", "--port", "0", "--json", "--artifact-root", root.as_uri()],
        stdout=subprocess.PIPE,
        text=True,
    )
    printed = ""
    while not printed.endswith("}\n"):
        line = process.stdout.readline()
        assert line, "the server ended before it served"
        printed += line
    yield json.loads(printed)["url"]
    process.terminate()
    process.wait(30)


@pytest.fixture
def client(server):
    mlflow.set_tracking_uri(server)
    mlflow.set_registry_uri(server)
    return mlflow.MlflowClient()


def get(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def test_clients_write_by_themselves_and_the_server_reads(client, server, root, tmp_path):
    mlflow.set_experiment("local")
    with mlflow.start_run() as run:
        mlflow.log_text("hello", "notes dir/ü.txt")
        mlflow.log_metric("auc", 0.5)
    run_id = run.info.run_id
    local = root / run.info.experiment_id / run_id / "artifacts" / "notes dir" / "ü.txt"
    assert local.read_text() == "hello"
    assert [f.path for f in client.list_artifacts(run_id)] == ["notes dir"]
    listed = json.loads(get(f"{server}/api/2.0/mlflow/artifacts/list?run_id={run_id}&path=notes%20dir"))
    assert [f["path"] for f in listed["files"]] == ["notes dir/ü.txt"]
    name = urllib.parse.quote("notes dir/ü.txt")
    assert get(f"{server}/get-artifact?run_uuid={run_id}&path={name}") == b"hello"
    assert "notes dir/" in get(f"{server}/runs/{run_id}").decode()
    assert "ü.txt" in get(f"{server}/runs/{run_id}/files?path=notes%20dir").decode()


def test_a_logged_model_is_registered_and_loaded(client, server, root):
    mlflow.set_experiment("local")
    x = np.random.default_rng(0).normal(size=(50, 3))
    model = LogisticRegression().fit(x, x[:, 0] > 0)
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(model, name="model", registered_model_name="local-model")
    assert (root / "1" / "models" / info.model_id / "artifacts" / "MLmodel").exists()
    loaded = mlflow.pyfunc.load_model("models:/local-model/1")
    np.testing.assert_array_equal(loaded.predict(x), model.predict(x))
    fetched = get(f"{server}/model-versions/get-artifact?name=local-model&version=1&path=MLmodel")
    assert fetched == (root / "1" / "models" / info.model_id / "artifacts" / "MLmodel").read_bytes()
    assert b"local-model" in get(f"{server}/models/local-model/versions/1")


@pytest.mark.parametrize("path", ["..%2F..%2F..%2Fsecret.txt", "link.txt", "up/secret.txt", "%2Fetc%2Fpasswd"])
def test_no_path_leaves_the_root(client, server, root, path):
    (root.parent / "secret.txt").write_text("secret")
    with mlflow.start_run() as run:
        mlflow.log_text("hello", "note.txt")
    directory = pathlib.Path(urllib.request.url2pathname(urllib.parse.urlparse(run.info.artifact_uri).path))
    (directory / "link.txt").symlink_to(root.parent / "secret.txt")
    (directory / "up").symlink_to(root.parent)
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(f"{server}/get-artifact?run_uuid={run.info.run_id}&path={path}")
    assert refused.value.code == 400 and b"secret\n" not in refused.value.read()


def test_a_version_whose_source_is_elsewhere_can_not_be_fetched(client, server, root):
    (root.parent / "secret.txt").write_text("secret")
    client.create_registered_model("elsewhere")
    client.create_model_version("elsewhere", root.parent.as_uri())
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(f"{server}/model-versions/get-artifact?name=elsewhere&version=1&path=secret.txt")
    assert refused.value.code == 400


def test_a_command_that_trains_writes_its_model_by_itself(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pipeline")
    root = tmp_path_factory.mktemp("written by themselves")
    write_customers(folder)
    (folder / "by-itself.yaml").write_text(f"""
pipeline: by-itself
data: {{customers: customers.csv}}
features: {{sql: "SELECT spend, visits, plan FROM customers"}}
label: churned = 'yes'
train: {{run: "'{sys.executable}' '{ROOT / "examples" / "sklearn" / "train.py"}'"}}
gate: [roc_auc >= 0.6]
""")
    server = Millwright(folder / "home", "--artifact-root", root.as_uri())
    server.start()
    try:
        summary = json.loads(server.run("run", folder / "by-itself.yaml", "--json"))
    finally:
        server.stop()
    assert [path.name for path in root.rglob("*.onnx")] == ["model.onnx"], "the client wrote it into the folder"
    assert summary["parity"]["rows"] == 240
    assert summary["metrics"]["test"]["roc_auc"] > 0.6
