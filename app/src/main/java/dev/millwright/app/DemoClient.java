package dev.millwright.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import dev.millwright.demo.Transaction;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A payment service that asks the endpoint, over HTTP like any other. */
final class DemoClient {
    private static final int OK = 200;

    private final String url;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private long sent;

    DemoClient(String url) {
        this.url = url;
    }

    /** Events that were answered. */
    long sent() {
        return sent;
    }

    /** The predictions for a batch of payments, in their order. */
    JsonNode predict(String endpoint, List<Transaction> batch) {
        JsonNode answer = post(
                "/endpoints/" + endpoint + "/events",
                batch.stream().map(DemoClient::json).toList());
        sent += batch.size();
        return answer.path("predictions");
    }

    /** Says which of the predicted payments were frauds. */
    void feedback(String endpoint, Map<String, Transaction> byPrediction) {
        List<Map<String, String>> labels = new ArrayList<>();
        byPrediction.forEach((id, transaction) ->
                labels.add(Map.of("prediction_id", id, "label", Boolean.toString(transaction.isFraud()))));
        post("/endpoints/" + endpoint + "/feedback", labels);
    }

    /** A payment as an event: what is known of it while it is made. */
    static Map<String, Object> event(Transaction transaction) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("transaction_id", transaction.id());
        event.put("paid_at", transaction.paidAt());
        event.put("card_id", transaction.card());
        event.put("terminal_id", transaction.terminal());
        event.put("amount", transaction.amount().doubleValue());
        event.put("channel", transaction.channel());
        event.put("category", transaction.category());
        return event;
    }

    private static Map<String, Object> json(Transaction transaction) {
        Map<String, Object> event = event(transaction);
        event.put("paid_at", transaction.paidAt().toString());
        return event;
    }

    private JsonNode post(String path, Object body) {
        try {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(URI.create(url + path))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofByteArray(Json.mapper().writeValueAsBytes(body)))
                            .build(),
                    BodyHandlers.ofByteArray());
            JsonNode answer = Json.mapper().readTree(response.body());
            if (response.statusCode() != OK) {
                throw new MillwrightException(
                        CoreError.IO_FAILED,
                        path + " answered " + response.statusCode() + ": "
                                + answer.path("error").asText());
            }
            return answer;
        } catch (IOException failed) {
            throw new MillwrightException(
                    CoreError.IO_FAILED, path + " did not answer: " + failed.getMessage(), failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new MillwrightException(CoreError.INTERRUPTED, "stopped while waiting for " + path, stopping);
        }
    }
}
