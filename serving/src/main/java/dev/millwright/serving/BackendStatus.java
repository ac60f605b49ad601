package dev.millwright.serving;

import java.util.Locale;

/**
 * How a server stands that answers for a model.
 *
 * @param outstanding calls under way
 * @param answered calls that it answered since the start
 * @param failed calls that it failed since the start
 * @param busy calls that it put off since the start
 * @param retried calls that were made again elsewhere because of it
 * @param nanos that its calls took together
 * @param ejections how often it was taken out since the start
 */
public record BackendStatus(
        String url,
        State state,
        int outstanding,
        long answered,
        long failed,
        long busy,
        long retried,
        long nanos,
        long ejections) {

    /** Whether it is asked. */
    public enum State {
        /** It is asked. */
        READY,
        /** It says of itself that it is not ready, or says nothing; asked only when no other one is left. */
        NOT_READY,
        /** It failed too often, and is left alone for a while. */
        EJECTED,
        /** It is asked once, to see whether it works again. */
        ON_TRIAL;

        /** As in metrics and on pages: lower case. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** Calls that have ended, however they did. */
    public long ended() {
        return answered + failed + busy;
    }
}
