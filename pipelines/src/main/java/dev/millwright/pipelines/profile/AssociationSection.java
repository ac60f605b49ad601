package dev.millwright.pipelines.profile;

import dev.millwright.data.profile.Association;
import dev.millwright.data.profile.DataProfile;
import dev.millwright.data.profile.LeakageStudy;
import dev.millwright.evaluation.HeatMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which columns go together. */
final class AssociationSection {
    private static final int MOST_COLUMNS = 14;
    private static final int MOST_PAIRS = 20;
    private static final int MOST_WITH_LABEL = 15;

    private AssociationSection() {}

    static Optional<Section> of(DataProfile profile) {
        if (profile.associations().isEmpty()) {
            return Optional.empty();
        }
        List<String> cards = new ArrayList<>();
        profile.leakage().map(LeakageStudy::label).ifPresent(label -> {
            List<Association> with = profile.associations().stream()
                    .filter(pair -> pair.first().equals(label) || pair.second().equals(label))
                    .limit(MOST_WITH_LABEL)
                    .toList();
            if (!with.isEmpty()) {
                cards.add(table("With the label", with));
            }
        });
        cards.add(table(
                "The strongest pairs",
                profile.associations().stream().limit(MOST_PAIRS).toList()));
        String html = Section.paragraph(
                        "Two numbers: Spearman's rank correlation, from −1 to 1, beside Pearson's. Two columns of"
                                + " classes: Cramér's V, corrected for bias, from 0 to 1. A number and classes: the correlation ratio η, from"
                                + " 0 to 1. Mutual information says how many bits one tells of the other. Texts of more than 100 values"
                                + " are left out.")
                + Section.grid(List.of(map(profile.associations())))
                + Section.wide(String.join("", cards));
        return Optional.of(new Section("associations", "Associations", html));
    }

    private static String table(String title, List<Association> pairs) {
        return Section.card(
                title,
                List.of("Column", "Column", "Measure", "#Value", "#Pearson", "#Mutual information, bits"),
                pairs.stream()
                        .map(pair -> List.of(
                                pair.first(),
                                pair.second(),
                                measure(pair),
                                Numbers.decimals(pair.value()),
                                pair.pearson().isPresent()
                                        ? Numbers.decimals(pair.pearson().getAsDouble())
                                        : "",
                                Numbers.decimals(pair.mutualInformation())))
                        .toList());
    }

    private static String measure(Association pair) {
        return switch (pair.measure()) {
            case SPEARMAN -> "Spearman";
            case CRAMERS_V -> "Cramér's V";
            case CORRELATION_RATIO -> "η";
        };
    }

    /** The columns of the strongest pairs against each other. */
    private static String map(List<Association> pairs) {
        Set<String> chosen = new LinkedHashSet<>();
        Map<Set<String>, Association> found = new HashMap<>();
        for (Association pair : pairs) {
            found.put(Set.of(pair.first(), pair.second()), pair);
            for (String name : List.of(pair.first(), pair.second())) {
                if (chosen.size() < MOST_COLUMNS) {
                    chosen.add(name);
                }
            }
        }
        List<String> names = List.copyOf(chosen);
        List<List<HeatMap.Cell>> cells = names.stream()
                .map(row ->
                        names.stream().map(column -> cell(row, column, found)).toList())
                .toList();
        return Section.figure(
                "Columns that go together",
                "Those of the strongest pairs; the darker, the closer.",
                new HeatMap("Association of columns", "column", "column", names, names, cells).svg(),
                "");
    }

    private static HeatMap.Cell cell(String row, String column, Map<Set<String>, Association> found) {
        if (row.equals(column)) {
            return new HeatMap.Cell(Double.NaN, "", "", "");
        }
        Association pair = found.get(Set.of(row, column));
        return pair == null
                ? new HeatMap.Cell(Double.NaN, "", "", row + ", " + column + ": not measured")
                : new HeatMap.Cell(
                        pair.strength(),
                        Numbers.decimals(pair.value()),
                        "",
                        row + ", " + column + ": " + measure(pair) + " " + Numbers.decimals(pair.value()));
    }
}
