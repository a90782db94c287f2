package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.imgblstr.protocol.manifest.ManifestSignature;

/** The network of a slave's engine. Called by the engine's one thread; nothing blocks. */
public interface SlavePort {
    /** An empty direct buffer with room for {@code bytes}. */
    ByteBuf allocate(int bytes);

    /** By how many bytes datagrams are longer on the wire than the engine knows: 12 in a sealed session. */
    default int moreBytes() {
        return 0;
    }

    /** What the master of a session signs its manifest with; null in an open session. */
    default ManifestSignature manifest(long sessionId) {
        return null;
    }

    /** Whether this slave alone was ever sent a group key of a sealed session, as far as it knows: then nobody forges for it. */
    default boolean isLone(long sessionId) {
        return false;
    }

    /** Sends one datagram to the master; the buffer is the callee's to release. */
    void send(ByteBuf datagram, InetSocketAddress to);

    /** Joins the data group, so that nothing is missed once the master starts. */
    void joinData(InetSocketAddress group);

    /** Leaves the data group, if it was joined. */
    void leaveData();

    /** Leaves and joins the data group again: a switch may have forgotten the membership. */
    void rejoinData();

    /**
     * When the newest of the sessions that may be meant was first heard, or {@code nowNs} while it is not known yet whether one of them is. What is
     * between the engine and the network may know of sessions earlier than the engine does.
     *
     * @param shownNs when the engine first heard the session that it is about to join
     */
    default long newestNs(long shownNs, long nowNs) {
        return shownNs;
    }
}
