"""The rows of the table: which servers are started, what they are asked, and how."""

import json
import statistics
import urllib.request

import contestants
import generators
import measure
import models

ONE_ROW = "one row"
BATCH = 64
MANY = 200
LONGEST_WAIT = "10ms"
SKEW = 1.1
AGREE = 1e-4


class Bench:
    """What is running, and what was found so far."""

    def __init__(self, work, millwright, classes, options, running, found):
        self.work = work
        self.millwright = millwright
        self.classes = classes
        self.options = options
        self.running = running
        self.found = found
        self.one_row_contenders = []
        self.has_perceptron = False

    def file(self, name, content):
        path = self.work / name
        path.write_bytes(content)
        return path

    def start(self, server):
        server.start()
        self.running.callback(server.stop)
        return server

    def group(self, name, contenders):
        self.same_answers(name, [contender for contender in contenders if contender.target and "json" in contender.target.body.name])
        rows = measure.group(name, contenders, self.options.runs, self.options.seconds)
        self.found["rows"] += rows
        self.found["resident_mb"][f"after {name}"] = self.millwright.resident_mb()
        return rows

    def same_answers(self, name, contenders):
        """All have the same file: who says something else is not compared. Millwright is asked for the version of that file."""
        first = None
        for contender in contenders:
            url = contender.target.url
            if contender.server is self.millwright:
                url = url.replace("/infer", "/versions/1/infer")
            request = urllib.request.Request(url, contender.target.body.read_bytes(), {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                outputs = {output["name"]: output["data"] for output in json.load(answer)["outputs"]}
            scores = outputs.get("probabilities", outputs.get("prediction"))
            first = first or scores
            if len(scores) != len(first) or max(abs(a - b) for a, b in zip(scores, first)) > AGREE:
                raise RuntimeError(f"{name}: {contender.name} says {scores[:4]} (expected: {first[:4]}, as the others)")

    def ours(self, model, rows):
        """Millwright's doors: JSON, binary tensors, gRPC."""
        path = self.millwright.url(f"/v2/models/{model}/infer")
        binary, head = models.as_binary(rows)
        bodies = {
            "json": self.file(f"{rows}.json", models.as_json(rows)),
            "binary": self.file(f"{rows}.binary", binary),
            "grpc": self.file(f"{model}-{rows}.grpc", models.as_grpc(model, rows)),
        }
        as_bytes = ("Content-Type: application/octet-stream", f"Inference-Header-Content-Length: {head}")
        as_grpc = ("Content-Type: application/grpc", "TE: trailers")
        service = self.millwright.url("/inference.GRPCInferenceService/ModelInfer")
        warm_up = self.options.warm_up
        grpc = generators.Target(service, bodies["grpc"], as_grpc, grpc=True)
        yield measure.Contender("millwright-json", "Millwright, JSON", self.millwright, generators.Target(path, bodies["json"]), warm_up)
        yield measure.Contender(
            "millwright-binary", "Millwright, binary tensors", self.millwright, generators.Target(path, bodies["binary"], as_bytes), warm_up,
            served=lambda: "binary_tensor_data" in json.loads(self.millwright.get("/v2"))["extensions"],
        )  # fmt: skip
        yield measure.Contender(
            "millwright-grpc", "Millwright, gRPC", self.millwright, grpc, warm_up, served=lambda: self.speaks_grpc(model, grpc)
        )

    def speaks_grpc(self, model, target):
        """An answer of gRPC is a 200 even where it failed, so the server's own count of predictions has the last word."""
        before = sum(self.millwright.shares(model).values())
        try:
            found = generators.h2load(target, 1)
        except generators.Disappointed:
            return False
        return found["refused"] == 0 and sum(self.millwright.shares(model).values()) - before >= found["requests"] > 0

    def theirs(self, model, rows, mlserver=True):
        """The same file and the same body elsewhere."""
        name, warm_up = model.stem, self.options.warm_up
        body = self.file(f"{rows}.json", models.as_json(rows))
        in_process = self.start(contestants.InProcess(self.work, self.classes, model, rows))
        bare = self.start(contestants.BareHandler(self.work, self.classes, model, rows))
        python_warm_up = min(warm_up, 3) if self.options.quick else warm_up

        def target(server):
            return generators.Target(server.url(f"/v2/models/{name}/infer"), body)

        yield measure.Contender("in-process", "ONNX Runtime in process", in_process, warm_up=python_warm_up)
        yield measure.Contender("bare-handler", "bare Armeria handler, JSON", bare, target(bare), warm_up)
        yield from self.ours(name, rows)
        fastapi = self.start(contestants.FastApi(self.work, model))
        yield measure.Contender("fastapi", "FastAPI, one worker, JSON", fastapi, target(fastapi), python_warm_up)
        if mlserver:
            server = self.start(contestants.MlServer(self.work, model, name))
            yield measure.Contender("mlserver", "MLServer, JSON", server, target(server), python_warm_up)

    def one_row(self):
        self.one_row_contenders = list(self.theirs(self.work / "gbm.onnx", 1))
        self.group(ONE_ROW, self.one_row_contenders)
        shares = self.millwright.shares("gbm")
        self.found["canary_share"] = shares[2] / sum(shares.values())
        print(f"  of Millwright's answers {100 * self.found['canary_share']:.0f} % were the canary's", flush=True)

    def constant_rate(self):
        """At 70 % of what each answered in the closed loop, with the latency from when a request was to be sent."""
        print(f"\n{ONE_ROW}, at 70 % of that, constant rate: milliseconds from when a request was due", flush=True)
        medians = {row["key"]: row["per_second"]["median"] for row in self.found["rows"] if row["group"] == ONE_ROW and row["served"]}
        self.found["constant_rate"] = []
        for contender in self.one_row_contenders:
            if contender.target and not contender.target.grpc and contender.key in medians:
                self.found["constant_rate"].append(self.at_constant_rate(contender, 0.7 * medians[contender.key]))

    def at_constant_rate(self, contender, rate):
        tries = [self.constant(contender.server, contender.target, rate) for _ in range(self.options.runs)]
        kept = [found["answers"]["200"] for found in tries if not found["failed"] and "200" in found["answers"]]
        row = {"key": contender.key, "name": contender.name, "rate": rate, "kept_schedule": len(kept), "runs": tries}
        for figure in ("p50", "p99", "p999") if kept else ():
            row[figure] = statistics.median(answers[figure] for answers in kept)
        times = f"p50 {row['p50']:.2f}  p99 {row['p99']:.2f}  p99.9 {row['p999']:.2f}" if kept else "the generator fell behind: no figure"
        print(f"  {contender.name:32} {rate:10,.0f}/s  {times}  ({len(kept)} of {len(tries)} runs kept the schedule)", flush=True)
        return row

    def constant(self, server, target, rate, *words, **settings):
        seconds = self.options.seconds
        return measure.calm(server, lambda: generators.constant(self.classes, target, rate, seconds, *words, **settings))

    def batch(self):
        self.group(f"{BATCH} rows a request", list(self.theirs(self.work / "gbm.onnx", BATCH)))

    def perceptron(self):
        self.log_perceptron()
        self.group("perceptron of four layers, one row", list(self.theirs(self.work / "perceptron.onnx", 1, mlserver=False)))

    def log_perceptron(self):
        if not self.has_perceptron:
            onnx = models.perceptron()
            self.file("perceptron.onnx", onnx.SerializeToString())
            models.log(self.millwright, onnx, ["perceptron"])
            self.has_perceptron = True

    def many_models(self):
        """Two hundred models, the k-th of them asked 1/k^1.1 as often as the first."""
        import onnx

        names = [f"model-{i:03}" for i in range(MANY)]
        models.log(self.millwright, onnx.load(self.work / "gbm.onnx"), names)
        lines = "".join(f"{1 / (i + 1) ** SKEW:.6f} /v2/models/{name}/infer\n" for i, name in enumerate(names))
        target = generators.Target(
            self.millwright.url("/"), self.file("1.json", models.as_json(1)), paths=self.file("paths", lines.encode())
        )
        many = measure.Contender("millwright-many", f"Millwright, JSON, {MANY} models", self.millwright, target, self.options.warm_up)
        rows = measure.group(f"{MANY} models, skewed", [many], self.options.runs, self.options.seconds)
        self.found["rows"] += rows
        self.found["resident_many_models_mb"] = rows[0]["resident_mb"]

    def overload(self):
        """Five times what it can do, of a model that costs more than its refusal does."""
        self.log_perceptron()
        target = next(self.ours("perceptron", BATCH)).target
        measured = measure.Contender("millwright-json", "capacity", self.millwright, target, self.options.warm_up)
        title = f"overload, perceptron, {BATCH} rows a request"
        capacity = measure.group(title, [measured], self.options.runs, self.options.seconds)[0]["per_second"]["median"]
        self.millwright.restart("--longest-wait", LONGEST_WAIT)
        self.constant(self.millwright, target, 0.7 * capacity, warm_up=self.options.warm_up)
        calm = [self.constant(self.millwright, target, 0.7 * capacity) for _ in range(self.options.runs)]
        rise = ("--warm-rate", 0.7 * capacity)  # from 70 %, so that the generator is warm when it matters
        storm = [self.constant(self.millwright, target, 5 * capacity, *rise, connections=2048) for _ in range(self.options.runs)]
        p99 = {name: self.median_p99(tries) for name, tries in (("calm", calm), ("storm", storm))}
        ratio = p99["storm"] / p99["calm"] if p99["calm"] and p99["storm"] else None
        self.found["overload"] = {"capacity": capacity, "calm": calm, "storm": storm, "p99_ms": p99, "p99_ratio": ratio}
        for name, tries in (("70 %", calm), ("500 %", storm)):
            self.describe(name, tries)

    @staticmethod
    def median_p99(tries):
        """Of accepted requests, in runs in which the generator kept its schedule."""
        kept = [found["answers"]["200"]["p99"] for found in tries if not found["failed"] and "200" in found["answers"]]
        return statistics.median(kept) if kept else None

    @staticmethod
    def describe(name, tries):
        for found in tries:
            answers = ", ".join(
                f"{status}: {each['per_second']:,.0f}/s p99 {each['p99']:,.1f} ms" for status, each in found["answers"].items()
            )
            lost = f"; unanswered {found['unanswered']}, broken {found['broken']}" if found["unanswered"] or found["broken"] else ""
            behind = f"; the generator fell {100 * found['behind']:.0f} % behind" if found["failed"] else ""
            print(f"  at {name}, {found['rate']:,.0f}/s: {answers or 'nothing answered'}{lost}{behind}", flush=True)

    def cross_check(self):
        """The generator of our own beside wrk, in a closed loop, and beside h2load, at one constant rate."""
        model, body = self.work / "gbm.onnx", self.file("1.json", models.as_json(1))
        bare = self.start(contestants.BareHandler(self.work, self.classes, model, 1))
        target = generators.Target(bare.url("/v2/models/gbm/infer"), body)
        seconds = self.options.seconds
        generators.closed(target, self.options.warm_up)
        rate = 0.4 * generators.closed(target, seconds)["per_second"]
        pace = ("--h1", "-c", 64, "--rps", rate / 64)

        def own(*words, **settings):
            found = self.constant(bare, target, rate, *words, **settings)
            return {**found["answers"]["200"], "others": found["others"]}

        ways = {
            "closed loop, wrk": lambda: measure.calm(bare, lambda: generators.closed(target, seconds)),
            "closed loop, own": lambda: own("--closed", connections=generators.UNDER_WAY),
            "constant rate, h2load": lambda: measure.calm(bare, lambda: generators.h2load(target, seconds, *pace)),
            "constant rate, own": own,
        }
        print("\ncross-check of the generator, on the bare handler")
        found = {name: [] for name in ways}
        for _ in range(self.options.runs):
            for name, way in ways.items():
                found[name].append(way())
        self.found["cross_check"] = found
        for name, tries in found.items():
            rate, p50, p99 = (statistics.median(each[figure] for each in tries) for figure in ("per_second", "p50", "p99"))
            print(f"  {name:32} {rate:10,.0f} {'':17} {p50:8.2f} {p99:8.2f}", flush=True)
