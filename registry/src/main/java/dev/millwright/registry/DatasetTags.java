package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Names that people give to versions of datasets; each is on one version of a dataset. Thread-safe. */
public final class DatasetTags {
    private static final Pattern TAG = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,99}");

    /** What is read as the number of a version. */
    private static final Pattern NUMBER = Pattern.compile("[vV][0-9]*");

    /** The branch of an Iceberg table, among whose names those of tags are. */
    private static final String MAIN = "main";

    private final Database database;

    DatasetTags(Database database) {
        this.database = database;
    }

    /** Whether a text can be a tag's name. */
    public static boolean isOne(String text) {
        return TAG.matcher(text).matches() && !NUMBER.matcher(text).matches() && !text.equals(MAIN);
    }

    /** @throws InvalidInputException when it can't be a tag's name */
    public static String require(String tag) {
        if (!isOne(tag)) {
            throw new InvalidInputException(
                    "tag: '" + tag + "' (expected: a letter, then at most 99 letters, digits, '.',"
                            + " '_' or '-'; not 'main', and no number of a version such as v3).");
        }
        return tag;
    }

    /** Tags a version; a tag that is on another version of the dataset moves. */
    public void set(RecordedDataset version, String tag) {
        require(tag);
        database.write(transaction -> {
            DatasetRows.requireRows(transaction, version);
            Optional<Integer> before = find(transaction, version.dataset(), tag);
            if (before.filter(number -> number == version.version()).isPresent()) {
                return false;
            }
            transaction.update(
                    "INSERT INTO dataset_tags (dataset, tag, version) VALUES (?, ?, ?)"
                            + " ON CONFLICT (dataset, tag) DO UPDATE SET version = excluded.version",
                    version.dataset(),
                    tag,
                    version.version());
            Map<String, String> data = data(tag, version.version());
            data.put("snapshot", Long.toString(version.snapshot()));
            before.ifPresent(number -> data.put("before", Integer.toString(number)));
            transaction.append("dataset_tag.set", version.dataset(), data);
            return true;
        });
    }

    /** Takes a tag away; nothing happens when it is not there. */
    public void remove(String dataset, String tag) {
        database.write(transaction -> {
            Optional<Integer> version = find(transaction, dataset, tag);
            if (version.isPresent()) {
                remove(transaction, dataset, tag, version.get());
            }
            return version.isPresent();
        });
    }

    /** Takes all tags off a version. */
    static void removeAll(Transaction transaction, RecordedDataset version) throws SQLException {
        for (Map.Entry<String, Integer> tag : of(transaction, version.dataset()).entrySet()) {
            if (tag.getValue() == version.version()) {
                remove(transaction, version.dataset(), tag.getKey(), version.version());
            }
        }
    }

    private static void remove(Transaction transaction, String dataset, String tag, int version) throws SQLException {
        transaction.update("DELETE FROM dataset_tags WHERE dataset = ? AND tag = ?", dataset, tag);
        transaction.append("dataset_tag.removed", dataset, data(tag, version));
    }

    private static Map<String, String> data(String tag, int version) {
        return new TreeMap<>(Map.of("tag", tag, "version", Integer.toString(version)));
    }

    /** The numbers of the versions that have a tag, by tag. */
    public Map<String, Integer> of(String dataset) {
        return database.read(session -> of(session, dataset));
    }

    /** The tags that are on a version, in the order of the alphabet. */
    public List<String> on(RecordedDataset version) {
        return of(version.dataset()).entrySet().stream()
                .filter(tag -> tag.getValue() == version.version())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Map<String, Integer> of(Session session, String dataset) throws SQLException {
        Map<String, Integer> tags = new TreeMap<>();
        session.visit(
                "SELECT tag, version FROM dataset_tags WHERE dataset = ?",
                row -> {
                    tags.put(row.getString(1), row.getInt(2));
                    return true;
                },
                dataset);
        return tags;
    }

    /** @throws MillwrightException {@link RegistryError#NOT_FOUND} */
    public int load(String dataset, String tag) {
        Map<String, Integer> tags = of(dataset);
        Integer version = tags.get(tag);
        if (version == null) {
            throw new MillwrightException(
                    RegistryError.NOT_FOUND,
                    "dataset: " + dataset + "@" + tag + " (expected: a tag of " + dataset
                            + (tags.isEmpty()
                                    ? ", which has none; set one with: millwright data tag " + dataset + "@vN " + tag
                                    : ": " + String.join(", ", tags.keySet()))
                            + ")");
        }
        return version;
    }

    private static Optional<Integer> find(Session session, String dataset, String tag) throws SQLException {
        return session.find(
                "SELECT version FROM dataset_tags WHERE dataset = ? AND tag = ?", row -> row.getInt(1), dataset, tag);
    }
}
