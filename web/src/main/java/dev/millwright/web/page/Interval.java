package dev.millwright.web.page;

/** A measured value, and the range that holds it with 95 % confidence; the range is the value itself when unknown. */
public record Interval(double value, double low, double high) {
    public static Interval of(double value) {
        return new Interval(value, value, value);
    }

    public boolean hasRange() {
        return high > low;
    }
}
