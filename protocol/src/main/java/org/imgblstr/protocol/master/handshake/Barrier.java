package org.imgblstr.protocol.master.handshake;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * Once the operator has removed a slave: the addresses at which no machine is given the keys any more, and whether the operator is to be told of one
 * that is given them. A slave that takes part is not concerned: the operator sees it. One thread. Specification: docs/security.md, section 6.
 */
final class Barrier {
    /** Machines told at most; more are a flood, not a room. */
    static final int MOST_TOLD = 100;

    private final Set<InetAddress> barred = new HashSet<>();
    private final Set<InetAddress> refusalsTold = new HashSet<>();
    private final Set<InetAddress> told = new HashSet<>();

    /** A slave is removed. {@code all}: who has proven the secret; {@code partakers}: nonces of slaves that go on, which the operator sees. */
    void raise(SealedPeer removed, Iterable<SealedPeer> all, Set<Long> partakers) {
        InetAddress address = removed.address().getAddress();
        barred.add(address);
        for (SealedPeer peer : all) {
            if (peer != removed && !partakers.contains(peer.nonce())) {
                peer.forgetKeys(peer.address().getAddress().equals(address));
            }
        }
    }

    /** Whether a slave is given no keys and may not join, because of where it is, or was when another was removed there. */
    boolean keepsOut(SealedPeer peer) {
        boolean isNew = peer.index() == SealedPeer.NO_INDEX;
        return peer.isBarred() || (isNew && barred.contains(peer.address().getAddress()));
    }

    /** Whether the operator has yet to be told that this machine is kept out; once for each address. */
    boolean isRefusalNews(InetAddress from) {
        return refusalsTold.size() < MOST_TOLD && refusalsTold.add(from);
    }

    /** Whether the operator has yet to be told that a slave is given keys that it does not have; once for each address. */
    boolean isNews(SealedPeer peer) {
        return !barred.isEmpty()
                && !peer.hasKeys()
                && told.size() < MOST_TOLD
                && told.add(peer.address().getAddress());
    }
}
