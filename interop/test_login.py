"""MLflow's client against a server that asks for a login."""

import subprocess

import mlflow
import pytest
from mlflow.exceptions import MlflowException

from conftest import LAUNCHER, Millwright

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    server = Millwright(tmp_path_factory.mktemp("login") / "home", "--login")
    for name, role in ("root", "administrator"), ("ana", "editor"), ("vera", "viewer"):
        subprocess.run(
            [LAUNCHER, "users", "add", name, "--role", role, "--password-stdin", "--home", server.home],
            input=PASSWORD,
            text=True,
            check=True,
            capture_output=True,
        )
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(guarded, monkeypatch):
    for variable in "USERNAME", "PASSWORD", "TOKEN":
        monkeypatch.delenv(f"MLFLOW_TRACKING_{variable}", raising=False)
    mlflow.set_tracking_uri(guarded.url)
    mlflow.set_registry_uri(guarded.url)
    return mlflow.MlflowClient()


def test_a_stranger_is_told_to_log_in(client):
    with pytest.raises(MlflowException, match="Authorization: missing"):
        client.search_experiments()


def test_a_name_and_a_password_let_an_editor_log(client, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ana")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", PASSWORD)
    mlflow.set_experiment("guarded")
    with mlflow.start_run() as run:
        mlflow.log_metric("auc", 0.9)
        mlflow.log_text("hello", "note.txt")
    assert client.get_run(run.info.run_id).data.metrics == {"auc": 0.9}
    assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/note.txt") == "hello"
    client.create_registered_model("guarded")
    version = client.create_model_version("guarded", run.info.artifact_uri + "/note.txt", run.info.run_id)
    with pytest.raises(MlflowException, match="PERMISSION_DENIED: setting the alias champion"):
        client.set_registered_model_alias("guarded", "champion", version.version)


def test_a_viewer_reads_and_does_not_write(client, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "vera")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", PASSWORD)
    assert client.search_experiments()
    with pytest.raises(MlflowException, match="PERMISSION_DENIED"):
        client.create_experiment("not hers")


def test_a_token_lets_in_until_it_is_revoked(guarded, client, monkeypatch):
    secret = guarded.run("tokens", "create", "--user", "ana", "--name", "ci", "--scope", "viewer").strip()
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", secret)
    assert client.search_experiments()
    with pytest.raises(MlflowException, match="PERMISSION_DENIED"):
        client.create_experiment("too wide")
    listed = guarded.run("tokens", "--user", "ana").splitlines()[1]
    guarded.run("tokens", "revoke", listed.split()[0])
    with pytest.raises(MlflowException, match="unknown, expired or wrong"):
        client.search_experiments()
