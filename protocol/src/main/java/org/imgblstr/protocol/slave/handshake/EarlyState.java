package org.imgblstr.protocol.slave.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.imgblstr.protocol.wire.Datagram;

/**
 * The last sealed Drive Geometry of a master whose keys have not come yet. The master sends it right behind the keys, to the group: it comes through
 * another socket, so it may be read before them, and the next one would come half a second later. One thread.
 */
final class EarlyState {
    private final ByteBuf datagram = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(Datagram.CONTROL_BYTES));
    private HeardMaster master;
    private InetSocketAddress from;

    /** Keeps a copy instead of the one before; one that is padded is not needed. */
    void keep(HeardMaster newMaster, ByteBuf buffer, int at, int length, InetSocketAddress newFrom) {
        if (length <= Datagram.CONTROL_BYTES) {
            datagram.clear().writeBytes(buffer, at, length);
            master = newMaster;
            from = newFrom;
        }
    }

    /** Whether there is one of this master. */
    boolean isOf(HeardMaster other) {
        return master == other;
    }

    /** Where it lies, from index 0. */
    ByteBuf datagram() {
        return datagram;
    }

    /** Who sent it. */
    InetSocketAddress from() {
        return from;
    }

    /** Its bytes; there is none any more then. */
    int take() {
        master = null;
        return datagram.readableBytes();
    }
}
