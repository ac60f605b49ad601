package dev.millwright.data;

import dev.millwright.data.ContractChange.Kind;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which changes of a contract are taken from one version of a dataset to the next.
 *
 * @param permissions of kinds that have another than in {@link #DEFAULT}
 */
public record Evolution(Map<Kind, Permission> permissions) {
    /** What a reader of the dataset gets along with is taken, what would mislead one is refused. */
    public static final Evolution DEFAULT = new Evolution(Map.of());

    /** For which columns a change is taken. */
    public sealed interface Permission {
        /** For all. */
        record Allow() implements Permission {}

        /** For none. */
        record Refuse() implements Permission {}

        /** For these alone. */
        record Only(List<String> columns) implements Permission {
            public Only {
                columns = List.copyOf(columns);
            }
        }
    }

    public Evolution {
        Map<Kind, Permission> ordered = new EnumMap<>(Kind.class);
        ordered.putAll(permissions);
        permissions = Collections.unmodifiableMap(ordered);
    }

    boolean allows(ContractChange change) {
        return switch (permissions.getOrDefault(change.kind(), usual(change.kind()))) {
            case Permission.Allow _ -> true;
            case Permission.Refuse _ -> false;
            case Permission.Only(List<String> columns) -> columns.stream().anyMatch(change.column()::equalsIgnoreCase);
        };
    }

    private static Permission usual(Kind kind) {
        return switch (kind) {
            case ADD, WIDEN, NARROW -> new Permission.Allow();
            case DROP, RETYPE, UNIT -> new Permission.Refuse();
        };
    }
}
