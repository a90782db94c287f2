package org.imgblstr.protocol.slave;

/**
 * Counts datagrams of the data group, by the gaps in their sequence those that were lost, and the tracks that were repaired. A disk of some
 * terabytes takes more than 2^31 datagrams, so all counts have 64 bits here, and sequences are continued beyond their 32. One thread.
 */
final class ReceptionMeter {
    private long firstSequence;
    private long newestSequence;
    private long received;
    private int repairedTracks;

    /** Takes one datagram into account. */
    void onDatagram(int sequence) {
        onRun(sequence, 1);
    }

    /** Takes datagrams into account that are numbered without a gap from {@code first} on. */
    void onRun(int first, int count) {
        // The number whose low 32 bits these are and that is nearest to the newest one.
        long from = received == 0 ? first : newestSequence + (first - (int) newestSequence);
        long last = from + count - 1;
        firstSequence = received == 0 ? from : Math.min(firstSequence, from);
        newestSequence = received == 0 ? last : Math.max(newestSequence, last);
        received += count;
    }

    /** A track is whole that lacked symbols when it had been sent. */
    void onRepaired() {
        repairedTracks++;
    }

    int repairedTracks() {
        return repairedTracks;
    }

    /** Newest sequence number received; 0 when none was. */
    int newestSequence() {
        return (int) newestSequence;
    }

    long received() {
        return received;
    }

    /** Datagrams of the span heard that did not come; duplicates hide as many. */
    long lost() {
        return received == 0 ? 0 : Math.max(0, newestSequence - firstSequence + 1 - received);
    }
}
