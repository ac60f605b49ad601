"""Ten thousand generated requests that no client would send: an error of the protocol for each, never a failure of the server."""

import http.client
import json
import random
import urllib.parse

API = "/api/2.0/mlflow/"
POSTS = """experiments/create experiments/search experiments/delete experiments/restore experiments/update
    experiments/set-experiment-tag experiments/delete-experiment-tag experiments/search-datasets runs/create runs/update
    runs/delete runs/restore runs/search runs/log-metric runs/log-parameter runs/set-tag runs/delete-tag runs/log-batch
    runs/log-model runs/log-inputs runs/outputs logged-models logged-models/search logged-models/X/params
    registered-models/create registered-models/rename registered-models/set-tag registered-models/alias
    registered-models/get-latest-versions model-versions/create model-versions/transition-stage model-versions/set-tag"""
GETS = """experiments/get experiments/get-by-name experiments/search runs/get metrics/get-history metrics/get-history-bulk
    metrics/get-history-bulk-interval artifacts/list logged-models/X logged-models/X/artifacts/directories
    registered-models/get registered-models/search registered-models/get-latest-versions registered-models/alias
    model-versions/get model-versions/search model-versions/get-download-uri"""
OTHERS = [
    ("PATCH", API + "logged-models/X"),
    ("PATCH", API + "logged-models/X/tags"),
    ("PATCH", API + "registered-models/update"),
    ("PATCH", API + "model-versions/update"),
    ("DELETE", API + "registered-models/delete"),
    ("DELETE", API + "model-versions/delete"),
    ("DELETE", API + "logged-models/X"),
    ("DELETE", API + "logged-models/X/tags/k"),
    ("DELETE", API + "registered-models/alias"),
    ("GET", "/api/2.0/mlflow-artifacts/artifacts"),
    ("GET", "/api/2.0/mlflow-artifacts/artifacts/X"),
    ("PUT", "/api/2.0/mlflow-artifacts/artifacts/X"),
    ("DELETE", "/api/2.0/mlflow-artifacts/artifacts/X"),
    ("GET", "/get-artifact"),
    ("GET", "/model-versions/get-artifact"),
]
ROUTES = [("POST", API + p) for p in POSTS.split()] + [("GET", API + p) for p in GETS.split()] + OTHERS
FIELDS = """name new_name experiment_id experiment_name run_id run_uuid key value metric_key timestamp step metrics params tags
    datasets models filter order_by max_results page_token view_type run_view_type status end_time start_time run_name user_id
    experiment_ids artifact_location model_id source_run_id model_type source run_link description version stage
    archive_existing_versions alias stages path artifact_directory_path model_json start_step end_step run_ids dataset_name
    dataset_digest""".split()
TEXTS = [
    "", "NaN", "-Infinity", "1e999", "../../etc/passwd", "a\0b", "😀ü", "'; DROP TABLE runs;--", "%", "\\", "a/b//c", "`", '"',
    "metrics.", "metrics.a >", "tags.a = 'b' AND", "a OR b", "tags.x IN ('a',", "params.`a` = '1'", "attributes.status = 'X'",
    "0", "1", "iris", "FINISHED", "ALL", "Staging", "champion", "metrics.a DESC", "eyJvZmZzZXQiOiAtNX0=",
]
NUMBERS = [0, 1, -1, 2**31, 2**63 - 1, -(2**63), 2**70, 1.5, 1e308, 1e-320]


def value(rnd, ids, depth=0):
    kind = rnd.randrange(10)
    if kind == 0:
        return rnd.choice([None, True, False])
    if kind == 1:
        return rnd.choice(NUMBERS)
    if kind == 2:
        return "x" * rnd.choice([1, 250, 251, 6001, 100_001])
    if kind == 3 and ids:
        return rnd.choice(ids)
    if kind in (4, 5) and depth < 3:
        return [value(rnd, ids, depth + 1) for _ in range(rnd.randrange(4))]
    if kind in (6, 7) and depth < 3:
        return {rnd.choice(FIELDS): value(rnd, ids, depth + 1) for _ in range(rnd.randrange(5))}
    return rnd.choice(TEXTS)


def request(rnd, ids):
    method, path = rnd.choice(ROUTES)
    if "/X" in path:
        part = rnd.choice(ids) if ids and rnd.random() < 0.5 else rnd.choice(TEXTS)
        path = path.replace("/X", "/" + urllib.parse.quote(part, safe=""))
    sent = {field: value(rnd, ids) for field in rnd.sample(FIELDS, rnd.randrange(7))}
    if ids and rnd.random() < 0.5:
        sent["run_id"] = rnd.choice(ids)
    if rnd.random() < 0.3:
        sent["experiment_id"] = "0"
    if method == "GET" and rnd.random() < 0.8:
        query = {k: v if isinstance(v, str) else json.dumps(v) for k, v in sent.items()}
        return method, path + "?" + urllib.parse.urlencode(query)[:20_000], None
    body = json.dumps(sent).encode()
    spoilt = rnd.random()
    if spoilt < 0.03:
        body = body[: len(body) // 2]
    elif spoilt < 0.05:
        body = rnd.randbytes(50)
    elif spoilt < 0.06:
        body = b"[" * 5000
    return method, path, body


def test_hostile_requests_are_refused_and_nothing_breaks(millwright):
    rnd = random.Random(20261122)
    connection = http.client.HTTPConnection("127.0.0.1", millwright.port, timeout=60)
    ids = []
    for _ in range(10_000):
        method, path, body = request(rnd, ids)
        connection.request(method, path, body=body, headers={"Content-Type": "application/json"} if body else {})
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status < 500 or answer.status == 501, (method, path[:300], (body or b"")[:500], answer.status, text[:300])
        if answer.status == 200 and path == API + "runs/create":
            ids.append(json.loads(text)["run"]["info"]["run_id"])
    connection.close()
    assert len(ids) > 5
    assert "whole" in millwright.run("events", "--verify")
