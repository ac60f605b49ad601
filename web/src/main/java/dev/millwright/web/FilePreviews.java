package dev.millwright.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millwright.data.DelimitedText;
import dev.millwright.registry.ClientFile;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.FilePreview;
import dev.millwright.web.page.FilePreview.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Shows files as their names say, in part when they are long; nothing of it can run in our pages. */
final class FilePreviews {
    static final int MOST_BYTES = 256 * 1024;
    static final int MOST_ROWS = 100;
    private static final int MOST_COLUMNS = 100;
    private static final String CARD = "model-card.md";
    private static final Set<String> PICTURES = Set.of("png", "jpg", "jpeg", "gif", "webp", "svg");
    private static final Set<String> DOCUMENTS = Set.of("html", "htm");

    private FilePreviews() {}

    /** Part of a file. */
    private record Start(String text, boolean cut, boolean isText) {}

    static FilePreview of(FileShelf shelf, String path, ClientFile file) {
        String kind = kind(path);
        if (file.size() == 0) {
            return preview(shelf, path, file, new Content.Nothing(), "The file is empty.");
        }
        if (PICTURES.contains(kind)) {
            return preview(shelf, path, file, new Content.Picture(), "");
        }
        if (DOCUMENTS.contains(kind)) {
            return preview(shelf, path, file, new Content.Document(), "Shown without its scripts.");
        }
        Start start = start(file);
        if (!start.isText()) {
            return preview(shelf, path, file, new Content.Nothing(), "No preview of this kind of file.");
        }
        return switch (kind) {
            case "csv" -> table(shelf, path, file, start, ",");
            case "tsv" -> table(shelf, path, file, start, "\t");
            case "json" -> preview(shelf, path, file, new Content.Text(json(start)), cut(file, start));
            case "md" ->
                path.equals(CARD) && !start.cut()
                        ? preview(shelf, path, file, new Content.Card(CardText.read(start.text())), "")
                        : preview(shelf, path, file, new Content.Text(start.text()), cut(file, start));
            default -> preview(shelf, path, file, new Content.Text(start.text()), cut(file, start));
        };
    }

    private static String kind(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static FilePreview preview(FileShelf shelf, String path, ClientFile file, Content content, String note) {
        return new FilePreview(path, shelf.href(path), file.size(), file.sha256(), content, note);
    }

    private static Start start(ClientFile file) {
        try (InputStream stream = Files.newInputStream(file.file())) {
            byte[] bytes = stream.readNBytes(MOST_BYTES);
            boolean cut = file.size() > bytes.length;
            boolean isText = true;
            for (byte b : bytes) {
                isText &= b != 0;
            }
            int end = cut ? wholeCharacters(bytes) : bytes.length;
            return new Start(new String(bytes, 0, end, StandardCharsets.UTF_8), cut, isText);
        } catch (IOException e) {
            throw new UncheckedIOException(file.file().toString(), e);
        }
    }

    /** Where the last character that is there in full ends. */
    private static int wholeCharacters(byte[] bytes) {
        int end = bytes.length;
        while (end > Math.max(0, bytes.length - 4) && (bytes[end - 1] & 0xC0) == 0x80) {
            end--;
        }
        return end > 0 && (bytes[end - 1] & 0xC0) == 0xC0 ? end - 1 : bytes.length;
    }

    private static String cut(ClientFile file, Start start) {
        return start.cut() ? "The first " + Figures.bytes(MOST_BYTES) + " of " + Figures.bytes(file.size()) + "." : "";
    }

    /** JSON on one line is broken into lines; what is cut, or is no JSON, stays as it is. */
    private static String json(Start start) {
        if (start.cut() || start.text().strip().contains("\n")) {
            return start.text();
        }
        try {
            return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(Json.MAPPER.readTree(start.text()));
        } catch (JsonProcessingException _) {
            return start.text();
        }
    }

    private static FilePreview table(FileShelf shelf, String path, ClientFile file, Start start, String delimiter) {
        String whole = start.cut() ? start.text().substring(0, start.text().lastIndexOf('\n') + 1) : start.text();
        List<List<String>> rows = DelimitedText.rows(whole, delimiter, MOST_ROWS + 2);
        if (rows.isEmpty()) {
            return preview(shelf, path, file, new Content.Text(start.text()), cut(file, start));
        }
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        List<List<String>> shown = rows.stream()
                .limit(MOST_ROWS + 1L)
                .map(row -> row.subList(0, Math.min(row.size(), MOST_COLUMNS)))
                .toList();
        boolean more = start.cut() || rows.size() > shown.size();
        String note = String.join(
                        " ",
                        more ? "The first " + (shown.size() - 1) + " rows." : "",
                        columns > MOST_COLUMNS ? "The first " + MOST_COLUMNS + " of " + columns + " columns." : "")
                .strip();
        return preview(shelf, path, file, new Content.Table(shown.getFirst(), shown.subList(1, shown.size())), note);
    }
}
