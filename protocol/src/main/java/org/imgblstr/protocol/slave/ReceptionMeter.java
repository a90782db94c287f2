package org.imgblstr.protocol.slave;

import org.imgblstr.protocol.wire.Datagram;

/** Counts datagrams of the data group and, by the gaps in their sequence, those that were lost. One thread. */
final class ReceptionMeter {
    private int firstSequence;
    private int newestSequence;
    private int received;

    /** Takes one datagram into account. */
    void onDatagram(int sequence) {
        if (received == 0) {
            firstSequence = sequence;
            newestSequence = sequence;
        } else if (Datagram.isAfter(sequence, newestSequence)) {
            newestSequence = sequence;
        } else if (Datagram.isAfter(firstSequence, sequence)) {
            firstSequence = sequence;
        }
        received++;
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
