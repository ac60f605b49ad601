package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.HttpMethod;
import dev.millwright.web.access.AccessControl.Rule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI document is about all routes of the server, and about nothing else. */
final class ApiDocumentTest {
    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static JsonNode document;

    @BeforeAll
    static void read() throws Exception {
        home = new SmallHome(folder);
        document = Client.of(home.url()).get("/openapi.json").json();
    }

    @AfterAll
    static void close() {
        home.close();
    }

    private static Set<String> routes() {
        return home.rules().stream()
                .filter(rule -> rule.method() != HttpMethod.HEAD)
                // gRPC is described by its own messages.
                .filter(rule -> !rule.pattern().startsWith("/inference.")
                        && !rule.pattern().startsWith("/grpc."))
                .map(rule -> ApiDocument.key(rule.method(), rule.pattern()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> difference(Set<String> some, Set<String> others) {
        Set<String> difference = new TreeSet<>(some);
        difference.removeAll(others);
        return difference;
    }

    private static List<JsonNode> operations() {
        List<JsonNode> operations = new ArrayList<>();
        document.path("paths").forEach(path -> path.forEach(operations::add));
        return operations;
    }

    @Test
    void everyRoute_isDescribed() {
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(routes()).hasSizeGreaterThan(200);
        assertThat(difference(routes(), described))
                .as("routes without a description")
                .isEmpty();
        assertThat(difference(described, routes()))
                .as("descriptions without a route")
                .isEmpty();
    }

    @Test
    void whatIsDescribed_isThere() {
        assertThat(difference(home.document().described(), routes())).isEmpty();
    }

    @Test
    void whatIsReferredTo_isThere_underAnIdOfItsOwn() {
        List<String> references = document.findValuesAsText("$ref");
        assertThat(references).hasSizeGreaterThan(100);
        assertThat(references)
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isObject())
                        .as(reference)
                        .isTrue());
        assertThat(operations())
                .extracting(operation -> operation.path("operationId").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void whatAnybodyMayAsk_needsNoLogin_butTheTokenWhereThingsAreStarted() {
        assertThat(document.at("/paths/~1healthz/get/security").isEmpty()).isTrue();
        assertThat(document.at("/paths/~1v2~1models/get/security").isEmpty()).isTrue();
        assertThat(document.at("/paths/~1api~1v1~1runs/post/security").isMissingNode())
                .isTrue();
    }

    @Test
    void describesAnswers_fromTheirRecords() {
        JsonNode run = document.at("/components/schemas/Run");
        assertThat(run.at("/properties/started/format").asText()).isEqualTo("date-time");
        assertThat(run.path("required").toString()).contains("\"id\"").doesNotContain("\"ended\"");
        assertThat(document.at("/components/schemas/Submission/properties/settings")
                        .toString())
                .isEqualTo("{\"type\":[\"object\",\"null\"],\"additionalProperties\":{\"type\":\"string\"}}");
        assertThat(document.at("/paths/~1endpoints~1{endpoint}~1invocations/post/requestBody/content")
                        .fieldNames())
                .toIterable()
                .containsExactly("application/json", "text/csv");
    }

    private record Odd(Rule rule, Thread thread) {}

    @Test
    void refusesRecords_thatItHasNoSchemaFor() {
        assertThatThrownBy(() -> new RecordSchemas().of(Odd.class)).hasMessageContaining("no schema is known for it");
    }
}
