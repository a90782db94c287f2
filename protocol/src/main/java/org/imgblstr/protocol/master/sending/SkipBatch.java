package org.imgblstr.protocol.master.sending;

import io.netty.buffer.ByteBuf;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.SkipTrackFlyweight;

/** One Skip Track being filled with ranges. Has a buffer only while it holds one. One thread. */
final class SkipBatch {
    private static final int FIXED_BYTES = 20;
    private static final int RANGE_BYTES = 12;
    private static final int MOST_BYTES = FIXED_BYTES + RANGE_BYTES * SkipTrackFlyweight.MAX_RANGES;

    private final MasterPort port;
    private final int session;
    private final int mostRanges;
    private final SkipTrackFlyweight command = new SkipTrackFlyweight();
    private ByteBuf datagram;

    /** {@code moreBytes}: by which datagrams are longer on the wire. */
    SkipBatch(MasterPort port, int session, int moreBytes) {
        this.port = port;
        this.session = session;
        mostRanges = (Datagram.CONTROL_BYTES - moreBytes - FIXED_BYTES) / RANGE_BYTES;
    }

    /** Not to be called when it is full. */
    void add(int firstTrack, int count, TrackKind kind) {
        if (datagram == null) {
            datagram = port.allocate(MOST_BYTES);
            command.wrapForWriting(datagram, 0).session(session);
        }
        command.add(firstTrack, count, kind);
    }

    boolean isEmpty() {
        return datagram == null;
    }

    boolean isFull() {
        return datagram != null && command.ranges() == mostRanges;
    }

    /** Sends the ranges, of which there must be one. Returns the bytes of the datagram. */
    int send(int sequence) {
        command.sequence(sequence);
        int bytes = command.seal();
        ByteBuf sent = datagram;
        datagram = null;
        port.multicast(sent, bytes);
        return bytes;
    }

    /** Frees what is held. */
    void close() {
        if (datagram != null) {
            datagram.release();
            datagram = null;
        }
    }
}
