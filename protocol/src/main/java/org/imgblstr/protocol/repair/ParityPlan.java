package org.imgblstr.protocol.repair;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.imgblstr.protocol.wire.Datagram;

/**
 * How many parity rows go out behind the source symbols of a track before anybody asks: as many as three of four of the last tracks turned
 * out to need. Rows that will be asked for anyway cost nothing when they go at once, and save the slaves half received tracks and the master
 * requests; so the number errs on the low side. Without loss, and when loss comes in bursts that eat whole tracks, it is zero.
 *
 * <p>What a track needed is known exactly when somebody asked for more. When nobody did, it needed at most what it got: it counts as a
 * quarter less, so the number falls until somebody asks again. One thread.
 */
public final class ParityPlan {
    /** Tracks looked back on: enough for a quantile, few enough to follow a change within a second at 100 Mbit/s. */
    private static final int WINDOW = 64;

    /** Outcomes without which nothing is known. */
    private static final int LEAST_OUTCOMES = 16;

    /** At most one of so many tracks gets more rows than somebody needed. */
    private static final int EXCESS_SHARE = 4;

    /** Rows are at most k divided by this: whoever loses more is served by repairs, and the ladder deals with it. */
    private static final int CAP = 4;

    /** Tracks whose outcome is open; flow control lets fewer be unseen, but for very many slaves at very high rates. */
    private static final int MAX_OPEN = 4096;

    /** Needs are kept as shares of k in so many parts, as tracks differ in length. */
    private static final int PARTS = 1 << 16;

    private static final class Outcome {
        final int track;
        final int k;
        final int rows;
        final int sequence;
        int need = -1;
        boolean isWhole;

        Outcome(int track, int k, int rows, int sequence) {
            this.track = track;
            this.k = k;
            this.rows = rows;
            this.sequence = sequence;
        }

        /** Rows that would have been right, in parts of k. */
        int parts() {
            if (isWhole) {
                return 0;
            }
            int right = need >= 0 ? need : Math.max(0, rows - Math.max(1, rows / 4));
            return (right * PARTS + k - 1) / k;
        }
    }

    private final ArrayDeque<Outcome> open = new ArrayDeque<>();
    private final Map<Integer, Outcome> byTrack = new HashMap<>();
    private final int[] window = new int[WINDOW];
    private final int[] sorted = new int[WINDOW];
    private int outcomes;
    private int parts;

    /** Rows to send along with a track of k source symbols. */
    public int rows(int k) {
        return Math.min(Math.min(k / CAP, ParityCode.maxRows(k)), (int) ((long) parts * k / PARTS));
    }

    /** A track of the pass was sent with so many rows; {@code sequence} is that of its last datagram. */
    public void onSent(int track, int k, int rows, int sequence) {
        if (open.size() < MAX_OPEN) {
            Outcome outcome = new Outcome(track, k, rows, sequence);
            open.addLast(outcome);
            byTrack.put(track, outcome);
        }
    }

    /**
     * A slave asks for more of a track.
     *
     * @param symbols that it lacks; 0: all
     * @param rowsSent so far, asked for or not
     */
    public void onAsked(int track, int symbols, int rowsSent) {
        Outcome outcome = byTrack.get(track);
        if (outcome == null) {
            return;
        }
        if (symbols == 0 || 2 * symbols > outcome.k) {
            outcome.isWhole = true;
        } else {
            outcome.need = Math.max(outcome.need, rowsSent + symbols);
        }
    }

    /** Every slave that counts has reported, having seen the datagram of this number: nobody asks for tracks before it the first time. */
    public void onSeenByAll(int sequence) {
        boolean isAnyNew = false;
        while (!open.isEmpty() && !Datagram.isAfter(open.getFirst().sequence, sequence)) {
            Outcome outcome = open.removeFirst();
            byTrack.remove(outcome.track);
            window[outcomes++ % WINDOW] = outcome.parts();
            isAnyNew = true;
        }
        if (isAnyNew && outcomes >= LEAST_OUTCOMES) {
            int known = Math.min(outcomes, WINDOW);
            System.arraycopy(window, 0, sorted, 0, known);
            Arrays.sort(sorted, 0, known);
            parts = sorted[known / EXCESS_SHARE];
        }
    }
}
