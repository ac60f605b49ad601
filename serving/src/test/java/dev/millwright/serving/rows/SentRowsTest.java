package dev.millwright.serving.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.RequestRows;
import dev.millwright.serving.Route;
import dev.millwright.serving.WeightedVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One body for versions that take different columns. */
final class SentRowsTest {
    private static final WeightedVersion CHAMPION = version(1, Signatures.BINARY);
    private static final WeightedVersion CANARY = version(2, Signatures.REGRESSION);
    private static final WeightedVersion SHADOW = version(3, Signatures.WIDE);
    private static final Route ROUTE = new Route("e", List.of(CANARY, CHAMPION), Optional.of(SHADOW));

    private record Silent(ModelSignature signature) implements ModelRuntime {
        @Override
        public Predictions predict(Frame rows) {
            throw new UnsupportedOperationException("nobody asks it");
        }

        @Override
        public void close() {}
    }

    private static WeightedVersion version(int number, ModelSignature signature) {
        return new WeightedVersion("m", number, 1, new Silent(signature));
    }

    private static List<String> columns(RequestRows.Keyed rows) {
        return rows.frame().columns().stream().map(column -> column.name()).toList();
    }

    @Test
    void everyVersion_findsItsOwnColumns() {
        String row = "{\"amount\": 1, \"age\": 2, \"city\": \"x\", \"X\": [3, 4], \"plan\": \"p\"}";
        byte[] json = ("{\"dataframe_records\": [" + row + "]}").getBytes(StandardCharsets.UTF_8);
        byte[] csv = "amount,age,city,X[0],X[1],plan\n1,2,x,3,4,p\n".getBytes(StandardCharsets.UTF_8);

        for (SentRows rows : List.of(SentRows.json(json, ROUTE), SentRows.csv(csv, StandardCharsets.UTF_8, ROUTE))) {
            assertThat(columns(rows.forVersion(CHAMPION))).containsExactly("amount", "age", "city");
            assertThat(columns(rows.forVersion(CANARY))).containsExactly("amount", "age");
            assertThat(columns(rows.forVersion(SHADOW))).containsExactly("X[0]", "X[1]", "plan");
        }
    }

    @Test
    void aBody_isReadOnce_forVersionsThatTakeTheSame() {
        SentRows rows = SentRows.json(
                "{\"instances\": [[1, 2, \"x\"]]}".getBytes(StandardCharsets.UTF_8),
                Route.of("e", "m", 1, new Silent(Signatures.BINARY)));

        assertThat(rows.forVersion(CHAMPION)).isSameAs(rows.forVersion(version(4, Signatures.BINARY)));
    }

    @Test
    void whatOneVersionLacks_isItsTroubleAlone() {
        SentRows rows = SentRows.json(
                "{\"dataframe_records\": [{\"amount\": 1, \"age\": 2}]}".getBytes(StandardCharsets.UTF_8), ROUTE);

        assertThat(rows.forVersion(CANARY).frame().rows()).isEqualTo(1);
        assertThatThrownBy(() -> rows.forVersion(CHAMPION)).hasMessageContaining("without city");
    }
}
