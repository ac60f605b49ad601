package dev.millwright.web;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.server.ServerBuilder;

/** What every answer tells a browser not to do. A handler that sets one of these itself is followed. */
final class SafeHeaders {
    /** Nothing but our own files, no inline script or style, never in a foreign frame. */
    static final String PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /** For a stored report, which carries its own styles and pictures: shown in our frame, without scripts or origin. */
    static final String REPORT_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'";

    private SafeHeaders() {}

    static void setOn(ServerBuilder builder) {
        builder.setHeader(HttpHeaderNames.CONTENT_SECURITY_POLICY, PAGE_POLICY)
                .setHeader(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                // Not no-referrer: with it browsers send "Origin: null" with our own forms.
                .setHeader(HttpHeaderNames.REFERRER_POLICY, "same-origin")
                .setHeader("cross-origin-resource-policy", "same-origin")
                .setHeader("cross-origin-opener-policy", "same-origin")
                .setHeader(HttpHeaderNames.CACHE_CONTROL, "no-store");
    }
}
