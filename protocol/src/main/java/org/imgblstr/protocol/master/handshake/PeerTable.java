package org.imgblstr.protocol.master.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.imgblstr.protocol.wire.Datagram;

/**
 * The slaves that have proven the secret, each life of a slave for itself. Who was silent for a minute makes room when there is none. One thread.
 * Specification: docs/security.md, section 4.
 */
final class PeerTable implements AutoCloseable {
    /** Slaves at most. */
    static final int MOST = 4_096;

    /** Slaves of one address at most. */
    static final int MOST_OF_ADDRESS = 64;

    private static final int REMEMBERED = 8_192;
    private static final long SILENT_NS = 60_000_000_000L;

    private final Map<Long, SealedPeer> byNonce = new LinkedHashMap<>();
    private final Map<Integer, SealedPeer> byIndex = new HashMap<>();

    /** The last number of those that had to make room, so that their RSVPs are of no use to anybody. */
    private final Map<Long, Integer> gone = new LinkedHashMap<>();

    /** Null when there is none. */
    SealedPeer ofNonce(long nonce) {
        return byNonce.get(nonce);
    }

    /** Null when there is none. */
    SealedPeer ofIndex(int index) {
        return byIndex.get(index);
    }

    Collection<SealedPeer> all() {
        return byNonce.values();
    }

    boolean isEmpty() {
        return byNonce.isEmpty();
    }

    /** Whether an RSVP of a slave that is not here came before. */
    boolean isOld(long nonce, int sequence) {
        Integer last = gone.get(nonce);
        return last != null && !Datagram.isAfter(sequence, last);
    }

    /** Whether one more slave of this address has a place; who is long silent makes room for it. */
    boolean hasRoom(InetSocketAddress from, long nowNs) {
        List<SealedPeer> ofAddress = new ArrayList<>();
        InetAddress address = from.getAddress();
        for (SealedPeer peer : byNonce.values()) {
            if (peer.address().getAddress().equals(address)) {
                ofAddress.add(peer);
            }
        }
        return (ofAddress.size() < MOST_OF_ADDRESS || makeRoom(ofAddress, nowNs))
                && (byNonce.size() < MOST || makeRoom(byNonce.values(), nowNs));
    }

    private boolean makeRoom(Collection<SealedPeer> among, long nowNs) {
        SealedPeer oldest = null;
        for (SealedPeer peer : among) {
            oldest = oldest == null || peer.heardNs() - oldest.heardNs() < 0 ? peer : oldest;
        }
        if (oldest == null || nowNs - oldest.heardNs() < SILENT_NS) {
            return false;
        }
        remove(oldest);
        return true;
    }

    private void remove(SealedPeer peer) {
        byNonce.remove(peer.nonce());
        byIndex.remove(peer.index());
        if (gone.size() >= REMEMBERED) {
            gone.remove(gone.keySet().iterator().next());
        }
        gone.put(peer.nonce(), peer.newestRsvp());
        peer.close();
    }

    /** After {@link #hasRoom}. */
    void add(SealedPeer peer) {
        byNonce.put(peer.nonce(), peer);
    }

    /** The engine gave a slave its index. */
    void index(SealedPeer peer, int index) {
        if (peer.index() != index) {
            byIndex.remove(peer.index());
            peer.index(index);
            byIndex.put(index, peer);
        }
    }

    @Override
    public void close() {
        byNonce.values().forEach(SealedPeer::close);
        byNonce.clear();
        byIndex.clear();
    }
}
