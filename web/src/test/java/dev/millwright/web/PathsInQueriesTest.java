package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.registry.Run;
import dev.millwright.web.Client.Answer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two dots in a query are no offence; a path that they make lead out of its root is, and the answer says so. */
final class PathsInQueriesTest {
    private static final String SECRET = "nobody may read this";

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;
    private static Run run;

    @BeforeAll
    static void start() throws Exception {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        run = new LoggedRuns(home.registry()).start("r");
        Files.writeString(folder.resolve("secret.txt"), SECRET);
        Files.writeString(folder.resolve("home").resolve("secret.txt"), SECRET);
    }

    @AfterAll
    static void close() {
        home.close();
    }

    private static List<String> ofTheProtocol(String path) {
        return List.of(
                "/api/2.0/mlflow-artifacts/artifacts?path=" + path,
                "/ajax-api/2.0/mlflow-artifacts/artifacts?path=" + path,
                "/api/2.0/mlflow/artifacts/list?run_id=" + run.id() + "&path=" + path,
                "/get-artifact?run_uuid=" + run.id() + "&path=" + path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..%2Fsecret.txt",
                "../secret.txt",
                "..",
                "%2e%2e%2fsecret.txt",
                "a%2F..%2F..%2Fsecret.txt",
                "..%2F..%2Fsecret.txt",
                "..%2F..%2F..%2Fsecret.txt",
                "..%5Csecret.txt",
                "%2Fetc%2Fpasswd"
            })
    void aPathOutOfItsRoot_isRefused_inTheWordsOfTheCaller(String path) throws Exception {
        for (String address : ofTheProtocol(path)) {
            Answer answer = client.get(address);
            assertThat(answer.status()).as(address).isEqualTo(400);
            assertThat(answer.json().path("error_code").asText())
                    .as(address + answer.body())
                    .isEqualTo("INVALID_PARAMETER_VALUE");
            assertThat(answer.json().path("message").asText()).contains("expected: ");
        }
        for (String page : List.of("/files?path=", "/preview?path=", "?file=")) {
            Answer answer = client.page("/runs/" + run.id() + page + path);
            assertThat(answer.status()).as(page + path).isIn(200, 400, 404);
            assertThat(answer.body()).as(page + path).doesNotContain(SECRET, "root:");
        }
    }

    @Test
    void aFilterMayHoldDots() throws Exception {
        String filter = URLEncoder.encode("params.data != '../customers.csv'", StandardCharsets.UTF_8);
        assertThat(client.page("/runs?filter=" + filter).status()).isEqualTo(200);
        assertThat(client.get("/api/2.0/mlflow/experiments/search?max_results=5&filter="
                                + URLEncoder.encode("name LIKE '../%'", StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(200);
    }

    /** Whoever asks can't be told from an address that can't be read: so the answer is in both shapes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/2.0/mlflow-artifacts/artifacts/../../secret.txt",
                "/api/2.0/mlflow-artifacts/artifacts/%2e%2e%2fsecret.txt",
                "/api/2.0/mlflow-artifacts/artifacts?path=..%2Fsecret.txt%00",
                "/runs/%00"
            })
    void anAddressThatCanNotBeRead_isRefusedInWordsForEverybody(String address) throws Exception {
        String answer = raw(address);
        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("\"error_code\":\"BAD_REQUEST\"", "\"message\":\"request: ", "\"error\":\"request: ")
                .doesNotContain(SECRET);
    }

    /** As it is written, which Java's own client would not send. */
    private static String raw(String address) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), home.port())) {
            socket.getOutputStream()
                    .write(("GET " + address + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .lines()
                    .collect(Collectors.joining("\n"));
        }
    }
}
