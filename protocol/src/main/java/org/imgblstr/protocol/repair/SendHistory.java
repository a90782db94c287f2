package org.imgblstr.protocol.repair;

import org.imgblstr.protocol.wire.Datagram;

/**
 * When the last tracks were begun, by sequence number: how many a slave has yet to hear of, given the newest datagram that it has seen. That
 * is the flow control of the catch-up, in which tracks come in no order. One thread.
 */
public final class SendHistory {
    private final int[] sequences;
    private int begun;

    /** {@code tracks}: how far back it reaches; a slave that is farther behind counts as that far. */
    public SendHistory(int tracks) {
        sequences = new int[tracks];
    }

    /** A track begins with the datagram numbered {@code sequence}. */
    public void onBegin(int sequence) {
        sequences[begun++ % sequences.length] = sequence;
    }

    /** Tracks begun after the datagram numbered {@code sequenceSeen}. */
    public int begunAfter(int sequenceSeen) {
        int count = 0;
        int known = Math.min(begun, sequences.length);
        while (count < known && Datagram.isAfter(sequences[(begun - 1 - count) % sequences.length], sequenceSeen)) {
            count++;
        }
        return count;
    }
}
