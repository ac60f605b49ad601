package dev.millwright.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import dev.millwright.core.Problem;
import dev.millwright.monitoring.Feedback;
import dev.millwright.monitoring.FeedbackStore;
import dev.millwright.pipelines.EventDesk;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.InferenceResult;
import dev.millwright.serving.Router;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The second door of endpoints, raw events, and the labels that come later. */
final class EventRoutes {
    private static final int LONGEST_SHOWN = 200;
    private static final int LONGEST_ID = 200;
    private static final String EVENT_ID = "event_id";
    /** A request's own id: each of its events has the key and its number as one, unless it has one itself. */
    static final String IDEMPOTENCY_KEY = "idempotency-key";

    private final EventDesk events;
    private final FeedbackStore feedback;
    private final Router router;

    private EventRoutes(EventDesk events, FeedbackStore feedback, Router router) {
        this.events = events;
        this.feedback = feedback;
        this.router = router;
    }

    static void add(Routes routes, EventDesk events, FeedbackStore feedback, Router router, ThreadGate gate) {
        EventRoutes handlers = new EventRoutes(events, feedback, router);
        routes.post(
                "/endpoints/{endpoint}/events",
                Operation.answers(
                                Topic.ENDPOINTS,
                                "Predictions for raw events: the feature view runs first",
                                EventPredictions.class)
                        .takes(Operation.JSON),
                handlers::infer,
                gate);
        routes.post(
                "/endpoints/{endpoint}/feedback",
                Operation.answers(Topic.ENDPOINTS, "Labels of predictions that were given", Accepted.class)
                        .takesOneOrMore(Label.class),
                handlers::label);
    }

    /** What a prediction turned out to be; for the document. */
    private record Label(String predictionId, String label) {}

    /** How many labels were stored. */
    private record Accepted(int accepted) {}

    /** The prediction for one event. */
    record EventPrediction(
            String predictionId,
            Optional<String> label,
            Map<String, Float> probabilities,
            Optional<Float> prediction) {}

    /**
     * The answer to a batch of events, in their order.
     *
     * @param logged whether windows will know the events after a restart
     */
    record EventPredictions(String endpoint, int modelVersion, List<EventPrediction> predictions, boolean logged) {}

    private HttpResponse infer(Call call) {
        return infer(
                events,
                call.path("endpoint"),
                call.request().headers(),
                Arrival.of(call.context()).deadline(),
                call.body());
    }

