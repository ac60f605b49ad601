package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Progress;
import dev.millwright.core.Schema;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expectations that look into another table. */
class ReferenceTest {
    private static final Schema ORDERS = Schema.of(
            new Column("id", ColumnType.BIGINT),
            new Column("customer", ColumnType.BIGINT),
            new Column("share", ColumnType.DOUBLE),
            new Column("shop", ColumnType.VARCHAR),
            new Column("day", ColumnType.TIMESTAMP));
    private static final Map<String, Schema> TABLES = Map.of(
            "orders",
            ORDERS,
            "customers",
            Schema.of(new Column("id", ColumnType.BIGINT), new Column("born", ColumnType.TIMESTAMP)),
            "openings",
            Schema.of(new Column("shop", ColumnType.VARCHAR), new Column("day", ColumnType.TIMESTAMP)));

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

    private SourceSpec source(String name, String content) {
        SourceSpec file = bench.file(name + ".csv", content);
        return SourceSpec.of(name, file.from());
    }

    private DatasetVersion ingest(String name, String content) {
        return bench.ingest(source(name, content));
    }

    private DatasetVersion ingest(
            SourceSpec spec, List<DatasetVersion> others, OnViolation severity, String... expectations) {
        Map<String, Schema> schemas = new java.util.HashMap<>();
        Map<String, DatasetVersion> tables = new java.util.HashMap<>();
        Schema own = Inspector.inspect(bench.duck, spec).schema();
        schemas.put(spec.dataset(), own);
        others.forEach(other -> {
            schemas.put(other.dataset(), other.schema());
            tables.put(other.dataset(), other);
        });
        SourceSpec expecting = spec.withExpectations(
                Arrays.stream(expectations)
                        .map(text -> new Expected(Workbench.expectation(text, own, schemas), severity))
                        .toList(),
                severity);
        return bench.lake.ingest(expecting, tables, Lake.fingerprint(expecting) + others, Progress.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "customer in customers.id",
                "customer in customers(id)",
                "customer NOT IN customers.id",
                "(shop, day) in openings(shop, day)",
                "share in customers.id",
                "id in orders.customer",
                "\"customer\" in \"customers\".\"id\""
            })
    void readsAReference(String text) {
        assertThat(Workbench.expectation(text, ORDERS, TABLES)).isInstanceOf(Expectation.Partner.class);
    }

