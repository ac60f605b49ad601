package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses answers that are whole. Armeria's own way makes a stream of every answer, also of those that stay as they are, and sends
 * its head and its body one after the other: that costs a short answer more than all the rest of it.
 */
enum Compression {
    GZIP("gzip") {
        @Override
        OutputStream over(OutputStream out) throws IOException {
            return new GZIPOutputStream(out);
        }
    },
    DEFLATE("deflate") {
        @Override
        OutputStream over(OutputStream out) {
            return new DeflaterOutputStream(out);
        }
    };

    /** In bytes. */
    private static final int SHORTEST = 4096;

    private final String coding;

    Compression(String coding) {
        this.coding = coding;
    }

    abstract OutputStream over(OutputStream out) throws IOException;

    /** An answer, compressed when it is long and the client takes that. */
    static HttpResponse respond(HttpHeaders request, ResponseHeaders headers, byte[] body) {
        if (body.length < SHORTEST) {
            return HttpResponse.of(headers, HttpData.wrap(body));
        }
        Optional<Compression> accepted = accepted(request.get(HttpHeaderNames.ACCEPT_ENCODING, ""));
        ResponseHeaders varied = headers.toBuilder()
                .add(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING.toString())
                .build();
        if (accepted.isEmpty()) {
            return HttpResponse.of(varied, HttpData.wrap(body));
        }
        return HttpResponse.of(
                varied.toBuilder()
                        .set(HttpHeaderNames.CONTENT_ENCODING, accepted.get().coding)
                        .build(),
                HttpData.wrap(accepted.get().compress(body)));
    }

    /** The first that an {@code Accept-Encoding} names, by itself or as {@code *}, without refusing it. */
    static Optional<Compression> accepted(String header) {
        for (Compression compression : values()) {
            Predicate<String> named = coding -> coding.equals(compression.coding) || coding.equals("*");
            for (String part : header.toLowerCase(Locale.ROOT).split(",", -1)) {
                String[] words = part.split(";", 2);
                boolean refused = words.length > 1 && words[1].strip().matches("q\\s*=\\s*0(\\.0*)?");
                if (named.test(words[0].strip()) && !refused) {
                    return Optional.of(compression);
                }
            }
        }
        return Optional.empty();
    }

    private byte[] compress(byte[] body) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length / 2);
        try (OutputStream out = over(compressed)) {
            out.write(body);
        } catch (IOException impossible) {
            throw new IllegalStateException("a buffer in memory could not be written", impossible);
        }
        return compressed.toByteArray();
    }
}
