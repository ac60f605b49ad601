package dev.millwright.registry;

import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a model version comes from, and where it serves.
 *
 * @param edges what flowed into what, those nearest to the sources first
 */
public record Lineage(String model, int version, List<LineageEdge> edges) {
    private static final String UPSTREAM = "WITH RECURSIVE up (kind, id) AS (SELECT to_kind, to_id"
            + " FROM lineage_edges WHERE to_kind = ? AND to_id = ? UNION"
            + " SELECT e.from_kind, e.from_id FROM lineage_edges e JOIN up ON e.to_kind = up.kind AND e.to_id = up.id)"
            + " SELECT e.from_kind, e.from_id, e.to_kind, e.to_id, e.payload FROM lineage_edges e"
            + " JOIN up ON e.to_kind = up.kind AND e.to_id = up.id"
            + " UNION ALL SELECT from_kind, from_id, to_kind, to_id, payload FROM lineage_edges"
            + " WHERE from_kind = ? AND from_id = ?";

    public Lineage {
        edges = edges.stream()
                .sorted(Comparator.comparing((LineageEdge edge) -> edge.to().kind())
                        .thenComparing(edge -> edge.from().kind())
                        .thenComparing(edge -> edge.from().id())
                        .thenComparing(edge -> edge.to().id()))
                .toList();
    }

    static Lineage read(Session session, String model, int version) throws SQLException {
        LineageNode node = LineageNode.model(model, version);
        return new Lineage(
                model,
                version,
                ofItsRun(session.list(
                        UPSTREAM,
                        row -> new LineageEdge(
                                new LineageNode(LineageNode.Kind.valueOf(row.getString(1)), row.getString(2)),
                                new LineageNode(LineageNode.Kind.valueOf(row.getString(3)), row.getString(4)),
                                row.getString(5)),
                        node.kind(),
                        node.id(),
                        node.kind(),
                        node.id())));
    }

    /** Without what other runs of the same feature view read: the view's node is shared, the data of a run is its own. */
    private static List<LineageEdge> ofItsRun(List<LineageEdge> edges) {
        Set<LineageNode> read = edges.stream()
                .filter(edge -> edge.from().kind() == LineageNode.Kind.DATASET_VERSION
                        && edge.to().kind() == LineageNode.Kind.RUN)
                .map(LineageEdge::from)
                .collect(Collectors.toSet());
        return edges.stream()
                .filter(edge -> edge.from().kind() != LineageNode.Kind.DATASET_VERSION || read.contains(edge.from()))
                .toList();
    }

    /** The nodes of one kind, each once. */
    public List<LineageNode> nodes(LineageNode.Kind kind) {
        return edges.stream()
                .flatMap(edge -> Stream.of(edge.from(), edge.to()))
                .filter(node -> node.kind() == kind)
                .distinct()
                .toList();
    }

    /** The edges out of things of one kind: from {@code FEATURE_VIEW} those that say what the columns are made of. */
    public List<LineageEdge> from(LineageNode.Kind kind) {
        return edges.stream().filter(edge -> edge.from().kind() == kind).toList();
    }
}
