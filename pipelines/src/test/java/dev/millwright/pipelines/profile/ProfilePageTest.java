package dev.millwright.pipelines.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.data.DuckDb;
import dev.millwright.data.Session;
import dev.millwright.data.profile.DataProfiler;
import dev.millwright.data.profile.ProfileRequest;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.UnaryOperator;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ProfilePageTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    /** Five hundred visits: a copy of the label, a gap in time, values missing together, and repeated rows. */
    private static String visits() {
        StringBuilder csv = new StringBuilder("visit,at,left_at,age,note,<b>place</b>,copy,stays\n");
        for (int i = 0; i < 500; i++) {
            int row = i % 490;
            boolean stays = (row * 7919) % 10 < 3;
            csv.append("v").append(row).append(',');
            csv.append(Instant.parse("2025-01-01T00:00:00Z").plusSeconds(3600L * (row < 250 ? row : row + 200)))
                    .append(',');
            csv.append(row % 3 == 0 ? "" : Instant.parse("2025-03-01T00:00:00Z").plusSeconds(3600L * row))
                    .append(',');
            csv.append(row % 4 == 0 ? "" : Integer.toString(20 + (row * 31) % 60))
                    .append(',');
            csv.append(row % 4 == 0 ? "" : "\"said \"\"<script>alert(" + row % 9 + ")</script>\"\"\"")
                    .append(',');
            csv.append(row % 2 == 0 ? "Genève & Bern" : "O'Higgins").append(',');
            csv.append(stays ? "y" : "n").append(',').append(stays).append('\n');
        }
        return csv.toString();
    }

    private String page(String csv, UnaryOperator<ProfileRequest> asked) throws Exception {
        Path file = Files.writeString(folder.resolve("visits <1> & \"2\".csv"), csv);
        try (DuckDb duck = new DuckDb(new DuckDb.Settings(500, 2, folder.resolve("temporary")));
                Session session = duck.session()) {
            ProfileSubject subject = ProfileSubject.ofFiles(duck, session, file.toString());
            return ProfilePage.html(new DataProfiler(session, InstantSource.fixed(NOW))
                    .profile(subject.table(), asked.apply(subject.request())));
        }
    }

    /** The page as XML, which it is but for the tags that HTML leaves open. */
    private static Document parsed(String html) throws Exception {
        String xml = html.replace("<!doctype html>", "").replaceAll("<meta ([^>]*)>", "<meta $1/>");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static String text(Document page) {
        return page.getDocumentElement()
                .getTextContent()
                .replaceAll("\\s+", " ")
                .replace('\u00a0', ' ');
    }

    @Test
    void showsEverySection_wellFormedAndSelfContained() throws Exception {
        String html = page(visits(), request -> request.withLabel("stays").withTime("at"));
        Document page = parsed(html);
        assertThat(html)
                .doesNotContain("<script", "http://", "https://", "url(", "NaN", "Infinity", "@import", "<b>")
                .hasSizeLessThan(300_000);
        assertThat(text(page))
                .contains(
                        "visits <1> & \"2\".csv",
                        "copy: nearly the label",
                        "left_at: known afterwards",
                        "1 gap",
                        "Patterns, the most frequent of",
                        "Cramér's V",
                        "Equal in every column but",
                        "20 rows (4.0 %) stand more than once: 10 different ones, the most frequent of them 2 times.",
                        "<b>place</b>",
                        "Genève & Bern",
                        "Everything was computed on all rows.");
    }

    @Test
    void linksOnlyToWhatIsThere() throws Exception {
        Document page = parsed(page(visits(), request -> request.withLabel("stays")));
        NodeList links = page.getElementsByTagName("a");
        assertThat(links.getLength()).isGreaterThan(10);
        for (int i = 0; i < links.getLength(); i++) {
            String target = links.item(i).getAttributes().getNamedItem("href").getNodeValue();
            assertThat(target).startsWith("#");
            assertThat(ids(page)).contains(target.substring(1));
        }
    }

    private static java.util.List<String> ids(Document page) {
        NodeList all = page.getElementsByTagName("*");
        java.util.List<String> ids = new java.util.ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            if (all.item(i).getAttributes().getNamedItem("id") != null) {
                ids.add(all.item(i).getAttributes().getNamedItem("id").getNodeValue());
            }
        }
        return ids;
    }

    @Test
    void saysThatNothingIsWrong_whereNothingIs() throws Exception {
        StringBuilder csv = new StringBuilder("a,b,label\n");
        for (int i = 0; i < 300; i++) {
            csv.append(String.format(
                    Locale.ROOT, "%d,%d,%s%n", (i * 17) % 101, (i * 29) % 97, (i * 37) % 5 < 2 ? "x" : "y"));
        }
        String text = text(parsed(page(csv.toString(), request -> request.withLabel("label"))));
        assertThat(text)
                .contains(
                        "No column predicts label suspiciously well",
                        "No value is missing.",
                        "No row stands more than once.",
                        "No number lies beyond the fences of its column.")
                .doesNotContain("φ");
    }

    @Test
    void takesATableOfOneEmptyColumn() throws Exception {
        Document page = parsed(page("a,b\n,1\n,1\n", UnaryOperator.identity()));
        assertThat(text(page)).contains("no value", "constant", "100.0 % missing");
    }
}
