package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import java.util.regex.Pattern;

/** What users may call things. */
final class Names {
    private static final int MAX_LENGTH = 250;
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
        if (!valid || name.length() > MAX_LENGTH) {
            throw new InvalidInputException(
                    what + ": '" + name + "' (expected: 1 to " + MAX_LENGTH + " characters, " + expected + ")");
        }
        return name;
    }
}
