import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * Sends requests at a constant rate, however slow the answers are. The schedule is fixed before the first is sent, and what a request
 * took counts from the instant at which it was to be sent: a server that stalls makes all wait that were due meanwhile.
 *
 * <p>{@code ConstantRate --url URL --body FILE --rate N [--header H]... [--connections N] [--warm-up S] [--warm-rate N] [--seconds S]
 * [--closed]}
 *
 * <p>One thread looks at all connections without ever sleeping, so it wants a core of its own. Prints one line of JSON. Ends with 3 when
 * more than 1 % of what was due was not sent, be it for its own slowness or because no connection was free. {@code --closed} sends as
 * soon as a connection is free instead, to be compared with other generators.
 */
final class ConstantRate {
    private static final int BEHIND = 3;
    private static final double MOST_BEHIND = 0.01;
    private static final long LONGEST = 60_000_000_000L;
    private static final long PATIENCE = 5_000_000_000L;

    private final Options options;
    private final ByteBuffer request;
    private final Selector selector;
    private final ByteBuffer received = ByteBuffer.allocateDirect(1 << 16);
    private final ArrayDeque<Connection> free = new ArrayDeque<>();
    private final Map<Integer, Histogram> answers = new HashMap<>();
    private final Histogram sentLate = new Histogram(LONGEST, 3);
    private long begun;
    private long measuredFrom;
    private long underWay;
    private long sent;
    private long starved;
    private long broken;

    private record Options(
            URI url,
            byte[] body,
            List<String> headers,
            double rate,
            int connections,
            double warmUp,
            double warmRate,
            double seconds,
            boolean closed) {

        static Options read(String[] words) throws IOException {
            Map<String, String> named = new HashMap<>();
            List<String> headers = new ArrayList<>();
            for (int i = 0; i < words.length; i++) {
                switch (words[i]) {
                    case "--closed" -> named.put("--closed", "true");
                    case "--header" -> headers.add(words[++i]);
                    default -> named.put(words[i], words[++i]);
                }
            }
            String rate = named.getOrDefault("--rate", "1");
            return new Options(
                    URI.create(named.get("--url")),
                    Files.readAllBytes(Path.of(named.get("--body"))),
                    headers,
                    Double.parseDouble(rate),
                    Integer.parseInt(named.getOrDefault("--connections", "64")),
                    Double.parseDouble(named.getOrDefault("--warm-up", "3")),
                    Double.parseDouble(named.getOrDefault("--warm-rate", rate)),
                    Double.parseDouble(named.getOrDefault("--seconds", "10")),
                    named.containsKey("--closed"));
        }

        InetSocketAddress address() {
            return new InetSocketAddress(url.getHost(), url.getPort());
        }

        /** When the n-th request is due, in nanoseconds after the begin. */
        long due(long number) {
            double before = warmUp * warmRate;
            return (long) (1e9 * (number < before ? number / warmRate : warmUp + (number - before) / rate));
        }

        long all() {
            return closed ? Long.MAX_VALUE : Math.round(warmUp * warmRate + seconds * rate);
        }

        long nanos() {
            return (long) ((warmUp + seconds) * 1e9);
        }
    }

    private ConstantRate(Options options) throws IOException {
        this.options = options;
        this.request = Connection.post(options.address(), options.url().getRawPath(), options.headers(), options.body());
        this.selector = Selector.open();
        for (int i = 0; i < options.connections(); i++) {
            free.add(new Connection(options.address(), selector, request));
        }
    }

    public static void main(String[] words) throws IOException {
        ConstantRate generator = new ConstantRate(Options.read(words));
        generator.run();
        System.out.println(generator.report());
        System.exit(generator.behind() > MOST_BEHIND ? BEHIND : 0);
    }

