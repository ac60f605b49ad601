package dev.millwright.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.Metric;
import dev.millwright.registry.RegisteredModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A running MLflow, read over its REST protocol, page by page. Its files come through it, wherever it keeps them. */
final class MlflowServer implements MlflowSource {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PAGE = 1000;
    private static final int VALUES = 25_000;
    private static final String API = "/api/2.0/mlflow/";

    private final String url;
    private final Optional<String> authorization;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private MlflowServer(String url, Optional<String> authorization) {
        this.url = url;
        this.authorization = authorization;
    }

    /**
     * A server at an address.
     *
     * @param environment {@code MLFLOW_TRACKING_USERNAME} and {@code PASSWORD}, or {@code MLFLOW_TRACKING_TOKEN}, as MLflow's
     *     clients take them
     */
    static MlflowServer at(String url, Map<String, String> environment) {
        String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
        String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "");
        Optional<String> authorization = Optional.empty();
        if (!user.isEmpty()) {
            String pair = user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
            authorization =
                    Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        } else if (!token.isEmpty()) {
            authorization = Optional.of("Bearer " + token);
        }
        return new MlflowServer(url.endsWith("/") ? url.substring(0, url.length() - 1) : url, authorization);
    }

    @Override
    public String name() {
        return url;
    }

    @Override
    public List<SourceExperiment> experiments() throws IOException {
        List<SourceExperiment> experiments = new ArrayList<>();
        pages(
                token -> post("experiments/search", page(PAGE, token).put("view_type", "ALL")),
                answer -> answer.path("experiments").forEach(each -> experiments.add(MlflowJson.experiment(each))));
        return experiments;
    }

    @Override
    public long countRuns() {
        return 0;
    }

    @Override
    public void runs(String experimentId, Consumer<SourceRun> runs) throws IOException {
        pages(
                token -> {
                    ObjectNode request = page(PAGE, token).put("run_view_type", "ALL");
                    request.putArray("experiment_ids").add(experimentId);
                    return post("runs/search", request);
                },
                answer -> answer.path("runs").forEach(each -> runs.accept(MlflowJson.run(each))));
    }

    @Override
    public void history(String runId, String key, Consumer<List<Metric>> values) throws IOException {
        pages(
                token -> get(API + "metrics/get-history?run_id=" + part(runId) + "&metric_key=" + part(key)
                        + "&max_results=" + VALUES
                        + token.map(it -> "&page_token=" + part(it)).orElse("")),
                answer -> {
                    List<Metric> page = new ArrayList<>();
                    answer.path("metrics").forEach(each -> page.add(MlflowJson.metric(each)));
                    if (!page.isEmpty()) {
                        values.accept(page);
                    }
                });
    }

    @Override
    public List<SourceModel> loggedModels(String experimentId) throws IOException {
        List<SourceModel> models = new ArrayList<>();
        try {
            pages(
                    token -> {
                        ObjectNode request = page(50, token);
                        request.putArray("experiment_ids").add(experimentId);
                        return post("logged-models/search", request);
                    },
                    answer -> answer.path("models").forEach(each -> models.add(MlflowJson.loggedModel(each))));
        } catch (Absent older) {
            return List.of(); // before MLflow 3 there were none
        }
        return models;
    }

    @Override
    public List<RegisteredModel> registeredModels() throws IOException {
        List<RegisteredModel> models = new ArrayList<>();
        pages(
                token -> get(API + "registered-models/search?max_results=" + PAGE
                        + token.map(it -> "&page_token=" + part(it)).orElse("")),
                answer ->
                        answer.path("registered_models").forEach(each -> models.add(MlflowJson.registeredModel(each))));
        return models;
    }

    @Override
    public List<SourceVersion> versions(String model) throws IOException {
        List<SourceVersion> versions = new ArrayList<>();
        String quoted = model.contains("'") ? "\"" + model + "\"" : "'" + model + "'";
        pages(
                token -> get(API + "model-versions/search?max_results=" + PAGE + "&filter=" + part("name=" + quoted)
                        + token.map(it -> "&page_token=" + part(it)).orElse("")),
                answer -> answer.path("model_versions").forEach(each -> versions.add(MlflowJson.version(each))));
        versions.sort(Comparator.comparingInt(SourceVersion::version));
        return versions;
    }

    @Override
    public List<SourceFile> files(Place place) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        list(place, "", files);
        return files;
    }

    private void list(Place place, String directory, List<SourceFile> files) throws IOException {
        List<String> directories = new ArrayList<>();
        pages(
                token -> get(
                        switch (place) {
                            case OfRun(String id, String uri) ->
                                API + "artifacts/list?run_id=" + part(id) + "&path=" + part(directory)
                                        + token.map(it -> "&page_token=" + part(it))
                                                .orElse("");
                            case OfModel(String id, String uri) ->
                                API + "logged-models/" + part(id) + "/artifacts/directories?artifact_directory_path="
                                        + part(directory)
                                        + token.map(it -> "&page_token=" + part(it))
                                                .orElse("");
                        }),
                answer -> answer.path("files").forEach(file -> {
                    String path = file.path("path").asText();
                    if (file.path("is_dir").asBoolean()) {
                        directories.add(path);
                    } else {
                        files.add(new SourceFile(path, file.path("file_size").asLong()));
                    }
                }));
        for (String each : directories) {
            if (!each.equals(directory)) {
                list(place, each, files);
            }
        }
    }

    @Override
    public InputStream open(Place place, String path) throws IOException {
        String address = switch (place) {
            case OfRun(String id, String uri) -> "/get-artifact?run_uuid=" + part(id) + "&path=" + part(path);
            case OfModel(String id, String uri) ->
                "/ajax-api/2.0/mlflow/logged-models/" + part(id) + "/artifacts/files?artifact_file_path=" + part(path);
        };
        HttpResponse<InputStream> response = send(request(address).GET());
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw refused(address, response.statusCode(), body.readNBytes(500));
            }
        }
        return response.body();
    }

    @Override
    public List<ImportReport.Left> leftBehind(List<SourceExperiment> experiments) throws IOException {
        List<ImportReport.Left> left = new ArrayList<>();
        for (SourceExperiment experiment : experiments) {
            if (hasTraces(experiment.id())) {
                left.add(new ImportReport.Left(
                        "traces", "experiment " + experiment.name(), "there are no traces here yet"));
            }
        }
        return left;
    }

    private boolean hasTraces(String experimentId) throws IOException {
        ObjectNode request = Json.mapper().createObjectNode().put("max_results", 1);
        ObjectNode location = request.putArray("locations").addObject().put("type", "MLFLOW_EXPERIMENT");
        location.putObject("mlflow_experiment").put("experiment_id", experimentId);
        try {
            return !exchange(
                            "/api/3.0/mlflow/traces/search",
                            request("/api/3.0/mlflow/traces/search")
                                    .POST(BodyPublishers.ofByteArray(
                                            Json.mapper().writeValueAsBytes(request))))
                    .path("traces")
                    .isEmpty();
        } catch (Absent older) {
            return false;
        }
    }

    @Override
    public void close() {
        http.close();
    }

    /** A call that may go on at a token. */
    @FunctionalInterface
    private interface Call {
        JsonNode answer(Optional<String> token) throws IOException;
    }

    private static void pages(Call call, Consumer<JsonNode> pages) throws IOException {
        Optional<String> token = Optional.empty();
        do {
            JsonNode answer = call.answer(token);
            pages.accept(answer);
            token = Optional.of(answer.path("next_page_token").asText("")).filter(next -> !next.isEmpty());
        } while (token.isPresent());
    }

    private static ObjectNode page(int size, Optional<String> token) {
        ObjectNode request = Json.mapper().createObjectNode().put("max_results", size);
        token.ifPresent(it -> request.put("page_token", it));
        return request;
    }

    private JsonNode get(String path) throws IOException {
        return exchange(path, request(path).GET());
    }

    private JsonNode post(String call, ObjectNode request) throws IOException {
        return exchange(
                API + call,
                request(API + call)
                        .POST(BodyPublishers.ofByteArray(Json.mapper().writeValueAsBytes(request))));
    }

    /** The server has no such call. */
    private static final class Absent extends IOException {
        private static final long serialVersionUID = 1;

        Absent(String message) {
            super(message);
        }
    }

    private JsonNode exchange(String path, HttpRequest.Builder request) throws IOException {
        HttpResponse<InputStream> response = send(request);
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw refused(path, response.statusCode(), body.readNBytes(500));
            }
            return Json.mapper().readTree(body);
        }
    }

    private static IOException refused(String path, int status, byte[] body) {
        String message = path + " answers " + status + ": " + new String(body, StandardCharsets.UTF_8).strip();
        return status == 404 || status == 501 || status == 405 ? new Absent(message) : new IOException(message);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json");
        authorization.ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private HttpResponse<InputStream> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
    }

    /** Refuses an address at which no MLflow answers. */
    void requireAnswer() {
        try {
            post("experiments/search", page(1, Optional.empty()));
        } catch (IOException silent) {
            throw new InvalidInputException("SOURCE: " + url + " does not answer as MLflow does: " + silent.getMessage()
                    + " (expected: the address of a running MLflow server, or the path of its mlflow.db). Credentials come from"
                    + " MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.");
        }
    }

    private static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
