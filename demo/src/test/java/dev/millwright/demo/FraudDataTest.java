package dev.millwright.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.MillwrightException;
import dev.millwright.demo.CardTransactions.Parameters;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FraudDataTest {
    private static final Transaction STOLEN = new Transaction(
            7,
            Instant.parse("2026-01-02T03:04:05Z"),
            "C00042",
            "T0007",
            new BigDecimal("1234.50"),
            "chip",
            "fuel",
            Scenario.STOLEN_CARD);

    @TempDir
    private Path folder;

    @Test
    void writesRfc4180_withAHeader() throws IOException {
        Path csv = folder.resolve("fraud/transactions.csv");

        assertThat(FraudData.write(csv, List.of(STOLEN).iterator())).isEqualTo(1);

        assertThat(Files.readString(csv)).isEqualTo("""
                        transaction_id,paid_at,card_id,terminal_id,amount,channel,category,is_fraud,scenario
                        7,2026-01-02T03:04:05Z,C00042,T0007,1234.50,chip,fuel,1,stolen_card
                        """.replace("\n", "\r\n"));
    }

    @Test
    void writesTheSameBytesForTheSameSeed() throws IOException {
        Parameters parameters = Parameters.defaults().withDays(3);
        Path one = folder.resolve("one.csv");
        Path two = folder.resolve("two.csv");

        assertThat(FraudData.write(one, parameters, 3)).isEqualTo(FraudData.write(two, parameters, 3));

        assertThat(one).hasSameBinaryContentAs(two);
    }

    @Test
    void leavesTheOldFile_whenTheNewOneFails() throws IOException {
        Path csv = folder.resolve("transactions.csv");
        Files.writeString(csv, "old");
        Iterator<Transaction> failing = List.of(STOLEN).stream()
                .<Transaction>map(transaction -> {
                    throw new IllegalStateException("no more");
                })
                .iterator();

        assertThatThrownBy(() -> FraudData.write(csv, failing)).hasMessage("no more");

        assertThat(csv).hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(csv);
        }
    }

    @Test
    void saysWhatToDo_whenTheFolderIsAFile() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() ->
                        FraudData.write(file.resolve("t.csv"), List.of(STOLEN).iterator()))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("t.csv: not written (")
                .hasMessageContaining("Check that the folder is writable");
    }

    @Test
    void tellsAnEventWithoutItsLabel() {
        assertThat(STOLEN.eventJson())
                .isEqualTo("{\"transaction_id\":7,\"paid_at\":\"2026-01-02T03:04:05Z\",\"card_id\":\"C00042\","
                        + "\"terminal_id\":\"T0007\",\"amount\":1234.50,\"channel\":\"chip\",\"category\":\"fuel\"}");
    }
}
