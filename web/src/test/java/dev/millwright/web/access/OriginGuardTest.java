package dev.millwright.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import dev.millwright.web.access.AccessOptions.When;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OriginGuardTest {
    private static RequestHeadersBuilder request(
            HttpMethod method, String host, @Nullable String origin, @Nullable String site) {
        RequestHeadersBuilder headers = RequestHeaders.builder(method, "/").authority(host);
        Optional.ofNullable(origin).ifPresent(value -> headers.set("origin", value));
        Optional.ofNullable(site).ifPresent(value -> headers.set("sec-fetch-site", value));
        return headers;
    }

    private static void check(AccessOptions access, RequestHeadersBuilder headers, @Nullable String refusedFor) {
        Optional<String> refusal = access.guard().refusal(headers.build());
        if (refusedFor == null) {
            assertThat(refusal).isEmpty();
        } else {
            assertThat(refusal).get().asString().startsWith(refusedFor + ": ").contains("expected: ");
        }
    }

    @ParameterizedTest(name = "Host {0}, Origin {1}, Sec-Fetch-Site {2}: {3}")
    @CsvSource({
        "localhost:8750,,,",
        "127.0.0.1:8750,,,",
        "[::1]:8750,,,",
        "LOCALHOST,,,",
        "localhost:8750,http://localhost:8750,same-origin,",
        "localhost:8750,,none,",
        "evil.example:8750,,,Host",
        "localhost.evil.example:8750,,,Host",
        "127.0.0.1.nip.io,,,Host",
        "0.0.0.0:8750,,,Host",
        "localhost:8750,http://evil.example,,Origin",
        "localhost:8750,http://localhost:9999,,Origin",
        "localhost:8750,https://localhost:8750,,Origin",
        "localhost:8750,null,,Origin",
        "localhost:8750,,cross-site,Sec-Fetch-Site",
        "localhost:8750,,same-site,Sec-Fetch-Site",
    })
    void onLoopback_refusesWhatComesFromElsewhere(
            String host, @Nullable String origin, @Nullable String site, @Nullable String refusedFor) {
        check(AccessOptions.loopback(), request(HttpMethod.GET, host, origin, site), refusedFor);
    }

    @ParameterizedTest(name = "Host {0}, Origin {1}, Sec-Fetch-Site {2}: {3}")
    @CsvSource({
        "ml.example.org,https://ml.example.org,same-origin,",
        "localhost:8750,,,",
        "127.0.0.1:8750,https://ml.example.org,same-origin,",
        "ml.example.org:8750,,,Host",
        "evil.example,,,Host",
        "ml.example.org,https://evil.example,,Origin",
        "ml.example.org,,cross-site,Sec-Fetch-Site",
    })
    void underAPublicName_knowsThatNameAndLoopback(
            String host, @Nullable String origin, @Nullable String site, @Nullable String refusedFor) {
        AccessOptions access = new AccessOptions(
                "127.0.0.1", When.ALWAYS, Optional.of(URI.create("https://ml.example.org/")), Optional.empty());
        check(access, request(HttpMethod.POST, host, origin, site), refusedFor);
    }

    @ParameterizedTest(name = "{0} by {1}: {2}")
    @CsvSource({"GET,navigate,", "GET,cors,Sec-Fetch-Site", "POST,navigate,Sec-Fetch-Site"})
    void whereALoginIsAskedFor_aLinkFromElsewhereLeadsToAPage(String method, String mode, @Nullable String refusedFor) {
        AccessOptions access = new AccessOptions("0.0.0.0", When.EXPOSED, Optional.empty(), Optional.empty());
        RequestHeadersBuilder headers = request(HttpMethod.valueOf(method), "box.lan:8750", null, "cross-site")
                .set("sec-fetch-mode", mode);
        check(access, headers, refusedFor);
    }
}
