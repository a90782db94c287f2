package org.imgblstr.protocol.sealing;

import java.util.Arrays;
import org.imgblstr.protocol.wire.Datagram;

/**
 * Which of the last 65,536 sequence numbers have come. Older ones count as come. Numbers are compared modulo 2^32. One thread. Specification:
 * docs/security.md, section 6.
 */
public final class ReplayWindow {
    /** Numbers that are remembered. */
    static final int NUMBERS = 65_536;

    private final long[] bits = new long[NUMBERS / Long.SIZE];
    private boolean isEmpty = true;
    private int newest;

    /** Whether a number has not come yet and is not too old to tell. */
    public boolean isNew(int sequence) {
        if (isEmpty || Datagram.isAfter(sequence, newest)) {
            return true;
        }
        return newest - sequence < NUMBERS && (bits[word(sequence)] & bit(sequence)) == 0;
    }

    /** Notes that a new number has come. */
    public void add(int sequence) {
        if (isEmpty) {
            newest = sequence;
            isEmpty = false;
        } else if (Datagram.isAfter(sequence, newest)) {
            forget(sequence - newest);
            newest = sequence;
        }
        bits[word(sequence)] |= bit(sequence);
    }

    /** The places of the next numbers held those that are too old now. */
    private void forget(int count) {
        if (count >= NUMBERS) {
            Arrays.fill(bits, 0);
            return;
        }
        for (int sequence = newest + 1; sequence != newest + 1 + count; sequence++) {
            bits[word(sequence)] &= ~bit(sequence);
        }
    }

    private static int word(int sequence) {
        return (sequence & (NUMBERS - 1)) / Long.SIZE;
    }

    private static long bit(int sequence) {
        return 1L << (sequence & (Long.SIZE - 1));
    }
}
