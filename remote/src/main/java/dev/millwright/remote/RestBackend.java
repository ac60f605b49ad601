package dev.millwright.remote;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.net.UrlEscapers;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.RequestOptions;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.serving.Hops;
import dev.millwright.serving.protocol.EncodedBody;
import dev.millwright.serving.protocol.OpenInferenceJson;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorForm;
import dev.millwright.serving.remote.BackendClient;
import dev.millwright.serving.remote.BackendException;
import dev.millwright.serving.remote.BackendException.Kind;
import dev.millwright.serving.remote.RemoteDescription;
import dev.millwright.serving.remote.RemoteTarget;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One server, over REST. Over plain HTTP it is spoken to in HTTP/1.1, which all servers know. */
final class RestBackend implements BackendClient {
    private static final AsciiString JSON_LENGTH = HttpHeaderNames.of("Inference-Header-Content-Length");
    private static final String BINARY_TENSORS = "binary_tensor_data";
    private static final int LONGEST_MESSAGE = 1000;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final WebClient http;
    private final String model;
    private final TensorForm form;

    RestBackend(ClientFactory factory, RemoteTarget target, URI backend, HttpHeaders headers, TensorForm form) {
        String scheme = backend.getScheme().equals("http") ? "h1c" : "https";
        this.http = WebClient.builder(scheme + "://" + backend.getRawAuthority())
                .factory(factory)
                .maxResponseLength(OpenInferenceClients.LONGEST_ANSWER)
                .setHeaders(headers)
                .build();
        this.model = "/v2/models/" + segment(target.model())
                + target.version()
                        .map(version -> "/versions/" + segment(version))
                        .orElse("");
        this.form = form;
    }

    private static String segment(String text) {
        return UrlEscapers.urlPathSegmentEscaper().escape(text);
    }

    @Override
    public List<Tensor> infer(List<Tensor> inputs, Duration within) throws BackendException {
        EncodedBody body = OpenInferenceJson.writeRequest(inputs, form, within);
        RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.POST, model + "/infer")
                .setInt(Hops.HEADER, Hops.next())
                .contentType(form == TensorForm.BINARY ? MediaType.OCTET_STREAM : MediaType.JSON);
        if (form == TensorForm.BINARY) {
            headers.setInt(JSON_LENGTH, body.jsonLength());
        }
        AggregatedHttpResponse answer = send(HttpRequest.of(headers.build(), HttpData.wrap(body.body())), within);
        @Nullable String jsonLength = answer.headers().get(JSON_LENGTH);
        return read(answer, bytes -> OpenInferenceJson.readResponse(bytes, length(jsonLength, bytes.length)));
    }

    private static int length(@Nullable String jsonLength, int all) {
        try {
            return jsonLength == null ? all : Integer.parseInt(jsonLength.strip());
        } catch (NumberFormatException e) {
            throw new InvalidInputException(JSON_LENGTH + ": " + Words.shortened(jsonLength == null ? "" : jsonLength)
                    + " (expected: how many bytes of the body are JSON)");
        }
    }

    @Override
    public boolean isReady(Duration within) {
        try {
            send(HttpRequest.of(HttpMethod.GET, "/v2/health/ready"), within);
            send(HttpRequest.of(HttpMethod.GET, model + "/ready"), within);
            return true;
        } catch (BackendException silent) {
            return false;
        }
    }

    @Override
    public RemoteDescription describe(Duration within) throws BackendException {
        AggregatedHttpResponse server = send(HttpRequest.of(HttpMethod.GET, "/v2"), within);
        boolean binary = read(server, body -> OpenInferenceJson.namesExtension(body, BINARY_TENSORS));
        AggregatedHttpResponse tensors = send(HttpRequest.of(HttpMethod.GET, model), within);
        return new RemoteDescription(
                read(tensors, OpenInferenceJson::readMetadata), binary ? TensorForm.BINARY : TensorForm.JSON);
    }

    /** What came with a status that says that it is an answer. */
    private AggregatedHttpResponse send(HttpRequest request, Duration within) throws BackendException {
        RequestOptions options =
                RequestOptions.builder().responseTimeout(within).build();
        AggregatedHttpResponse answer =
                Calls.await(http.execute(request, options).aggregate(), within, (cause, time) -> Calls.lost(cause));
        requireSuccess(request.path(), answer, within);
        return answer;
    }

    private static void requireSuccess(String path, AggregatedHttpResponse answer, Duration within)
            throws BackendException {
        int status = answer.status().code();
        String message = message(answer);
        String text = "answered " + status + " at " + path + (message.isEmpty() ? "" : ": " + message);
        Kind kind = switch (status) {
            case 200 -> null;
            case 429 -> Kind.BUSY;
            case 503 -> answer.headers().contains(HttpHeaderNames.RETRY_AFTER) ? Kind.BUSY : Kind.FAILED;
            case 408, 504 -> Kind.TIMED_OUT;
            // It said no before it did anything; that the request is well-formed is our concern, not the caller's.
            case 401, 403, 404, 405, 406, 415 -> Kind.UNPROCESSED;
            default -> status >= 400 && status < 500 ? Kind.REFUSED : status >= 500 ? Kind.FAILED : Kind.NO_ANSWER;
        };
        if (kind == Kind.REFUSED && !message.isEmpty()) {
            throw new BackendException(kind, message);
        }
        if (kind != null) {
            throw new BackendException(
                    kind,
                    kind == Kind.TIMED_OUT
                            ? text + " within " + within.toMillis() + " ms (expected: 200 in time)"
                            : text + " (expected: 200)");
        }
    }

    /** What the body says went wrong, for people. */
    private static String message(AggregatedHttpResponse answer) {
        if (answer.content().isEmpty() || answer.status().code() == 200) {
            return "";
        }
        String text;
        try {
            text = MAPPER.readTree(answer.content().array()).path("error").asText();
        } catch (IOException noJson) {
            text = answer.content().toString(StandardCharsets.UTF_8);
        }
        String shown = text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) + "…" : text;
        return Words.wellFormed(shown).strip();
    }

    private static <T> T read(AggregatedHttpResponse answer, Function<byte[], T> reader) throws BackendException {
        try {
            return reader.apply(answer.content().array());
        } catch (InvalidInputException invalid) {
            throw new BackendException(Kind.NO_ANSWER, String.valueOf(invalid.getMessage()), invalid);
        }
    }
}
