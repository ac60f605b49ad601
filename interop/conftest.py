"""Starts one Millwright for all tests, in a home of its own, and points MLflow's client at it."""

import os
import pathlib
import random
import socket
import subprocess
import time
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAUNCHER = os.environ.get("INTEROP_LAUNCHER", ROOT / "millwright")
DATABASE = ["--database", os.environ["INTEROP_DATABASE"]] if os.environ.get("INTEROP_DATABASE") else []
PATIENCE = 120
GRAPHS = ROOT / "serving/src/test/resources/dev/millwright/serving/graphs"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_customers(folder):
    """Customers of whom some leave, as customers.csv: always the same."""
    world = random.Random(1)
    lines = ["spend,visits,plan,churned"]
    for _ in range(1500):
        spend, visits, plan = world.gauss(50, 20), world.randrange(31), world.choice(["basic", "plus", "pro"])
        leaves = 0.1 * visits - 0.03 * spend + (plan == "basic") - 0.5 + world.gauss(0, 1) > 0
        lines.append(f"{spend:.2f},{visits},{plan},{'yes' if leaves else 'no'}")
    (folder / "customers.csv").write_text("\n".join(lines) + "\n")


class Millwright:
    """A running server and its command line."""

    def __init__(self, home, *options):
        self.home = home
        self.options = options
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = open(home.parent / "server.log", "a")
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [LAUNCHER, "server", "--home", self.home, "--port", str(self.port), *self.options, *DATABASE],
            stdout=self.log,
            stderr=self.log,
        )
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(self.url + "/readyz", timeout=1)
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(pathlib.Path(self.log.name).read_text())
                time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def run(self, *arguments):
        done = subprocess.run([LAUNCHER, *map(str, arguments), "--home", self.home], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def serve(self, file, name, *options):
        """Imports an ONNX file and has it answer under a name at once."""
        self.run("models", "import", file, "--name", name, "--endpoint", name, *options)
        return name


@pytest.fixture(scope="session")
def millwright(tmp_path_factory):
    os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "0"
    os.environ["MLFLOW_TRACKING_USERNAME"] = os.environ["MLFLOW_TRACKING_PASSWORD"] = ""
    server = Millwright(tmp_path_factory.mktemp("interop") / "home")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def graph(millwright):
    """Serves a graph of serving's tests with its own inputs and outputs, when it is first asked for."""
    served = set()

    def serve(name):
        if name not in served:
            millwright.serve(GRAPHS / f"{name}.onnx", name, "--tensors")
            served.add(name)
        return name

    return serve


@pytest.fixture(autouse=True)
def mlflow_client(millwright):
    import mlflow

    mlflow.set_tracking_uri(millwright.url)
    mlflow.set_registry_uri(millwright.url)
    yield mlflow.MlflowClient()
    while mlflow.active_run():
        mlflow.end_run()


@pytest.fixture
def experiment(request):
    import mlflow

    return mlflow.set_experiment(f"{request.node.name}-{time.time_ns()}")