    private void run() throws IOException {
        begun = System.nanoTime();
        measuredFrom = begun + (long) (options.warmUp() * 1e9);
        long end = begun + options.nanos();
        long number = 0;
        boolean wasStarved = false;
        long now;
        while ((now = System.nanoTime()) < end) {
            while (number < options.all() && (options.closed() ? !free.isEmpty() : begun + options.due(number) <= now)) {
                long due = options.closed() ? now : begun + options.due(number);
                if (free.isEmpty()) {
                    starved += due >= measuredFrom && !wasStarved ? 1 : 0;
                    wasStarved = true;
                    break;
                }
                wasStarved = false;
                send(due);
                number++;
                now = System.nanoTime();
            }
            look();
        }
        // Those under way may still be answered.
        while (underWay > 0 && System.nanoTime() < end + PATIENCE) {
            look();
        }
    }

    private void send(long due) throws IOException {
        Connection connection = free.poll();
        underWay++;
        try {
            connection.send(due);
        } catch (IOException e) {
            replace(connection);
        }
        if (due >= measuredFrom) {
            sent++;
            sentLate.recordValue(Math.clamp(System.nanoTime() - due, 0, LONGEST));
        }
    }

    private void look() throws IOException {
        if (selector.selectNow() == 0) {
            return;
        }
        for (SelectionKey key : selector.selectedKeys()) {
            Connection connection = (Connection) key.attachment();
            try {
                if (key.isWritable()) {
                    connection.write();
                }
                int status = key.isReadable() ? connection.receive(received) : 0;
                if (status > 0) {
                    answered(connection, status);
                }
            } catch (IOException e) {
                replace(connection);
            }
        }
        selector.selectedKeys().clear();
    }

    private void answered(Connection connection, int status) {
        underWay--;
        if (connection.intended >= measuredFrom) {
            answers.computeIfAbsent(status, code -> new Histogram(LONGEST, 3))
                    .recordValue(Math.clamp(System.nanoTime() - connection.intended, 0, LONGEST));
        }
        free.add(connection);
    }

    /** A server may also close one that is idle. */
    private void replace(Connection connection) throws IOException {
        connection.close();
        if (!free.remove(connection)) {
            underWay--;
            broken += connection.intended >= measuredFrom ? 1 : 0;
        }
        free.add(new Connection(options.address(), selector, request));
    }

    /** The share of what was due while it was measured that was not sent. */
    private double behind() {
        double due = options.seconds() * options.rate();
        return options.closed() ? 0 : Math.max(0, due - sent) / due;
    }

    private String report() {
        String statuses = new TreeMap<>(answers)
                .entrySet().stream()
                        .map(entry -> "\"" + entry.getKey() + "\": " + describe(entry.getValue()))
                        .collect(Collectors.joining(", "));
        long counted = answers.values().stream().mapToLong(Histogram::getTotalCount).sum();
        return String.format(
                Locale.ROOT,
                "{\"rate\": %.1f, \"seconds\": %.1f, \"connections\": %d, \"due\": %d, \"sent\": %d, \"behind\": %.5f, \"starved\": %d,"
                        + " \"sent_late_ms\": %s, \"unanswered\": %d, \"broken\": %d, \"answers\": {%s}}",
                options.closed() ? 0 : options.rate(),
                options.seconds(),
                options.connections(),
                options.closed() ? sent : Math.round(options.seconds() * options.rate()),
                sent,
                behind(),
                starved,
                describe(sentLate),
                sent - counted - broken,
                broken,
                statuses);
    }

    private String describe(Histogram nanos) {
        return String.format(
                Locale.ROOT,
                "{\"count\": %d, \"per_second\": %.1f, \"p50\": %.3f, \"p90\": %.3f, \"p99\": %.3f, \"p999\": %.3f, \"max\": %.3f}",
                nanos.getTotalCount(),
                nanos.getTotalCount() / options.seconds(),
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(90) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getValueAtPercentile(99.9) / 1e6,
                nanos.getMaxValue() / 1e6);
    }
}
