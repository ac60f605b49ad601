package dev.millwright.web.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of a dataset is looked at, as its address says it.
 *
 * @param version the newest when empty
 * @param expectation by its text
 * @param before only versions with a smaller number are listed and drawn
 */
public record DatasetAddress(
        String dataset, Optional<Integer> version, Optional<String> expectation, Optional<Integer> before) {
    public DatasetAddress version(int wanted) {
        return new DatasetAddress(dataset, Optional.of(wanted), expectation, before);
    }

    public DatasetAddress expectation(Optional<String> wanted) {
        return new DatasetAddress(dataset, version, wanted, before);
    }

    public DatasetAddress before(int wanted) {
        return new DatasetAddress(dataset, version, expectation, Optional.of(wanted));
    }

    public String href() {
        List<String> parts = new ArrayList<>();
        version.ifPresent(number -> parts.add("version=" + number));
        expectation.ifPresent(text -> parts.add("expectation=" + Paths.part(text)));
        before.ifPresent(number -> parts.add("before=" + number));
        return Paths.dataset(dataset) + (parts.isEmpty() ? "" : "?" + String.join("&", parts));
    }
}
