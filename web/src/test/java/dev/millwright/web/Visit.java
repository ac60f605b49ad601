package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;

/** A small home with a real browser in front of it; tests that need one are skipped, saying so, where none is installed. */
final class Visit implements AutoCloseable {
    private final SmallHome home;
    private final Browser browser;

    /**
     * Starts both.
     *
     * @param profile of the browser; what it leaves behind as it ends must not fail the test
     */
    Visit(Path folder, Path profile) throws Exception {
        Optional<Path> program = Browser.find();
        assumeTrue(program.isPresent(), "skipped: no chromium in /usr/bin; install Debian's package 'chromium'");
        this.home = new SmallHome(folder);
        this.browser = new Browser(program.get(), profile);
    }

    SmallHome home() {
        return home;
    }

    Browser browser() {
        return browser;
    }

    /** Nothing of the page is wider than the screen. */
    void fits(int width, String page) throws Exception {
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .as("width of " + page)
                .isLessThanOrEqualTo(width);
    }

    @Override
    public void close() {
        browser.close();
        home.close();
    }
}
