package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactsTest {
    private static final byte[] ABC = "abc".getBytes(StandardCharsets.UTF_8);
    /** FIPS 180-4's example. */
    private static final String ABC_SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path root;

    private Artifacts artifacts;

    @BeforeEach
    void open() {
        artifacts = Artifacts.owned(root);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void keepsBytesUnderTheirHash_once() throws IOException {
        Artifact artifact = artifacts.put(ABC);
        assertThat(artifact).isEqualTo(new Artifact(ABC_SHA256, 3));
        Path source = Files.write(root.resolve("source"), ABC);
        assertThat(artifacts.put(source)).isEqualTo(artifact);
        assertThat(files()).containsExactlyInAnyOrder(source, root.resolve("sha256/ba/" + ABC_SHA256));
        assertThat(artifacts.path(artifact)).hasBinaryContent(ABC);
        assertThat(artifacts.read(artifact)).isEqualTo(ABC);
        try (InputStream stream = artifacts.open(artifact)) {
            assertThat(stream).hasBinaryContent(ABC);
        }
    }

    @Test
    void keepsNothingOfASourceThatFails() throws IOException {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("unplugged");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new IOException("unplugged");
            }
        };
        assertThatThrownBy(() -> artifacts.put(failing))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("unplugged");
        assertThat(files()).isEmpty();
    }

    @Test
    void noticesChangedBytes() throws IOException {
        Artifact artifact = artifacts.put(ABC);
        Files.writeString(artifacts.path(artifact), "abd");
        for (Runnable check : List.<Runnable>of(() -> artifacts.verify(artifact), () -> artifacts.read(artifact))) {
            assertThatThrownBy(check::run)
                    .isInstanceOf(MillwrightException.class)
                    .hasMessageContaining("artifact: " + ABC_SHA256 + " holds bytes with the hash");
        }
    }

    @Test
    void putsAShortenedFileRight() throws IOException {
        Artifact artifact = artifacts.put(ABC);
        Files.writeString(artifacts.path(artifact), "a");
        artifacts.put(ABC);
        artifacts.verify(artifact);
    }

    @Test
    void saysWhichArtifactIsMissing() {
        Artifact missing = new Artifact("0".repeat(64), 1);
        assertThatThrownBy(() -> artifacts.path(missing))
                .isInstanceOf(MillwrightException.class)
                .hasMessageStartingWith("artifact: " + "0".repeat(64) + " is missing");
        assertThatThrownBy(() -> artifacts.open(missing)).hasMessageContaining("is missing");
    }

    @Test
    void theNextOwnerSweepsWhatWasHalfWritten() throws IOException {
        Files.writeString(root.resolve("incoming/half"), "ha");
        Artifacts.owned(root);
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "/etc/passwd",
                "../secret",
                "a/../../b",
                "a/..",
                ".",
                "a//b",
                "a/",
                "..\\b",
                "a\\b",
                "C:/x",
                "c:x",
                "a\u0000b",
                "a\nb",
                "a/./b"
            })
    void refusesPathsThatLeadElsewhere(String path) {
        Artifact artifact = new Artifact(ABC_SHA256, 3);
        assertThatThrownBy(() -> new RunArtifact(path, artifact, "text/plain"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("artifact path: '" + path + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "model/model.onnx", "..a", "a..b/c", "übersicht.html", ".hidden"})
    void acceptsPathsThatStayInside(String path) {
        assertThat(new RunArtifact(path, new Artifact(ABC_SHA256, 3), "text/plain").path())
                .isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../../../etc/passwd", "BA7816", "ba7816bf"})
    void refusesWhatIsNoHash(String hash) {
        assertThatThrownBy(() -> new Artifact(hash, 0))
                .hasMessage("sha256: " + hash + " (expected: 64 lower-case hexadecimal digits)");
    }
}
