package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Session;
import dev.millwright.data.profile.DataProfiler;
import dev.millwright.pipelines.profile.ProfilePage;
import dev.millwright.pipelines.profile.ProfileSubject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The profile of a table in a real browser: on a desktop and on a phone, in light and in dark. */
final class ProfilePageBrowserTest {
    /** Texts whose contrast with what is behind them is below 4.5 (WCAG AA). */
    private static final String FAINT = """
            (() => {
              const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
              const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
              const colour = css => css.match(/[\\d.]+/g).map(Number);
              const behind = element => {
                for (let e = element; e; e = e.parentElement) {
                  const found = colour(getComputedStyle(e).backgroundColor);
                  if (found.length < 4 || found[3] > 0) return found;
                }
                return [255, 255, 255];
              };
              const faint = [];
              let looked = 0;
              for (const e of document.querySelectorAll('main *')) {
                const text = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()).join('');
                if (!text || e.tagName === 'title') continue;
                looked++;
                const style = getComputedStyle(e);
                const one = light(colour(e.closest('svg') ? style.fill : style.color));
                const other = light(behind(e));
                const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
                if (contrast < 4.5) faint.push(text + ': ' + contrast.toFixed(2));
              }
              return {looked, faint};
            })()
            """;

    // What a browser leaves behind as it ends must not fail the test.
    @TempDir(cleanup = CleanupMode.NEVER)
    private Path profile;

    @TempDir
    private Path folder;

    private Path page() throws Exception {
        StringBuilder csv = new StringBuilder("visit_of_a_customer_with_a_long_name,at,age,place,copy,stays\n");
        for (int i = 0; i < 400; i++) {
            csv.append("visit-")
                    .append(i)
                    .append(',')
                    .append("2025-0")
                    .append(1 + i / 60)
                    .append("-11,");
            csv.append(i % 5 == 0 ? "" : i * 31 % 70).append(i % 2 == 0 ? ",Genève," : ",Bern,");
            csv.append(i * 17 % 10 < 3 ? "y,yes\n" : "n,no\n");
        }
        Path data = Files.writeString(folder.resolve("visits.csv"), csv);
        try (DuckDb duck = new DuckDb(new DuckDb.Settings(500, 2, folder.resolve("temporary")));
                Session session = duck.session()) {
            ProfileSubject subject = ProfileSubject.ofFiles(duck, session, data.toString());
            return Files.writeString(
                    folder.resolve("page.html"),
                    ProfilePage.html(new DataProfiler(session, InstantSource.system())
                            .profile(
                                    subject.table(),
                                    subject.request().withLabel("stays").withTime("at"))));
        }
    }

    @Test
    void fitsAndCanBeRead() throws Exception {
        Optional<Path> program = Browser.find();
        assumeTrue(program.isPresent(), "skipped: no chromium in /usr/bin; install Debian's package 'chromium'");
        String url = page().toUri().toString();
        try (Browser browser = new Browser(program.get(), profile)) {
            for (int width : new int[] {1280, 390}) {
                for (String colours : new String[] {"light", "dark"}) {
                    browser.resize(width, 900);
                    browser.prefer(colours);
                    browser.open(url);
                    assertThat(browser.evaluate("document.documentElement.scrollWidth")
                                    .asInt())
                            .as(colours + " " + width)
                            .isLessThanOrEqualTo(width);
                    JsonNode texts = browser.evaluate(FAINT);
                    assertThat(texts.path("looked").asInt()).isGreaterThan(100);
                    assertThat(texts.path("faint")).as(colours + " " + width).isEmpty();
                }
            }
            browser.click("nav a[href='#associations']");
            assertThat(browser.evaluate("location.hash").asText()).isEqualTo("#associations");
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
