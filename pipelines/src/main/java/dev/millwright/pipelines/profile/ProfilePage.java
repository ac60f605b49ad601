package dev.millwright.pipelines.profile;

import dev.millwright.data.profile.DataProfile;
import dev.millwright.data.profile.LeakageStudy;
import dev.millwright.evaluation.Block;
import dev.millwright.evaluation.Blocks;
import dev.millwright.evaluation.Figures;
import dev.millwright.evaluation.Markup;
import dev.millwright.evaluation.PageStyle;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A page that shows what a table is like: one self-contained HTML file, without scripts. */
public final class ProfilePage {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String RULES = """
            nav { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 20px; font-size: 14px; }
            a { color: var(--accent); text-underline-offset: 2px; }
            .warning { border-left: 4px solid var(--second); }
            .warning h3 { color: var(--second); }
            .warning p, .card p:last-child { margin-bottom: 0; }
            figure dl { gap: 4px 16px; } figure dl div { display: flex; gap: 6px; }
            .grid + .wide, .wide + .grid, .wide + .wide, .grid + .grid { margin-top: 16px; }
            td { max-width: 44ch; overflow-wrap: break-word; } td p { margin: 0; }
            .traits { color: var(--second); }
            section { scroll-margin-top: 12px; } figure:target { outline: 2px solid var(--accent); }
            @media (max-width: 600px) { .scroll table { min-width: 620px; } }
            """;

    private ProfilePage() {}

    /** The page. Its text is escaped, so names and values may come from anybody. */
    public static String html(DataProfile profile) {
        List<Section> sections = new ArrayList<>();
        profile.leakage().ifPresent(study -> sections.add(LeakageSection.of(study)));
        sections.add(ColumnsSection.overview(profile));
        sections.add(ColumnsSection.distributions(profile));
        sections.add(MissingSection.of(profile));
        AssociationSection.of(profile).ifPresent(sections::add);
        sections.add(RowsSection.of(profile));
        if (!profile.times().isEmpty()) {
            sections.add(TimeSection.of(profile));
        }
        OutlierSection.of(profile).ifPresent(sections::add);
        String links = sections.stream().map(Section::link).collect(Collectors.joining("", "<nav>", "</nav>"));
        String body = sections.stream().map(Section::block).collect(Collectors.joining("\n"));
        return PageStyle.page(
                profile.name() + ", data profile",
                RULES,
                header(profile) + tiles(profile) + links + body + footer(profile));
    }

    private static String header(DataProfile profile) {
        List<Block.Fact> facts = new ArrayList<>();
        profile.leakage().ifPresent(study -> {
            facts.add(new Block.Fact("Label", study.label()));
            facts.add(new Block.Fact("Task", study.task().label()));
        });
        facts.add(new Block.Fact("Made", TIME.format(profile.made())));
        return "<header><p class=\"eyebrow\">Data profile</p><h1>" + Markup.escape(profile.name()) + "</h1>"
                + Blocks.html(new Block.Facts(facts)) + "</header>";
    }

    private static String tiles(DataProfile profile) {
        long repeated = profile.duplicates().whole().surplus();
        List<String> tiles = new ArrayList<>();
        tiles.add(tile(
                "Rows",
                Figures.count(profile.rows()),
                profile.setAside() == 0
                        ? "none set aside"
                        : Figures.count(profile.setAside()) + " broken ones left out"));
        tiles.add(tile("Columns", Figures.count(profile.columns().size()), types(profile)));
        tiles.add(tile(
                "Missing",
                Figures.percent(profile.missingShare()),
                "of all values; " + Figures.count(profile.missing().complete()) + " rows are complete"));
        tiles.add(tile(
                "Repeated rows",
                Figures.count(repeated),
                repeated == 0 ? "no row stands twice" : "beyond the first of each kind"));
        profile.leakage()
                .map(LeakageStudy::warnings)
                .ifPresent(warnings -> tiles.add(tile(
                        "Leakage",
                        Figures.count(warnings.size()),
                        warnings.isEmpty() ? "no warning" : warnings.size() == 1 ? "warning" : "warnings")));
        return tiles.stream().collect(Collectors.joining("", "<div class=\"tiles\">", "</div>"));
    }

    private static String tile(String name, String value, String note) {
        return "<div class=\"card\"><span>" + Markup.escape(name) + "</span><strong>" + Markup.escape(value)
                + "</strong><span>" + Markup.escape(note) + "</span></div>";
    }

    private static String types(DataProfile profile) {
        return profile.columns().stream()
                .collect(Collectors.groupingBy(
                        column -> column.type().label(), java.util.TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(entry -> entry.getValue() + "\u00a0" + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String footer(DataProfile profile) {
        DataProfile.Sampling sampling = profile.sampling();
        String sampled = sampling.rows() < profile.rows()
                ? "Associations and what columns predict were computed on " + Figures.count(sampling.rows())
                        + " rows, chosen by a hash with seed " + sampling.seed() + "; "
                : "";
        String quantiles = sampling.quantileRows() < profile.rows()
                ? "quantiles on about " + Figures.count(sampling.quantileRows()) + " rows, chosen in the same way; "
                : "";
        return "<footer>" + Markup.escape(sampled + quantiles)
                + (sampled.isEmpty() ? "Everything" : "everything else")
                + " was computed on all rows. Made by Millwright."
                + "</footer>";
    }
}
