package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The versions that inference graphs ask: edges of the lineage from one version to another. */
final class GraphMembers {
    private GraphMembers() {}

    /** Notes what a graph asks; STATE_CONFLICT when one of them was deleted meanwhile. */
    static void link(Transaction transaction, List<ModelVersion> members, LineageNode graph) throws SQLException {
        for (ModelVersion member : members) {
            Models.requireUsable(transaction, member.model(), member.version());
            LineageEdge.link(transaction, LineageNode.model(member.model(), member.version()), graph, "{}");
        }
    }

    /** The graphs that ask a version and are not deleted. */
    private static List<String> graphs(Session session, String model, int version) throws SQLException {
        LineageNode node = LineageNode.model(model, version);
        List<String> graphs = new ArrayList<>();
        for (String graph : session.list(
                "SELECT to_id FROM lineage_edges WHERE from_kind = ? AND from_id = ? AND to_kind = ? ORDER BY to_id",
                row -> row.getString(1),
                node.kind(),
                node.id(),
                node.kind())) {
            int slash = graph.lastIndexOf('/');
            boolean kept = session.exists(
                    "SELECT 1 FROM model_versions WHERE model = ? AND version = ? AND status <> 'DELETED'",
                    graph.substring(0, slash),
                    Integer.parseInt(graph.substring(slash + 1)));
            if (kept) {
                graphs.add(graph);
            }
        }
        return graphs;
    }

    /** Throws STATE_CONFLICT while a graph asks the version. */
    static void requireUnused(Session session, String model, int version, String verb) throws SQLException {
        List<String> graphs = graphs(session, model, version);
        if (!graphs.isEmpty()) {
            throw new MillwrightException(
                    RegistryError.STATE_CONFLICT,
                    "model version: " + model + "/" + version + " is asked by " + String.join(", ", graphs)
                            + " (expected: by no inference graph). It can't be " + verb + " before "
                            + (graphs.size() == 1 ? "that is" : "they are") + " deleted.");
        }
    }

    /** Throws STATE_CONFLICT while a graph asks a version of the model by its name. */
    static void requireUnused(Session session, String model) throws SQLException {
        for (int version : session.list(
                "SELECT version FROM model_versions WHERE model = ? AND status <> 'DELETED' ORDER BY version",
                row -> row.getInt(1),
                model)) {
            requireUnused(session, model, version, "renamed");
        }
    }
}
