package org.imgblstr.protocol.master.handshake;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.imgblstr.protocol.sealing.PairOpener;
import org.imgblstr.protocol.sealing.PairSealer;
import org.imgblstr.protocol.sealing.RsvpBox;
import org.imgblstr.protocol.sealing.SealCounts;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight.Result;
import org.imgblstr.protocol.wire.RsvpFlyweight;
import org.imgblstr.protocol.wire.SealedRsvpFlyweight;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.imgblstr.sealing.schedule.SlaveKeys;

/**
 * What a master does with RSVPs: a slave proves the secret first, then it gets the keys. The cheapest questions come first, so that who does not have
 * the secret costs little. One thread. Specification: docs/security.md, section 4.
 */
final class Handshake {
    /** Slaves that come together are told together where the session is. */
    private static final long STATE_GAP_NS = 20_000_000;

    /** Takes an RSVP that only a slave with the secret can have sent, as an open one. */
    interface Opening {
        void onOpened(ByteBuf datagram, int begin, int length, InetSocketAddress from, long nowNs);
    }

    /** Told before a slave is sent a group key. */
    interface KeyGiving {
        void beforeKeys(SealedPeer peer);
    }

    private final SessionSeal seal;
    private final int session;
    private final SessionKeys keys;
    private final KeyAnswers answers;
    private final PeerTable peers;
    private final SealCounts counts;
    private final Refusals refusals;
    private final Doorkeeper doorkeeper;
    private final Barrier barrier = new Barrier();
    private final SealedRsvpFlyweight sealedRsvp = new SealedRsvpFlyweight();
    private final RsvpFlyweight rsvp = new RsvpFlyweight();
    private Opening opening;
    private KeyGiving keyGiving;
    private long lastStateNs;
    private boolean isStateSaid;

    /** {@code session}: low 32 bits of the session id. */
    Handshake(
            SessionSeal seal,
            int session,
            SessionKeys keys,
            KeyAnswers answers,
            PeerTable peers,
            SealCounts counts,
            Refusals refusals) {
        this.seal = seal;
        this.session = session;
        this.keys = keys;
        this.answers = answers;
        this.peers = peers;
        this.counts = counts;
        this.refusals = refusals;
        doorkeeper = new Doorkeeper(seal);
    }

    /** Says who takes what was opened, and who is told of keys. */
    void to(Opening newOpening, KeyGiving newKeyGiving) {
        opening = newOpening;
        keyGiving = newKeyGiving;
    }

    /** The pass begins. */
    void onStarted() {
        doorkeeper.onStarted();
    }

    /** See {@link Barrier#raise}. */
    void bar(SealedPeer removed, Set<Long> partakers) {
        barrier.raise(removed, peers.all(), partakers);
    }

    /** A sound RSVP of the session, in a direct buffer. */
    void onRsvp(ByteBuf datagram, InetSocketAddress from, long nowNs) {
        if (!sealedRsvp.wrap(datagram).isValid()) {
            counts.onOpen();
            if (rsvp.wrap(datagram).isValid() && answers.mayAnswer(from, nowNs)) {
                answers.sayInClear(rsvp.nonce(), Result.SEALED, from);
            }
            return;
        }
        SealedPeer known = peers.ofNonce(sealedRsvp.nonce());
        if (known != null) {
            onRsvpOf(known, datagram, from, nowNs);
        } else if (peers.isOld(sealedRsvp.nonce(), sealedRsvp.sequence())) {
            counts.onReplayed();
        } else {
            onNewRsvp(datagram, from, nowNs);
        }
    }

    /** Of a slave that has proven the secret: only its own keys can have sealed this one. */
    private void onRsvpOf(SealedPeer peer, ByteBuf datagram, InetSocketAddress from, long nowNs) {
        int sequence = sealedRsvp.sequence();
        if (!Arrays.equals(peer.exchange(), sealedRsvp.exchange())) {
            counts.onBadTag();
        } else if (!peer.isNewRsvp(sequence)) {
            counts.onReplayed();
        } else {
            int opened = peer.box().open(datagram, datagram.readerIndex(), datagram.readableBytes());
            if (opened == 0) {
                counts.onBadTag();
                return;
            }
            peer.onRsvp(sequence);
            onOpenedRsvp(peer, datagram, opened, from, nowNs);
        }
    }

