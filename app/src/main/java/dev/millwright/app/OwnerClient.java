package dev.millwright.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.core.CoreError;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem;
import dev.millwright.pipelines.ModelConnection.Connected;
import dev.millwright.pipelines.ModelImport;
import dev.millwright.pipelines.ModelImport.Imported;
import dev.millwright.pipelines.RolloutDesk;
import dev.millwright.pipelines.RolloutView;
import dev.millwright.pipelines.RunEvent;
import dev.millwright.pipelines.RunListener;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.pipelines.RunSummary;
import dev.millwright.pipelines.StepOutputs.Deployed;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.registry.RegistryError;
import dev.millwright.serving.remote.RemoteTarget;
import dev.millwright.serving.remote.Secret;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Talks to the process that holds a home, over loopback, with the token that only the home's user can read. */
final class OwnerClient {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONG_PATIENCE = Duration.ofDays(1);
    private static final int OK = 300;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNAVAILABLE = 503;

    private final OwnerInfo owner;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    OwnerClient(OwnerInfo owner) {
        this.owner = owner;
    }

    /** The process that held the home did not answer, or would not: it ended, or is about to. */
    static final class OwnerGone extends MillwrightException {
        private static final long serialVersionUID = 1;

        private final boolean arrived;

        OwnerGone(long pid, IOException cause) {
            super(
                    CoreError.INTERRUPTED,
                    "process " + pid + ", which held the home, does not answer any more (expected: an answer)."
                            + " Try again.",
                    cause);
            this.arrived = !(cause instanceof ConnectException);
        }

        OwnerGone(String refusal) {
            super(CoreError.INTERRUPTED, refusal);
            this.arrived = true;
        }

        /** Whether the request may have arrived. */
        boolean mayHaveArrived() {
            return arrived;
        }
    }

    /** Hands a run over; returns its id. */
    String submit(RunRequest request) {
        return post(
                        "/api/v1/runs",
                        Map.of(
                                "file", request.file(),
                                "folder", request.folder().toString(),
                                "text", request.text(),
                                "settings", request.settings()))
                .path("run")
                .asText();
    }

    /** Asks for an interrupted run to go on; returns its id. */
    String resume(Optional<String> run) {
        return post("/api/v1/runs/resume", Map.of("run", run.orElse("")))
                .path("run")
                .asText();
    }

    /** Lets the listener watch the run, and returns what it came to; empty when the owner knows no such run. */
    Optional<RunSummary> follow(String run, RunListener listener) {
        long after = 0;
        while (true) {
            Optional<JsonNode> answer = find("/api/v1/runs/" + run + "/events?after=" + after);
            if (answer.isEmpty()) {
                return Optional.empty();
            }
            for (JsonNode entry : answer.get().path("events")) {
                after = entry.path("number").asLong();
                RunEvent event = read(entry.path("event"), RunEvent.class);
                listener.on(event);
                if (event instanceof RunEvent.RunEnded ended) {
                    return Optional.of(RunSummary.fromJson(ended.summary()));
                }
            }
        }
    }

    /** Cancels a run that waits or is under way; returns its whole id. */
    String cancel(String run, String reason) {
        return post(
                        "/api/v1/runs/" + URLEncoder.encode(run, StandardCharsets.UTF_8) + "/cancel",
                        Map.of("reason", reason))
                .path("run")
                .asText();
    }

    /** Rolls an endpoint back; returns the version that serves now. */
    int rollBack(String endpoint, String reason) {
        return post(
                        "/api/v1/endpoints/" + URLEncoder.encode(endpoint, StandardCharsets.UTF_8) + "/rollback",
                        Map.of("reason", reason))
                .path("version")
                .asInt();
    }

    /** Keeps answers of an endpoint, or no more; the fields are written as in a pipeline file. */
    void cache(String endpoint, Map<String, Object> wish) {
        post("/api/v1/endpoints/" + URLEncoder.encode(endpoint, StandardCharsets.UTF_8) + "/cache", wish);
    }

    /** The rollout under way on an endpoint. */
    RolloutView rollout(String endpoint) {
        return read(send(request(rolloutPath(endpoint)).GET()), RolloutView.class);
    }

    /** Does something to it. */
    RolloutDesk.Standing steer(String endpoint, RolloutDesk.Steering steering, String reason) {
        JsonNode answer =
                post(rolloutPath(endpoint) + "/" + steering.name().toLowerCase(Locale.ROOT), Map.of("reason", reason));
        return new RolloutDesk.Standing(
                answer.path("status").asText(), answer.path("reason").asText());
    }

    private static String rolloutPath(String endpoint) {
        return "/api/v1/endpoints/" + URLEncoder.encode(endpoint, StandardCharsets.UTF_8) + "/rollout";
    }

