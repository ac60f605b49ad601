package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.MultipartUploads.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartUploadsTest {
    private static final String PATH = "0/run/artifacts/large.bin";

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

    private void restart() {
        close();
        open();
    }

    private MultipartUploads uploads() {
        return registry.uploads();
    }

    private Part send(String id, int number, String text) {
        return new Part(
                number, uploads().put(id, number, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
    }

    private String stored() {
        return registry.artifactFiles()
                .find(PATH)
                .map(file -> new String(registry.artifacts().read(file), StandardCharsets.UTF_8))
                .orElse("nothing");
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("artifacts/uploads"))) {
            return files.toList();
        }
    }

    @Test
    void putsPartsTogether_inTheirOrder_inWhichEverTheyCame() throws Exception {
        String id = uploads().begin(PATH, 3);
        Part third = send(id, 3, "gamma");
        Part first = send(id, 1, "alpha ");
        Part second = send(id, 2, "beta ");
        assertThat(stored()).isEqualTo("nothing");

        uploads().complete(id, PATH, List.of(first, second, third));

        assertThat(stored()).isEqualTo("alpha beta gamma");
        assertThat(left()).isEmpty();
    }

    @Test
    void goesOnAfterARestart() throws Exception {
        String id = uploads().begin(PATH, 2);
        Part first = send(id, 1, "alpha ");
        restart();
        Part second = send(id, 2, "beta");
        restart();

        uploads().complete(id, PATH, List.of(first, second));

        assertThat(stored()).isEqualTo("alpha beta");
    }

    @Test
    void aPartThatIsSentAgain_takesThePlaceOfTheFirst() {
        String id = uploads().begin(PATH, 1);
        Part before = send(id, 1, "before");
        Part after = send(id, 1, "after");

        assertThatThrownBy(() -> uploads().complete(id, PATH, List.of(before)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("ETag");
        uploads().complete(id, PATH, List.of(after));

        assertThat(stored()).isEqualTo("after");
    }

    @Test
    void aFileWithoutParts_isEmpty() {
        String id = uploads().begin(PATH, 0);

        uploads().complete(id, PATH, List.of());

        assertThat(stored()).isEmpty();
    }

    @Test
    void refusesToCompleteWhatIsNotWhole_andKeepsTheParts() {
        String id = uploads().begin(PATH, 2);
        Part first = send(id, 1, "alpha ");
        Part wrong = new Part(2, first.tag());

        assertThatThrownBy(() -> uploads().complete(id, PATH, List.of(first)))
                .hasMessageContaining("parts: 1 (expected: 2");
        assertThatThrownBy(() -> uploads().complete(id, PATH, List.of(first, wrong)))
                .hasMessageContaining("part 2: never sent");
        Part second = send(id, 2, "beta");
        assertThatThrownBy(() -> uploads().complete(id, PATH, List.of(second, first)))
                .hasMessageContaining("listed in order");
        assertThatThrownBy(() -> uploads().complete(id, PATH, List.of(first, wrong)))
                .hasMessageContaining("ETag");
        assertThatThrownBy(() -> uploads().complete(id, PATH + "2", List.of(first, second)))
                .hasMessageContaining("another file");
        assertThat(stored()).isEqualTo("nothing");

        uploads().complete(id, PATH, List.of(first, second));
        assertThat(stored()).isEqualTo("alpha beta");
    }

    @Test
    void aPartThatBreaksOff_leavesNothingBehind() throws Exception {
        String id = uploads().begin(PATH, 1);

        assertThatThrownBy(() -> uploads().put(id, 1, new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("cut");
                    }

                    @Override
                    public int read(byte[] bytes, int from, int length) throws IOException {
                        throw new IOException("cut");
                    }
                }))
                .isInstanceOf(MillwrightException.class);

        assertThat(home.resolve("artifacts/incoming")).isEmptyDirectory();
        assertThatThrownBy(() -> uploads().complete(id, PATH, List.of(new Part(1, "x"))))
                .hasMessageContaining("never sent");
    }

    @Test
    void anAbortedUpload_isGone() throws Exception {
        String id = uploads().begin(PATH, 1);
        Part part = send(id, 1, "alpha");

        uploads().abort(id, PATH);

        assertThat(left()).isEmpty();
        assertThatThrownBy(() -> uploads().complete(id, PATH, List.of(part)))
                .hasMessageContaining("expected: one that is under way");
        assertThatThrownBy(() -> send(id, 1, "alpha")).hasMessageContaining("expected: one that is under way");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "..", "../../x", "0123456789abcdef0123456789abcdeg", "0123456789abcdef0123456789abcdef"})
    void refusesAnUnknownUpload(String id) {
        assertThatThrownBy(() -> uploads().put(id, 1, InputStream.nullInputStream()))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("upload: " + id);
    }

    @Test
    void refusesNumbersOutOfRange() {
        String id = uploads().begin(PATH, 2);

        for (int number : new int[] {-1, 0, 3}) {
            assertThatThrownBy(() -> send(id, number, "x")).hasMessageContaining("part: " + number);
        }
        assertThatThrownBy(() -> uploads().begin(PATH, -1)).hasMessageContaining("num_parts: -1");
        assertThatThrownBy(() -> uploads().begin(PATH, 10_001)).hasMessageContaining("num_parts: 10001");
        assertThatThrownBy(() -> uploads().begin("../x", 1)).hasMessageContaining("Invalid path");
    }

    @Test
    void forgetsWhatNothingWasSentToForADay() throws Exception {
        Instant now = Instant.now();
        String old = uploads().begin(PATH, 1);
        String young = uploads().begin(PATH, 1);
        Part part = send(young, 1, "alpha");
        send(old, 1, "alpha");
        Files.setLastModifiedTime(
                home.resolve("artifacts/uploads").resolve(old), FileTime.from(now.minus(Duration.ofHours(25))));

        assertThat(uploads().sweep(now.minus(Duration.ofDays(1)))).isEqualTo(1);

        assertThat(left()).hasSize(1);
        uploads().complete(young, PATH, List.of(part));
        assertThat(stored()).isEqualTo("alpha");
    }
}
