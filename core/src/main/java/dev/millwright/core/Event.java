package dev.millwright.core;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * An entry in the append-only, hash-chained record of what changed. Holds ids and hashes, never values from rows.
 *
 * @param sequence counts from 1 without gaps
 * @param type what happened, {@code noun.verb} in the past: {@code model_version.registered}
 * @param subject the id or name of what changed
 * @param data further ids, hashes and reasons, in key order
 * @param previousHash the hash of the entry before, 64 zeros for the first
 * @param hash SHA-256 over this entry and {@code previousHash}, hexadecimal
 */
public record Event(
        long sequence,
        Instant time,
        String type,
        String subject,
        Map<String, String> data,
        String previousHash,
        String hash) {
    public Event {
        data = Collections.unmodifiableMap(new TreeMap<>(data));
    }
}
