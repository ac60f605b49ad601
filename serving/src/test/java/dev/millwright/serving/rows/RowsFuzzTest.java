package dev.millwright.serving.rows;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Whatever bytes come: rows of the model's columns, or a refusal that says why. Kept inputs lie among the resources. */
class RowsFuzzTest {
    @FuzzTest
    void plain(byte[] body) {
        require(() -> RowsJson.read(body, Signatures.WIDE));
    }

    @FuzzTest
    void scoring(byte[] body) {
        require(() -> ScoringJson.read(body, RequestColumns.of(Signatures.WIDE)));
    }

    @FuzzTest
    void csv(byte[] body) {
        require(() -> RowsCsv.read(body, StandardCharsets.UTF_8, RequestColumns.of(Signatures.BINARY)));
        require(() -> RowsCsv.read(body, StandardCharsets.UTF_16, RequestColumns.of(Signatures.BINARY)));
    }

    private static void require(Supplier<Frame> rows) {
        try {
            Frame frame = rows.get();
            assertThat(frame.rows()).isPositive();
            assertThat(frame.columns()).hasSize(3).allSatisfy(column -> {
                switch (column) {
                    case FeatureColumn.Numeric numbers ->
                        assertThat(numbers.values()).hasSize(frame.rows());
                    case FeatureColumn.Text texts ->
                        assertThat(texts.values()).hasSize(frame.rows()).doesNotContainNull();
                }
            });
        } catch (InvalidInputException refused) {
            assertThat(refused.problems()).hasSizeBetween(1, 21);
            assertThat(refused.getMessage()).hasSizeLessThan(20_000);
        }
    }
}
