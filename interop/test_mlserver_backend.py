"""MLServer as a backend: a model that it has answers here, over both wires. Skipped where there is no MLServer: the requirements
of its release and of the other clients exclude each other, so it comes from a virtual environment of its own (INTEROP_MLSERVER)."""

import json
import os
import shutil
import subprocess
import time
import urllib.request

import pytest
from conftest import PATIENCE, free_port

MLSERVER = os.environ.get("INTEROP_MLSERVER") or shutil.which("mlserver")
MODEL = """
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse


class Sums(MLModel):
    async def load(self):
        return True

    async def predict(self, payload):
        a, b = (NumpyCodec.decode_input(each) for each in sorted(payload.inputs, key=lambda each: each.name))
        return InferenceResponse(
            model_name=self.name,
            outputs=[NumpyCodec.encode_output("OUTPUT0", a + b), NumpyCodec.encode_output("OUTPUT1", a - b)],
        )
"""

pytestmark = pytest.mark.skipif(not MLSERVER, reason="no MLServer: set INTEROP_MLSERVER to its program")


def tensors(prefix):
    return [{"name": f"{prefix}{i}", "datatype": "INT32", "shape": [-1, 16]} for i in range(2)]


@pytest.fixture(scope="module")
def mlserver(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mlserver")
    rest, grpc = free_port(), free_port()
    settings = {"http_port": rest, "grpc_port": grpc, "metrics_port": free_port(), "parallel_workers": 0, "host": "127.0.0.1"}
    (folder / "settings.json").write_text(json.dumps(settings))
    (folder / "sums").mkdir()
    (folder / "sums/model.py").write_text(MODEL)
    model = {"name": "sums", "implementation": "model.Sums", "inputs": tensors("INPUT"), "outputs": tensors("OUTPUT")}
    (folder / "sums/model-settings.json").write_text(json.dumps(model))
    with open(folder / "log", "w") as log:
        process = subprocess.Popen([MLSERVER, "start", folder], cwd=folder, stdout=log, stderr=log)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{rest}/v2/models/sums/ready", timeout=1)
            break
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text())
            time.sleep(0.1)
    yield {"rest": rest, "grpc": grpc}
    process.terminate()
    process.wait(30)


@pytest.mark.parametrize("wire", ["rest", "grpc"])
def test_a_model_of_mlserver_answers_here(millwright, mlserver, wire):
    name = f"mlserver-{wire}"
    options = ["--grpc"] if wire == "grpc" else []
    url = f"http://127.0.0.1:{mlserver[wire]}"
    millwright.run("models", "connect", name, "--model", "sums", "--url", url, "--endpoint", name, *options)
    row = list(range(16))
    inputs = [{"name": each, "datatype": "INT32", "shape": [1, 16], "data": row} for each in ("INPUT0", "INPUT1")]
    request = urllib.request.Request(
        f"{millwright.url}/v2/models/{name}/infer", json.dumps({"inputs": inputs}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        outputs = json.load(answer)["outputs"]
    assert [each["name"] for each in outputs] == ["OUTPUT0", "OUTPUT1"]
    assert outputs[0]["data"] == [2 * x for x in row] and outputs[1]["data"] == [0] * 16