    @Test
    void tellsWhatIsReferredTo_withoutKnowingAnything() {
        assertThat(new Expected.Unread("share(a in b.c) >= 99%", OnViolation.FAIL).tables())
                .containsExactly("b");
        assertThat(new Expected.Unread("(a, x) not in \"B c\"(d, e)", OnViolation.FAIL).tables())
                .containsExactly("B c");
        assertThat(new Expected.Unread("a in ('b.c', 'in d.e') or a in (b)", OnViolation.FAIL).tables())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "customer in custmers.id#pipeline.yaml:7:21: expect 'customer in custmers.id': 'custmers' (expected: a table of data:). Did you mean 'customers'?",
                "custmer in customers.id#'custmer' (expected: a column). Did you mean 'customer'?",
                "customer in customers.di#'di' (expected: a column of customers). Did you mean 'id'?",
                "customer in customers.born#customers.born: timestamp (expected: bigint, as customer is)",
                "(shop, day) in openings(shop)#1 columns of openings (expected: 2, one for each)",
                "shop in openings(shop, day)#2 columns of openings (expected: 1, one for each)",
                "customer in customers.id >= 99%#'>=' (expected: the end)",
                "share(customer in custmers.id) >= 99%#pipeline.yaml:7:27: ",
                "share(customer in customers.born) >= 99%#expect 'share(customer in customers.born) >= 99%': customers.born: timestamp"
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Workbench.expectation(text, ORDERS, TABLES))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void setsAsideRowsWithoutAPartner_butNotThoseThatAskForNone() {
        DatasetVersion customers = ingest("customers", "id,name\n1,a\n2,b\n,c\n");
        DatasetVersion orders = ingest(
                source("orders", "id,customer\n10,1\n11,7\n12,\n13,2\n"),
                List.of(customers),
                OnViolation.QUARANTINE,
                "customer in customers.id");

        assertThat(bench.rows(orders)).containsExactly("10|1", "12|null", "13|2");
        assertThat(bench.lake.quarantine(orders, 10))
                .extracting(QuarantinedRow::line, QuarantinedRow::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3L, "customer: '7' breaks 'customer in customers.id'"));
        assertThat(bench.lake.report(orders).expectations())
                .extracting(ExpectationResult::sentence)
                .containsExactly("'customer in customers.id' does not hold: 1 row, e.g. 7 (line 3)");
    }

    @Test
    void looksIntoTheVersionThatItIsGiven() {
        DatasetVersion one = ingest("customers", "id\n1\n");
        DatasetVersion two = ingest("customers", "id\n2\n");
        SourceSpec orders = source("orders", "customer\n1\n2\n");
        assertThat(bench.rows(ingest(orders, List.of(one), OnViolation.QUARANTINE, "customer in customers.id")))
                .containsExactly("1");
        assertThat(bench.rows(ingest(orders, List.of(two), OnViolation.QUARANTINE, "customer in customers.id")))
                .containsExactly("2");
    }

    @Test
    void comparesSeveralColumnsAndTimes() {
        DatasetVersion openings = ingest("openings", "shop,day,n\na,2024-05-01,1\nb,2024-05-02,2.5\n");
        DatasetVersion sales = ingest(
                source("sales", "shop,day,n\na,2024-05-01,1\na,2024-05-02,1\nb,,1\nb,2024-05-02,3\n"),
                List.of(openings),
                OnViolation.WARN,
                "(shop, day) in openings(shop, day)",
                "n in openings.n",
                "share((shop, day) in openings(shop, day)) >= 50%",
                "share(n not in openings.n) < 25%",
                "shop not in openings.shop");
        assertThat(bench.lake.report(sales).expectations())
                .extracting(ExpectationResult::sentence)
                .containsExactly(
                        "'(shop, day) in openings(shop, day)' does not hold: 1 row, e.g. shop a, day 2024-05-02 00:00:00+00"
                                + " (line 3)",
                        "'n in openings.n' does not hold: 1 row, e.g. 3 (line 5)",
                        "'share((shop, day) in openings(shop, day)) >= 50%' holds: 50%",
                        "'share(n not in openings.n) < 25%' does not hold: 25%",
                        "'shop not in openings.shop' does not hold: 4 rows, e.g. a (line 2), a (line 3), b (line 4)");
    }

    @Test
    void looksAmongTheRowsThatWereRead_whereATableRefersToItself() {
        DatasetVersion staff = ingest(
                source("staff", "id,boss\n1,\n2,1\n3,9\n4,3\n"),
                List.of(),
                OnViolation.QUARANTINE,
                "boss in staff.id",
                "share(boss in staff.id) >= 30%");
        assertThat(bench.rows(staff)).containsExactly("1|null", "2|1", "4|3");
        assertThat(bench.lake.report(staff).expectations().get(1).sentence())
                .isEqualTo("'share(boss in staff.id) >= 30%' holds: 33.3333%");
    }

    @Test
    void comparesTheShareWithThatOfThePreviousVersion() {
        DatasetVersion customers = ingest("customers", "id\n1\n2\n");
        String check = "share(customer in customers.id) >= 90% of previous";
        ingest(source("orders", "customer\n1\n2\n"), List.of(customers), OnViolation.FAIL, check);
        assertThatThrownBy(
                        () -> ingest(source("orders", "customer\n1\n3\n"), List.of(customers), OnViolation.FAIL, check))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("orders: '" + check + "' does not hold: 50% (previous version: 100%)");
    }
}
