package dev.millwright.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.MillwrightException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a version was read, as far as it matters to rows that come to it later.
 *
 * @param tables the versions that expectations referred to, by the names that they used
 */
record Reading(ReadingRules rules, Map<String, Used> tables) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A version of a dataset. */
    record Used(String dataset, long snapshot) {}

    Reading {
        tables = Map.copyOf(tables);
    }

    static Reading of(SourceSpec spec, Map<String, DatasetVersion> tables) {
        Map<String, Used> used = new TreeMap<>();
        tables.forEach((name, version) -> used.put(name, new Used(version.dataset(), version.snapshot())));
        return new Reading(ReadingRules.of(spec), used);
    }

    /** All but the contract, which a version keeps beside it. */
    String json() {
        ObjectNode root = JSON.createObjectNode().put("zone", rules.zone().getId());
        ArrayNode words = root.putArray("missing");
        rules.missing().forEach(words::add);
        ArrayNode checks = root.putArray("expectations");
        rules.expectations()
                .forEach(
                        check -> checks.addObject().put("check", check.text()).put("severity", word(check.severity())));
        ObjectNode others = root.put("on_violation", word(rules.onViolation())).putObject("tables");
        tables.forEach((name, used) ->
                others.putObject(name).put("dataset", used.dataset()).put("snapshot", used.snapshot()));
        return root.toString();
    }

    /** @throws MillwrightException {@link DataError#LAKE_FAILED} when it is none */
    static Reading read(String json, Contract contract) {
        try {
            JsonNode root = JSON.readTree(json);
            List<String> missing = new ArrayList<>();
            root.path("missing").forEach(word -> missing.add(word.asText()));
            List<Expected.Unread> expectations = new ArrayList<>();
            root.path("expectations")
                    .forEach(check -> expectations.add(
                            new Expected.Unread(check.path("check").asText(), severity(check, "severity"))));
            Map<String, Used> tables = new TreeMap<>();
            root.path("tables")
                    .properties()
                    .forEach(table -> tables.put(
                            table.getKey(),
                            new Used(
                                    table.getValue().path("dataset").asText(),
                                    table.getValue().path("snapshot").asLong())));
            return new Reading(
                    new ReadingRules(
                            ZoneId.of(root.path("zone").asText()),
                            missing,
                            contract,
                            expectations,
                            severity(root, "on_violation")),
                    tables);
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            throw new MillwrightException(
                    DataError.LAKE_FAILED, "reading: can't be read (expected: what a version keeps): " + json, e);
        }
    }

    private static String word(OnViolation severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    private static OnViolation severity(JsonNode node, String key) {
        return OnViolation.valueOf(node.path(key).asText().toUpperCase(Locale.ROOT));
    }
}
