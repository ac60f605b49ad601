"""Times the shapes of docs/search.md against a server whose database fill.py filled.

    search.py http://127.0.0.1:8750 [--rounds 100] [--size 100] [--json FILE]

Shapes are taken in turn, so that whatever else the machine does meets all of them alike. The first ten rounds of each are left out: the
server's compiler and the caches warm up in them.
"""

import argparse
import http.client
import json
import time
import urllib.parse

WARM_UP = 10
BIG, SMALL = "1001", "1002"
SHAPES = {
    # name: (experiments, filter, order, page)
    "newest of an experiment of 500,000": ([BIG], "", [], 1),
    "newest of an experiment of 10,000": ([SMALL], "", [], 1),
    "newest of fifty-one experiments": ([str(1001 + i) for i in range(51)], "", [], 1),
    "the same, page 50": ([BIG], "", [], 50),
    "by start, oldest first": ([BIG], "", ["attributes.start_time ASC"], 1),
    "by name": ([BIG], "", ["attributes.run_name ASC"], 1),
    "by a metric": ([BIG], "", ["metrics.auc DESC"], 1),
    "by a metric, page 50": ([BIG], "", ["metrics.auc DESC"], 50),
    "by a metric of 101 values": ([BIG], "", ["metrics.accuracy DESC"], 1),
    "by a metric, in an experiment of 10,000": ([SMALL], "", ["metrics.auc DESC"], 1),
    "a metric, by another": ([BIG], "metrics.auc > 0.5", ["metrics.loss ASC"], 1),
    "a metric, by another, page 50": ([BIG], "metrics.auc > 0.5", ["metrics.loss ASC"], 50),
    "a metric of few runs, by another": ([BIG], "metrics.auc > 0.999", ["metrics.loss ASC"], 1),
    "two metrics, by the start": ([BIG], "metrics.auc > 0.7 AND metrics.loss < 0.3", [], 1),
    "a param of a fifth": ([BIG], "params.learner = 'xgboost'", [], 1),
    "a param of one run": ([BIG], "params.seed = '500000'", [], 1),
    "a param and a metric, by the metric": ([BIG], "params.depth = '4' AND metrics.auc > 0.8", ["metrics.auc DESC"], 1),
    "a tag of a twentieth": ([BIG], "tags.team = 'team4'", [], 1),
    "a tag of a thousandth, by a metric": ([BIG], "tags.host = 'host42'", ["metrics.auc DESC"], 1),
    "a status of a twentieth": ([SMALL], "status = 'FAILED'", [], 1),
    "a rare status": ([BIG], "status = 'RUNNING'", [], 1),
    "names that begin so": ([BIG], "run_name LIKE 'sweep-77%'", [], 1),
    "names that begin so, many": ([BIG], "run_name LIKE 'night%'", [], 1),
    "children of a run": ([BIG, SMALL], "tags.mlflow.parentRunId = '%032x'" % 500000, [], 1),
    "a range of starts": ([BIG], "attributes.start_time > 1700500000000 AND attributes.start_time < 1700500900000", [], 1),
}


class Client:
    def __init__(self, url):
        address = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(address.hostname, address.port)

    def post(self, path, body):
        return self.request("POST", path, json.dumps(body))

    def get(self, path):
        return self.request("GET", path, None)

    def request(self, method, path, body):
        return json.loads(self.raw(method, path, body))

    def raw(self, method, path, body, again=True):
        try:
            self.connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = self.connection.getresponse()
            text = answer.read()
        except (ConnectionError, http.client.RemoteDisconnected):
            self.connection.close()  # servers close connections that were idle; the next request opens one
            if not again:
                raise
            return self.raw(method, path, body, False)
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {text[:500]!r}")
        return text

    def search(self, experiments, filter, order, size, token=None):
        body = {"experiment_ids": experiments, "filter": filter, "order_by": order, "max_results": size}
        return self.post("/api/2.0/mlflow/runs/search", body | ({"page_token": token} if token else {}))


def token_of(client, experiments, filter, order, page, size):
    token = None
    for _ in range(page - 1):
        token = client.search(experiments, filter, order, size, token)["next_page_token"]
    return token


def measure(url, rounds, size):
    client = Client(url)
    tokens = {
        name: token_of(client, experiments, filter, order, page, size)
        for name, (experiments, filter, order, page) in SHAPES.items()
    }
    taken = {name: [] for name in SHAPES}
    found = {}
    for _ in range(WARM_UP + rounds):
        for name, (experiments, filter, order, _) in SHAPES.items():
            begun = time.perf_counter()
            answer = client.search(experiments, filter, order, size, tokens[name])
            taken[name].append(time.perf_counter() - begun)
            found[name] = len(answer["runs"])
    rows = []
    for name, times in taken.items():
        sorted_times = sorted(times[WARM_UP:])
        rows.append({
            "shape": name,
            "runs": found[name],
            "p50_ms": 1e3 * sorted_times[len(sorted_times) // 2],
            "p99_ms": 1e3 * sorted_times[min(len(sorted_times) - 1, int(len(sorted_times) * 0.99))],
        })
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--json")
    options = parser.parse_args()
    rows = measure(options.url, options.rounds, options.size)
    for row in rows:
        print(f"{row['shape']:45} {row['runs']:5} runs {row['p50_ms']:9.1f} {row['p99_ms']:9.1f} ms")
    if options.json:
        with open(options.json, "w") as file:
            json.dump(rows, file, indent=1)
