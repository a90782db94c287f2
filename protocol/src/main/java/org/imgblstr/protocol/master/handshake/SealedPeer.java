package org.imgblstr.protocol.master.handshake;

import java.net.InetSocketAddress;
import org.imgblstr.protocol.sealing.Allowance;
import org.imgblstr.protocol.sealing.PairOpener;
import org.imgblstr.protocol.sealing.PairSealer;
import org.imgblstr.protocol.sealing.RsvpBox;
import org.imgblstr.protocol.wire.Datagram;

/** A slave that has proven the secret: its keys, and what a master needs to know of it before and beside its engine. One thread. */
final class SealedPeer implements AutoCloseable {
    /** No index was given yet. */
    static final int NO_INDEX = 0;

    /** A slave reports 500 times in a second at most. */
    private static final int MOST_IN_A_SECOND = 600;

    private final long nonce;
    private final byte[] exchange;
    private final long masterNonce;
    private final RsvpBox box;
    private final PairSealer sealer;
    private final PairOpener opener;
    private int index = NO_INDEX;
    private int newestRsvp;
    private InetSocketAddress address;
    private long heardNs;
    private boolean isExcluded;
    private boolean hasKeys;
    private boolean isBarred;
    private final Allowance datagrams = new Allowance(MOST_IN_A_SECOND);

    /** {@code exchange}: X, {@code masterNonce}: M; box, sealer and opener are this one's to close. */
    SealedPeer(long nonce, byte[] exchange, long masterNonce, RsvpBox box, PairSealer sealer, PairOpener opener) {
        this.nonce = nonce;
        this.exchange = exchange.clone();
        this.masterNonce = masterNonce;
        this.box = box;
        this.sealer = sealer;
        this.opener = opener;
    }

    long nonce() {
        return nonce;
    }

    /** X: a second one for one nonce is refused. */
    byte[] exchange() {
        return exchange;
    }

    /** M. */
    long masterNonce() {
        return masterNonce;
    }

    RsvpBox box() {
        return box;
    }

    PairSealer sealer() {
        return sealer;
    }

    PairOpener opener() {
        return opener;
    }

    /** That the master's engine gave it; {@link #NO_INDEX} before. */
    int index() {
        return index;
    }

    void index(int value) {
        index = value;
    }

    /** Where the last datagram came from that only this slave can have sent. */
    InetSocketAddress address() {
        return address;
    }

    long heardNs() {
        return heardNs;
    }

    void onHeard(InetSocketAddress from, long nowNs) {
        address = from;
        heardNs = nowNs;
    }

    /** It gets no group key any more, or again when the master's engine takes it after all. */
    void exclude(boolean value) {
        isExcluded = value;
    }

    boolean isExcluded() {
        return isExcluded;
    }

    /** It was sent a group key. */
    void onKeys() {
        hasKeys = true;
    }

    boolean hasKeys() {
        return hasKeys;
    }

    /** It is sent no later group key, unless it asks for that. {@code forGood}: it is given none either. */
    void forgetKeys(boolean forGood) {
        hasKeys = false;
        isBarred |= forGood;
    }

    /** Whether it is given no key, wherever it goes. */
    boolean isBarred() {
        return isBarred;
    }

    /** Reports and farewells of this slave: what goes beyond is a flood. Only those that it has sealed itself count. */
    Allowance datagrams() {
        return datagrams;
    }

    /** Whether an RSVP is newer than all before. */
    boolean isNewRsvp(int sequence) {
        return Datagram.isAfter(sequence, newestRsvp);
    }

    void onRsvp(int sequence) {
        newestRsvp = sequence;
    }

    int newestRsvp() {
        return newestRsvp;
    }

    @Override
    public void close() {
        box.close();
        sealer.close();
        opener.close();
    }
}
