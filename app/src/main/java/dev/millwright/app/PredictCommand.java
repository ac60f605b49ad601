package dev.millwright.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.core.Words;
import dev.millwright.pipelines.Deployments;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Served;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.rows.RowsJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Predicts rows with what serves an endpoint. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description =
                "Predict feature rows with an endpoint: by its server when one runs, else with the version that would serve.",
        footer = {
            "",
            "Examples:",
            "  millwright predict churn examples/churn/rows.json",
            "  millwright predict churn rows.jsonl --json",
            "  cat rows.json | millwright predict churn -"
        })
final class PredictCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(index = "0", paramLabel = "ENDPOINT", description = "The endpoint.")
    private String endpoint = "";

    @Parameters(
            index = "1",
            paramLabel = "ROWS",
            description =
                    "A JSON file of rows, JSON itself, or - for standard input. A row is an object with every column of the"
                            + " model, null where its value is not known.")
    private String rows = "";

    PredictCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** One row's prediction. */
    record Predicted(Optional<String> label, Map<String, Float> probabilities, Optional<Float> prediction) {}

    @Override
    public Integer call() throws IOException {
        byte[] json = input();
        List<Predicted> predicted;
        try (Registry registry = HomeReader.open(options.home())) {
            ModelVersion version = version(registry);
            Frame frame = RowsJson.read(json, version.signature());
            predicted = OwnerInfo.find(options.home())
                    .map(owner -> remotely(owner, version.signature(), frame))
                    .orElseGet(() -> locally(registry, version, frame));
        }
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("endpoint", endpoint, "predictions", predicted)));
        } else {
            predicted.forEach(each -> terminal.out().println(line(each)));
        }
        return ExitCode.DONE.number();
    }

    private byte[] input() throws IOException {
        if (rows.equals("-")) {
            return System.in.readAllBytes();
        }
        if (rows.stripLeading().startsWith("{") || rows.stripLeading().startsWith("[")) {
            return rows.getBytes(StandardCharsets.UTF_8);
        }
        if (!Files.isRegularFile(Path.of(rows))) {
            throw new InvalidInputException(
                    "ROWS: " + rows + ": no such file (expected: a JSON file, JSON text, or -).");
        }
        return Files.readAllBytes(Path.of(rows));
    }

    private ModelVersion version(Registry registry) {
        Endpoint found = registry.endpoints()
                .find(endpoint)
                .orElseThrow(() -> new InvalidInputException("ENDPOINT: " + endpoint + " does not exist."
                        + Words.suggestion(
                                endpoint,
                                registry.endpoints().list().stream()
                                        .map(Endpoint::name)
                                        .toList())));
        int serving = found.rollout().versions().stream()
                .max(Comparator.comparingDouble(Served::percent))
                .map(Served::version)
                .orElseThrow(() -> new InvalidInputException("ENDPOINT: nothing serves on " + endpoint + " yet."));
        return registry.models().load(found.model(), serving);
    }

    private static List<Predicted> locally(Registry registry, ModelVersion version, Frame frame) {
        try (ModelRuntime runtime = Deployments.open(registry, version)) {
            return predicted(runtime.predict(frame));
        }
    }

    private static List<Predicted> predicted(Predictions predictions) {
        List<Predicted> rows = new ArrayList<>();
        for (int row = 0; row < predictions.rows(); row++) {
            switch (predictions) {
                case Predictions.Classes classes -> {
                    Map<String, Float> probabilities = new LinkedHashMap<>();
                    for (int i = 0; i < classes.classes().size(); i++) {
                        probabilities.put(classes.classes().get(i), classes.probability(row, i));
                    }
                    rows.add(new Predicted(
                            Optional.of(classes.classes().get(classes.labels()[row])),
                            probabilities,
                            Optional.empty()));
                }
                case Predictions.Values values ->
                    rows.add(new Predicted(Optional.empty(), Map.of(), Optional.of(values.values()[row])));
            }
        }
        return rows;
    }

    private List<Predicted> remotely(OwnerInfo owner, ModelSignature signature, Frame frame) {
        JsonNode answer = new OwnerClient(owner).infer(endpoint, InferenceBody.of(frame));
        Function<String, JsonNode> outputs = name -> output(answer, name);
        List<Predicted> rows = new ArrayList<>();
        for (int row = 0; row < frame.rows(); row++) {
            rows.add(
                    signature.task().isClassification()
                            ? classified(signature.classes(), outputs, row)
                            : new Predicted(
                                    Optional.empty(),
                                    Map.of(),
                                    Optional.of(
                                            outputs.apply("prediction").get(row).floatValue())));
        }
        return rows;
    }

    /** The values of the output of that name; the owner is this same program, so it is there. */
    private static JsonNode output(JsonNode answer, String name) {
        for (JsonNode output : answer.path("outputs")) {
            if (output.path("name").asText().equals(name)) {
                return output.path("data");
            }
        }
        throw new IllegalStateException("the owner's answer has no output '" + name + "'");
    }

    private static Predicted classified(List<String> classes, Function<String, JsonNode> outputs, int row) {
        Map<String, Float> probabilities = new LinkedHashMap<>();
        for (int i = 0; i < classes.size(); i++) {
            probabilities.put(
                    classes.get(i),
                    outputs.apply("probabilities").get(row * classes.size() + i).floatValue());
        }
        return new Predicted(Optional.of(outputs.apply("label").get(row).asText()), probabilities, Optional.empty());
    }

    private static String line(Predicted predicted) {
        if (predicted.label().isEmpty()) {
            return predicted.prediction().map(String::valueOf).orElse("");
        }
        StringBuilder line = new StringBuilder(predicted.label().get());
        predicted
                .probabilities()
                .forEach(
                        (name, probability) -> line.append(String.format(Locale.ROOT, "  %s %.4f", name, probability)));
        return line.toString();
    }
}
