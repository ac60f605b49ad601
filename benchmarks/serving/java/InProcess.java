import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

/**
 * ONNX Runtime without a server: one call at a time, with tensors that are prepared.
 *
 * <p>{@code InProcess MODEL ROWS} reads lines, each a number of seconds, and answers each with the calls a second that it did.
 */
final class InProcess {
    private InProcess() {}

    public static void main(String[] arguments) throws Exception {
        Model model = new Model(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = lines.readLine()) != null) {
            System.out.println(rate(model, Double.parseDouble(line)));
        }
    }

    private static double rate(Model model, double seconds) throws Exception {
        Random random = new Random(7);
        float[] values = new float[model.columns.capacity()];
        long begun = System.nanoTime();
        long end = begun + (long) (seconds * 1e9);
        long done = 0;
        long now = begun;
        while (now < end) {
            // Other values each time, as a server is sent them.
            values[(int) (done % values.length)] = (float) random.nextGaussian();
            model.columns.put(0, values);
            model.run();
            done++;
            now = System.nanoTime();
        }
        return done / ((now - begun) / 1e9);
    }
}
