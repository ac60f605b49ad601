package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.data.ContractChange.Kind;
import dev.millwright.data.Evolution.Permission;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvolutionTest {
    private static final ColumnContract PRICE =
            ColumnContract.of("price", ColumnType.BIGINT).withUnit("EUR");
    private static final ColumnContract ID = ColumnContract.of("id", ColumnType.BIGINT);

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

    private DatasetVersion ingest(String csv, Contract contract) {
        return bench.ingest(bench.file("a.csv", csv).withContract(contract));
    }

    private static Contract evolving(Kind kind, Permission permission, ColumnContract... columns) {
        return Contract.of(columns).withEvolution(new Evolution(Map.of(kind, permission)));
    }

    private Types.NestedField field(String column) {
        try (LakeCatalog catalog = new LakeCatalog(folder.resolve("lake"))) {
            return catalog.find("things").orElseThrow().schema().findField(column);
        }
    }

    @Test
    void keepsWithEachVersionWhatWasPromisedOfIt() {
        DatasetVersion first = ingest("id,price\n1,2\n", Contract.of(ID, PRICE));
        DatasetVersion second = ingest("id,price\n1,3\n", Contract.NONE);
        assertThat(bench.lake.contract(first)).isEqualTo(Contract.of(ID, PRICE));
        assertThat(bench.lake.contract(second)).isEqualTo(Contract.NONE);
    }

    @Test
    void tellsOtherReadersUnitsAndDescriptions() {
        ColumnContract described = new ColumnContract(
                "price",
                Optional.of(ColumnType.BIGINT),
                List.of(),
                Optional.of("EUR"),
                Optional.of("before tax"),
                Privacy.ORDINARY,
                Optional.empty());
        ingest("id,price\n1,2\n", Contract.of(ID, PRICE));
        int id = field("price").fieldId();
        assertThat(field("price").doc()).isEqualTo("unit: EUR");
        assertThat(field("id").doc()).isNull();

        DatasetVersion version = ingest("price,id\n2,1\n", Contract.of(described));
        assertThat(field("price").doc()).isEqualTo("before tax; unit: EUR");
        assertThat(field("price").fieldId()).isEqualTo(id);
        assertThat(bench.rows(version)).containsExactly("2|1");

        ingest(
                "price,id\n3,1\n",
                evolving(Kind.UNIT, new Permission.Allow(), ColumnContract.of("price", ColumnType.BIGINT)));
        assertThat(field("price").doc()).isNull();
        assertThat(field("price").fieldId()).isEqualTo(id);
    }

    @Test
    void keepsFieldIds_whereRulesAreWidened() {
        ColumnContract strict = PRICE.withRules(
                new ValueRule.Required(), new ValueRule.Bound(Comparator.LESS_OR_EQUAL, new Value.Numeral("10")));
        ingest("id,price\n1,2\n", Contract.of(strict));
        int id = field("price").fieldId();
        DatasetVersion version = ingest("id,price\n1,11\n2,\n", Contract.of(PRICE));
        assertThat(bench.rows(version)).containsExactly("1|11", "2|null");
        assertThat(field("price").fieldId()).isEqualTo(id);
    }

    @Test
    void refusesWhatWouldMisleadReaders_namingColumn_beforeAndAfter_andStoresNothing() {
        DatasetVersion before = ingest("id,price,note\n1,2,x\n", Contract.of(ID, PRICE));
        assertThatThrownBy(() -> ingest(
                        "id,price\nA7,2.5\n",
                        Contract.of(
                                ColumnContract.of("id", ColumnType.VARCHAR),
                                ColumnContract.of("price", ColumnType.DOUBLE).withUnit("USD"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "things: schema: id: of another type: now varchar, before bigint (expected: no such change of the"
                                + " newest version, for evolution: {retype: refuse}). Keep the type, or give the column another"
                                + " name, or take this change with evolution: {retype: [id]}\n"
                                + "things: schema: price: in another unit: now USD, before EUR (expected: no such change of the"
                                + " newest version, for evolution: {unit: refuse}). Convert the values, or give the column another"
                                + " name, or take this change with evolution: {unit: [price]}");
        assertThatThrownBy(() -> ingest("id,amount\n1,2\n", Contract.of(ID)))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        e -> assertThat(e.problems()).extracting(Problem::key).containsExactly(Optional.of("schema")))
                .hasMessageContaining("price: dropped: now no column, before bigint, unit: EUR (expected:")
                .hasMessageEndingWith("Bring the column back, or take this change with evolution: {drop: [price]}");
        assertThat(bench.lake.versions("things")).containsExactly(before);
    }

    @Test
    void takesWhatTheRulesAllow_forAllColumnsOrForSome() {
        ingest("id,price\n1,2\n", Contract.of(ID, PRICE));
        Contract without = Contract.of(ID);
        assertThatThrownBy(() -> ingest(
                        "id\n1\n",
                        without.withEvolution(new Evolution(Map.of(Kind.DROP, new Permission.Only(List.of("id")))))))
                .hasMessageContaining("price: dropped");
        DatasetVersion dropped = ingest(
                "id\n1\n",
                without.withEvolution(new Evolution(Map.of(Kind.DROP, new Permission.Only(List.of("PRICE"))))));
        assertThat(bench.rows(dropped)).containsExactly("1");
        assertThatThrownBy(() -> ingest("id,new\n1,2\n", evolving(Kind.ADD, new Permission.Refuse(), ID)))
                .hasMessageContaining("new: added: now a bigint column, before no column")
                .hasMessageContaining("Leave the column out, or take this change with evolution: {add: [new]}");
        assertThatThrownBy(() -> ingest(
                        "id\n1\n",
                        evolving(Kind.WIDEN, new Permission.Refuse(), ColumnContract.of("id", ColumnType.DOUBLE))))
                .hasMessageContaining("id: widened: now double, before bigint");
        assertThat(bench.rows(ingest("id,new\n1.5,2\n", Contract.of(ColumnContract.of("id", ColumnType.DOUBLE)))))
                .containsExactly("1.5|2");
    }

    @Test
    void comparesWithTheNewestVersionAlone_andWhatWasNotPromisedMayGo() {
        ingest("id,price\n1,2\n", Contract.of(ID));
        ingest("id\n1\n", Contract.of(ID));
        ingest("id,price\n1,x\n", Contract.of(ID, ColumnContract.of("price", ColumnType.VARCHAR)));
        assertThatThrownBy(() -> ingest("id\n2\n", Contract.of(ID))).hasMessageContaining("price: dropped");
    }

    @Test
    void decidesNotWhatAVersionHolds() {
        SourceSpec spec = bench.file("a.csv", "id\n1\n");
        assertThat(Lake.fingerprint(spec.withContract(evolving(Kind.DROP, new Permission.Allow(), ID))))
                .isEqualTo(Lake.fingerprint(spec.withContract(Contract.of(ID))));
    }
}
