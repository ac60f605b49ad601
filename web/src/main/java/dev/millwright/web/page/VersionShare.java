package dev.millwright.web.page;

/**
 * A model version's part of an endpoint's traffic.
 *
 * @param name the semantic version
 * @param role {@code champion}, {@code canary} or {@code shadow}
 * @param share from 0 to 1
 */
public record VersionShare(String model, int version, String name, String role, double share) {
    public String href() {
        return Paths.modelVersion(model, version);
    }
}
