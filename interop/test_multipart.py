"""Large files in parts, as the client sends them when it is told to."""

import json
import logging
import pathlib
import urllib.error
import urllib.request

import mlflow
import pytest

CHUNK = 1 << 20


@pytest.fixture
def parts(monkeypatch):
    monkeypatch.setenv("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD", "true")
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE", str(CHUNK))
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE", str(CHUNK))


def call(millwright, path, body):
    request = urllib.request.Request(
        f"{millwright.url}/api/2.0/mlflow-artifacts/mpu/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def put(url, data):
    with urllib.request.urlopen(urllib.request.Request(url, data=data, method="PUT")) as answer:
        return answer.headers["ETag"]


def test_the_client_sends_a_large_file_in_parts(parts, experiment, mlflow_client, millwright, tmp_path, monkeypatch):
    from mlflow.store.artifact.http_artifact_repo import HttpArtifactRepository

    sent = []
    original = HttpArtifactRepository._upload_part
    monkeypatch.setattr(
        HttpArtifactRepository,
        "_upload_part",
        staticmethod(lambda credential, *a, **k: sent.append(credential.url) or original(credential, *a, **k)),
    )
    large = tmp_path / "large ü.bin"
    block = bytes(range(256)) * 4096
    large.write_bytes(block * 7 + b"tail")
    with mlflow.start_run() as run:
        mlflow.log_artifact(str(large), "deep/er")
        mlflow.log_text("small", "small.txt")
    assert len(sent) == 8 and all(url.startswith(millwright.url) for url in sent)
    (tmp_path / "down").mkdir()
    got = mlflow_client.download_artifacts(run.info.run_id, "deep/er/large ü.bin", str(tmp_path / "down"))
    assert pathlib.Path(got).read_bytes() == large.read_bytes()


def test_an_upload_goes_on_after_the_server_was_restarted(millwright, experiment, mlflow_client):
    path = f"{experiment.experiment_id}/x/artifacts"
    upload = call(millwright, f"create/{path}", {"path": "/home/me/large.bin", "num_parts": 2})
    urls = [credential["url"] for credential in upload["credentials"]]
    first = put(urls[0], b"alpha ")
    millwright.stop()
    millwright.start()
    second = put(urls[1], b"beta")
    call(
        millwright,
        f"complete/{path}",
        {
            "path": "/home/me/large.bin",
            "upload_id": upload["upload_id"],
            "parts": [{"part_number": 1, "etag": first}, {"part_number": 2, "etag": second}],
        },
    )
    with urllib.request.urlopen(f"{millwright.url}/api/2.0/mlflow-artifacts/artifacts/{path}/large.bin") as answer:
        assert answer.read() == b"alpha beta"


def test_wrong_parts_are_refused_in_the_protocols_words(millwright, experiment):
    path = f"{experiment.experiment_id}/x/artifacts"
    upload = call(millwright, f"create/{path}", {"path": "large.bin", "num_parts": 2})
    tags = [put(credential["url"], b"x" * 10 * credential["part_number"]) for credential in upload["credentials"]]
    whole = [{"part_number": i + 1, "etag": tag} for i, tag in enumerate(tags)]
    body = {"path": "large.bin", "upload_id": upload["upload_id"]}
    for parts_sent, code in [
        (whole[:1], 400),
        (whole[::-1], 400),
        ([whole[0], {"part_number": 2, "etag": tags[0]}], 400),
        ([whole[0], {"part_number": 2}], 400),
        ([{"part_number": "x", "etag": tags[0]}], 400),
        ("nonsense", 400),
    ]:
        with pytest.raises(urllib.error.HTTPError) as refused:
            call(millwright, f"complete/{path}", body | {"parts": parts_sent})
        assert refused.value.code == code
        assert json.load(refused.value)["error_code"] == "INVALID_PARAMETER_VALUE"
    with pytest.raises(urllib.error.HTTPError) as elsewhere:
        call(millwright, f"complete/{path}/other", body | {"parts": whole})
    assert elsewhere.value.code == 400
    call(millwright, f"abort/{path}", body)
    with pytest.raises(urllib.error.HTTPError) as gone:
        call(millwright, f"complete/{path}", body | {"parts": whole})
    assert gone.value.code == 404 and json.load(gone.value)["error_code"] == "RESOURCE_DOES_NOT_EXIST"


def test_a_client_whose_part_fails_aborts(parts, experiment, mlflow_client, millwright, tmp_path, monkeypatch, caplog):
    from mlflow.store.artifact.http_artifact_repo import HttpArtifactRepository

    def fail(*_, **__):
        raise OSError("cut")

    monkeypatch.setattr(HttpArtifactRepository, "_upload_part", staticmethod(fail))
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(3 * CHUNK))
    with mlflow.start_run() as run:
        with caplog.at_level(logging.WARNING), pytest.raises(Exception, match="Failed to upload at least one part"):
            mlflow.log_artifact(str(large))
    assert mlflow_client.list_artifacts(run.info.run_id) == []
    assert list((millwright.home / "artifacts" / "uploads").iterdir()) == []
