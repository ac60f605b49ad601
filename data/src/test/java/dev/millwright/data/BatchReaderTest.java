package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BatchReaderTest {
    private static final List<Input> INPUTS = List.of(new Input("x", InputType.NUMBER), new Input("s", InputType.TEXT));
    private static final ModelSignature SIGNATURE = new ModelSignature(Task.BINARY, INPUTS, List.of("no", "it's"), 0.5);
    private static final ScoredColumns SCORED = new ScoredColumns("", SIGNATURE, "m/3");

    @TempDir
    Path folder;

    private Workbench bench;

    /** What the model was asked, row by row. */
    private final List<String> asked = new ArrayList<>();

    @BeforeEach
    void open() {
        bench = new Workbench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** The second class when {@code x} is above 1, with {@code x} / 100 as its probability. */
    private Predictions answer(Frame frame) {
        float[] x = ((FeatureColumn.Numeric) frame.column("x")).values();
        String[] s = ((FeatureColumn.Text) frame.column("s")).values();
        float[] probabilities = new float[2 * x.length];
        int[] labels = new int[x.length];
        for (int row = 0; row < x.length; row++) {
            asked.add(x[row] + "/" + s[row]);
            float score = Float.isNaN(x[row]) ? 0.1f : x[row] / 100;
            probabilities[2 * row] = 1 - score;
            probabilities[2 * row + 1] = score;
            labels[row] = x[row] > 1 ? 1 : 0;
        }
        return new Predictions.Classes(SIGNATURE.classes(), probabilities, labels);
    }

    private List<Path> parts(SourceSpec source, int rows, String... keep) {
        List<Path> parts = new ArrayList<>();
        try (BatchReader reader = BatchReader.open(bench.duck, new BatchRequest(source, INPUTS, List.of(keep), rows))) {
            for (Optional<RowBatch> next = reader.next(); next.isPresent(); next = reader.next()) {
                try (RowBatch batch = next.get()) {
                    Path part = folder.resolve("part-" + parts.size() + ".parquet");
                    batch.score(this::answer, SCORED, part);
                    parts.add(part);
                }
            }
        }
        return parts;
    }

    private Path written(SourceSpec source, int rows, String name, String... keep) {
        Path out = folder.resolve(name);
        new ScoredFiles(bench.duck, source, BatchReader.format(source), SCORED, parts(source, rows, keep))
                .write(out, ScoredFiles.Form.ofFile(out).orElseThrow());
        return out;
    }

    private List<String> read(Path parquet) {
        return bench.query("SELECT * FROM read_parquet(" + Sql.literal(parquet) + ")");
    }

    private List<String> types(Path parquet) {
        return bench.query(
                "SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet(" + Sql.literal(parquet) + "))");
    }

    private SourceSpec parquet(String select) {
        Path file = folder.resolve("in.parquet");
        try (Session session = bench.duck.session()) {
            session.execute("COPY (" + select + ") TO " + Sql.literal(file) + " (FORMAT parquet)");
        }
        return SourceSpec.of("in", file.toString());
    }

    @Test
    void readsNumbersTextsAndWhatIsMissing_asTheModelTakesThem() throws IOException {
        SourceSpec csv = bench.file("rows.csv", """
                id,x,s
                007,1.5,a
                008,,"b, ""b""\"
                009,true,
                010,NaN,  c
                011,007,NA
                """).withMissing(List.of("NA"));

        Path out = written(csv, 2, "out.csv");

        assertThat(asked).containsExactly("1.5/a", "NaN/b, \"b\"", "1.0/", "NaN/  c", "7.0/");
        assertThat(Files.readAllLines(out))
                .startsWith(
                        "id,x,s,label,probability_no,probability_it's,model_version",
                        "007,1.5,a,it's,0.985,0.015,m/3",
                        "008,,\"b, \"\"b\"\"\",no,0.9,0.1,m/3",
                        "009,true,,no,0.99,0.01,m/3");
    }

    @Test
    void givesKeptColumnsOfText_theTypesThatAllTheirValuesHave() {
        SourceSpec csv = bench.file("rows.csv", """
                id,code,day,x,s
                1,01,2026-01-02,1,a
                2,02,2026-01-03 10:00:00Z,2.5,b
                3,03,,3,c
                """);

        Path out = written(csv, 1, "out.parquet");

        assertThat(types(out))
                .containsExactly(
                        "id|BIGINT",
                        "code|VARCHAR",
                        "day|TIMESTAMP WITH TIME ZONE",
                        "x|DOUBLE",
                        "s|VARCHAR",
                        "label|VARCHAR",
                        "probability_no|FLOAT",
                        "probability_it's|FLOAT",
                        "model_version|VARCHAR");
        assertThat(read(out)).hasSize(3).last().asString().startsWith("3|03|null|3.0|c|it's|0.97|");
    }

    @Test
    void keepsTheColumnsOfParquet_asTheyAre() {
        SourceSpec source =
                parquet("SELECT [i, i + 1] AS pair, CAST(i AS DECIMAL(9,2)) AS price, DATE '2026-01-01' AS day,"
                        + " i::FLOAT AS X, 's' || i AS s FROM range(10) t(i)");

        Path out = written(source, 4, "out.parquet");

        assertThat(types(out))
                .startsWith("pair|BIGINT[]", "price|DECIMAL(9,2)", "day|DATE", "X|FLOAT", "s|VARCHAR", "label|VARCHAR");
        assertThat(read(out))
                .hasSize(10)
                .element(7)
                .asString()
                .startsWith("[7, 8]|7.00|2026-01-01|7.0|s7|it's|0.93|0.07|");
    }

    @Test
    void readsJsonLines_whoseRowsLackColumns() {
        SourceSpec source = bench.file("rows.jsonl", """
                {"x": 1.25, "s": "a", "id": 1, "zip": "01"}
                {"s": "  ", "x": null, "id": 2}

                {"id": 3, "x": true}
                {"id": 4, "late": {"deep": [1]}, "s": "d\\u00e9"}
                """);

        Path out = written(source, 2, "out.parquet");

        assertThat(asked).containsExactly("1.25/a", "NaN/  ", "1.0/", "NaN/dé");
        assertThat(types(out)).contains("id|BIGINT", "zip|VARCHAR", "late|VARCHAR");
        assertThat(bench.query("SELECT id, zip, late, x FROM read_parquet(" + Sql.literal(out) + ")"))
                .containsExactly(
                        "1|01|null|1.25", "2|null|null|null", "3|null|null|true", "4|null|{\"deep\":[1]}|null");
    }

    @Test
    void keepsChosenColumns_inTheirOrder_whateverTheirCase() {
        SourceSpec csv = bench.file("rows.csv", "id,day,x,s\n1,2,3,a\n");

        assertThat(types(written(csv, 10, "out.parquet", "S", "ID")))
                .startsWith("s|VARCHAR", "id|BIGINT", "label|VARCHAR");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void keepsTheOrderOfRows_andPassesOverBatches_inEveryFormat(Format format) {
        SourceSpec source = numbered(format);
        BatchRequest request = new BatchRequest(source, INPUTS, List.of("id"), 30);
        List<Path> parts = new ArrayList<>();
        try (BatchReader reader = BatchReader.open(bench.duck, request)) {
            assertThat(reader.skip()).isEqualTo(30);
            for (Optional<RowBatch> next = reader.next(); next.isPresent(); next = reader.next()) {
                try (RowBatch batch = next.get()) {
                    parts.add(folder.resolve("part-" + parts.size() + ".parquet"));
                    batch.score(this::answer, SCORED, parts.getLast());
                }
            }
            assertThat(reader.skip()).isZero();
            assertThat(reader.expectedRows()).isEqualTo(100);
        }

        assertThat(parts).hasSize(3);
        Path out = folder.resolve("out.parquet");
        new ScoredFiles(bench.duck, source, format, SCORED, parts).write(out, ScoredFiles.Form.PARQUET);
        assertThat(bench.query("SELECT id, label FROM read_parquet(" + Sql.literal(out) + ")"))
                .isEqualTo(IntStream.range(30, 100)
                        .mapToObj(i -> i + "|" + (i % 3 > 1 ? "it's" : "no"))
                        .toList());
    }

    /** A hundred rows in two files. */
    private SourceSpec numbered(Format format) {
        for (int file = 0; file < 2; file++) {
            String select = "SELECT i AS id, i % 3 AS x, 't' || i AS s FROM range(" + file * 50 + ", "
                    + (file * 50 + 50) + ") t(i)";
            String options = switch (format) {
                case CSV -> "FORMAT csv, HEADER true";
                case TSV -> "FORMAT csv, HEADER true, DELIMITER '\t'";
                case JSONL -> "FORMAT json";
                case PARQUET -> "FORMAT parquet";
            };
            try (Session session = bench.duck.session()) {
                session.execute("COPY (" + select + ") TO "
                        + Sql.literal(folder.resolve("in-" + file + "." + format.label())) + " (" + options + ")");
            }
        }
        return SourceSpec.of("in", folder.resolve("in-*." + format.label()).toString());
    }

    @Test
    void writesEachPartWithTheTypesOfAll() throws IOException {
        SourceSpec csv = bench.file("rows.csv", "id,v,x,s\n1,1,1,a\n2,1.5,2,b\n");
        List<Path> parts = parts(csv, 1);
        Path typed = Files.createDirectory(folder.resolve("typed"));

        new ScoredFiles(bench.duck, csv, Format.CSV, SCORED, parts).writeEach(typed);

        assertThat(types(typed.resolve("part-0.parquet"))).startsWith("id|BIGINT", "v|DOUBLE");
        assertThat(read(typed.resolve("part-1.parquet")))
                .singleElement()
                .asString()
                .startsWith("2|1.5|2|b|it's|");
    }

    @Test
    void namesEveryColumnThatIsMissing_withASuggestion() {
        SourceSpec csv = bench.file("rows.csv", "id,xx,text\n1,2,3\n");

        assertThatThrownBy(() -> parts(csv, 10, "idd"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("rows.csv: column: 'x' is missing (expected: every column that the model takes)."
                        + " Did you mean 'xx'?")
                .hasMessageContaining("column: 's' is missing")
                .hasMessageContaining("--keep: idd (expected: a column of")
                .hasMessageContaining("Did you mean 'id'?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rows.csv   | x,s\\n1,a\\nmany,b\\n                  | line 3: x: 'many' (expected: a number
            rows.csv   | x,s\\n1e39,b\\n                        | line 2: x: '1e39' (expected: a number within
            rows.csv   | x,s\\n1,a\\n1,b,c\\n                   | line 3: 3 fields (expected: 2)
            rows.csv   | x,s\\n1,a\\n1,"b\\n                    | line 3: a quote is opened and not closed
            rows.jsonl | {"x":1,"s":"a"}\\n{"x":"2","s":"b"}    | line 2: x: '"2"' (expected: a number
            rows.jsonl | {"x":1,"s":"a"}\\n{"x":[2],"s":"b"}    | line 2: x: '[2]' (expected: a number
            rows.jsonl | {"x":1,"s":"a"}\\n{"x":2,"s":5}        | line 2: s: '5' (expected: a text)
            rows.jsonl | {"x":1,"s":"a"}\\n{"x":2,              | line 2: not valid JSON
            rows.jsonl | {"x":1,"s":"a"}\\n7                    | line 2: not a JSON object
            rows.jsonl | {"x":1,"t":"a"}\\n                     | column: 's' is missing
            """)
    void namesFileAndLine_ofWhatMakesNoSense(String name, String content, String message) {
        SourceSpec source = bench.file(name, content.replace("\\n", "\n"));

        assertThatThrownBy(() -> parts(source, 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CASE i WHEN 3 THEN 'many' END AS x, 'a' AS s | in.parquet, row 4: x: 'many' (expected: a number
            i AS x, CASE i WHEN 2 THEN 7 END AS s        | in.parquet, row 3: s: '7' (expected: a text)
            i * 1e38 AS x, 'a' AS s                      | in.parquet, row 5: x: '4e+38' (expected: a number within
            i AS y, 'a' AS s                             | column: 'x' is missing
            """)
    void namesFileAndRow_ofParquetThatDoesNotFit(String columns, String message) {
        SourceSpec source = parquet("SELECT " + columns + " FROM range(5) t(i)");

        assertThatThrownBy(() -> parts(source, 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void takesColumnsOfNothingButMissingValues_whateverTheirType() {
        parts(parquet("SELECT CAST(NULL AS VARCHAR) AS x, CAST(NULL AS INTEGER) AS s"), 10);

        assertThat(asked).containsExactly("NaN/");
    }

    @Test
    void refusesAColumnThatWouldStandTwice() {
        SourceSpec csv = bench.file("rows.csv", "x,s,Label\n1,a,b\n");

        assertThatThrownBy(() -> parts(csv, 10))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("column: 'Label' would stand twice in the output")
                .hasMessageContaining("--prefix");
        assertThat(parts(csv, 10, "x")).hasSize(1);
    }

    @Test
    void refusesFilesWithOtherColumns() {
        bench.file("a.csv", "x,s\n1,a\n");
        bench.file("b.csv", "s,x\na,1\n");
        SourceSpec source = SourceSpec.of("in", folder.resolve("*.csv").toString());

        assertThatThrownBy(() -> parts(source, 10))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("b.csv has the columns [s, x] (expected: [x, s]");
    }
}
