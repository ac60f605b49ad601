package dev.millwright.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millwright.core.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How the features and the answers of a model version are distributed, on its training rows or in a window of its
 * predictions.
 *
 * @param columns the features, in the model's order
 * @param outputs the positive class's probability, the label of several classes, or the predicted value
 */
public record ReferenceProfile(List<ColumnProfile> columns, List<ColumnProfile> outputs, long rows) {
    public ReferenceProfile {
        columns = List.copyOf(columns);
        outputs = List.copyOf(outputs);
        for (ColumnProfile profile : columns) {
            if (profile.rows() != rows) {
                throw new IllegalArgumentException(
                        profile.column() + ".counts: " + profile.rows() + " in all (expected: " + rows + ")");
            }
        }
    }

    /** JSON in UTF-8. */
    public byte[] toJson() {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode().put("format", 1).put("rows", rows);
        columns.forEach(profile -> write(profile, root.withArray("columns").addObject()));
        outputs.forEach(profile -> write(profile, root.withArray("outputs").addObject()));
        try {
            return mapper.writeValueAsBytes(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(ColumnProfile profile, ObjectNode node) {
        node.put("column", profile.column());
        switch (profile) {
            case ColumnProfile.Numeric numeric -> {
                ArrayNode edges = node.putArray("edges");
                for (double edge : numeric.edges()) {
                    edges.add(edge);
                }
            }
            case ColumnProfile.Categorical categorical ->
                categorical.categories().forEach(node.putArray("categories")::add);
        }
        ArrayNode counts = node.putArray("counts");
        for (long count : profile.counts()) {
            counts.add(count);
        }
    }

    /**
     * What {@link #toJson} wrote.
     *
     * @throws InvalidInputException when it is something else
     */
    public static ReferenceProfile fromJson(byte[] json) {
        try {
            JsonNode root = new ObjectMapper().readTree(json);
            if (root.path("format").asInt() != 1) {
                throw new InvalidInputException(
                        "reference profile: format " + root.path("format") + " (expected: 1). Train the model again.");
            }
            return new ReferenceProfile(
                    read(root.path("columns")),
                    read(root.path("outputs")),
                    root.path("rows").asLong());
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidInputException("reference profile: can't be read: " + e.getMessage()
                    + " (expected: the JSON that Millwright wrote). Train the model again.");
        }
    }

    private static List<ColumnProfile> read(JsonNode nodes) {
        List<ColumnProfile> profiles = new ArrayList<>();
        for (JsonNode node : nodes) {
            String column = node.path("column").asText();
            long[] counts = new long[node.path("counts").size()];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = node.path("counts").get(i).asLong();
            }
            if (node.has("edges")) {
                double[] edges = new double[node.path("edges").size()];
                for (int i = 0; i < edges.length; i++) {
                    edges[i] = node.path("edges").get(i).asDouble();
                }
                profiles.add(new ColumnProfile.Numeric(column, edges, counts));
            } else {
                List<String> categories = new ArrayList<>();
                node.path("categories").forEach(category -> categories.add(category.asText()));
                profiles.add(new ColumnProfile.Categorical(column, categories, counts));
            }
        }
        return profiles;
    }
}
