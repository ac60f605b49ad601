package dev.millwright.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

/** What a person and a training script ask of a server, for the rehearsal. */
final class RehearsedVisits {
    private static final int OK = 200;
    private static final int METRICS_A_BATCH = 4;

    private final String url;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    RehearsedVisits(String url) {
        this.url = url;
    }

    void lookAtPages() throws IOException, InterruptedException {
        for (String path :
                List.of("/", "/datasets", "/runs", "/models", "/endpoints", "/events", "/v2/models", "/metrics")) {
            send(HttpRequest.newBuilder(URI.create(url + path)).build());
        }
    }

    /** Logs metrics, params and batches to a run, and looks for it. */
    void log(int metrics) throws IOException, InterruptedException {
        String run = track("runs/create", Map.of("experiment_id", "0", "start_time", 1))
                .path("run")
                .path("info")
                .path("run_id")
                .asText();
        for (int step = 0; step < metrics; step++) {
            track("runs/log-metric", Map.of("run_id", run, "key", "loss", "value", 0.5, "timestamp", 1, "step", step));
            if (step % METRICS_A_BATCH == 0) {
                Map<String, ?> metric = Map.of("key", "auc", "value", 0.5, "timestamp", 1, "step", step);
                Map<String, ?> param = Map.of("key", "param" + step, "value", "1");
                track("runs/log-batch", Map.of("run_id", run, "metrics", List.of(metric), "params", List.of(param)));
                track("runs/search", Map.of("experiment_ids", List.of("0"), "filter", "metrics.loss < 1"));
            }
        }
    }

    private JsonNode track(String call, Map<String, ?> body) throws IOException, InterruptedException {
        byte[] json = Json.mapper().writeValueAsBytes(body);
        return Json.mapper()
                .readTree(send(HttpRequest.newBuilder(URI.create(url + "/api/2.0/mlflow/" + call))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(json))
                        .build()));
    }

    private byte[] send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() != OK) {
            throw new IllegalStateException(request.uri() + ": status " + answer.statusCode() + " (expected: 200)");
        }
        return answer.body();
    }
}
