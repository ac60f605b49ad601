package dev.millwright.web;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.RequestHeaders;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.serving.CallTarget;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.Patience;
import dev.millwright.serving.routing.ClientHeaders;
import io.netty.util.AsciiString;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What headers, or the metadata of gRPC, which arrives as headers, say about who shall answer. */
final class VersionPin {
    static final AsciiString NAME = HttpHeaderNames.of("X-Millwright-Version");

    private VersionPin() {}

    /**
     * The version that a client insists on, whether the path or the header says so.
     *
     * @param path that of the path, or of a message
     * @throws InvalidInputException when they say different ones
     */
    static Optional<String> of(HttpHeaders headers, Optional<String> path) {
        @Nullable String pinned = headers.get(NAME);
        if (pinned == null || pinned.isBlank()) {
            return path;
        }
        String version = pinned.strip();
        if (path.isPresent() && !path.get().equals(version)) {
            throw new InvalidInputException("X-Millwright-Version: " + Words.shortened(version) + " (expected: "
                    + path.get() + ", the version that the request names, or no such header)");
        }
        return Optional.of(version);
    }

    /** Of a request that says nothing else about who shall answer, and whose answer is of use until then. */
    static CallTarget target(RequestHeaders headers, String endpoint, Deadline deadline) {
        return new CallTarget(
                endpoint, of(headers, Optional.empty()), Optional.empty(), deadline, Patience.WAITS, view(headers));
    }

    /** For routes that look at headers. */
    static ClientHeaders view(HttpHeaders headers) {
        return headers::get;
    }
}
