package dev.millwright.app;

import com.sun.management.OperatingSystemMXBean;
import dev.millwright.core.InvalidInputException;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory models may take. */
final class ModelMemorySize {
    /** The rest is for the program itself, for training, and for others. */
    private static final int SHARE = 4;

    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kmgt]?)b?");

    private ModelMemorySize() {}

    /** A quarter of the machine's, or of what the container has. */
    static long ofThisMachine() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / SHARE;
    }

    /** Reads {@code 512m}, {@code 4g} or a number of bytes. */
    static long parse(String text) {
        Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (size.matches()) {
            long number = Long.parseLong(size.group(1));
            long unit = 1L << (10 * " kmgt".indexOf(size.group(2).isEmpty() ? " " : size.group(2)));
            if (number > 0 && number <= Long.MAX_VALUE / unit) {
                return number * unit;
            }
        }
        throw new InvalidInputException("--model-memory: " + text + " (expected: a size such as 512m or 4g)");
    }
}
