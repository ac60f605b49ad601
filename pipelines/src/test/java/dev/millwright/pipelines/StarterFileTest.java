package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Task;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written must pass the check as it is: each test reads it again. */
class StarterFileTest {
    private static final List<String> WORDS_OF_SQL = List.of(
            "all",
            "and",
            "any",
            "as",
            "at",
            "avg",
            "between",
            "bigint",
            "boolean",
            "both",
            "by",
            "case",
            "cast",
            "ceil",
            "char",
            "check",
            "class",
            "column",
            "condition",
            "contains",
            "count",
            "cross",
            "current",
            "cycle",
            "date",
            "day",
            "default",
            "desc",
            "distinct",
            "domain",
            "double",
            "element",
            "else",
            "end",
            "equals",
            "exists",
            "extract",
            "filter",
            "first",
            "floor",
            "for",
            "from",
            "full",
            "group",
            "hour",
            "in",
            "inner",
            "interval",
            "into",
            "is",
            "join",
            "key",
            "language",
            "last",
            "lateral",
            "left",
            "level",
            "like",
            "limit",
            "local",
            "match",
            "matches",
            "max",
            "measure",
            "method",
            "min",
            "minute",
            "mod",
            "month",
            "name",
            "natural",
            "next",
            "no",
            "none",
            "not",
            "null",
            "number",
            "of",
            "offset",
            "on",
            "one",
            "or",
            "order",
            "out",
            "outer",
            "over",
            "partition",
            "percent",
            "period",
            "position",
            "power",
            "prior",
            "range",
            "rank",
            "ref",
            "result",
            "return",
            "right",
            "row",
            "rows",
            "season",
            "second",
            "section",
            "select",
            "set",
            "show",
            "size",
            "some",
            "sql",
            "start",
            "state",
            "sum",
            "symbol",
            "table",
            "then",
            "time",
            "timestamp",
            "to",
            "type",
            "union",
            "unique",
            "unknown",
            "update",
            "user",
            "using",
            "value",
            "values",
            "view",
            "when",
            "where",
            "window",
            "with",
            "year",
            "zone");

    @TempDir
    private Path folder;

    private Workbench home;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private String written(String file, String label) {
        String text = StarterFile.write(FirstLook.at(home.duck, folder.resolve(file)), label, file);
        check(text);
        return text;
    }

    private CheckedPipeline check(String text) {
        return PipelineCheck.check(
                PipelineReader.read("p.yaml", text, Map.of()), home.folder, home.duck, Optional.empty());
    }

    private static String lines(int count, java.util.function.IntFunction<String> line) {
        return IntStream.range(0, count).mapToObj(line).map(text -> text + "\n").collect(Collectors.joining());
    }

