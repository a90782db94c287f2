package org.imgblstr.protocol.slave;

import org.imgblstr.protocol.wire.Datagram;

/** Counts datagrams of the data group, by the gaps in their sequence those that were lost, and the tracks that were repaired. One thread. */
final class ReceptionMeter {
    private int firstSequence;
    private int newestSequence;
    private int received;
    private int repairedTracks;

    /** Takes one datagram into account. */
    void onDatagram(int sequence) {
        onRun(sequence, 1);
    }

    /** Takes datagrams into account that are numbered without a gap from {@code first} on. */
    void onRun(int first, int count) {
        int last = first + count - 1;
        if (received == 0) {
            firstSequence = first;
            newestSequence = last;
        } else {
            newestSequence = Datagram.isAfter(last, newestSequence) ? last : newestSequence;
            firstSequence = Datagram.isAfter(firstSequence, first) ? first : firstSequence;
        }
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
        return newestSequence;
    }

    int received() {
        return received;
    }

    /** Datagrams of the span heard that did not come; duplicates hide as many. */
    int lost() {
        return received == 0 ? 0 : Math.max(0, newestSequence - firstSequence + 1 - received);
    }
}
