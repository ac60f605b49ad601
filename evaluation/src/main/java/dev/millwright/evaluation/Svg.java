package dev.millwright.evaluation;

/** Writes SVG elements; what it is given as text is escaped, numbers are rounded to a tenth of a pixel. */
final class Svg {
    /** The mean width of a character of a chart's text, in pixels. */
    static final double CHARACTER = 6.1;

    private final StringBuilder out = new StringBuilder(4096);

    Svg(String title, double width, double height) {
        out.append("<svg class=\"mw-chart\" role=\"img\" viewBox=\"0 0 ")
                .append(number(width))
                .append(' ')
                .append(number(height))
                .append("\" aria-label=\"")
                .append(Markup.escape(title))
                .append("\">");
    }

    static String number(double value) {
        double rounded = Math.round(value * 10) / 10.0;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
    }

    Svg line(double x1, double y1, double x2, double y2, String css) {
        open("line", css).number("x1", x1).number("y1", y1).number("x2", x2).number("y2", y2);
        out.append("/>");
        return this;
    }

    Svg path(CharSequence commands, String css) {
        open("path", css);
        out.append(" d=\"").append(commands).append("\"/>");
        return this;
    }

    Svg text(double x, double y, String css, Mark.Anchor anchor, String text) {
        open(
                        "text",
                        css
                                + switch (anchor) {
                                    case START -> "";
                                    case MIDDLE -> " mw-middle";
                                    case END -> " mw-end";
                                })
                .number("x", x)
                .number("y", y);
        out.append('>').append(Markup.escape(text)).append("</text>");
        return this;
    }

    /** A text that runs upwards to the right from its place. */
    Svg slanted(double x, double y, String css, String text) {
        open("text", css);
        out.append(" transform=\"translate(")
                .append(number(x))
                .append(' ')
                .append(number(y))
                .append(") rotate(-40)\">")
                .append(Markup.escape(text))
                .append("</text>");
        return this;
    }

    Svg circle(double x, double y, double radius, String css, String hover) {
        open("circle", css).number("cx", x).number("cy", y).number("r", radius);
        return hover("circle", hover);
    }

    Svg rectangle(double x, double y, double width, double height, String css, double opacity, String hover) {
        open("rect", css).number("x", x).number("y", y).number("width", Math.max(0, width));
        number("height", Math.max(0, height));
        if (opacity < 1) {
            out.append(" fill-opacity=\"")
                    .append(Math.round(opacity * 1000) / 1000.0)
                    .append('"');
        }
        return hover("rect", hover);
    }

    private Svg hover(String element, String hover) {
        if (hover.isEmpty()) {
            out.append("/>");
        } else {
            out.append("><title>")
                    .append(Markup.escape(hover))
                    .append("</title></")
                    .append(element)
                    .append('>');
        }
        return this;
    }

    private Svg open(String element, String css) {
        out.append('<').append(element).append(" class=\"").append(css).append('"');
        return this;
    }

    private Svg number(String name, double value) {
        out.append(' ').append(name).append("=\"").append(number(value)).append('"');
        return this;
    }

    String finish() {
        return out.append("</svg>").toString();
    }
}