    private void onNewRsvp(ByteBuf datagram, InetSocketAddress from, long nowNs) {
        long nonce = sealedRsvp.nonce();
        byte[] cookie = sealedRsvp.cookie();
        switch (doorkeeper.judge(from, nonce, cookie, nowNs)) {
            case TAKE -> exchangeKeys(datagram, from, nowNs);
            case COOKIE -> {
                if (answers.mayAnswer(from, nowNs)) {
                    answers.askForCookie(nonce, doorkeeper.cookie(from, nonce, nowNs), from);
                } else {
                    counts.onLimited();
                }
            }
            case DROP -> counts.onLimited();
        }
    }

    private void exchangeKeys(ByteBuf datagram, InetSocketAddress from, long nowNs) {
        long nonce = sealedRsvp.nonce();
        int sequence = sealedRsvp.sequence();
        byte[] cookie = sealedRsvp.cookie();
        byte[] exchange = sealedRsvp.exchange();
        Optional<SlaveKeys> agreed = keys.agree(nonce, exchange);
        if (agreed.isEmpty()) {
            onWrongSecret(nonce, from, cookie, nowNs);
            return;
        }
        try (SlaveKeys slaveKeys = agreed.get()) {
            RsvpBox box = new RsvpBox(slaveKeys.rsvp(), seal.primitives());
            int opened = box.open(datagram, datagram.readerIndex(), datagram.readableBytes());
            if (opened == 0) {
                box.close();
                onWrongSecret(nonce, from, cookie, nowNs);
                return;
            }
            SealedPeer peer = peer(nonce, exchange, box, slaveKeys);
            peer.onHeard(from, nowNs);
            peer.onRsvp(sequence);
            if (!peers.hasRoom(from, nowNs)) {
                answers.refuse(peer, Result.FULL, from);
                peer.close();
                return;
            }
            peers.add(peer);
            onOpenedRsvp(peer, datagram, opened, from, nowNs);
        }
    }

    private SealedPeer peer(long nonce, byte[] exchange, RsvpBox box, SlaveKeys slaveKeys) {
        byte[] random = new byte[Long.BYTES];
        seal.random().fill(random);
        long masterNonce = ByteBuffer.wrap(random).getLong();
        try (SlaveKeys.PairKeys pair = slaveKeys.pair(masterNonce)) {
            return new SealedPeer(
                    nonce,
                    exchange,
                    masterNonce,
                    box,
                    PairSealer.ofMaster(pair.down(), seal.primitives()),
                    PairOpener.ofSlave(pair.up(), session, counts, seal.primitives()));
        }
    }

    private void onWrongSecret(long nonce, InetSocketAddress from, byte[] cookie, long nowNs) {
        counts.onBadTag();
        boolean isToTell = doorkeeper.onFailed(from, nonce, cookie, nowNs);
        if (answers.mayAnswer(from, nowNs)) {
            answers.sayInClear(nonce, Result.WRONG_SECRET, from);
        }
        if (isToTell) {
            refusals.onWrongSecret(from, doorkeeper.failed());
        }
    }

    private void onOpenedRsvp(SealedPeer peer, ByteBuf datagram, int opened, InetSocketAddress from, long nowNs) {
        peer.onHeard(from, nowNs);
        if (barrier.keepsOut(peer)) {
            keepOut(peer, from);
            return;
        }
        if (rsvp.wrap(datagram, datagram.readerIndex(), opened).intent() == RsvpFlyweight.KEYS) {
            if (peer.isExcluded()) {
                return;
            }
            if (barrier.isNews(peer)) {
                refusals.onLateKeys(from);
            }
            keyGiving.beforeKeys(peer);
            answers.sendKeys(peer, peer.index() != SealedPeer.NO_INDEX);
            if (!isStateSaid || nowNs - lastStateNs >= STATE_GAP_NS) {
                isStateSaid = true;
                lastStateNs = nowNs;
                answers.sayStateAgain();
            }
        } else {
            opening.onOpened(datagram, datagram.readerIndex(), opened, from, nowNs);
        }
    }

    private void keepOut(SealedPeer peer, InetSocketAddress from) {
        if (barrier.isRefusalNews(from.getAddress())) {
            refusals.onKeptOut(from);
        }
        answers.refuse(peer, Result.FULL, from);
    }

    /** Wipes its keys. */
    void close() {
        doorkeeper.close();
    }
}
