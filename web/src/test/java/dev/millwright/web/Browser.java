package dev.millwright.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real browser with one page, driven over the DevTools protocol: Debian's chromium needs nothing beside itself for it.
 */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final BlockingQueue<String> loaded = new LinkedBlockingQueue<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private int commands;

    /** The program, where it is installed. */
    static Optional<Path> find() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    Browser(Path program, Path profile) throws Exception {
        this.process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(page(port(process.inputReader()))), new Listener())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            command(domain + ".enable", Map.of());
        }
    }

    /** The port that the browser chose, from the line in which it says so. */
    private static int port(BufferedReader output) throws IOException {
        Pattern listening = Pattern.compile("DevTools listening on ws://[^:]+:(\\d+)/.*");
        String line = output.readLine();
        while (line != null) {
            Matcher matcher = listening.matcher(line);
            if (matcher.matches()) {
                Thread.ofVirtual().start(() -> output.lines().forEach(rest -> {}));
                return Integer.parseInt(matcher.group(1));
            }
            line = output.readLine();
        }
        throw new IOException("chromium ended before it listened");
    }

    private static String page(int port) throws IOException, InterruptedException {
        String targets = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        for (JsonNode target : Json.tree(targets)) {
            if (target.path("type").asText().equals("page")) {
                return target.path("webSocketDebuggerUrl").asText();
            }
        }
        throw new IOException("chromium has no page: " + targets);
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(Json.tree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }

    private void take(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> answer =
                    answers.remove(message.path("id").asInt());
            if (answer != null) {
                answer.complete(message);
            }
            return;
        }
        JsonNode params = message.path("params");
        switch (message.path("method").asText()) {
            case "Page.loadEventFired" -> loaded.add("");
            case "Runtime.exceptionThrown" ->
                complaints.add(params.path("exceptionDetails").toString());
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning").contains(params.path("type").asText())) {
                    complaints.add(params.path("args").toString());
                }
            }
            case "Log.entryAdded" -> {
                if (List.of("error", "warning")
                        .contains(params.path("entry").path("level").asText())) {
                    complaints.add(params.path("entry").toString());
                }
            }
            default -> {}
        }
    }

    private JsonNode command(String method, Map<String, Object> params) throws Exception {
        int id = ++commands;
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode message = Json.MAPPER.createObjectNode().put("id", id).put("method", method);
        message.set("params", Json.MAPPER.valueToTree(params));
        socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        JsonNode result = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (result.has("error")) {
            throw new IllegalStateException(method + ": " + result.path("error"));
        }
        return result.path("result");
    }

    /** What scripts, styles and the network complained about since the start. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    void resize(int width, int height) throws Exception {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** What the system's choice of colours is: {@code light} or {@code dark}. */
    void prefer(String colours) throws Exception {
        command(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    }

    void open(String url) throws Exception {
        loaded.clear();
        command("Page.navigate", Map.of("url", url));
        awaitPage();
    }

    private void awaitPage() throws InterruptedException {
        if (loaded.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS) == null) {
            throw new IllegalStateException("the page did not load within " + PATIENCE);
        }
    }

    /** Clicks what leads to another page. */
    void follow(String selector) throws Exception {
        loaded.clear();
        click(selector);
        awaitPage();
    }

    void click(String selector) throws Exception {
        evaluate("document.querySelector(" + Json.MAPPER.writeValueAsString(selector) + ").click()");
    }

    /** Types into what has the focus. */
    void type(String text) throws Exception {
        command("Input.insertText", Map.of("text", text));
    }

    /** Presses a key, called as scripts call it. */
    void press(String key) throws Exception {
        Map<String, Object> event = Map.of("key", key, "code", key.equals(" ") ? "Space" : key);
        for (String kind : List.of("rawKeyDown", "keyUp")) {
            Map<String, Object> params = new HashMap<>(event);
            params.put("type", kind);
            command("Input.dispatchKeyEvent", params);
        }
    }

    /** Sends the form in which the focus is. */
    void enter() throws Exception {
        loaded.clear();
        command(
                "Input.dispatchKeyEvent",
                Map.of("type", "keyDown", "key", "Enter", "code", "Enter", "text", "\r", "windowsVirtualKeyCode", 13));
        awaitPage();
    }

    /** Presses the main button at a place of the first element that fits, moves, and lets go; places are shares of its size. */
    void drag(String selector, double fromX, double fromY, double toX, double toY) throws Exception {
        JsonNode box = evaluate("(() => { const e = document.querySelector(" + Json.MAPPER.writeValueAsString(selector)
                + "); e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect();"
                + " return {x: b.x, y: b.y, width: b.width, height: b.height}; })()");
        mouse("mouseMoved", box, fromX, fromY);
        mouse("mousePressed", box, fromX, fromY);
        mouse("mouseMoved", box, (fromX + toX) / 2, (fromY + toY) / 2);
        mouse("mouseMoved", box, toX, toY);
        mouse("mouseReleased", box, toX, toY);
    }

    private void mouse(String kind, JsonNode box, double x, double y) throws Exception {
        command(
                "Input.dispatchMouseEvent",
                Map.of(
                        "type",
                        kind,
                        "x",
                        box.path("x").asDouble() + x * box.path("width").asDouble(),
                        "y",
                        box.path("y").asDouble() + y * box.path("height").asDouble(),
                        "button",
                        kind.equals("mouseMoved") ? "none" : "left",
                        "buttons",
                        kind.equals("mouseReleased") ? 0 : 1,
                        "clickCount",
                        1));
    }

    /** Waits until an expression is true. */
    void await(String condition) throws Exception {
        evaluate("new Promise((done, fail) => { const end = Date.now() + 10000; const look = () => {"
                + "if (" + condition + ") done(true); else if (Date.now() > end) fail("
                + Json.MAPPER.writeValueAsString("never: " + condition) + ");"
                + "else setTimeout(look, 50); }; look(); })");
    }

    /** The text of the first element that fits, once there is one that isn't empty. */
    String awaitText(String selector) throws Exception {
        String quoted = Json.MAPPER.writeValueAsString(selector);
        return evaluate("new Promise((done, fail) => { const end = Date.now() + 10000; const look = () => {"
                        + "const found = document.querySelector(" + quoted + ");"
                        + "if (found && found.innerText.trim()) done(found.innerText);"
                        + "else if (Date.now() > end) fail('nothing fits ' + " + quoted + ");"
                        + "else setTimeout(look, 50); }; look(); })")
                .asText();
    }

    /** The value of an expression, awaited when it is a promise. */
    JsonNode evaluate(String expression) throws Exception {
        JsonNode result = command(
                "Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroy);
        // By its handle, so that its output is not closed while it is read.
        ProcessHandle browser = process.toHandle();
        browser.destroy();
        browser.onExit()
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(_ -> {
                    browser.destroyForcibly();
                    return browser;
                })
                .join();
    }
}
