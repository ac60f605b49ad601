package dev.millwright.evaluation;

/** The style sheet of the charts. A page may set the custom properties itself; those given here are what it gets if not. */
public final class ChartStyle {
    private ChartStyle() {}

    /**
     * The colours as custom properties, light and dark by the system's choice. Blue and orange are told apart by those who
     * can't tell red from green; text has a contrast of at least 4.5 on page and card (WCAG AA).
     */
    public static String colours() {
        return """
            :root { color-scheme: light dark;
              --page: #f5f6f8; --card: #ffffff; --ink: #1a2027; --soft: #55606c; --line: #dde1e6;
              --accent: #0a5fa8; --second: #a84d06; --faint: #eef1f4; }
            @media (prefers-color-scheme: dark) { :root {
              --page: #0f1419; --card: #171d24; --ink: #e5e9ed; --soft: #9fabb7; --line: #2c353f;
              --accent: #63b3f7; --second: #f2a45c; --faint: #202832; } }
            @media print { :root { color-scheme: light;
              --page: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444c55; --line: #cfd4da;
              --accent: #0a5fa8; --second: #a84d06; --faint: #eef1f4; } }
            """;
    }

    /** The rules of the charts' classes, which all begin with {@code mw-}. */
    public static String rules() {
        return """
            .mw-chart { display: block; width: 100%; max-width: 460px; height: auto; overflow: visible;
              font: 11px/1 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
              font-variant-numeric: tabular-nums; }
            .mw-chart text { fill: var(--soft); stroke: none; }
            .mw-chart .mw-middle { text-anchor: middle; } .mw-chart .mw-end { text-anchor: end; }
            .mw-chart .mw-name, .mw-chart .mw-value, .mw-chart .mw-figure { fill: var(--ink); }
            .mw-chart .mw-figure { font-weight: 600; }
            .mw-chart .mw-label { font-weight: 600; paint-order: stroke; stroke: var(--card); stroke-width: 3px;
              stroke-linejoin: round; }
            .mw-chart text.mw-accent { fill: var(--accent); } .mw-chart text.mw-second { fill: var(--second); }
            .mw-chart text.mw-muted { fill: var(--soft); font-weight: 400; }
            .mw-grid { stroke: var(--line); stroke-width: 1; } .mw-axis { stroke: var(--soft); stroke-width: 1; }
            .mw-line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
            .mw-line.mw-muted { stroke-width: 1.2; } .mw-dashed { stroke-dasharray: 4 4; }
            .mw-line.mw-accent, .mw-whisker.mw-accent { stroke: var(--accent); }
            .mw-line.mw-second, .mw-whisker.mw-second { stroke: var(--second); }
            .mw-line.mw-muted, .mw-whisker.mw-muted { stroke: var(--soft); }
            .mw-whisker { stroke-width: 1.4; } .mw-over { stroke: var(--ink); stroke-width: 1.2; }
            .mw-bar, .mw-dot, .mw-speck, .mw-band, .mw-cell { stroke: none; }
            .mw-bar.mw-accent, .mw-dot.mw-accent, .mw-speck.mw-accent, .mw-band.mw-accent, .mw-cell.mw-accent { fill: var(--accent); }
            .mw-bar.mw-second, .mw-dot.mw-second, .mw-speck.mw-second, .mw-band.mw-second { fill: var(--second); }
            .mw-bar.mw-muted, .mw-dot.mw-muted, .mw-speck.mw-muted, .mw-band.mw-muted { fill: var(--soft); }
            .mw-dot { stroke: var(--card); stroke-width: 1; } .mw-speck { fill-opacity: 0.45; }
            .mw-bar.mw-accent { fill-opacity: 0.75; } .mw-bar.mw-second { fill-opacity: 0.6; }
            .mw-band { fill-opacity: 0.18; } .mw-empty { fill: var(--faint); }
            @media print { .mw-chart { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
            """;
    }
}
