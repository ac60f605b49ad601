package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.data.ColumnProfile;
import dev.millwright.data.Header;
import dev.millwright.data.Inspection;
import dev.millwright.data.SourceSpec;
import dev.millwright.plan.SqlNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes a first pipeline file from a look at the data: one that runs as it is, with comments on what to change. */
public final class StarterFile {
    private static final int CLASSES_OF_WHOLE_NUMBERS = 20;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029\\uFEFF]");
    private static final String MIDNIGHT = "T00:00:00Z";

    private final SourceSpec source;
    private final Inspection inspection;
    private final Column label;
    private final String from;
    private final String name;
    private final List<String> leakage;

    private StarterFile(FirstLook look, Column label, String from, String name, List<String> leakage) {
        this.source = look.source();
        this.inspection = look.inspection();
        this.label = label;
        this.from = from;
        this.name = name;
        this.leakage = leakage;
    }

    /**
     * The text of a pipeline file.
     *
     * @param from the source as the file should name it
     * @throws InvalidInputException when {@code label} is no column, or has one value only
     */
    public static String write(FirstLook look, String label, String from) {
        return write(look, label, from, List.of());
    }

    /**
     * The text of a pipeline file, with what gives the label away as comments.
     *
     * @param from the source as the file should name it
     * @param leakage sentences about columns that should be looked at
     * @throws InvalidInputException when {@code label} is no column, or has one value only
     */
    public static String write(FirstLook look, String label, String from, List<String> leakage) {
        Inspection inspection = look.inspection();
        Column column = inspection
                .schema()
                .find(label)
                .orElseThrow(() -> new InvalidInputException("--label: " + label + " is no column of the data."
                        + Words.suggestion(label, inspection.schema().names())));
        if (!isWritable(column)) {
            throw new InvalidInputException(
                    "--label: " + oneLine(label)
                            + " has a line break or the like in its name (expected: one that SQL can write). Rename the column.");
        }
        ColumnProfile profile = profile(inspection, column);
        if (profile.distinct() < 2) {
            throw new InvalidInputException("--label: " + label + " has " + profile.distinct()
                    + " different value(s) (expected: at least two, or there is nothing to learn).");
        }
        return new StarterFile(look, column, from, name(from), leakage).text();
    }

    /** A pipeline's name from a file's. */
    public static String name(String from) {
        String base = Path.of(from).getFileName().toString().replaceAll("\\.[A-Za-z0-9.]*$", "");
        String cleaned =
                base.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-+|-+$", "").toLowerCase(Locale.ROOT);
        return cleaned.isEmpty() ? "pipeline" : cut(cleaned);
    }

    private static String cut(String name) {
        return name.substring(0, Math.min(name.length(), SourceSpec.LONGEST_NAME))
                .replaceAll("[-_]+$", "");
    }

    private static ColumnProfile profile(Inspection inspection, Column column) {
        return inspection.columns().stream()
                .filter(each -> each.name().equals(column.name()))
                .findFirst()
                .orElseThrow();
    }

    private boolean isClassification() {
        ColumnProfile profile = profile(inspection, label);
        return switch (label.type()) {
            case BOOLEAN, VARCHAR -> true;
            case BIGINT -> profile.distinct() <= CLASSES_OF_WHOLE_NUMBERS;
            case DOUBLE, TIMESTAMP -> false;
        };
    }

    private boolean isBinary() {
        return isClassification() && profile(inspection, label).distinct() == 2;
    }

    private String text() {
        Optional<Column> entity = entity();
        Optional<Column> timestamp = inspection.schema().columns().stream()
                .filter(column -> column.type() == ColumnType.TIMESTAMP && !column.equals(label) && isWritable(column))
                .findFirst();
        StringBuilder text = new StringBuilder();
        text.append("# Written by 'millwright init' from ")
                .append(oneLine(from))
                .append(": ")
                .append(String.format(Locale.ROOT, "%,d", inspection.rows()))
                .append(" rows, ")
                .append(inspection.schema().columns().size())
                .append(" columns.\n")
                .append("# Check it with 'millwright validate', then 'millwright run'.\n");
        inspection
                .warnings()
                .forEach(warning ->
                        text.append("# Note: ").append(oneLine(warning)).append('\n'));
        leakage.forEach(
                message -> text.append("# Leakage: ").append(oneLine(message)).append('\n'));
        text.append("pipeline: ").append(yaml(name)).append("\n\n");
        text.append("data:\n  ")
                .append(table())
                .append(":\n    from: ")
                .append(yaml(from))
                .append('\n')
                .append(reading())
                .append("    # expect:                       # rows that fail go to quarantine, with the reason\n")
                .append("    #   - ")
                .append(oneLine(Variables.escape(expectation())))
                .append("\n\n");
        text.append("features:\n");
        entity.ifPresent(column -> text.append("  entity: ")
                .append(yaml(column.name()))
                .append("                # what a row is about; no feature\n"));
        timestamp.ifPresent(column ->
                text.append("  timestamp: ").append(yaml(column.name())).append('\n'));
        text.append("  sql: |\n")
                .append(Variables.escape(sql(entity, timestamp)))
                .append('\n');
        text.append("label: ").append(yaml(identifier(label.name()))).append("\n\n");
        text.append("train:\n  split: {by: ")
                .append(timestamp.isPresent() ? "time" : "random")
                .append(", test: 20%, validation: 20% of the rest}\n")
                .append("  learners: [")
                .append(isClassification() ? "logistic_regression" : "linear_regression")
                .append(", xgboost]     # or any program of yours: run: python train.py\n\n");
        text.append("gate:                             # conditions before a version is deployed\n")
                .append(gates())
                .append('\n');
        text.append("deploy:\n  endpoint: ")
                .append(yaml(name))
                .append("\n  rollout: {canary: [5%, 25%, 100%], every: 10m, roll_back_if: [error_rate > 1%]}\n\n");
        text.append(
                "monitor:\n  drift: {window: 1d, threshold: psi > 0.2}\n  on_breach: alert                # or: retrain\n");
        return text.toString();
    }

    /** How the file is read, as far as its name and content don't say it. */
    private String reading() {
        StringBuilder text = new StringBuilder();
        source.format()
                .ifPresent(format ->
                        text.append("    format: ").append(format.label()).append('\n'));
        source.encoding()
                .ifPresent(encoding ->
                        text.append("    encoding: ").append(encoding).append('\n'));
        if (isHeaderless()) {
            text.append("    header: false\n    # columns: [")
                    .append(String.join(", ", inspection.schema().names()))
                    .append("]   # better names, here and below\n");
        }
        if (!source.columnNames().isEmpty()) {
            text.append(
                            "    header: true                    # replaced, since it has a name twice, or a reserved one\n")
                    .append("    columns: [")
                    .append(source.columnNames().stream()
                            .map(StarterFile::quoted)
                            .collect(Collectors.joining(", ")))
                    .append("]\n");
        }
        List<String> missing = source.missing();
        text.append(
                missing.isEmpty()
                        ? "    # missing: [NA, \"?\"]           # words that stand for a missing value\n"
                        : "    missing: ["
                                + missing.stream().map(StarterFile::quoted).collect(Collectors.joining(", "))
                                + "]                  # words that stand for a missing value\n");
        return text.toString();
    }

    private boolean isHeaderless() {
        return inspection.header().equals(Optional.of(Header.ABSENT));
    }

    /** Whether the column numbers the rows: 1, 2, 3, … tells of a row where it stood, and nothing else. */
    private boolean isRowNumber(Column column) {
        ColumnProfile profile = profile(inspection, column);
        if (column.type() != ColumnType.BIGINT
                || profile.missing() > 0
                || profile.distinct() != profile.rows()
                || profile.rows() < 2) {
            return false;
        }
        long low = Long.parseLong(profile.minimum().orElseThrow());
        long high = Long.parseLong(profile.maximum().orElseThrow());
        return high - low == profile.rows() - 1;
    }

    /** Whether all that was seen of a column of timestamps are dates. */
    private boolean isDate(Column column) {
        ColumnProfile profile = profile(inspection, column);
        return Stream.of(profile.minimum().stream(), profile.maximum().stream(), profile.frequent().stream())
                .flatMap(values -> values)
                .allMatch(value -> value.endsWith(MIDNIGHT));
    }

    private Optional<Column> entity() {
        return inspection.schema().columns().stream()
                .filter(column -> !column.equals(label) && isWritable(column))
                .filter(column -> column.type() == ColumnType.VARCHAR || column.type() == ColumnType.BIGINT)
                .filter(column -> {
                    ColumnProfile profile = profile(inspection, column);
                    boolean unique = profile.missing() == 0 && profile.distinct() == profile.rows();
                    return unique
                            && (looksLikeAnId(column.name())
                                    || (column.type() == ColumnType.VARCHAR && isCode(profile)));
                })
                .findFirst();
    }

    private static boolean looksLikeAnId(String name) {
        return name.matches("(?i)(.*[_ ])?(id|key|uuid|instant|index|rownum)|.*(Id|ID|Key)");
    }

    private static boolean isCode(ColumnProfile profile) {
        return profile.frequent().stream().noneMatch(value -> value.strip().contains(" "));
    }

    private String table() {
        String table = name.replace('-', '_');
        return identifier(table).equals(table) ? table : cut("data_" + table);
    }

    /** SQL takes no name that is broken over lines; delimited text has none, since they are joined when it is read. */
    private static boolean isWritable(Column column) {
        return !UNPRINTABLE.matcher(column.name()).find();
    }

    private String expectation() {
        return inspection.columns().stream()
                .filter(column -> column.type().isNumeric() && !column.name().equals(label.name()))
                .flatMap(column -> column.minimum().stream()
                        .flatMap(low -> column.maximum().stream()
                                .map(high -> identifier(column.name()) + " between " + low + " and " + high)))
                .findFirst()
                .orElse("rows >= 100");
    }

    private String sql(Optional<Column> entity, Optional<Column> timestamp) {
        List<String> items = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (Column column : inspection.schema().columns()) {
            boolean key = entity.filter(column::equals).isPresent()
                    || timestamp.filter(column::equals).isPresent();
            if (column.equals(label)) {
                continue;
            }
            if (!isWritable(column)) {
                leftOut.add(column.name() + " has a line break or the like in its name, which SQL can't write");
            } else if (key) {
                keys.add(identifier(column.name()));
                items.add(identifier(column.name()));
            } else if (profile(inspection, column).distinct() < 2) {
                leftOut.add(column.name() + " has one value only");
            } else if (isRowNumber(column)) {
                leftOut.add(column.name() + " numbers the rows");
            } else if (column.type() != ColumnType.TIMESTAMP) {
                items.add(identifier(column.name()));
            }
            if (column.type() == ColumnType.TIMESTAMP && isWritable(column)) {
                items.addAll(calendar(column));
            }
        }
        if (items.isEmpty() || items.stream().allMatch(item -> keys.contains(item))) {
            throw new InvalidInputException("data: " + from + " has no column to learn " + label.name()
                    + " from (expected: one beside the" + " label and the id).");
        }
        StringBuilder sql = new StringBuilder();
        leftOut.forEach(reason ->
                sql.append("    -- left out: ").append(oneLine(reason)).append('\n'));
        sql.append("    SELECT ")
                .append(String.join(",\n           ", items))
                .append("\n    FROM ")
                .append(table())
                .append('\n');
        return sql.toString();
    }

    private List<String> calendar(Column column) {
        String name = identifier(column.name());
        List<String> items = new ArrayList<>();
        if (!isDate(column)) {
            items.add("EXTRACT(HOUR FROM " + name + ") AS " + identifier(column.name() + "_hour"));
        }
        items.add("EXTRACT(DOW FROM " + name + ") AS " + identifier(column.name() + "_weekday"));
        return items;
    }

    private String gates() {
        if (isBinary()) {
            return "  - roc_auc >= 0.6\n  - roc_auc > champion            # passes, and says so, when there is none\n";
        }
        return isClassification()
                ? "  - roc_auc_ovr >= 0.6\n  - log_loss < champion            # passes, and says so, when there is none\n"
                : "  - r2 >= 0.1\n  - rmse < champion                # passes, and says so, when there is none\n";
    }

    private static String identifier(String name) {
        return SqlNames.written(name);
    }

    private static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        Variables.escape(value).codePoints().forEach(character -> {
            if (character == '"' || character == '\\') {
                quoted.append('\\').appendCodePoint(character);
            } else if (UNPRINTABLE.matcher(Character.toString(character)).matches()) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", character));
            } else {
                quoted.appendCodePoint(character);
            }
        });
        return quoted.append('"').toString();
    }

    private static String yaml(String value) {
        boolean plain = value.matches("[A-Za-z_./][A-Za-z0-9_./ -]*[A-Za-z0-9_]|[A-Za-z_]")
                && !value.matches("(?i)true|false|null|yes|no");
        if (UNPRINTABLE.matcher(value).find()) {
            return quoted(value);
        }
        return plain ? value : '\'' + Variables.escape(value).replace("'", "''") + '\'';
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
    }
}
