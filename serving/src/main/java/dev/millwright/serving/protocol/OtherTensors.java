package dev.millwright.serving.protocol;

/**
 * What the versions take and give that share an endpoint with the one that is asked: a request may have it for their sake, so it is passed
 * over rather than refused.
 */
public interface OtherTensors {
    /** A version that shares its endpoint with none. */
    OtherTensors NONE = new OtherTensors() {
        @Override
        public boolean takes(String input) {
            return false;
        }

        @Override
        public boolean gives(String output) {
            return false;
        }
    };

    /** Whether one of them takes an input of that name, or whether that is not known. */
    boolean takes(String input);

    /** Whether one of them gives an output of that name, or whether that is not known. */
    boolean gives(String output);
}
