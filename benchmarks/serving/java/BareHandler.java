import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What HTTP, JSON and the model cost and nothing else: one model, a fixed number of rows a request, no router, no statistics, no log.
 * Reads with Jackson's streaming parser, runs the model on the event loop with tensors that are prepared, answers as the protocol says.
 *
 * <p>{@code BareHandler MODEL PORT ROWS}
 */
final class BareHandler implements HttpService {
    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build();

    private final Model model;
    private final Map<String, Integer> places = new HashMap<>();

    private BareHandler(Model model) {
        this.model = model;
        for (int i = 0; i < model.names.size(); i++) {
            places.put(model.names.get(i), i * model.rows);
        }
    }

    public static void main(String[] arguments) throws Exception {
        BareHandler handler = new BareHandler(new Model(Path.of(arguments[0]), Integer.parseInt(arguments[2])));
        // One event loop: there is one core, and the model's tensors are for one thread.
        Server server = Server.builder()
                .http(Integer.parseInt(arguments[1]))
                .workerGroup(EventLoopGroups.newEventLoopGroup(1), true)
                .disableServerHeader()
                .disableDateHeader()
                .service("/health", (context, request) -> HttpResponse.of(HttpStatus.OK))
                .service("/v2/models/{model}/infer", handler)
                .build();
        server.start().join();
        server.blockUntilShutdown();
    }

    @Override
    public ExchangeType exchangeType(RoutingContext context) {
        return ExchangeType.UNARY;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        return HttpResponse.of(request.aggregate(context.eventLoop()).thenApply(this::infer));
    }

    private HttpResponse infer(AggregatedHttpRequest request) {
        try {
            read(request.content().array());
            return HttpResponse.of(HttpStatus.OK, MediaType.JSON, HttpData.wrap(answer(model.run())));
        } catch (IOException e) {
            return HttpResponse.of(HttpStatus.BAD_REQUEST, MediaType.PLAIN_TEXT, String.valueOf(e.getMessage()));
        } catch (OrtException e) {
            return HttpResponse.of(HttpStatus.INTERNAL_SERVER_ERROR, MediaType.PLAIN_TEXT, String.valueOf(e.getMessage()));
        }
    }

    private void read(byte[] body) throws IOException {
        int seen = 0;
        try (JsonParser json = JSON.createParser(body)) {
            expect(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                if (!json.currentName().equals("inputs")) {
                    json.nextToken();
                    json.skipChildren();
                    continue;
                }
                expect(json.nextToken(), JsonToken.START_ARRAY);
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    readTensor(json);
                    seen++;
                }
            }
        }
        if (seen != places.size()) {
            throw new IOException("inputs: " + seen + " (expected: " + places.size() + ")");
        }
    }

    private void readTensor(JsonParser json) throws IOException {
        Integer place = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken token = json.nextToken();
            switch (field) {
                case "name" -> place = places.get(json.getText());
                case "data" -> {
                    if (place == null) {
                        throw new IOException("inputs: data before a known name");
                    }
                    expect(token, JsonToken.START_ARRAY);
                    readColumn(json, place);
                }
                default -> json.skipChildren();
            }
        }
    }

    private void readColumn(JsonParser json, int place) throws IOException {
        int row = 0;
        JsonToken token;
        while ((token = json.nextToken()) != JsonToken.END_ARRAY) {
            if (row == model.rows) {
                throw new IOException("data: more than " + model.rows + " rows");
            }
            model.columns.put(place + row++, token == JsonToken.VALUE_NULL ? Float.NaN : json.getFloatValue());
        }
        if (row < model.rows) {
            throw new IOException("data: " + row + " rows (expected: " + model.rows + ")");
        }
    }

    private static void expect(JsonToken found, JsonToken wanted) throws IOException {
        if (found != wanted) {
            throw new IOException("body: " + found + " (expected: " + wanted + ")");
        }
    }

    private byte[] answer(String[] labels) throws IOException {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(256);
                JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("model_name", "gbm");
            json.writeStringField("model_version", "1");
            json.writeArrayFieldStart("outputs");
            if (labels.length > 0) {
                startTensor(json, "label", "BYTES", 1);
                for (String label : labels) {
                    json.writeString(label);
                }
                endTensor(json);
            }
            startTensor(json, model.output, "FP32", model.width);
            for (int i = 0; i < model.scores.capacity(); i++) {
                json.writeNumber(model.scores.get(i));
            }
            endTensor(json);
            json.writeEndArray();
            json.writeEndObject();
            json.flush();
            return bytes.toByteArray();
        }
    }

    private void startTensor(JsonGenerator json, String name, String datatype, int width) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("datatype", datatype);
        json.writeArrayFieldStart("shape");
        json.writeNumber(model.rows);
        json.writeNumber(width);
        json.writeEndArray();
        json.writeArrayFieldStart("data");
    }

    private static void endTensor(JsonGenerator json) throws IOException {
        json.writeEndArray();
        json.writeEndObject();
    }
}
