package org.imgblstr.protocol.slave.handshake;

import java.net.InetSocketAddress;
import org.imgblstr.protocol.slave.SlaveEngine;
import org.imgblstr.protocol.wire.DatagramBatch;

/** Takes what comes to a slave, and its ticks: the engine itself for open sessions, what opens datagrams for it for sealed ones. */
public interface SlaveDoor extends AutoCloseable {
    /** As {@link SlaveEngine#onDatagrams}; the bytes may be changed. */
    boolean onDatagrams(DatagramBatch batch, InetSocketAddress from, long nowNs);

    /** As {@link SlaveEngine#onTick}. */
    long onTick(long nowNs);

    /** The session is over. */
    @Override
    default void close() {}

    /** That of a slave which takes open sessions: nothing stands before its engine. */
    static SlaveDoor of(SlaveEngine engine) {
        return new SlaveDoor() {
            @Override
            public boolean onDatagrams(DatagramBatch batch, InetSocketAddress from, long nowNs) {
                return engine.onDatagrams(batch, from, nowNs);
            }

            @Override
            public long onTick(long nowNs) {
                return engine.onTick(nowNs);
            }
        };
    }
}
