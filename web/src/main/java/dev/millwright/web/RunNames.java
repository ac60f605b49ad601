package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.registry.RunKeys;
import dev.millwright.registry.TrackedRun;
import dev.millwright.web.page.RunColumn;
import dev.millwright.web.page.RunColumn.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The names that runs can be searched by: for choosing columns, and for completing a filter. */
final class RunNames {
    private static final int OFFERED = 20;
    /** Tags that every row shows in another way. */
    private static final Set<String> SHOWN = Set.of(TrackedRun.NAME_TAG, TrackedRun.PARENT_TAG);

    private static final int NO_MATCH = 3;

    private final Site site;

    RunNames(Site site) {
        this.site = site;
    }

    /** A name as filters write it, and what it is of. */
    record Offer(String name, String kind) {}

    private record Offers(List<Offer> keys) {}

    static final Operation OPERATION = Operation.answers(
                    Topic.RUNS, "What the name that was begun in a filter may become", Offers.class)
            .query("prefix", "What was typed.")
            .query("experiment", "Where to look.");

    /** {@code GET /runs/keys}: what the name that was begun may become, likely ones first. */
    HttpResponse keys(Call call) {
        String begun = call.query("prefix").orElse("").replace("`", "").toLowerCase(Locale.ROOT);
        return Json.respond(new Offers(candidates(call.query("experiment"), begun).stream()
                .filter(column -> rank(column, begun) < NO_MATCH)
                .sorted(Comparator.comparingInt(column -> rank(column, begun)))
                .limit(OFFERED)
                .map(column -> new Offer(column.name(), column.source().label()))
                .toList()));
    }

    /** Keys that begin as what was typed, then whole names, then those in which it occurs. */
    private static int rank(RunColumn column, String begun) {
        String key = column.key().toLowerCase(Locale.ROOT);
        String name = column.source().prefix() + "." + key;
        if (key.startsWith(begun)) {
            return 0;
        }
        return name.startsWith(begun) ? 1 : name.contains(begun) ? 2 : NO_MATCH;
    }

    private Set<RunColumn> candidates(Optional<String> experiment, String begun) {
        RunKeys.Known known = known(experiment);
        Set<RunColumn> columns = new LinkedHashSet<>(columns(known));
        known.attributes().forEach(name -> columns.add(new RunColumn(Source.ATTRIBUTE, name)));
        boolean more = known.metrics().size() == RunKeys.MOST
                || known.params().size() == RunKeys.MOST
                || known.tags().size() == RunKeys.MOST;
        if (more) {
            String key = RunColumn.parse(begun).key();
            columns.addAll(columns(site.registry().runKeys().startingAt(key)));
        }
        return columns;
    }

    private RunKeys.Known known(Optional<String> experiment) {
        RunKeys keys = site.registry().runKeys();
        return experiment.map(keys::of).orElseGet(keys::all);
    }

    private static List<RunColumn> columns(RunKeys.Known known) {
        List<RunColumn> columns = new ArrayList<>();
        known.metrics().forEach(key -> columns.add(new RunColumn(Source.METRIC, key)));
        known.params().forEach(key -> columns.add(new RunColumn(Source.PARAM, key)));
        known.tags().forEach(key -> columns.add(new RunColumn(Source.TAG, key)));
        return columns;
    }

    /** Columns to choose from, those of each kind up to {@code most}. */
    List<RunColumn> columns(Optional<String> experiment, int most) {
        RunKeys.Known known = known(experiment);
        return columns(new RunKeys.Known(
                List.of(),
                first(known.metrics(), most),
                first(known.params(), most),
                first(known.tags().stream().filter(key -> !SHOWN.contains(key)).toList(), most)));
    }

    private static List<String> first(List<String> keys, int most) {
        return keys.subList(0, Math.min(most, keys.size()));
    }
}
