package dev.millwright.pipelines;

import dev.millwright.data.ContractChange.Kind;
import dev.millwright.data.Evolution;
import dev.millwright.data.Evolution.Permission;
import dev.millwright.pipelines.PipelineFile.Located;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code evolution}: by kind of change {@code allow}, {@code refuse}, or the columns for which it is taken. */
final class EvolutionReader {
    private EvolutionReader() {}

    /** Reads the rules of a {@code source}. */
    static Evolution read(Section source) {
        Map<Kind, Permission> permissions = new EnumMap<>(Kind.class);
        source.section("evolution").ifPresent(rules -> {
            for (Kind kind : Kind.values()) {
                permission(rules, kind.label()).ifPresent(permission -> permissions.put(kind, permission));
            }
            rules.close();
        });
        return new Evolution(permissions);
    }

    private static Optional<Permission> permission(Section rules, String kind) {
        List<Located> texts = rules.texts(kind);
        if (rules.node(kind).filter(SequenceNode.class::isInstance).isPresent()) {
            return Optional.of(
                    new Permission.Only(texts.stream().map(Located::text).toList()));
        }
        return texts.stream().findFirst().flatMap(text -> switch (text.text()) {
            case "allow" -> Optional.of(new Permission.Allow());
            case "refuse" -> Optional.of(new Permission.Refuse());
            default -> {
                rules.source()
                        .report(
                                text.position(),
                                rules.child(kind) + ": " + text
                                        + " (expected: allow, refuse, or a list of columns such as [price]).");
                yield Optional.empty();
            }
        });
    }
}
