package dev.millwright.web.page;

import java.util.Optional;

/**
 * A name and what it stands for.
 *
 * @param href a page about it
 */
public record Fact(String name, String value, Optional<String> href) {
    public Fact(String name, String value) {
        this(name, value, Optional.empty());
    }
}
