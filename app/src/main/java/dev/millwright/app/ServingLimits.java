package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.serving.RouterOptions;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What serving may take.
 *
 * @param modelMemory what the models in memory may take together, in bytes
 * @param longestWait how long a request may have to wait; one that would wait longer is refused
 */
record ServingLimits(long modelMemory, Duration longestWait) {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

    /** Those that hold unless said otherwise. */
    static ServingLimits ofThisMachine() {
        return new ServingLimits(ModelMemorySize.ofThisMachine(), RouterOptions.LONGEST_WAIT);
    }

    ServingLimits withModelMemory(String size) {
        return new ServingLimits(ModelMemorySize.parse(size), longestWait);
    }

    /** Reads {@code 20ms}, {@code 1s} or {@code 2m}. */
    ServingLimits withLongestWait(String text) {
        Matcher duration = DURATION.matcher(text);
        if (!duration.matches() || Long.parseLong(duration.group(1)) == 0) {
            throw new InvalidInputException("--longest-wait: " + text + " (expected: a time such as 20ms or 1s)");
        }
        long number = Long.parseLong(duration.group(1));
        return new ServingLimits(
                modelMemory,
                switch (duration.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    default -> Duration.ofMinutes(number);
                });
    }
}
