package org.imgblstr.protocol.slave;

import java.time.Duration;
import java.util.Set;

/**
 * Which session a slave joins, and when.
 *
 * @param sessionName joins only sessions of this name; "" joins any, when there is only one
 * @param patience gives up when no master appears for so long
 * @param listenNs listens so long for other masters before it joins one; LISTEN_NS but in a rehearsal
 * @param endedSessions sessions that this slave has already been through
 * @param takesOpen whether it joins what it hears in the open layout: open sessions, or those that its door has opened. Otherwise it joins none, and says
 *     which it hears
 */
public record SessionChoice(
        String sessionName, Patience patience, long listenNs, Set<Long> endedSessions, boolean takesOpen) {
    /** An interval of announcements, and a little. */
    public static final long LISTEN_NS = 600_000_000;

    public SessionChoice {
        endedSessions = Set.copyOf(endedSessions);
    }

    /**
     * How long a slave waits for a master.
     *
     * @param said what the operator has said; null for ever
     * @param leftNs what is left of it when the slave begins to listen; Long.MAX_VALUE waits for ever
     */
    public record Patience(Duration said, long leftNs) {
        public static final Patience FOR_EVER = new Patience(null, Long.MAX_VALUE);

        /** What the operator has said, in the largest unit of which it is a whole number: {@code 3 s}, {@code 500 ms}, {@code 5 min}, {@code 2 h}. */
        String text() {
            long ms = said.toMillis();
            long seconds = ms / 1000;
            if (ms % 1000 != 0) {
                return ms + " ms";
            }
            if (seconds % 60 != 0 || seconds == 0) {
                return seconds + " s";
            }
            return seconds % 3600 == 0 ? seconds / 3600 + " h" : seconds / 60 + " min";
        }
    }
}
