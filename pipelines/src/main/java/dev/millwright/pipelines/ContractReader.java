package dev.millwright.pipelines;

import dev.millwright.core.ColumnType;
import dev.millwright.core.KnownAfter;
import dev.millwright.core.Words;
import dev.millwright.data.ColumnContract;
import dev.millwright.data.Contract;
import dev.millwright.data.OtherColumns;
import dev.millwright.data.Privacy;
import dev.millwright.data.ValueRule;
import dev.millwright.data.schema.SchemaFile;
import dev.millwright.pipelines.PipelineFile.Located;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Reads what a source promises: {@code schema}, columns, each with its type alone or with a mapping of all that is promised
 * of it, beside the file of a schema that says the rest, {@code other_columns} and {@code evolution}.
 */
final class ContractReader {
    private static final String FILE = "from";

    private ContractReader() {}

    /** The file of {@code schema: {from: FILE}}; a column may be called so, too, and then has a type. */
    static Optional<Located> file(Section schema) {
        return schema.node(FILE)
                .filter(ScalarNode.class::isInstance)
                .flatMap(node -> schema.text(FILE))
                .filter(text -> SchemaFile.isOne(text.text()));
    }

    /** Reads the contract of a {@code source}. */
    static Contract read(Section source) {
        List<ColumnContract> columns = new ArrayList<>();
        source.section("schema")
                .ifPresent(schema -> schema.entries().forEach((name, node) -> {
                    if (name.equals(FILE) && file(schema).isPresent()) {
                        return;
                    }
                    if (node instanceof MappingNode) {
                        schema.section(name).map(column -> column(name, column)).ifPresent(columns::add);
                    } else {
                        schema.text(name)
                                .flatMap(text -> type(schema, name, text))
                                .map(type -> ColumnContract.of(name, type))
                                .ifPresent(columns::add);
                    }
                }));
        OtherColumns others = source.word("other_columns", OtherColumns.class).orElse(OtherColumns.KEEP);
        if (others == OtherColumns.REFUSE
                && columns.isEmpty()
                && source.section("schema").flatMap(ContractReader::file).isEmpty()) {
            source.source()
                    .report(
                            source.position("other_columns"),
                            source.child("other_columns") + ": refuse, of all columns (expected: a 'schema:' that names"
                                    + " those that may be there).");
        }
        return new Contract(columns, others, EvolutionReader.read(source));
    }

    private static ColumnContract column(String name, Section section) {
        Optional<ColumnType> type = section.text("type").flatMap(text -> type(section, "type", text));
        List<ValueRule> rules = new RuleReader(section, type).read();
        ColumnContract column = new ColumnContract(
                name,
                type,
                rules,
                section.text("unit").map(Located::text),
                section.text("description").map(Located::text),
                bool(section, "personal") ? Privacy.PERSONAL : Privacy.ORDINARY,
                section.text("known_after").flatMap(text -> knownAfter(section, text)));
        section.close();
        return column;
    }

    static boolean bool(Section section, String key) {
        return section.parsed(key, (text, at) -> Values.bool(text, at.child(key), at.source()))
                .orElse(false);
    }

    /** A duration, else the name of a column. */
    private static Optional<KnownAfter> knownAfter(Section section, Located text) {
        return text.text().strip().matches("[0-9].*")
                ? delay(section, text).map(KnownAfter.After::new)
                : Optional.of(new KnownAfter.At(text.text().strip()));
    }

    /** The {@code known_after} of a section that takes a duration. */
    static Optional<Duration> delay(Section section, Located text) {
        Optional<Duration> delay = Values.duration(text, section.child("known_after"), section.source());
        if (delay.filter(duration -> duration.compareTo(KnownAfter.LONGEST) > 0).isPresent()) {
            section.source()
                    .report(
                            text.position(),
                            section.child("known_after") + ": " + text + " (expected: at most a century).");
            return Optional.empty();
        }
        return delay;
    }

    private static Optional<ColumnType> type(Section section, String key, Located text) {
        Optional<ColumnType> type = ColumnType.find(text.text());
        if (type.isEmpty()) {
            section.source()
                    .report(
                            text.position(),
                            section.child(key) + ": " + text + " (expected: a type)."
                                    + Words.suggestion(
                                            text.text(),
                                            Arrays.stream(ColumnType.values())
                                                    .map(ColumnType::label)
                                                    .toList()));
        }
        return type;
    }
}