    /** Rolls a version out; returns what became of it. */
    Deployed deploy(String endpoint, String model, int version, Optional<String> rollout) {
        Map<String, Object> wanted = new TreeMap<>(Map.of("model", model, "version", version));
        rollout.ifPresent(text -> wanted.put("rollout", text));
        JsonNode answer =
                post("/api/v1/endpoints/" + URLEncoder.encode(endpoint, StandardCharsets.UTF_8) + "/deploy", wanted);
        return new Deployed(
                answer.path("endpoint").asText(),
                answer.path("version").asInt(),
                answer.path("status").asText(),
                answer.path("reason").asText());
    }

    /** Registers a file of this machine; returns what became of it. */
    Imported importModel(Path file, String model, ModelImport.Serving serving) {
        return read(
                post(
                        "/api/v1/models/import",
                        Map.of(
                                "file",
                                file.toString(),
                                "model",
                                model,
                                "tensors",
                                serving == ModelImport.Serving.TENSORS)),
                Imported.class);
    }

    /** Registers a model on other servers; returns what became of it. */
    Connected connect(String name, RemoteTarget target) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("urls", target.backends().stream().map(URI::toString).toList());
        body.put("model", target.model());
        target.version().ifPresent(version -> body.put("version", version));
        body.put("wire", target.wire().name().toLowerCase(Locale.ROOT));
        body.put("timeout_ms", target.timeout().toMillis());
        body.put("retries", target.retries().name().toLowerCase(Locale.ROOT));
        body.put("calls", target.calls());
        switch (target.secret()) {
            case Secret.None() -> {}
            case Secret.Variable(String variable) -> body.put("token_variable", variable);
            case Secret.InFile(String file) -> body.put("token_file", file);
        }
        return read(post("/api/v1/models/connect", body), Connected.class);
    }

    /** Sends an inference request and returns the answer's body. */
    JsonNode infer(String endpoint, byte[] body) {
        return send(request("/v2/models/" + URLEncoder.encode(endpoint, StandardCharsets.UTF_8) + "/infer")
                .POST(BodyPublishers.ofByteArray(body)));
    }

    JsonNode get(String path) {
        return send(request(path).GET());
    }

    /** Empty when there is nothing at the path. */
    private Optional<JsonNode> find(String path) {
        HttpResponse<byte[]> response = exchange(request(path).GET());
        return response.statusCode() == NOT_FOUND ? Optional.empty() : Optional.of(body(response));
    }

    JsonNode post(String path, Object body) {
        return send(request(path).POST(BodyPublishers.ofString(Json.pretty(body))));
    }

    <T> T post(String path, Object body, Class<T> answer) {
        return read(post(path, body), answer);
    }

    /** The same for what may take hours. */
    <T> T postPatiently(String path, Object body, Class<T> answer) {
        return read(
                send(request(path).timeout(LONG_PATIENCE).POST(BodyPublishers.ofString(Json.pretty(body)))), answer);
    }

    JsonNode put(String path, Object body) {
        return send(request(path).PUT(BodyPublishers.ofString(Json.pretty(body))));
    }

    JsonNode delete(String path) {
        return send(request(path).DELETE());
    }

    <T> T delete(String path, Class<T> answer) {
        return read(delete(path), answer);
    }

    /** Text as one segment of a path. */
    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + owner.port() + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + owner.token())
                .header("Content-Type", "application/json");
    }

    private JsonNode send(HttpRequest.Builder request) {
        return body(exchange(request));
    }

    private JsonNode body(HttpResponse<byte[]> response) {
        try {
            JsonNode body = read(response.body());
            if (response.statusCode() >= OK) {
                throw failure(response.statusCode(), body);
            }
            return body;
        } catch (IOException damaged) {
            throw new OwnerGone(owner.pid(), damaged);
        }
    }

    private HttpResponse<byte[]> exchange(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException unreachable) {
            throw new OwnerGone(owner.pid(), unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MillwrightException(
                    CoreError.INTERRUPTED, "interrupted while waiting for process " + owner.pid(), interrupted);
        }
    }

    private static MillwrightException failure(int status, JsonNode body) {
        List<Problem> problems = body.path("error")
                .asText("HTTP status " + status)
                .lines()
                .map(Problem::of)
                .toList();
        if (status == UNAVAILABLE) {
            return new OwnerGone(problems.getFirst().message());
        }
        if (status == CONFLICT) {
            return new MillwrightException(
                    RegistryError.STATE_CONFLICT, problems.getFirst().message());
        }
        return status < 500 && status >= BAD_REQUEST
                ? new InvalidInputException(problems)
                : new MillwrightException(
                        CoreError.INTERRUPTED, problems.getFirst().message());
    }

    private static JsonNode read(byte[] json) throws IOException {
        return json.length == 0
                ? Json.mapper().createObjectNode()
                : Json.mapper().readTree(json);
    }

    private static <T> T read(JsonNode json, Class<T> type) {
        try {
            return Json.mapper().treeToValue(json, type);
        } catch (JsonProcessingException foreign) {
            throw new MillwrightException(
                    CoreError.INTERRUPTED,
                    "the process that holds the home speaks another version of Millwright. Stop it, then start this one.",
                    foreign);
        }
    }
}
