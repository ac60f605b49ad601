package dev.millwright.plan;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;

/** Where parts of a plan stand in the SQL, for what can only be said once all of it is planned. Not thread-safe. */
final class Places {
    private final IdentityHashMap<Relation, SqlNode> relations = new IdentityHashMap<>();
    private final Map<Field, SqlNode> calls = new HashMap<>();

    <R extends Relation> R put(R relation, SqlNode node) {
        relations.put(relation, node);
        return relation;
    }

    void put(AggregateCall call, SqlNode node) {
        calls.put(call.field(), node);
    }

    SqlNode of(Relation relation) {
        return Optional.ofNullable(relations.get(relation)).orElseThrow();
    }

    SqlNode of(AggregateCall call) {
        return Optional.ofNullable(calls.get(call.field())).orElseThrow();
    }
}
