package dev.millwright.registry;

/**
 * The share of one model version in an endpoint's requests.
 *
 * @param percent of the requests that it answers, 0 to 100; of a shadow, that it sees
 */
public record Served(int version, Role role, double percent) {
    /** Whether callers get its answers. */
    public enum Role {
        LIVE,
        SHADOW
    }

    public Served {
        if (version < 1) {
            throw new IllegalArgumentException("version: " + version + " (expected: 1 or more)");
        }
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("percent: " + percent + " (expected: 0 to 100)");
        }
    }

    public static Served live(int version, double percent) {
        return new Served(version, Role.LIVE, percent);
    }

    public static Served shadow(int version, double percent) {
        return new Served(version, Role.SHADOW, percent);
    }
}
