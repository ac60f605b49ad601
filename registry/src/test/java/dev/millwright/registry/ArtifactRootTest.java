package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.millwright.core.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory of this machine to which clients write by themselves, and from which the server reads. */
class ArtifactRootTest {
    @TempDir
    Path folder;

    private Path home() {
        return folder.resolve("home");
    }

    private final Deque<HomeLock> locks = new ArrayDeque<>();

    private Registry open(String root) {
        unlock();
        locks.push(HomeLock.tryAcquire(home()).orElseThrow());
        return Registry.open(
                locks.getFirst(),
                RegistryOptions.DEFAULT.with(ArtifactRoot.parse(root, home())),
                InstantSource.system());
    }

    @AfterEach
    void unlock() {
        locks.forEach(HomeLock::close);
        locks.clear();
    }

    private Path files() {
        return folder.resolve("client files");
    }

    private Registry open() {
        return open(files().toUri().toString());
    }

    private static Run run(Registry registry, String experiment) {
        return registry.tracking().create(new TrackedRun(experiment, "first", "me", Instant.EPOCH, Map.of()));
    }

    private static Path directory(Run run) {
        return Path.of(java.net.URI.create(run.artifactUri()));
    }

    private Path write(Run run, String path, String text) throws IOException {
        Path file = directory(run).resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void newExperimentsRunsAndModels_haveTheirFilesBelowIt() throws Exception {
        try (Registry registry = open()) {
            Experiment experiment = registry.experiments().create("mine");
            Run run = run(registry, experiment.id());

            String base = files().toRealPath().toUri().toString();
            assertThat(experiment.artifactLocation()).isEqualTo(base + "1").startsWith("file:///");
            assertThat(run.artifactUri()).isEqualTo(base + "1/" + run.id() + "/artifacts");
            assertThat(registry.experiments().load("0").artifactLocation()).isEqualTo(base + "0");
        }
    }

    @Test
    void experimentsFromBefore_stayWhereTheyAre() {
        try (Registry registry = open(Registry.ARTIFACT_ROOT)) {
            registry.experiments().create("before");
            run(registry, "0");
        }
        try (Registry registry = open()) {
            assertThat(registry.experiments().list())
                    .extracting(Experiment::artifactLocation)
                    .containsExactly("mlflow-artifacts:/0", "mlflow-artifacts:/1");
        }
    }

    @Test
    void filesOfPipelineRuns_stayWithTheServer() {
        try (Registry registry = open()) {
            String id = registry.experiments().create("mine").id();
            Run run = registry.runs().create(NewRun.of(id, "pipeline", RunKind.PIPELINE));

            assertThat(run.artifactUri()).isEqualTo("mlflow-artifacts:/1/" + run.id() + "/artifacts");
        }
    }

    @Test
    void readsWhatClientsWroteThere() throws Exception {
        try (Registry registry = open()) {
            Run run = run(registry, "0");
            write(run, "a.txt", "alpha");
            write(run, "sub dir/ü.txt", "beta!");

            ClientFiles files = registry.clientFiles();
            assertThat(files.list(run.artifactUri(), ""))
                    .extracting(ArtifactFiles.Entry::name, ArtifactFiles.Entry::isDirectory, ArtifactFiles.Entry::size)
                    .containsExactly(tuple("a.txt", false, 5L), tuple("sub dir", true, 0L));
            assertThat(files.find(run.artifactUri(), "sub dir/ü.txt"))
                    .hasValueSatisfying(file -> assertThat(file.file()).hasContent("beta!"));
            assertThat(files.under(run.artifactUri())).containsOnlyKeys("a.txt", "sub dir/ü.txt");
            assertThat(files.find(run.artifactUri(), "none.txt")).isEmpty();
            assertThat(files.find(run.artifactUri(), "a.txt/b")).isEmpty();
            assertThat(files.find(run.artifactUri(), "x".repeat(1000))).isEmpty();
            assertThat(files.list(run.artifactUri(), "none")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../../../secret.txt", "a/../../b", "/etc/passwd", "a//b", "./a", "a\\b", "a\0b"})
    void refusesAPathThatLeavesTheDirectory(String path) throws Exception {
        Files.writeString(folder.resolve("secret.txt"), "secret");
        try (Registry registry = open()) {
            Run run = run(registry, "0");
            write(run, "a.txt", "alpha");

            assertThatThrownBy(() -> registry.clientFiles().find(run.artifactUri(), path))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("Invalid path");
        }
    }

    @Test
    void refusesAUriThatLeadsElsewhere() throws Exception {
        Files.writeString(folder.resolve("secret.txt"), "secret");
        try (Registry registry = open()) {
            String root = files().toRealPath().toUri().toString();
            for (String uri : new String[] {
                folder.toUri().toString(),
                root + "..",
                root + "%2e%2e/",
                root + "a/%2e%2e/%2e%2e/",
                root + "..%2f",
                "file://elsewhere" + files(),
                "file:" + root.substring("file:///".length()),
                root + "?x",
                root + "%00",
                "file:///etc",
                "s3://bucket/x",
                "nonsense",
                ""
            }) {
                assertThat(registry.clientFiles().keeps(uri)).as(uri).isFalse();
                assertThatThrownBy(() -> registry.clientFiles().find(uri, "secret.txt"))
                        .isInstanceOf(InvalidInputException.class);
            }
        }
    }

    @Test
    void neitherFollowsNorListsSymbolicLinks() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "secret");
        try (Registry registry = open()) {
            Run run = run(registry, "0");
            write(run, "a.txt", "alpha");
            Files.createSymbolicLink(directory(run).resolve("link.txt"), secret);
            Files.createSymbolicLink(directory(run).resolve("up"), folder);

            ClientFiles files = registry.clientFiles();
            assertThat(files.list(run.artifactUri(), ""))
                    .extracting(ArtifactFiles.Entry::name)
                    .containsExactly("a.txt");
            assertThat(files.under(run.artifactUri())).containsOnlyKeys("a.txt");
            for (String path : new String[] {"link.txt", "up/secret.txt", "up"}) {
                assertThatThrownBy(() -> files.find(run.artifactUri(), path))
                        .as(path)
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("symbolic link");
            }
            assertThatThrownBy(() -> files.list(run.artifactUri(), "up")).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void withTheServersStore_noDirectoryIsRead() throws Exception {
        Files.writeString(folder.resolve("a.txt"), "alpha");
        try (Registry registry = open(Registry.ARTIFACT_ROOT)) {
            String uri = String.valueOf(folder.toUri());

            assertThat(registry.clientFiles().keeps(uri)).isFalse();
            assertThatThrownBy(() -> registry.clientFiles().find(uri, "a.txt"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("not kept by this server");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relative/dir",
                "/absolute/without/scheme",
                "file:relative",
                "file://host/dir",
                "file:///a?b",
                "file:///a#b",
                "file:///a b",
                "s3://bucket/x",
                "mlflow-artifacts:/x",
                "file:///dev/null/x",
                "file:///proc/none",
                ""
            })
    void refusesARootThatCanNotBeOne(String root) {
        assertThatThrownBy(() -> ArtifactRoot.parse(root, home()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--artifact-root: " + root)
                .hasMessageContaining("expected: ");
    }

    @Test
    void refusesARootFromWhichTheHomeCouldBeFetched() {
        for (Path root : new Path[] {home(), folder, home().resolve("artifacts")}) {
            assertThatThrownBy(() -> ArtifactRoot.parse(root.toUri().toString(), home()))
                    .as(root.toString())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("neither holds the home");
        }
    }
}
