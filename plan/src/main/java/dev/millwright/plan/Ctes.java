package dev.millwright.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;

/** The queries that WITH has named so far; each sees those before it. Immutable. */
final class Ctes {
    static final Ctes NONE = new Ctes(Map.of());

    private final Map<String, Cte> byName;

    /** @param visible what the query itself can name */
    record Cte(String name, SqlNode query, Ctes visible) {}

    private Ctes(Map<String, Cte> byName) {
        this.byName = byName;
    }

    Ctes with(String name, SqlNode query) {
        Map<String, Cte> more = new HashMap<>(byName);
        more.put(name.toLowerCase(Locale.ROOT), new Cte(name, query, this));
        return new Ctes(more);
    }

    Optional<Cte> find(String name) {
        return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
    }

    List<String> names() {
        return new ArrayList<>(byName.values().stream().map(Cte::name).toList());
    }
}
