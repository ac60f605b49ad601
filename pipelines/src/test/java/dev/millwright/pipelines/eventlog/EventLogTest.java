package dev.millwright.pipelines.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.pipelines.eventlog.EventLog.Ticket;
import dev.millwright.pipelines.eventlog.EventLogOptions.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventLogTest {
    private static final List<Column> COLUMNS = List.of(
            new Column("n", ColumnType.BIGINT),
            new Column("x", ColumnType.DOUBLE),
            new Column("word", ColumnType.VARCHAR),
            new Column("flag", ColumnType.BOOLEAN),
            new Column("at", ColumnType.TIMESTAMP));
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);

    private EventLog open() {
        return EventLog.open(folder, EventLogOptions.DEFAULT, now::get);
    }

    private static LoggedEvent event(long n) {
        return new LoggedEvent(n, Optional.of("id-" + n), new HashMap<>(Map.of("n", n, "word", "w" + n)));
    }

    private static void append(EventLog log, long... numbers) {
        List<LoggedEvent> events =
                Arrays.stream(numbers).mapToObj(EventLogTest::event).toList();
        assertThat(log.await(log.append(COLUMNS, events))).isTrue();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static List<String> texts(long... numbers) {
        return Arrays.stream(numbers).mapToObj(Long::toString).toList();
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void givesBackWhatWasAppended_toTheLastBit(Durability durability) {
        EventLogOptions options = EventLogOptions.DEFAULT.withDurability(durability);
        Map<String, @Nullable Object> full = new HashMap<>();
        full.put("n", Long.MIN_VALUE);
        full.put("x", -Double.MIN_VALUE);
        full.put("word", "Zürich \uD83D\uDE89 \u0000");
        full.put("flag", false);
        full.put("at", Instant.parse("1969-12-31T23:59:59.999999Z"));
        Map<String, @Nullable Object> nulls = new HashMap<>();
        COLUMNS.forEach(column -> nulls.put(column.name(), null));
        try (EventLog log = EventLog.open(folder, options, now::get)) {
            Ticket ticket = log.append(
                    COLUMNS,
                    List.of(
                            new LoggedEvent(5, Optional.of("a"), full),
                            new LoggedEvent(Long.MIN_VALUE, Optional.empty(), nulls),
                            new LoggedEvent(7, Optional.empty(), Map.of())));
            assertThat(log.await(ticket)).isTrue();
        }
        try (EventLog log = EventLog.open(folder, options, now::get)) {
            Collected collected = Collected.of(log);
            full.put("at", -1L);
            assertThat(collected.events).containsExactly(full, nulls, Map.of());
            assertThat(collected.ids).containsExactly("a", null, null);
            assertThat(log.status().events()).isEqualTo(3);
        }
    }

    @Test
    void goesOnAfterTheLastEvent_inAnotherFile() throws IOException {
        for (int start = 0; start < 3; start++) {
            try (EventLog log = open()) {
                append(log, 2L * start, 2L * start + 1);
            }
        }
        try (EventLog log = open()) {
            Collected all = Collected.of(log);
            assertThat(all.numbered()).isEqualTo(texts(0, 1, 2, 3, 4, 5));
            assertThat(all.numbers).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
            Collected later = new Collected();
            assertThat(log.read(4, later)).isEqualTo(6);
            assertThat(later.numbered()).isEqualTo(texts(4, 5));
        }
        assertThat(files()).hasSize(3);
    }

    @Test
    void leavesNoFile_whenNothingCame() throws IOException {
        open().close();
        try (EventLog log = open()) {
            log.upkeep();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void keepsEventsWithOtherColumnsApart() {
        List<Column> others = List.of(new Column("word", ColumnType.VARCHAR), new Column("n", ColumnType.BIGINT));
        try (EventLog log = open()) {
            log.append(COLUMNS, List.of(event(1)));
            log.append(others, List.of(event(2)));
            assertThat(log.await(log.append(COLUMNS, List.of(event(3))))).isTrue();
            assertThat(Collected.of(log).numbered()).isEqualTo(texts(1, 2, 3));
        }
        try (EventLog log = open()) {
            assertThat(Collected.of(log).events)
                    .extracting(event -> event.get("word"))
                    .containsExactly("w1", "w2", "w3");
        }
    }

    /** Whatever part of the last frame a kill left, the others are there, and the next start has nothing to say any more. */
    @Test
    void cutsOffATornLastFrame_whereverItTore() throws IOException {
        try (EventLog log = open()) {
            append(log, 1, 2);
            append(log, 3);
            append(log, 4);
        }
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        int lastLength = EventFrame.encode(COLUMNS, NOW, List.of(event(4))).remaining();
        for (int cut = 1; cut < lastLength; cut += 3) {
            Files.write(file, Arrays.copyOf(whole, whole.length - cut));
            try (EventLog log = open()) {
                assertThat(Collected.of(log).numbered()).isEqualTo(texts(1, 2, 3));
                assertThat(log.status().damagedBytes()).isZero();
            }
            assertThat(Files.size(file)).isEqualTo(whole.length - lastLength);
        }
    }

    @Test
    void cutsOffZeroes_asAPowerCutLeavesThem() throws IOException {
        try (EventLog log = open()) {
            append(log, 1, 2);
        }
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length + 5000));
        try (EventLog log = open()) {
            assertThat(Collected.of(log).numbered()).isEqualTo(texts(1, 2));
            append(log, 3);
        }
        try (EventLog log = open()) {
            assertThat(Collected.of(log).numbered()).isEqualTo(texts(1, 2, 3));
        }
    }

    @Test
    void deletesAFileThatWasBeingBegun() throws IOException {
        try (EventLog log = open()) {
            append(log, 1);
        }
        Path begun = folder.resolve("00000000000000000001.events");
        byte[] header = new SegmentHeader(1, COLUMNS).encode().array();
        for (int length = 0; length <= header.length; length += 7) {
            Files.write(begun, Arrays.copyOf(header, length));
            try (EventLog log = open()) {
                assertThat(Collected.of(log).numbered()).isEqualTo(texts(1));
            }
            assertThat(begun).doesNotExist();
        }
    }

    /** A bit of the frame in the middle: of its mark, its length, its checksum, what it holds. */
    @Test
    void leavesOutDamagedEvents_andUsesThoseBeforeAndAfter() throws IOException {
        int before;
        int after;
        try (EventLog log = open()) {
            append(log, 1);
            before = (int) Files.size(files().getFirst());
            append(log, 2);
            after = (int) Files.size(files().getFirst());
            append(log, 3);
        }
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        for (int at = before; at < after; at += 3) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            try (EventLog log = open()) {
                assertThat(Collected.of(log).numbered()).as("byte %d", at).isEqualTo(texts(1, 3));
                assertThat(log.status().damagedBytes()).isEqualTo(after - before);
            }
        }
    }

    @Test
    void setsAsideAFileWhoseHeaderIsDamaged_andGoesOn() throws IOException {
        try (EventLog log = open()) {
            append(log, 1);
        }
        try (EventLog log = open()) {
            append(log, 2);
        }
        Path first = files().getFirst();
        byte[] damaged = Files.readAllBytes(first);
        damaged[30] ^= 1;
        Files.write(first, damaged);
        try (EventLog log = open()) {
            assertThat(Collected.of(log).numbered()).isEqualTo(texts(2));
            assertThat(log.status().damagedBytes()).isEqualTo(damaged.length);
            append(log, 3);
        }
        assertThat(folder.resolve(first.getFileName() + ".damaged")).hasBinaryContent(damaged);
        try (EventLog log = open()) {
            assertThat(Collected.of(log).numbered()).isEqualTo(texts(2, 3));
        }
    }

    @Test
    void refusesAFileOfALaterVersion() throws IOException {
        try (EventLog log = open()) {
            append(log, 1);
        }
        Path file = files().getFirst();
        byte[] later = Files.readAllBytes(file);
        later[11] = 2;
        Files.write(file, later);
        assertThatThrownBy(this::open)
                .hasMessage(file
                        + ": version 2 of the format (expected: 1). A later Millwright wrote it; start that one, or"
                        + " move the file away to go on without its events.");
    }

    @Test
    void sharesWritesAmongThoseWhoWait_andLosesNothing() throws Exception {
        int threads = 4;
        int each = 300;
        try (EventLog log = open();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> appending = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                long from = thread * 1000L;
                appending.add(executor.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        append(log, from + i);
                    }
                }));
            }
            for (Future<?> future : appending) {
                future.get();
            }
        }
        try (EventLog log = open()) {
            List<Object> all = Collected.of(log).numbered();
            assertThat(all).hasSize(threads * each).doesNotHaveDuplicates();
            for (int thread = 0; thread < threads; thread++) {
                int from = thread * 1000;
                assertThat(all)
                        .containsSubsequence(IntStream.range(from, from + each)
                                .mapToObj(Integer::toString)
                                .toArray());
            }
        }
    }

    @Test
    void beginsAnotherFile_whenOneIsLargeOrOld_andGivesUpThoseOfNoUse() throws IOException {
        EventLogOptions small = new EventLogOptions(400, Duration.ofHours(1), 1 << 20, Durability.PROCESS);
        try (EventLog log = EventLog.open(folder, small, now::get)) {
            for (int i = 0; i < 40; i++) {
                append(log, i);
            }
            int large = files().size();
            assertThat(large).isGreaterThan(5);
            now.set(NOW.plus(Duration.ofHours(2)));
            log.upkeep();
            append(log, 40);
            assertThat(files()).hasSize(large + 1);

            log.expire((newest, lastArrived) -> newest < 20);
            List<Object> left = Collected.of(log).numbered();
            assertThat(left).contains("20", "40").doesNotContain("0");
            assertThat(files()).hasSizeLessThan(large);
        }
        try (EventLog log = EventLog.open(folder, small, now::get)) {
            append(log, 41);
            assertThat(Collected.of(log).numbers).endsWith(40L, 41L);
        }
    }

    @Test
    void keepsEventsInMemory_whileTheDiskIsFull_andWritesThemWhenItIsNot() {
        FullDisk disk = new FullDisk();
        EventLogOptions options = new EventLogOptions(1 << 20, Duration.ofDays(1), 2_000, Durability.PROCESS);
        try (EventLog log = EventLog.open(folder, options, now::get, disk)) {
            append(log, 1);
            disk.room(20);
            assertThat(log.await(log.append(COLUMNS, List.of(event(2))))).isFalse();
            assertThat(log.await(log.append(COLUMNS, List.of(event(3))))).isFalse();
            assertThat(log.status().failure())
                    .hasValueSatisfying(reason -> assertThat(reason).isEqualTo("No space left on device"));
            assertThat(Collected.of(log).numbered()).isEqualTo(texts(1, 2, 3));
            log.upkeep();
            assertThat(log.status().waitingEvents()).isEqualTo(2);

            int lost = 0;
            for (long n = 4; n < 60; n++) {
                log.append(COLUMNS, List.of(event(n)));
                lost++;
            }
            lost -= (int) log.status().waitingEvents() - 2;
            assertThat(log.status().lostEvents()).isEqualTo(lost).isPositive();
            assertThat(log.await(log.append(COLUMNS, List.of(event(60))))).isFalse();

            disk.room(1 << 20);
            log.upkeep();
            assertThat(log.status().failure()).isEmpty();
            append(log, 61);
        }
        try (EventLog log = open()) {
            assertThat(Collected.of(log).numbered())
                    .startsWith("1", "2", "3", "4")
                    .endsWith("61");
            assertThat(log.status().damagedBytes()).isZero();
        }
    }

    @Test
    void beginsNoFile_whileTheDiskIsFull() throws IOException {
        FullDisk disk = new FullDisk();
        disk.room(10);
        try (EventLog log = EventLog.open(folder, EventLogOptions.DEFAULT, now::get, disk)) {
            assertThat(log.await(log.append(COLUMNS, List.of(event(1))))).isFalse();
            assertThat(files()).isEmpty();
            disk.room(1 << 20);
            log.upkeep();
            append(log, 2);
            assertThat(Collected.of(log).numbered()).isEqualTo(texts(1, 2));
        }
    }

    @Test
    void readsWhileItIsWritten() throws Exception {
        try (EventLog log = open();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writing = executor.submit(() -> {
                for (int i = 0; i < 1000; i++) {
                    append(log, i);
                }
            });
            List<Object> all = new ArrayList<>();
            long next = 0;
            while (!writing.isDone() || next < 1000) {
                Collected more = new Collected();
                next = log.read(next, more);
                all.addAll(more.numbered());
            }
            writing.get();
            assertThat(all)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 1000).mapToObj(Integer::toString).toList());
        }
    }

    /** A process that appends until it is killed: whatever it said was durable is there. */
    @Test
    void hasEverythingThatWasAcknowledged_afterAKill() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx100m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appending.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        List<String> acknowledged = new ArrayList<>();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            while (acknowledged.size() < 200) {
                acknowledged.add(String.valueOf(lines.readLine()));
            }
            // Not process.destroyForcibly(), which closes the stream that is yet to be read.
            process.toHandle().destroyForcibly();
            lines.lines().filter(line -> line.endsWith(".")).forEach(acknowledged::add);
        }
        process.waitFor();
        try (EventLog log = open()) {
            List<Object> numbers = Collected.of(log).numbered();
            assertThat(numbers)
                    .containsExactlyElementsOf(IntStream.range(0, numbers.size())
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(acknowledged)
                    .hasSizeGreaterThanOrEqualTo(200)
                    .hasSizeLessThanOrEqualTo(numbers.size())
                    .containsExactlyElementsOf(IntStream.range(0, acknowledged.size())
                            .mapToObj(n -> n + ".")
                            .toList());
        }
    }

    /** Says each event's number once it is durable. */
    static final class Appending {
        private Appending() {}

        static void main(String[] arguments) {
            EventLog log = EventLog.open(Path.of(arguments[0]), EventLogOptions.DEFAULT, Instant::now);
            for (int i = 0; i < 1_000_000; i++) {
                append(log, i);
                System.out.println(i + ".");
            }
        }
    }
}