    @Test
    void writesAFileThatRunsAsItIs() {
        home.writeCustomers(400, 3);

        String text = written("customers.csv", "churned");

        assertThat(text)
                .contains("pipeline: customers\n", "  entity: id ", "SELECT id,\n           age,", "label: churned\n")
                .contains("roc_auc >= 0.6");
        PipelineRuns.Outcome outcome = home.run(text);
        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.summary().deployment()).isPresent();
    }

    @Test
    void namesColumnsAsSqlNeedsThem() {
        Stream<String> odd = Stream.of("Air temperature [K]", "a-b", "2nd", "straße", "say \"hi\"");
        List<String> names = Stream.concat(WORDS_OF_SQL.stream(), odd).toList();
        String header = names.stream()
                .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(","));
        home.write(
                "words.csv",
                header + ",label of it\n"
                        + lines(
                                40,
                                row -> names.stream()
                                                .map(name -> Integer.toString(row * 7 % 11))
                                                .collect(Collectors.joining(","))
                                        + "," + row % 3));

        CheckedPipeline pipeline = check(written("words.csv", "label of it"));

        assertThat(pipeline.plan().features())
                .extracting(ModelSignature.Input::name)
                .containsExactlyElementsOf(names);
    }

    @Test
    void saysHowAFileWithoutHeaderExtensionAndWithWordsForMissingIsRead() {
        home.write("points.train", lines(60, row -> row % 2 + "\t" + (row % 5 == 0 ? "?" : row) + "\tx" + row % 3));

        String text = written("points.train", "column1");

        assertThat(text)
                .contains("pipeline: points\n", "    format: tsv\n", "    header: false\n", "    missing: [\"?\"]")
                .contains("    # columns: [column1, column2, column3] ");
        assertThat(check(text).plan().features())
                .containsExactly(
                        new ModelSignature.Input("column2", ModelSignature.InputType.NUMBER),
                        new ModelSignature.Input("column3", ModelSignature.InputType.TEXT));
    }

    @Test
    void findsTheEncoding_whenItIsNotUtf8() throws IOException {
        String table = "word,kind\n" + lines(20, row -> "caf\u00e9 " + row + "," + row % 2);
        Files.write(folder.resolve("latin.csv"), table.getBytes(StandardCharsets.ISO_8859_1));
        Files.write(
                folder.resolve("windows.csv"),
                table.replace("caf", "\u201ccaf").getBytes(Charset.forName("windows-1252")));

        assertThat(written("latin.csv", "kind")).contains("    encoding: latin-1\n");
        assertThat(written("windows.csv", "kind")).contains("    encoding: windows-1252\n");
    }

    @Test
    void findsTheEncodingOfWideCharacters() throws IOException {
        String table = "caf\u00e9,kind\n" + lines(20, row -> row * 7 % 11 + "," + row % 2);
        Files.write(folder.resolve("marked.csv"), ("\uFEFF" + table).getBytes(StandardCharsets.UTF_16LE));
        Files.write(folder.resolve("big.train"), ("\uFEFF" + table).getBytes(StandardCharsets.UTF_16BE));
        Files.write(folder.resolve("unmarked.csv"), table.getBytes(StandardCharsets.UTF_16LE));
        Files.write(folder.resolve("utf8.csv"), ("\uFEFF" + table).getBytes(StandardCharsets.UTF_8));

        assertThat(written("marked.csv", "kind")).contains("    encoding: utf-16\n");
        assertThat(written("big.train", "kind")).contains("    encoding: utf-16\n", "    format: csv\n");
        assertThat(written("unmarked.csv", "kind")).contains("    encoding: utf-16le\n");
        assertThat(written("utf8.csv", "kind")).doesNotContain("encoding:");
    }

    @Test
    void refusesBytesThatAreNoText() throws IOException {
        Files.write(folder.resolve("binary.csv"), new byte[] {'a', 0, 0, 'b', 0, 0, 'c'});

        assertThatThrownBy(() -> written("binary.csv", "kind"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("binary.csv: holds NUL bytes (expected: text, or Parquet)")
                .hasMessageContaining("iconv -f ENCODING -t UTF-8");
    }

    @Test
    void refusesAJsonArray_withTheWayToConvertIt() {
        home.write("rows.json", "[{\"x\": 1}, {\"x\": 2}]");

        assertThatThrownBy(() -> written("rows.json", "x"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is a JSON array (expected: JSON lines")
                .hasMessageContaining("jq -c '.[]' rows.json");
    }

    @Test
    void writesNamesThatAreBrokenOverLines_orLookLikeVariables() {
        home.write(
                "odd ${name}.csv",
                "\"row\nkey\",\"x ${b}\",\"kind $${c}\"\n"
                        + lines(40, row -> "k" + row + "," + row * 7 % 11 + ",k" + row % 2));

        String text = written("odd ${name}.csv", "kind $${c}");

        assertThat(text).contains("  entity: row key ", "from: 'odd $${name}.csv'", "\"x $${b}\"");
        assertThat(check(text).plan().features())
                .extracting(ModelSignature.Input::name)
                .containsExactly("x ${b}");
    }

    @Test
    void givesColumnsOfTheSameNameNumbers() {
        home.write(
                "twice.csv",
                "x,X,_label,x_2,kind\n"
                        + lines(
                                40,
                                row -> row * 7 % 11 + ",a" + row % 3 + ",b" + row % 4 + ",c" + row % 5 + ",k"
                                        + row % 2));

        String text = written("twice.csv", "kind");

        assertThat(text)
                .contains("    header: true", "    columns: [\"x\", \"X_3\", \"_label_2\", \"x_2\", \"kind\"]\n");
        assertThat(check(text).plan().features())
                .extracting(ModelSignature.Input::name)
                .containsExactly("x", "X_3", "_label_2", "x_2");
    }

    @Test
    void cutsNamesThatAreTooLong() {
        String name = "select_" + "n".repeat(150);
        home.write(name + ".csv", "x,kind\n" + lines(40, row -> row * 7 % 11 + ",k" + row % 2));

        assertThat(written(name + ".csv", "kind")).contains("pipeline: select-" + "n".repeat(93) + "\n");
    }

    @Test
    void warnsOfABlankHeader_andOfValuesThatLookTheSame() {
        home.write(
                "pandas.csv",
                ",x,kind\n"
                        + lines(
                                40,
                                row -> row + "," + row * 7 % 11 + ","
                                        + List.of("yes", "yes ", "No", "no").get(row % 4)));

        assertThat(written("pandas.csv", "kind"))
                .contains("# Note: column1: without a name in the header, so called by place\n")
                .contains("# Note: kind: 'No' and 'no', 'yes' and 'yes ' differ only in blanks or case")
                .doesNotContain("no header was seen", "header: false");
    }

    @Test
    void splitsByTime_andTakesNoHourFromDates() {
        home.write(
                "rentals.csv",
                "no,day,at,price\n"
                        + lines(
                                60,
                                row -> String.format(
                                        "%d,2026-01-%02d,2026-01-01T%02d:00:00Z,%d.5",
                                        row + 1, row % 28 + 1, row % 24, row * row % 17)));

        String text = written("rentals.csv", "price");

        assertThat(text)
                .contains("  timestamp: day\n", "split: {by: time", "linear_regression")
                .contains("EXTRACT(DOW FROM day) AS day_weekday", "EXTRACT(HOUR FROM at) AS at_hour")
                .contains("-- left out: no numbers the rows")
                .doesNotContain("day_hour");
        assertThat(check(text).plan().features())
                .extracting(ModelSignature.Input::name)
                .containsExactly("day_weekday", "at_hour", "at_weekday");
    }

    @Test
    void choosesLearnersAndGates_byTheLabelsValues() {
        home.write("kinds.csv", "x,kind\n" + lines(60, row -> row * 3 % 7 + ",k" + row % 3));

        assertThat(written("kinds.csv", "kind"))
                .contains("[logistic_regression, xgboost]", "roc_auc_ovr", "log_loss <");
        assertThat(PipelineCheck.tasks(dev.millwright.core.ColumnType.VARCHAR)).contains(Task.MULTICLASS);
    }

    @Test
    void refusesALabelThatTeachesNothing() {
        home.write("flat.csv", "x,flat\n" + lines(20, row -> row * 3 % 7 + ",1"));

        assertThatThrownBy(() -> written("flat.csv", "flt"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--label: flt is no column of the data. Did you mean 'flat'?");
        assertThatThrownBy(() -> written("flat.csv", "flat"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--label: flat has 1 different value(s)");
    }

    @Test
    void refusesDataWithNothingToLearnFrom() {
        home.write("ids.csv", "id,y\n" + lines(20, row -> "a" + row + "," + row % 2));

        assertThatThrownBy(() -> written("ids.csv", "y"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no column to learn y from");
    }
}
