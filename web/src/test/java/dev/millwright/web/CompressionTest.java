package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompressionTest {
    private static final byte[] LONG = "0.30980736,0.69019264,".repeat(1_000).getBytes(StandardCharsets.UTF_8);

    private static AggregatedHttpResponse respond(String accepted, byte[] body) {
        return Compression.respond(
                        HttpHeaders.of(HttpHeaderNames.ACCEPT_ENCODING, accepted),
                        ResponseHeaders.of(HttpStatus.OK),
                        body)
                .aggregate()
                .join();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "gzip | GZIP",
                "deflate | DEFLATE",
                "deflate, gzip | GZIP",
                "br, GZIP;q=0.8 | GZIP",
                "* | GZIP",
                "gzip;q=0, deflate | DEFLATE",
                "identity | none",
                "gzip; q=0.000 | none",
                "gzipped | none",
            })
    void takesWhatTheClientNames(String header, Compression expected) {
        if (expected == null) {
            assertThat(Compression.accepted(header)).isEmpty();
        } else {
            assertThat(Compression.accepted(header)).contains(expected);
        }
    }

    @Test
    void compressesLongAnswers_soThatTheyCanBeRead() throws IOException {
        AggregatedHttpResponse zipped = respond("gzip", LONG);
        assertThat(zipped.headers().get(HttpHeaderNames.CONTENT_ENCODING)).isEqualTo("gzip");
        assertThat(zipped.headers().get(HttpHeaderNames.VARY)).isEqualTo("accept-encoding");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.content().array())).readAllBytes())
                .isEqualTo(LONG);
        AggregatedHttpResponse deflated = respond("deflate", LONG);
        assertThat(new InflaterInputStream(
                                new ByteArrayInputStream(deflated.content().array()))
                        .readAllBytes())
                .isEqualTo(LONG);
        assertThat(deflated.content().length()).isLessThan(LONG.length / 10);
    }

    @Test
    void leavesTheOthersAsTheyAre() {
        assertThat(respond("", LONG).content().array()).isEqualTo(LONG);
        AggregatedHttpResponse shortOne = respond("gzip", new byte[] {1, 2, 3});
        assertThat(shortOne.content().array()).containsExactly(1, 2, 3);
        assertThat(shortOne.headers().contains(HttpHeaderNames.CONTENT_ENCODING))
                .isFalse();
    }
}
