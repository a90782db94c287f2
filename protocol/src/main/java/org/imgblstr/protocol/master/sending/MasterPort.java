package org.imgblstr.protocol.master.sending;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.Set;
import org.imgblstr.protocol.manifest.ManifestSignature;

/** What the master's engine does to the world. Called by the engine's one thread; buffers passed on are the callee's to release. */
public interface MasterPort {
    /** Where slaves send to; it may change while a session lasts. */
    InetSocketAddress feedback();

    /** An empty direct buffer with room for {@code bytes}. */
    ByteBuf allocate(int bytes);

    /** Sends one datagram to one slave. {@code nonce}: that slave's, by which a sealed session finds its key. */
    void send(ByteBuf datagram, long nonce, InetSocketAddress to);

    /** Sends one datagram to the rendezvous group. */
    void announce(ByteBuf datagram);

    /** Sends datagrams that lie back to back, each {@code datagramBytes} long but the last, which may be shorter, to the data group. */
    void multicast(ByteBuf datagrams, int datagramBytes);

    /**
     * What is sent to the data group from a moment on is not for this slave any more: it was removed or given up, or a later life has taken its
     * place. Means nothing in an open session, which everybody can read.
     */
    default void exclude(long nonce, long nowNs) {}

    /**
     * A slave is about to be removed because nobody trusts it: no machine at its address is given the keys any more, and the operator is told of each
     * other machine that is. Means nothing in an open session. {@code partakers}: nonces of the slaves that go on.
     */
    default void bar(long nonce, Set<Long> partakers) {}

    /** What signs the manifest; null in an open session. */
    default ManifestSignature manifest() {
        return null;
    }

    /** Whether only one slave was ever sent a group key, so that nobody forges and no manifest is needed; false in an open session; any thread. */
    default boolean isLone() {
        return false;
    }

    /** Whether a slave was the first that was sent a group key: it may have had tracks before there was a manifest. */
    default boolean wasAlone(long nonce) {
        return false;
    }

    /** False while the socket has as much to send as it should hold; the engine is ticked again when that changes. */
    boolean isWritable();
}
