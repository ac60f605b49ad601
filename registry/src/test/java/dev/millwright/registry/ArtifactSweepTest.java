package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that nothing refers to are deleted after a day; whatever a row names, in whichever way, stays. */
class ArtifactSweepTest {
    @TempDir
    Path home;

    private Registry registry;

    @BeforeEach
    void open() {
        registry = Registry.open(home, InstantSource.system());
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Artifact put(String text) {
        return registry.artifacts().put(bytes(text));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("artifacts/sha256"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private Set<String> left() throws IOException {
        Set<String> texts = new TreeSet<>();
        for (Path file : files()) {
            texts.add(Files.readString(file));
        }
        return texts;
    }

    private void age(Duration age) throws IOException {
        for (Path file : files()) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        }
    }

    @Test
    void deletesWhatNothingRefersTo_afterADay() throws Exception {
        put("nobody's");
        registry.artifactFiles().put("0/run/artifacts/a.txt", new ByteArrayInputStream(bytes("replaced")));
        registry.artifactFiles().put("0/run/artifacts/a.txt", new ByteArrayInputStream(bytes("kept")));
        registry.artifactFiles().put("0/run/artifacts/b.txt", new ByteArrayInputStream(bytes("deleted")));
        registry.artifactFiles().delete("0/run/artifacts/b.txt");
        age(Duration.ofHours(23));
        assertThat(registry.sweep().files()).isZero();

        age(Duration.ofHours(25));
        assertThat(registry.sweep()).isEqualTo(new Registry.Swept(3, 8 + 8 + 7, 0));

        assertThat(left()).containsExactly("kept");
    }

    @Test
    void keepsWhatAnyRowNames() throws Exception {
        Run run = registry.runs().create(NewRun.of("0", "pipeline", RunKind.PIPELINE));
        registry.runs().addArtifact(run.id(), "report.html", put("of a run"), "text/html");
        registry.artifactFiles().put("0/x/artifacts/a.txt", new ByteArrayInputStream(bytes("sent by a client")));
        registry.artifactFiles().put("0/x/artifacts/copy.txt", new ByteArrayInputStream(bytes("sent by a client")));
        registry.artifactFiles().delete("0/x/artifacts/a.txt");
        registry.models()
                .createVersion(new NewModelVersion(
                        "model",
                        run.id(),
                        RegistryContract.signature("a"),
                        Map.of("model.onnx", put("of a version")),
                        Map.of()));
        Artifact ofStep = put("of a step");
        Artifact ofLineage = put("of the lineage");
        registry.database().write(transaction -> {
            transaction.update(
                    "INSERT INTO steps (run_id, name, ordinal, step_key, status, attempt, outputs, started)"
                            + " VALUES (?, 'train', 1, 'key', 'DONE', 1, ?, 0)",
                    run.id(),
                    "{\"onnx\":{\"sha256\":\"" + ofStep.sha256() + "\",\"size\":9}}");
            LineageEdge.link(
                    transaction,
                    LineageNode.run(run.id()),
                    LineageNode.run("x"),
                    "{\"graph\":\"" + ofLineage.sha256() + "\"}");
            return true;
        });
        put("nobody's");
        age(Duration.ofDays(2));

        assertThat(registry.sweep().files()).isEqualTo(1);

        assertThat(left())
                .containsExactly("of a run", "of a step", "of a version", "of the lineage", "sent by a client");
    }

    @Test
    void bytesThatAreStoredAgain_areYoungAgain() throws Exception {
        put("again");
        put("not again");
        age(Duration.ofDays(2));
        put("again");

        assertThat(registry.sweep().files()).isEqualTo(1);

        assertThat(left()).containsExactly("again");
    }

    @Test
    void bytesThatAreStoredWhileASweepLooks_stay() throws Exception {
        Artifact artifact = put("raced");
        age(Duration.ofDays(2));

        // The sweep has found that nothing refers to them, and now they are stored again.
        Artifacts.Swept swept = registry.artifacts().sweep(Instant.now().minus(Duration.ofDays(1)), hash -> {
            registry.artifactFiles().put("0/x/artifacts/a.txt", new ByteArrayInputStream(bytes("raced")));
            return true;
        });

        assertThat(swept.files()).isZero();
        assertThat(registry.artifacts().read(artifact)).isEqualTo(bytes("raced"));
    }

    @Test
    void alsoForgetsUploadsThatNobodyWentOnWith() throws Exception {
        String upload = registry.uploads().begin("0/x/artifacts/a.bin", 1);
        Files.setLastModifiedTime(
                home.resolve("artifacts/uploads").resolve(upload),
                FileTime.from(Instant.now().minus(Duration.ofDays(2))));

        assertThat(registry.sweep().uploads()).isEqualTo(1);
    }

    /** A new table that names bytes has to be looked at, too. */
    @Test
    void knowsEveryColumnThatNamesBytes() {
        List<String> named = registry.database().read(session -> {
            List<String> found = new ArrayList<>();
            for (String table :
                    session.list("SELECT name FROM sqlite_master WHERE type = 'table'", row -> row.getString(1))) {
                found.addAll(session.list(
                        "SELECT name FROM pragma_table_info('" + table + "') WHERE name LIKE '%sha256%'",
                        row -> table + "." + row.getString(1)));
            }
            return found;
        });

        assertThat(named).isNotEmpty();
        assertThat(ArtifactSweep.HASH_COLUMNS).containsAll(named);
    }
}
