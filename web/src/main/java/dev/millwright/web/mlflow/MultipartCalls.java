package dev.millwright.web.mlflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.registry.MultipartUploads;
import dev.millwright.registry.Registry;
import dev.millwright.web.mlflow.Surface.Call;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Files that are sent in parts, several at a time. Clients put the parts to whole addresses without their own credentials,
 * as they would to an object store: so an address holds an id that nobody can guess, and the credentials with which it was
 * asked for are among the headers to send.
 */
final class MultipartCalls {
    private static final String ROOT = "/2.0/mlflow-artifacts/mpu/";

    private final Surface surface;
    private final MultipartUploads uploads;

    private MultipartCalls(Surface surface, Registry registry) {
        this.surface = surface;
        this.uploads = registry.uploads();
    }

    static void add(Surface surface, Registry registry) {
        MultipartCalls calls = new MultipartCalls(surface, registry);
        surface.post(ROOT + "create/{*path}", calls::create);
        surface.post(ROOT + "complete/{*path}", calls::complete);
        surface.post(ROOT + "abort/{*path}", calls::abort);
        surface.unbounded(HttpMethod.PUT, ROOT + "parts/{upload}/{number}", calls::put);
    }

    private HttpResponse create(Call call) {
        int parts = (int) Math.min(call.fields().integer("num_parts").orElse(1L), MultipartUploads.MOST_PARTS + 1L);
        String id = uploads.begin(target(call), parts);
        RequestHeaders headers = call.context().request().headers();
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
        ObjectNode answer = Answers.object().put("upload_id", id);
        ArrayNode credentials = answer.putArray("credentials");
        for (int number = 1; number <= parts; number++) {
            ObjectNode credential = credentials
                    .addObject()
                    .put("url", server(call.context()) + "/api" + ROOT + "parts/" + id + "/" + number)
                    .put("part_number", number);
            ObjectNode send = credential.putObject("headers");
            if (!authorization.isEmpty()) {
                send.put("Authorization", authorization);
            }
        }
        return Answers.respond(answer);
    }

    /** The server as the client knows it: by the name that it asked for, through the proxy that it came by. */
    private static String server(ServiceRequestContext context) {
        RequestHeaders headers = context.request().headers();
        boolean secret = context.sessionProtocol().isTls() || "https".equals(headers.get("x-forwarded-proto"));
        return (secret ? "https://" : "http://") + headers.authority();
    }

    /** The address names the directory, the body the file as it is called where it comes from. */
    private static String target(Call call) {
        String source = call.fields().requiredText("path");
        String name = source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
        String directory = call.path("path");
        String trimmed = directory.endsWith("/") ? directory.substring(0, directory.length() - 1) : directory;
        return trimmed + "/" + name;
    }

    private HttpResponse complete(Call call) {
        // As long as a disk takes for the whole file.
        call.context().clearRequestTimeout();
        List<MultipartUploads.Part> parts = call.fields().objects("parts").stream()
                .map(part -> new MultipartUploads.Part(
                        Math.toIntExact(Math.clamp(part.requiredInteger("part_number"), 0, Integer.MAX_VALUE)),
                        unquoted(part.text("etag").orElse(""))))
                .toList();
        uploads.complete(call.fields().requiredText("upload_id"), target(call), parts);
        return Answers.empty();
    }

    private static String unquoted(String tag) {
        return tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"")
                ? tag.substring(1, tag.length() - 1)
                : tag;
    }

    private HttpResponse abort(Call call) {
        uploads.abort(call.fields().requiredText("upload_id"), target(call));
        return Answers.empty();
    }

    private HttpResponse put(ServiceRequestContext context, HttpRequest request) {
        return surface.later(context, () -> {
            String number = String.valueOf(context.pathParam("number"));
            if (!number.matches("\\d{1,9}")) {
                throw Refusal.invalid("part: " + number + " (expected: its number, from 1)");
            }
            try (InputStream body =
                    request.toInputStream(part -> part instanceof HttpData data ? data : HttpData.empty())) {
                String tag = uploads.put(String.valueOf(context.pathParam("upload")), Integer.parseInt(number), body);
                return HttpResponse.of(
                        ResponseHeaders.builder(HttpStatus.OK)
                                .contentType(MediaType.JSON)
                                .set(HttpHeaderNames.ETAG, '"' + tag + '"')
                                .build(),
                        HttpData.ofUtf8("{}"));
            } catch (IOException broken) {
                throw new Refusal(
                        Refusal.Code.BAD_REQUEST,
                        "part " + number + ": the upload broke off (expected: all of it). Send it again.");
            }
        });
    }
}
