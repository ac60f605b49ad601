package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import java.util.regex.Pattern;

/** What users may call things. */
final class Names {
    static final int LONGEST_EXPERIMENT = 500;

    private static final int MAX_LENGTH = 250;
    private static final Pattern KEY = Pattern.compile("[\\w.\\- /:]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern MODEL = Pattern.compile("[^/:\\p{Cntrl}]+");
    private static final Pattern ENDPOINT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");
    private static final Pattern WINDOWS_DRIVE = Pattern.compile("[A-Za-z]:.*");

    private Names() {}

    /** Of experiments, runs, params, metrics and tags: anything that a person can read. */
    static String require(String what, String name) {
        return require(what, name, !name.isBlank() && !CONTROL.matcher(name).find(), "no control characters");
    }

    /** The same, with another limit. */
    static String require(String what, String name, int longest) {
        boolean readable = !name.isBlank() && !CONTROL.matcher(name).find();
        return require(what, name, readable, "no control characters", longest);
    }

    /**
     * Of params, metrics and tags that clients log: letters of any script, digits, {@code _ . - / :} and blanks, such that the
     * key as a path is in its normal form.
     */
    static String key(String what, String key) {
        boolean valid = KEY.matcher(key).matches() && isNormalPath(key);
        return require(what, key, valid, "letters, digits, '_', '.', '-', '/', ':' and blanks, no path such as a/../b");
    }

    private static boolean isNormalPath(String key) {
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    static String model(String name) {
        return require(
                "model", name, !name.isBlank() && MODEL.matcher(name).matches(), "no '/', ':' or control characters");
    }

    /** Part of a URL. */
    static String endpoint(String name) {
        return require("endpoint", name, ENDPOINT.matcher(name).matches(), "letters, digits, '.', '_' and '-'");
    }

    static String alias(String name) {
        boolean number = !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
        return require(
                "alias",
                name,
                ALIAS.matcher(name).matches() && !number,
                "letters, digits, '.', '_' and '-', and not only digits");
    }

    /** A relative path with '/' that stays inside whatever directory it is put in. */
    static String artifactPath(String path) {
        boolean safe = !CONTROL.matcher(path).find()
                && path.indexOf('\\') < 0
                && !WINDOWS_DRIVE.matcher(path).matches();
        for (String segment : path.split("/", -1)) {
            safe &= !segment.isBlank() && !segment.equals(".") && !segment.equals("..");
        }
        return require("artifact path", path, safe, "a relative path with '/' and without '.', '..' or '\\'");
    }

    private static String require(String what, String name, boolean valid, String expected) {
        return require(what, name, valid, expected, MAX_LENGTH);
    }

    private static String require(String what, String name, boolean valid, String expected, int longest) {
        if (!valid || name.length() > longest) {
            throw new InvalidInputException(
                    what + ": '" + name + "' (expected: 1 to " + longest + " characters, " + expected + ")");
        }
        return name;
    }
}
