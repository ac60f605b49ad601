package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.web.Client.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An endpoint asked as MLflow's scoring servers are. */
final class ScoringRoutesTest {
    private static final String AT = "/endpoints/visits/";
    private static final String RECORDS =
            "{\"dataframe_records\": [{\"age\": 30, \"plan\": \"plus\", \"spend\": 80.5, \"spend_a_month\": 6.7}]}";

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;

    @BeforeAll
    static void run() throws Exception {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        home.run(1.0);
    }

    @AfterAll
    static void close() {
        home.close();
    }

    private static JsonNode predictions(String body) throws Exception {
        Answer answer = client.post(AT + "invocations", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("predictions");
    }

    private static Answer send(String type, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(client.url() + AT + "invocations"))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            var response = http.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'dataframe_split': {'columns': ['plan', 'age', 'spend', 'spend_a_month'], 'data': [['plus', 30, 80.5, 6.7]]}}",
                "{'instances': [[30, 'plus', 80.5, 6.7]]}",
                "{'inputs': {'age': [30], 'plan': ['plus'], 'spend': [80.5], 'spend_a_month': [6.7]}, 'params': {}}"
            })
    void everyForm_getsTheSameAnswer(String body) throws Exception {
        assertThat(predictions(body.replace('\'', '"'))).isEqualTo(predictions(RECORDS));
        JsonNode first = predictions(RECORDS).get(0);
        assertThat(first.path("label").asText()).isIn("true", "false");
        assertThat(first.path("probabilities").size()).isEqualTo(2);
    }

    @Test
    void csv_getsTheSameAnswer_inItsCharset() throws Exception {
        String csv = ",age,plan,spend,spend_a_month\r\n0,30,\"plus\",80.5,6.7\r\n1,,Überfluß,,\r\n";
        Answer answer = send("text/csv; charset=windows-1252", csv.getBytes(Charset.forName("windows-1252")));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("predictions")).hasSize(2);
        assertThat(answer.json().path("predictions").get(0))
                .isEqualTo(predictions(RECORDS).get(0));
        assertThat(send("text/csv", csv.getBytes(StandardCharsets.ISO_8859_1)).status())
                .isEqualTo(400);
    }

    @Test
    void aLabel_findsItsPrediction() throws Exception {
        JsonNode answer = client.post(AT + "invocations", RECORDS).json();
        String id = answer.path("prediction_ids").get(0).asText();
        assertThat(answer.path("endpoint").asText()).isEqualTo("visits");
        assertThat(answer.path("model_version").asInt()).isEqualTo(1);
        Answer labelled = client.post(AT + "feedback", "{\"prediction_id\": \"" + id + "\", \"label\": \"true\"}");
        assertThat(labelled.json().path("accepted").asInt()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "visits|{\"dataframe_records\": [{\"age\": 30, \"plans\": 1}]}|400|BAD_REQUEST|Did you mean 'plan'?",
                "visits|{\"instances\": [[30, \"plus\", \"x\", 1]]}|400|BAD_REQUEST|instances[0].spend: x (expected: number)",
                "visits|{\"instances\": [[30, \"plus\", 1, 1]], \"params\": {\"a\": 1}}|400|BAD_REQUEST|params.a: unknown",
                "visits|nonsense|400|BAD_REQUEST|body: not JSON",
                "visit|{}|404|ENDPOINT_NOT_FOUND|Did you mean 'visits'?"
            })
    void whatIsWrong_isToldInMlflowsShape(String endpoint, String body, int status, String code, String message)
            throws Exception {
        Answer answer = client.post("/endpoints/" + endpoint + "/invocations", body);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("error_code").asText()).isEqualTo(code);
        assertThat(answer.json().path("message").asText()).contains(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "text/csv; charset=klingon",
                "application/json; charset=utf-16"
            })
    void otherTypes_areRefused_withWhatToSend(String type) throws Exception {
        Answer answer = send(type, RECORDS.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.json().path("message").asText())
                .startsWith("Content-Type: " + type + " (expected: application/json, or text/csv");
    }

    @Test
    void aWrongMethod_andAForeignPage_areToldInMlflowsShape() throws Exception {
        assertThat(client.get(AT + "invocations").json().path("error_code").asText())
                .isEqualTo("ENDPOINT_NOT_FOUND");
        assertThat(client.post(AT + "invocations", RECORDS, "Origin", "http://evil.example")
                        .json()
                        .path("error_code")
                        .asText())
                .isEqualTo("PERMISSION_DENIED");
    }

    @Test
    void anEndpoint_isAScoringServerUnderItsPath() throws Exception {
        for (String path : List.of("ping", "health")) {
            assertThat(client.get(AT + path).status()).isEqualTo(200);
            assertThat(client.get("/endpoints/none/" + path).status()).isEqualTo(404);
        }
        assertThat(client.get(AT + "version").body()).matches("\\d+\\.\\d+\\.\\d+");
    }

    @Test
    void endpoints_areListedAsDeployments() throws Exception {
        JsonNode listed = client.get("/api/2.0/endpoints/").json().path("endpoints");
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0))
                .isEqualTo(client.get("/api/2.0/endpoints/visits").json());
        assertThat(listed.get(0).path("endpoint_url").asText()).isEqualTo("/endpoints/visits/invocations");
        assertThat(listed.get(0).has("limit")).isTrue();
        assertThat(client.get("/api/2.0/endpoints/none")
                        .json()
                        .path("error_code")
                        .asText())
                .isEqualTo("ENDPOINT_NOT_FOUND");
    }

    @Test
    void theExample_isAnswered_inEveryForm() throws Exception {
        predictions(client.get(AT + "example").body());
        assertThat(client.post(
                                "/v2/models/visits/infer",
                                client.get(AT + "example?as=v2").body())
                        .status())
                .isEqualTo(200);
        String csv = client.get(AT + "example?as=csv").body();
        assertThat(send("text/csv", csv.getBytes(StandardCharsets.UTF_8)).status())
                .isEqualTo(200);
        assertThat(client.get(AT + "example?as=xml").body()).contains("as: xml (expected: records, csv or v2)");
        assertThat(client.get("/endpoints/none/example").status()).isEqualTo(404);
    }

    @Test
    void theSchema_namesTheColumns() throws Exception {
        Answer schema = client.get(AT + "schema");
        assertThat(schema.header("content-type")).startsWith("application/schema+json");
        assertThat(schema.json().at("/$defs/row/properties").fieldNames())
                .toIterable()
                .containsExactly("age", "plan", "spend", "spend_a_month");
        assertThat(client.get("/endpoints/visit/schema").body()).contains("Did you mean 'visits'?");
    }

    @Test
    void thePage_showsCommandsToCopy() throws Exception {
        assertThat(client.page("/endpoints/visits").body())
                .contains("/v2/models/visits/infer", "/endpoints/visits/invocations", "text/csv", "/openapi.json");
    }
}
