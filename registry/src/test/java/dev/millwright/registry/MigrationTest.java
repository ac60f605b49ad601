package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Homes of every schema that was ever written open today, with all that is in them. */
class MigrationTest {
    private static final String RUN = "01a2015f0dc173b0a5a29f695becb249";
    private static final String SIGNATURE = "{\"task\":\"BINARY\",\"inputs\":[{\"name\":\"a\",\"type\":\"NUMBER\"}],"
            + "\"classes\":[\"no\",\"yes\"],\"threshold\":0.5}";

    @TempDir
    private Path home;

    private void write(String... statements) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("state.db"));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String[] schema(String file) throws IOException {
        try (InputStream stream = Objects.requireNonNull(MigrationTest.class.getResourceAsStream(file))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).split(";\n");
        }
    }

    @Test
    void opensAHomeOfTheFirstSchema() throws SQLException, IOException {
        write(schema("V001__state.sql"));
        write(
                "PRAGMA application_id = " + 0x4d696c6c,
                "PRAGMA user_version = 1",
                "INSERT INTO experiments VALUES (1, 'churn', 1000000)",
                "INSERT INTO runs VALUES ('" + RUN + "', 1, 'churn', 'PIPELINE', 'FINISHED', 'churn', NULL, 2000000,"
                        + " 3000000, NULL)",
                "INSERT INTO metrics VALUES ('" + RUN + "', 'auc', 0, 2500000, 0.8, 0)",
                "INSERT INTO latest_metrics VALUES ('" + RUN + "', 'auc', 0, 2500000, 0.8, 0)",
                "INSERT INTO registered_models VALUES ('churn', 2600000)",
                "INSERT INTO model_versions VALUES ('churn', 1, 1, 0, 0, '" + RUN + "', '" + SIGNATURE
                        + "', 'READY', 2700000)",
                "INSERT INTO model_aliases VALUES ('churn', 'champion', 1)");

        try (Registry registry = Registry.open(home, new SettableClock())) {
            assertThat(registry.experiments().list())
                    .extracting(Experiment::name, Experiment::artifactLocation)
                    .containsExactly(tuple("Default", "mlflow-artifacts:/0"), tuple("churn", "mlflow-artifacts:/1"));
            assertThat(registry.tracking().load(RUN).run().artifactUri())
                    .isEqualTo("mlflow-artifacts:/1/" + RUN + "/artifacts");
            assertThat(registry.runs().metricHistory(RUN, "auc"))
                    .containsExactly(new Metric("auc", 0.8, Instant.ofEpochMilli(2500), 0));
            ModelVersion version =
                    registry.models().findByAlias("churn", "champion").orElseThrow();
            assertThat(version.runId()).contains(RUN);
            assertThat(version.signature().inputNames()).containsExactly("a");
            assertThat(version.registration().source()).isEqualTo("mlflow-artifacts:/models/churn/1");
            assertThat(registry.registeredModels().latest("churn")).hasSize(1);
        }
        assertThat(home.resolve("state-v1.db")).as("a copy of what was").exists();
        assertThat(home.resolve("state-v2.db")).doesNotExist();
    }
}
