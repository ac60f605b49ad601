package dev.millwright.data;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** How a source file is written. Text formats may be gzipped, with {@code .gz} after the extension. */
public enum Format {
    CSV,
    TSV,
    JSONL,
    PARQUET;

    /** The format that a file's extension tells. */
    public static Optional<Format> ofFile(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".gz")) {
            name = name.substring(0, name.length() - 3);
        }
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "csv" -> Optional.of(CSV);
            case "tsv", "tab" -> Optional.of(TSV);
            case "jsonl", "ndjson" -> Optional.of(JSONL);
            case "parquet", "pq" -> Optional.of(PARQUET);
            default -> Optional.empty();
        };
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
