"""What is compared: servers of one model, each on the first core, and ONNX Runtime without a server."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tracking"))

import servers  # noqa: E402

SERVER_CORE, GENERATOR_CORE = sorted(os.sched_getaffinity(0))[:2]
DIST = servers.ROOT / "app" / "target" / "dist"
JAVA = [
    os.path.join(os.environ["JAVA_HOME"], "bin", "java"), "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
    f"-Donnxruntime.native.path={DIST}/native", "-Dcom.linecorp.armeria.tlsEngineType=jdk", "-Dio.netty.jfr.enabled=false",
]  # fmt: skip
TICK = os.sysconf("SC_CLK_TCK")


def compile_java(work):
    """The folder of the classes of java/, against the libraries of this build."""
    classes = work / "classes"
    classes.mkdir()
    sources = sorted((HERE / "java").glob("*.java"))
    javac = pathlib.Path(JAVA[0]).with_name("javac")
    subprocess.run([javac, "-nowarn", "-proc:none", "-d", classes, "-cp", f"{DIST}/lib/*", *sources], check=True)
    return classes


def java(classes, *words):
    return [*JAVA, "-cp", f"{classes}:{DIST}/lib/*", *map(str, words)]


class Pinned(servers.Server):
    """A server that has one core, and what it needed of it."""

    def pinned(self, *command):
        return ["taskset", "-c", str(SERVER_CORE), *map(str, command)]

    def cpu_seconds(self):
        return sum(int(fields[11]) + int(fields[12]) for fields in self.processes()) / TICK

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"


class BareHandler(Pinned):
    def __init__(self, work, classes, model, rows):
        super().__init__(f"bare-handler-{model.stem}-{rows}", work)
        self.words = [classes, "BareHandler", model, self.port, rows]

    def command(self):
        return self.pinned(*java(*self.words))


class FastApi(Pinned):
    def __init__(self, work, model):
        super().__init__(f"fastapi-{model.stem}", work)
        self.model = model

    def command(self):
        return self.pinned(sys.executable, HERE / "fastapi_server.py", self.model, self.port)


class MlServer(Pinned):
    """In one process: with workers of their own it has one core for several, and a queue between them."""

    ready = "/v2/health/ready"

    def __init__(self, work, model, name):
        super().__init__(f"mlserver-{model.stem}", work)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=self.name, dir=work))
        settings = {
            "host": "127.0.0.1", "http_port": self.port, "grpc_port": servers.free_port(), "metrics_port": servers.free_port(),
            "parallel_workers": 0, "debug": False,
        }  # fmt: skip
        of_model = {"name": name, "implementation": "onnx_model.OnnxModel", "parameters": {"uri": str(model), "version": "1"}}
        (self.folder / "settings.json").write_text(json.dumps(settings))
        (self.folder / "model-settings.json").write_text(json.dumps(of_model))

    def command(self):
        program = os.environ["BENCH_MLSERVER"]
        return self.pinned("env", f"PYTHONPATH={HERE / 'mlserver_model'}", program, "start", self.folder)


class Millwright(Pinned):
    """With its default settings: the prediction log and the metrics are on."""

    def __init__(self, work):
        super().__init__("millwright", work)
        self.home = work / "home"
        self.launcher = os.environ.get("BENCH_MILLWRIGHT", str(servers.ROOT / "millwright"))
        self.words = ()

    def command(self):
        return self.pinned(self.launcher, "server", "--home", self.home, "--port", self.port, *self.words)

    def restart(self, *words):
        """With further words on its command line."""
        self.stop()
        self.words = words
        self.start()

    def run_pipeline(self, file, **settings):
        """Trains, registers and deploys; the server must not run yet."""
        words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
        done = subprocess.run([self.launcher, "run", str(file), "--home", str(self.home), *words], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])

    def get(self, path):
        with urllib.request.urlopen(self.url(path), timeout=60) as answer:
            return answer.read()

    def post(self, path, body):
        token = json.loads((self.home / "owner.json").read_text())["token"]
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        request = urllib.request.Request(self.url(path), json.dumps(body).encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as e:
            raise RuntimeError(f"{path}: {e.code} {e.read().decode()}") from e

    def shares(self, endpoint):
        """How many requests each version of an endpoint has answered."""
        pattern = rf'^millwright_requests_total\{{endpoint="{endpoint}",model="[^"]*",version="(\d+)",outcome="ok"\}} (\S+)$'
        return {int(version): float(count) for version, count in re.findall(pattern, self.get("/metrics").decode(), re.MULTILINE)}


class InProcess(Pinned):
    """No server: a process that measures itself when told to, and is idle between."""

    def __init__(self, work, classes, model, rows):
        super().__init__(f"in-process-{model.stem}-{rows}", work)
        self.words = [classes, "InProcess", model, rows]

    def command(self):
        return self.pinned(*java(*self.words))

    def start(self):
        self.process = subprocess.Popen(
            self.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
        )

    def calls(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return {"per_second": float(self.process.stdout.readline())}
