package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.millwright.web.access.Caller;
import dev.millwright.web.page.FailurePage;
import dev.millwright.web.page.PageHead;
import dev.millwright.web.page.Section;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

/** Renders what a page shows with the template that the build compiled for it. Thread-safe. */
public final class Templates {
    static final MediaType HTML = MediaType.HTML_UTF_8;

    private final TemplateEngine engine =
            TemplateEngine.createPrecompiled(null, ContentType.Html, null, "dev.millwright.web.page.compiled");
    private final InstantSource clock;
    private final String version;
    private final Assets assets;
    private final String formToken;

    Templates(InstantSource clock, String version, Assets assets) {
        this.clock = clock;
        this.version = version;
        this.assets = assets;
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        this.formToken = HexFormat.of().formatHex(secret);
    }

    /** What the frame around a page needs. */
    PageHead head(String title, Section section) {
        Optional<String> user = Caller.current()
                .filter(caller -> caller.door() == Caller.Door.USER)
                .map(Caller::name);
        return new PageHead(title, section, clock.instant(), formToken, version, assets.version(), user);
    }

    /** What a form of one of our pages carries, so that no other page can send it. New in each process. */
    String formToken() {
        return formToken;
    }

    HttpResponse page(String template, Object page) {
        return HttpResponse.of(HttpStatus.OK, HTML, HttpData.wrap(render(template, page)));
    }

    /** The page as UTF-8. */
    public byte[] render(String template, Object page) {
        Utf8ByteOutput output = new Utf8ByteOutput();
        engine.render(template + ".jte", page, output);
        return output.toByteArray();
    }

    byte[] failure(int status, String reason, String message) {
        return render("failure", new FailurePage(head(reason, Section.NONE), status, reason, message));
    }
}
