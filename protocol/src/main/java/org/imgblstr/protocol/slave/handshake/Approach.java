package org.imgblstr.protocol.slave.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Optional;
import org.imgblstr.protocol.manifest.ManifestSignature;
import org.imgblstr.protocol.sealing.DatagramSignature;
import org.imgblstr.protocol.sealing.Epochs;
import org.imgblstr.protocol.sealing.GroupOpener;
import org.imgblstr.protocol.sealing.PairOpener;
import org.imgblstr.protocol.sealing.PairSealer;
import org.imgblstr.protocol.sealing.RsvpBox;
import org.imgblstr.protocol.sealing.SealCounts;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.SealedConfirmFlyweight;
import org.imgblstr.protocol.wire.SealedRsvpFlyweight;
import org.imgblstr.sealing.primitive.KeyAgreement;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.schedule.GroupKey;
import org.imgblstr.sealing.schedule.Hello;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.imgblstr.sealing.schedule.SlaveKeys;
import org.imgblstr.sealing.schedule.Transcript;

/**
 * The keys of a slave in one sealed session: from what its master says in clear, over the box that proves the secret to it, to the keys that it sends
 * when it has seen that proof. One thread. Specification: docs/security.md, sections 4 and 5.
 */
final class Approach implements AutoCloseable {
    private static final int LEAST_CONFIRM_BYTES = 60;

    private final Primitives primitives;
    private final long sessionId;
    private final SlaveKeys keys;
    private final byte[] exchange;
    private final RsvpBox box;
    private final SealCounts counts = new SealCounts();
    private final Epochs epochs;
    private final GroupOpener group;
    private final ManifestSignature manifest;
    private final SealedConfirmFlyweight confirm = new SealedConfirmFlyweight();
    private final ByteBuf image =
            Unpooled.wrappedBuffer(new byte[Datagram.CONTROL_BYTES]).clear();
    private byte[] cookie = new byte[SealedRsvpFlyweight.COOKIE_BYTES];
    private SlaveKeys.PairKeys pair;
    private PairOpener down;
    private PairSealer up;
    private boolean isShared;
    private int lastRsvp;

    private Approach(Primitives primitives, long sessionId, SlaveKeys keys, byte[] exchange, byte[] verify) {
        this.primitives = primitives;
        this.sessionId = sessionId;
        this.keys = keys;
        this.exchange = exchange;
        box = new RsvpBox(keys.rsvp(), primitives);
        epochs = new Epochs(sessionId, primitives);
        group = new GroupOpener(
                (int) sessionId, epochs, DatagramSignature.ofSlave(primitives.signing(), sessionId, verify), counts);
        manifest = ManifestSignature.ofSlave(primitives, sessionId, verify);
    }

    /** A new one, with a key pair of its own; empty when the master's public key is none. */
    static Optional<Approach> of(SessionSeal seal, long sessionId, Hello hello, long nonce) {
        Primitives primitives = seal.primitives();
        try (SecretBytes privateKey = SecretBytes.random(KeyAgreement.KEY_BYTES, seal.random())) {
            byte[] exchange = primitives.agreement().publicKey(privateKey);
            Transcript transcript = Transcript.of(primitives.hashing(), sessionId, hello, nonce, exchange);
            return SlaveKeys.agree(primitives, seal.secret().key(), privateKey, hello.exchange(), transcript)
                    .map(keys -> new Approach(primitives, sessionId, keys, exchange, hello.verify()));
        }
    }

    /** Puts an open RSVP of the session into its box, with a number that was never used. */
    void sealRsvp(ByteBuf datagram) {
        Datagram.putSequence(datagram, 0, ++lastRsvp);
        int length = box.seal(datagram, 0, datagram.readableBytes(), cookie, exchange);
        datagram.setIndex(0, length);
    }

    /** What the master asked for. Returns whether it is another one than before. */
    boolean cookie(byte[] value) {
        boolean isNew = !Arrays.equals(cookie, value);
        cookie = value;
        return isNew;
    }

    /** Whether the master has proven the secret. */
    boolean isProven() {
        return down != null;
    }

    /** Whether the image is known, too: then the engine can be told of the session. */
    boolean hasImage() {
        return image.isReadable();
    }

    /**
     * A sealed Confirm Download: takes the keys that it brings.
     *
     * @param open where it is written in the open layout
     * @return bytes of that; 0 when it is not the master's
     */
    int openConfirm(ByteBuf datagram, int at, int length, ByteBuf open) {
        int opened = isProven() ? down.openConfirm(datagram, at, length) : openFirst(datagram, at, length);
        if (opened == 0 || !confirm.wrap(datagram, at, opened).isValid()) {
            return 0;
        }
        if (confirm.hasGroupKey()) {
            isShared |= !confirm.isLone();
            try (GroupKey key = new GroupKey(Math.max(1, confirm.epoch()), SecretBytes.take(confirm.groupKey()))) {
                epochs.add(key);
            }
        }
        if (confirm.hasImage()) {
            image.clear().writeBytes(datagram, at, opened);
        }
        return confirm.toOpen(open.clear(), 0);
    }

    /** The first that opens proves the master: M says with which keys. Anybody can send one with a false M. */
    private int openFirst(ByteBuf datagram, int at, int length) {
        if (length < LEAST_CONFIRM_BYTES) {
            counts.onMalformed();
            return 0;
        }
        SlaveKeys.PairKeys tried = keys.pair(confirm.wrap(datagram, at, length).masterNonce());
        PairOpener opener = PairOpener.ofMaster(tried.down(), (int) sessionId, counts, primitives);
        int opened = opener.openConfirm(datagram, at, length);
        if (opened == 0) {
            opener.close();
            tried.close();
        } else {
            pair = tried;
            down = opener;
            keys.close();
        }
        return opened;
    }

    /** The master's engine gave the slave its index: from now on it can send. */
    void joined(int index) {
        if (up == null) {
            up = PairSealer.ofSlave(pair.up(), index, primitives);
        }
    }

    /** Seals what the slave sends. Returns false when it has no index yet. */
    boolean seal(ByteBuf datagram) {
        if (up == null) {
            return false;
        }
        int length = up.seal(datagram, 0, datagram.readableBytes());
        datagram.setIndex(0, length);
        return true;
    }

    /** Whether another slave was sent a group key, too: the master says so before that one gets a key of this slave. */
    boolean isShared() {
        return isShared;
    }

    /** Opens what the master sends to this slave alone. Returns the bytes of the open datagram; 0 when it is not the master's. */
    int openOwn(ByteBuf datagram, int at, int length) {
        return isProven() ? down.open(datagram, at, length) : 0;
    }

    /** Opens what the master sends to all. Returns the bytes of the open datagram, signature included; 0 when it is not of the session. */
    int openGroup(ByteBuf datagram, int at, int length, long nowNs) {
        return group.open(datagram, at, length, nowNs);
    }

    /** Completes a Drive Geometry that says nothing of the image. Returns its bytes then. */
    int putImage(ByteBuf geometry, String sessionName) {
        return confirm.wrap(image).putImage(geometry, 0, sessionName);
    }

    /** By what the master signs its manifest. */
    ManifestSignature manifest() {
        return manifest;
    }

    void onTick(long nowNs) {
        epochs.onTick(nowNs);
    }

    /** What became of the datagrams that came. */
    SealCounts counts() {
        return counts;
    }

    /** Wipes the keys. */
    @Override
    public void close() {
        keys.close();
        box.close();
        epochs.close();
        if (down != null) {
            down.close();
            pair.close();
        }
        if (up != null) {
            up.close();
        }
    }
}
