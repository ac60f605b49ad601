package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import dev.millwright.data.Layout.Partition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions that were read bit by bit, written into fewer files. */
class LakeCompactionTest {
    private static final Contract ORDERS = Contract.of(
            ColumnContract.of("id", ColumnType.BIGINT),
            ColumnContract.of("price", ColumnType.BIGINT)
                    .withRules(new ValueRule.Bound(Comparator.GREATER_OR_EQUAL, new Value.Numeral("0"))));

    @TempDir
    Path folder;

    private Workbench bench;

    @BeforeEach
    void open() {
        bench = new Workbench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** A version of five rows, of which one was repaired and so lies in a file of its own. */
    private DatasetVersion replayed(Layout layout) throws IOException {
        SourceSpec source = bench.file("orders.csv", "id,price,shop\n5,1,b\n2,-5,a\n3,3,a\n4,4,b\n1,5,a\n")
                .withContract(ORDERS)
                .withLayout(layout);
        DatasetVersion version = bench.ingest(source);
        Path broken = folder.resolve("broken.csv");
        bench.lake.exportQuarantine(version, "v1", broken);
        Files.writeString(broken, Files.readString(broken).replace(",2,-5,", ",2,5,"));
        return bench.lake
                .replay(new ReplayOrder(
                        "things",
                        Optional.of(broken),
                        Optional.empty(),
                        _ -> version,
                        Optional.empty(),
                        mark -> "replay " + mark))
                .made()
                .orElseThrow();
    }

    @Test
    void holdsTheSameRowsWithTheirIds_inOneFile_inTheSamePlaceAmongTheVersions() throws IOException {
        DatasetVersion scattered = replayed(Layout.NONE);
        bench.lake.tag(scattered, "audited");
        String ids = "SELECT id, price, shop, _row_id FROM ";
        List<String> before = bench.query(ids + bench.lake.tableReference(scattered) + " ORDER BY id");

        DatasetVersion compacted = bench.lake.compact(scattered).orElseThrow();
        assertThat(bench.lake.replacements("things"))
                .containsExactly(new Lake.Replacement(compacted.snapshot(), scattered.snapshot(), "compacted"));
        assertThat(bench.lake.replays("things")).hasSize(1);
        bench.lake.expire("things", List.of(scattered.snapshot()));

        assertThat(scattered.files()).hasSize(2);
        assertThat(scattered.files())
                .filteredOn(Files::exists)
                .as("those of v1, too")
                .isEqualTo(bench.lake.versions("things").getFirst().files());
        assertThat(compacted.files()).hasSize(1);
        assertThat(bench.query(ids + bench.lake.tableReference(compacted) + " ORDER BY id"))
                .isEqualTo(before);
        assertThat(bench.lake.tags("things")).containsEntry("audited", compacted.snapshot());
        assertThat(bench.lake.versions("things"))
                .extracting(DatasetVersion::rows)
                .containsExactly(4L, 5L);
        assertThat(bench.lake.contract(compacted)).isEqualTo(ORDERS);
        assertThat(bench.lake.compact(compacted)).isEmpty();
    }

    @Test
    void keepsRowsPartedAndSorted() throws IOException {
        DatasetVersion scattered = replayed(new Layout(List.of(Partition.parse("shop")), List.of("id")));
        assertThat(scattered.files()).hasSize(3);

        DatasetVersion compacted = bench.lake.compact(scattered).orElseThrow();
        assertThat(compacted.files()).hasSize(2);
        assertThat(bench.rows(compacted)).containsExactly("1|5|a", "2|5|a", "3|3|a", "4|4|b", "5|1|b");
        assertThat(bench.lake.details(compacted).layout())
                .isEqualTo(bench.lake.details(scattered).layout());
    }
}
