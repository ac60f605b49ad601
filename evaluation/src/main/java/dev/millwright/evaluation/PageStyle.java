package dev.millwright.evaluation;

/** The frame and style sheet of a self-contained page: no script, nothing fetched. */
public final class PageStyle {
    private static final String RULES = """
            * { box-sizing: border-box; }
            body { margin: 0; background: var(--page); color: var(--ink);
              font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
            main { max-width: 1240px; margin: 0 auto; padding: 28px 24px 48px; }
            h1 { font-size: 28px; line-height: 1.2; margin: 2px 0 6px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
            h1 span { color: var(--soft); font-weight: 400; white-space: nowrap; }
            h2 { font-size: 20px; line-height: 1.3; margin: 40px 0 12px; }
            h3 { font-size: 15px; margin: 0; }
            p { max-width: 72ch; margin: 0 0 12px; overflow-wrap: anywhere; }
            .eyebrow { color: var(--soft); font-size: 13px; margin: 0; }
            .note { color: var(--soft); font-size: 13px; }
            dl { display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 12px 0 0; font-size: 13px; }
            dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
            .grid { display: grid; gap: 16px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 350px), 1fr)); }
            .wide { display: grid; gap: 16px; }
            .card, figure { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
              padding: 16px; margin: 0; min-width: 0; break-inside: avoid; }
            figure { display: flex; flex-direction: column; }
            figcaption p { color: var(--soft); font-size: 13px; line-height: 1.4; margin: 4px 0 12px; }
            .tiles { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); margin-top: 24px; }
            .tiles strong { display: block; font-size: 28px; line-height: 1.2; font-weight: 650; }
            .tiles span { color: var(--soft); font-size: 13px; display: block; }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; font-size: 14px; }
            th, td { text-align: left; padding: 6px 16px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
            th:last-child, td:last-child { padding-right: 0; }
            th { color: var(--soft); font-weight: 500; font-size: 13px; vertical-align: bottom; }
            tbody tr:last-child td { border-bottom: 0; }
            .n { text-align: right; white-space: nowrap; }
            table, .tiles strong, dd { font-variant-numeric: tabular-nums; }
            .card h3 { margin-bottom: 8px; }
            code, pre, .code td { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 13px; }
            .code td { overflow-wrap: anywhere; }
            pre { background: var(--faint); border-radius: 8px; padding: 12px 16px; overflow-x: auto; }
            footer { color: var(--soft); font-size: 13px; margin-top: 40px; border-top: 1px solid var(--line); padding-top: 16px; }
            @media (max-width: 600px) { main { padding: 16px 12px 32px; } .card, figure { padding: 12px; }
              h1 { font-size: 24px; } h2 { margin-top: 32px; } .tiles { grid-template-columns: 1fr 1fr; gap: 12px; margin-top: 16px; }
              .tiles strong { font-size: 22px; } .code table { min-width: 520px; } }
            @media print { body { font-size: 11pt; } main { max-width: none; padding: 0; }
              .grid { grid-template-columns: 1fr 1fr; }
              .scroll { overflow: visible; } h2 { break-after: avoid; } a { color: inherit; } }
            """;

    private PageStyle() {}

    /** A whole document around {@code body}, which is HTML already. */
    public static String page(String title, String body) {
        return page(title, "", body);
    }

    /**
     * A whole document around {@code body}, which is HTML already.
     *
     * @param rules CSS of this page alone, which may use the custom properties of {@link ChartStyle#colours}
     */
    public static String page(String title, String rules, String body) {
        return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<title>" + Markup.escape(title) + "</title>\n<style>\n"
                + ChartStyle.colours() + ChartStyle.rules() + RULES + rules
                + "</style>\n</head>\n<body>\n<main>\n" + body + "\n</main>\n</body>\n</html>\n";
    }
}
