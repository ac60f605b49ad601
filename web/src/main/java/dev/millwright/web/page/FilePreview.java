package dev.millwright.web.page;

import dev.millwright.web.page.ModelVersionPage.CardPart;
import java.util.List;
import java.util.Optional;

/**
 * A file as far as a page shows it.
 *
 * @param href where its bytes are
 * @param size in bytes
 * @param note what is left out, or why there is nothing; empty when all is shown
 */
public record FilePreview(String path, String href, long size, Optional<String> sha256, Content content, String note) {

    /** The address that makes a browser keep the file, whatever it is. */
    public String download() {
        return href + "?download=1";
    }

    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** What can be seen. */
    public sealed interface Content {
        /** Text as it stands in the file. */
        record Text(String text) implements Content {}

        /** The first rows of a table; a row may have fewer cells than there are headings, or more. */
        record Table(List<String> headings, List<List<String>> rows) implements Content {
            public Table {
                headings = List.copyOf(headings);
                rows = List.copyOf(rows);
            }
        }

        /** A picture, which the browser fetches. */
        record Picture() implements Content {}

        /** A document that is shown in a frame of its own, without scripts. */
        record Document() implements Content {}

        /** A model card. */
        record Card(List<CardPart> parts) implements Content {
            public Card {
                parts = List.copyOf(parts);
            }
        }

        /** Nothing. */
        record Nothing() implements Content {}
    }
}
