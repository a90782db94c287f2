package org.imgblstr.protocol.master.handshake;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.function.LongUnaryOperator;

/** Takes each datagram that comes to a master, and its ticks: the engine itself in an open session, what opens datagrams for it in a sealed one. */
public interface MasterDoor extends AutoCloseable {
    /** Where no session is yet: takes nothing. */
    MasterDoor CLOSED = of((datagram, from, nowNs) -> {}, nowNs -> Long.MAX_VALUE);

    /** One datagram, from reader to writer index of its buffer; both are the same afterwards. */
    void onDatagram(ByteBuf datagram, InetSocketAddress from, long nowNs);

    /** Does all work due at {@code nowNs}. Returns nanoseconds to wait at most, Long.MAX_VALUE once over. */
    long onTick(long nowNs);

    /** The session is over. */
    @Override
    default void close() {}

    /** Takes one datagram. */
    @FunctionalInterface
    interface Ears {
        void onDatagram(ByteBuf datagram, InetSocketAddress from, long nowNs);
    }

    /** Nothing stands before an engine. {@code tick}: from the time to the nanoseconds to wait. */
    static MasterDoor of(Ears ears, LongUnaryOperator tick) {
        return new MasterDoor() {
            @Override
            public void onDatagram(ByteBuf datagram, InetSocketAddress from, long nowNs) {
                ears.onDatagram(datagram, from, nowNs);
            }

            @Override
            public long onTick(long nowNs) {
                return tick.applyAsLong(nowNs);
            }
        };
    }
}
