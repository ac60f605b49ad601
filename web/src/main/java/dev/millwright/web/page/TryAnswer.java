package dev.millwright.web.page;

import java.util.List;
import java.util.Locale;

/**
 * What the model answered to the form.
 *
 * @param headline the label, or the predicted value
 * @param bars a probability for each class; none for a regression
 * @param error empty when there is an answer
 */
public record TryAnswer(
        String headline, List<Bar> bars, String version, String predictionId, String duration, String error) {
    public TryAnswer {
        bars = List.copyOf(bars);
    }

    /** The model did not answer. */
    public static TryAnswer failed(String error) {
        return new TryAnswer("", List.of(), "", "", "", error);
    }

    /** A class and its probability. */
    public record Bar(String label, double probability, boolean chosen) {
        public String width() {
            return String.format(Locale.ROOT, "%.2f", probability * 100);
        }
    }
}
