package org.imgblstr.protocol.repair;

/**
 * What the master has sent of each track beyond its first pass: which parity row comes next, and the sequence number of its last repair,
 * by which a request that has crossed a repair on its way is told from a new one. Six bytes a track, kept in chunks that exist
 * only where something was repaired.
 */
public final class RepairLedger {
    private static final int CHUNK_TRACKS = 4096;

    /**
     * Datagrams that may be on their way: a minute of 10 Gbit/s. A repair that seems to be further ahead is an old one, of more than 2^31
     * datagrams ago, and whoever asks for its track would wait for ever.
     */
    private static final int MOST_AHEAD = 1 << 26;

    private final int[][] lastSequences;
    private final short[][] repairs;

    public RepairLedger(int trackCount) {
        int chunks = (trackCount - 1) / CHUNK_TRACKS + 1; // A sum before the division could pass 2^31.
        lastSequences = new int[chunks][];
        repairs = new short[chunks][];
    }

    /** Whether the last repair of a track left after the datagram numbered {@code sequenceSeen}. */
    public boolean isOnItsWay(int track, int sequenceSeen) {
        int chunk = track / CHUNK_TRACKS;
        if (repairs[chunk] == null || repairs[chunk][track % CHUNK_TRACKS] == 0) {
            return false;
        }
        int ahead = lastSequences[chunk][track % CHUNK_TRACKS] - sequenceSeen;
        return ahead > 0 && ahead <= MOST_AHEAD;
    }

    /** Parity symbols of a track sent so far, counted on after the rows have run out; at most 32767. */
    public int paritySent(int track) {
        short[] chunk = repairs[track / CHUNK_TRACKS];
        return chunk == null ? 0 : Math.max(0, chunk[track % CHUNK_TRACKS] - 1);
    }

    /** Notes that {@code paritySymbols} more rows of a track were sent (0 for its source symbols), the last one with {@code sequence}. */
    public void onSent(int track, int paritySymbols, int sequence) {
        int chunk = track / CHUNK_TRACKS;
        int place = track % CHUNK_TRACKS;
        if (repairs[chunk] == null) {
            repairs[chunk] = new short[CHUNK_TRACKS];
            lastSequences[chunk] = new int[CHUNK_TRACKS];
        }
        int sent = Math.max(1, repairs[chunk][place]) + paritySymbols;
        repairs[chunk][place] = (short) Math.min(Short.MAX_VALUE, sent);
        lastSequences[chunk][place] = sequence;
    }

    /** Forgets tracks below {@code endTrack}: nobody lacks them any more. */
    public void forgetBelow(int endTrack) {
        for (int chunk = endTrack / CHUNK_TRACKS - 1; chunk >= 0 && repairs[chunk] != null; chunk--) {
            repairs[chunk] = null;
            lastSequences[chunk] = null;
        }
    }
}
