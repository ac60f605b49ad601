"""Starts and stops what is compared: Millwright and MLflow's own server, each on SQLite or PostgreSQL."""

import glob
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PATIENCE = 180


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """A server of PostgreSQL with its default settings: each commit is synced."""

    def __init__(self, work):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin")) or [os.path.dirname(shutil.which("initdb") or "")]
        self.bin = os.environ.get("BENCH_PG_BIN", found[-1])
        self.data = work / "postgresql"
        self.port = free_port()
        # It refuses to run as root.
        self.user = [] if os.getuid() else ["runuser", "-u", "postgres", "--"]
        self.data.mkdir()
        if not os.getuid():
            os.chown(self.data, pwd.getpwnam("postgres").pw_uid, -1)

    def run(self, *command):
        subprocess.run([*self.user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self):
        self.run(f"{self.bin}/initdb", "-D", self.data, "-E", "UTF8", "--locale=C", "-A", "trust", "-U", "bench")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k ''"
        self.run(f"{self.bin}/pg_ctl", "-D", self.data, "-o", options, "-l", self.data / "log", "-w", "start")
        for name in ("millwright", "mlflow"):
            self.run(f"{self.bin}/createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "bench", name)

    def url(self, name):
        return f"postgresql://bench@127.0.0.1:{self.port}/{name}"

    def stop(self):
        self.run(f"{self.bin}/pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")


class Server:
    """A process, and those that it starts, which answers on a port of this machine."""

    ready = "/health"

    def __init__(self, name, work):
        self.name = name
        self.work = work
        self.port = free_port()
        self.process = None

    def start(self):
        with open(self.work / f"{self.name}.log", "a") as log:
            self.process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, start_new_session=True, env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"}
            )
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}{self.ready}", timeout=1)
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.work / f"{self.name}.log").read_text()[-2000:])
                time.sleep(0.1)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # a worker in the middle of a query may have stayed
        except ProcessLookupError:
            pass
        self.process.wait()

    def processes(self):
        """What the kernel says of each process that it consists of: the fields of proc_pid_stat(5) from the third on."""
        for status in glob.glob("/proc/[0-9]*/stat"):
            try:
                fields = pathlib.Path(status).read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it ended meanwhile
            if int(fields[3]) == self.process.pid:
                yield fields

    def resident_mb(self):
        return sum(int(fields[21]) for fields in self.processes()) * os.sysconf("SC_PAGE_SIZE") / 1e6


class Millwright(Server):
    def __init__(self, work, postgres):
        super().__init__("millwright", work)
        self.home = work / "millwright"
        self.database = postgres.url("millwright") if postgres else None

    def command(self):
        launcher = os.environ.get("BENCH_MILLWRIGHT", str(ROOT / "millwright"))
        database = ["--database", self.database] if self.database else []
        # As MLflow's server does, metrics are synced before they are acknowledged.
        return [launcher, "server", "--home", str(self.home), "--port", str(self.port), "--sync-metrics", *database]

    def sql(self):
        return self.database or f"sqlite:///{self.home}/state.db"


class Mlflow(Server):
    def __init__(self, work, postgres):
        super().__init__("mlflow", work)
        self.home = work / "mlflow"
        self.home.mkdir()
        self.database = postgres.url("mlflow") if postgres else f"sqlite:///{self.home}/mlflow.db"

    def command(self):
        store = self.database.replace("postgresql://", "postgresql+psycopg2://")
        return [
            sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(self.port),
            "--backend-store-uri", store, "--artifacts-destination", str(self.home / "artifacts"),
        ]

    def sql(self):
        return self.database
