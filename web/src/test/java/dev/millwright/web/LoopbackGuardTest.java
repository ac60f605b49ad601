package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LoopbackGuardTest {
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
    void refusesWhatComesFromElsewhere(String host, String origin, String site, String refusedFor) {
        RequestHeadersBuilder headers =
                RequestHeaders.builder(HttpMethod.GET, "/").authority(host);
        Optional.ofNullable(origin).ifPresent(value -> headers.set("origin", value));
        Optional.ofNullable(site).ifPresent(value -> headers.set("sec-fetch-site", value));
        Optional<String> refusal = LoopbackGuard.refusal(headers.build());
        if (refusedFor == null) {
            assertThat(refusal).isEmpty();
        } else {
            assertThat(refusal).get().asString().startsWith(refusedFor + ": ").contains("expected: ");
        }
    }
}
