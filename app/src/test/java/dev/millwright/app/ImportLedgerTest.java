package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.app.ImportLedger.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportLedgerTest {
    @TempDir
    Path home;

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("imports"))) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void remembersWhatWasBrought_fromEachSourceByItself() {
        try (ImportLedger ledger = ImportLedger.open(home, "http://one")) {
            ledger.note(Kind.EXPERIMENT, "3", "5");
            ledger.note(Kind.WHOLE_RUN, "abc", "abc");
        }
        try (ImportLedger one = ImportLedger.open(home, "http://one");
                ImportLedger other = ImportLedger.open(home, "http://other")) {
            assertThat(one.find(Kind.EXPERIMENT, "3")).contains("5");
            assertThat(one.find(Kind.WHOLE_RUN, "abc")).contains("abc");
            assertThat(one.find(Kind.RUN, "abc")).isEmpty();
            assertThat(other.find(Kind.EXPERIMENT, "3")).isEmpty();
        }
    }

    @Test
    void writesOverALineThatWasCutOff() throws IOException {
        try (ImportLedger ledger = ImportLedger.open(home, "s")) {
            ledger.note(Kind.RUN, "a", "b");
        }
        Files.writeString(file(), "WHOLE_RUN\tc", StandardOpenOption.APPEND);
        try (ImportLedger ledger = ImportLedger.open(home, "s")) {
            assertThat(ledger.find(Kind.WHOLE_RUN, "c")).isEmpty();
            ledger.note(Kind.RUN, "d", "e");
        }
        assertThat(file()).hasContent("RUN\ta\tb\nRUN\td\te\n");
    }

    @Test
    void writesNothingTwice() throws IOException {
        try (ImportLedger ledger = ImportLedger.open(home, "s")) {
            ledger.note(Kind.RUN, "a", "b");
            ledger.note(Kind.RUN, "a", "b");
        }
        assertThat(file()).hasContent("RUN\ta\tb\n");
    }
}