    /** Predictions for raw events. */
    static HttpResponse infer(
            EventDesk events, String endpoint, RequestHeaders headers, Deadline deadline, byte[] body) {
        EventDesk.EventColumns columns = events.columns(endpoint);
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        List<Optional<String>> ids = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        List<JsonNode> objects = Json.objects(body);
        Optional<String> key = Optional.ofNullable(headers.get(IDEMPOTENCY_KEY));
        for (int i = 0; i < objects.size(); i++) {
            rows.add(event(columns, objects.get(i), i, problems));
            int number = i;
            ids.add(id(objects.get(i), i, problems).or(() -> key.map(whole -> whole + "/" + number)));
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return Json.respond(
                answer(events.infer(VersionPin.target(headers, endpoint, deadline), new EventDesk.Sent(rows, ids))));
    }

    /** By which the sender tells the event from others. */
    private static Optional<String> id(JsonNode event, int number, List<Problem> problems) {
        JsonNode id = event.path(EVENT_ID);
        if (id.isMissingNode() || id.isNull()) {
            return Optional.empty();
        }
        if ((!id.isTextual() && !id.isIntegralNumber()) || id.asText().length() > LONGEST_ID) {
            problems.add(Problem.of("event " + number + ": " + EVENT_ID + ": " + shortened(id)
                    + " (expected: a whole number, or a text of at most " + LONGEST_ID + " characters)"));
        }
        return Optional.of(id.asText());
    }

    private static EventPredictions answer(EventDesk.Answer answer) {
        InferenceResult result = answer.result();
        List<EventPrediction> predictions = new ArrayList<>();
        for (int row = 0; row < result.predictions().rows(); row++) {
            predictions.add(
                    switch (result.predictions()) {
                        case Predictions.Classes classes -> classified(result.predictionId(row), classes, row);
                        case Predictions.Values values ->
                            new EventPrediction(
                                    result.predictionId(row),
                                    Optional.empty(),
                                    Map.of(),
                                    Optional.of(values.values()[row]));
                    });
        }
        return new EventPredictions(result.endpoint(), result.modelVersion(), predictions, answer.logged());
    }

    private static EventPrediction classified(String id, Predictions.Classes classes, int row) {
        Map<String, Float> probabilities = new LinkedHashMap<>();
        for (int i = 0; i < classes.classes().size(); i++) {
            probabilities.put(classes.classes().get(i), classes.probability(row, i));
        }
        return new EventPrediction(
                id, Optional.of(classes.classes().get(classes.labels()[row])), probabilities, Optional.empty());
    }

    private static Map<String, @Nullable Object> event(
            EventDesk.EventColumns columns, JsonNode object, int index, List<Problem> problems) {
        Map<String, @Nullable Object> event = new HashMap<>();
        for (Column column : columns.known()) {
            JsonNode value = object.get(column.name());
            if (value == null && !columns.required().contains(column.name())) {
                continue;
            }
            if (value == null) {
                problems.add(Problem.of("event " + index + ": has no '" + column.name() + "' (expected: "
                        + column.type().label() + ", or null where unknown)"));
                continue;
            }
            try {
                event.put(column.name(), value(column.type(), value));
            } catch (IllegalArgumentException | DateTimeException wrong) {
                problems.add(Problem.of("event " + index + ": " + column.name() + ": " + shortened(value)
                        + " (expected: " + expected(column.type()) + ")"));
            }
        }
        return event;
    }

    private static String expected(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> "true or false";
            case BIGINT -> "a whole number";
            case DOUBLE -> "a number";
            case VARCHAR -> "a text";
            case TIMESTAMP -> "an instant such as 2026-01-31T12:00:00Z";
        };
    }

    private static @Nullable Object value(ColumnType type, JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        boolean fits = switch (type) {
            case BOOLEAN -> value.isBoolean();
            case BIGINT -> value.isIntegralNumber() && value.canConvertToLong();
            case DOUBLE -> value.isNumber();
            case VARCHAR, TIMESTAMP -> value.isTextual();
        };
        if (!fits) {
            throw new IllegalArgumentException(value.toString());
        }
        return switch (type) {
            case BOOLEAN -> value.booleanValue();
            case BIGINT -> value.longValue();
            case DOUBLE -> value.doubleValue();
            case VARCHAR -> value.textValue();
            case TIMESTAMP -> instant(value.textValue());
        };
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }

    private HttpResponse label(Call call) {
        LabelCheck check = LabelCheck.of(router, call.path("endpoint"));
        List<Feedback> labels = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        List<JsonNode> objects = Json.objects(call.body());
        for (int i = 0; i < objects.size(); i++) {
            JsonNode id = objects.get(i).path("prediction_id");
            JsonNode label = objects.get(i).path("label");
            if (!id.isTextual() || !label.isValueNode() || label.isNull()) {
                problems.add(
                        Problem.of("feedback " + i + " (expected: {\"prediction_id\": \"…-ROW\", \"label\": …}, with"
                                + " the id that the prediction came with)"));
                continue;
            }
            Optional<String> wrongLabel = check.problem(label.asText());
            if (wrongLabel.isPresent()) {
                problems.add(Problem.of("feedback " + i + ": " + wrongLabel.get()));
                continue;
            }
            try {
                labels.add(Feedback.of(id.textValue(), label.asText()));
            } catch (InvalidInputException wrong) {
                wrong.problems().forEach(problem -> problems.add(Problem.of("feedback " + problem.message())));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return Json.respond(new Accepted(feedback.accept(labels)));
    }
}
