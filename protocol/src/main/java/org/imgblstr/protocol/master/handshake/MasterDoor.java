package org.imgblstr.protocol.master.handshake;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** Takes each datagram that comes to a master: the engine itself in an open session, what opens them for it in a sealed one. */
@FunctionalInterface
public interface MasterDoor extends AutoCloseable {
    /** One datagram, from reader to writer index of its buffer; both are the same afterwards. */
    void onDatagram(ByteBuf datagram, InetSocketAddress from, long nowNs);

    /** The session is over. */
    @Override
    default void close() {}
}
