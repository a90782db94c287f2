package org.imgblstr.protocol.master.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import org.imgblstr.protocol.manifest.ManifestSignature;
import org.imgblstr.protocol.master.sending.MasterPort;
import org.imgblstr.protocol.sealing.ForgeryWatch;
import org.imgblstr.protocol.sealing.SealCounts;
import org.imgblstr.protocol.sealing.SealedLayout;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DisconnectFlyweight;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.HelloFlyweight;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.sealing.schedule.Hello;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of a master's engine in a sealed session. The engine sends through it and gets its datagrams from it, all in the open layout; on the wire
 * they are sealed. It gives the keys to slaves that prove the secret, and answers others in clear. One thread, that of the engine. Specification:
 * docs/security.md, sections 4 to 6.
 */
public final class SealedMaster implements MasterPort, MasterDoor {
    /** Room behind each datagram for what sealing adds. */
    private static final int ROOM_BYTES = 160;

    private static final int LARGEST_DATAGRAM_BYTES = 9_216;

    /** Slaves that are excluded within this time cost one epoch together. */
    private static final long SHARED_NS = 250_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(SealedMaster.class);

    private final MasterPort port;
    private final int session;
    private final int epochDatagrams;
    private final SessionKeys keys;
    private final KeyAnswers answers;
    private final Handshake handshake;
    private final PeerTable peers = new PeerTable();
    private final Solitude solitude = new Solitude();
    private final SealCounts counts = new SealCounts();
    private final ByteBuf copy = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(LARGEST_DATAGRAM_BYTES));
    private final ResendRequestFlyweight request = new ResendRequestFlyweight();
    private final DisconnectFlyweight disconnect = new DisconnectFlyweight();
    private final DriveGeometryFlyweight geometry = new DriveGeometryFlyweight();
    private final HelloFlyweight hello = new HelloFlyweight();
    private final ConfirmDownloadFlyweight confirm = new ConfirmDownloadFlyweight();
    private final ForgeryWatch forgeries;
    private long heardNs;
    private MasterDoor engine;
    private boolean isEpochDue;
    private long epochDueNs;

    /**
     * Makes the keys of the session.
     *
     * @param port where sealed datagrams go
     * @param sessionName "" when none
     * @param wear how long each group key serves
     */
    public SealedMaster(
            MasterPort port, SessionSeal seal, long sessionId, String sessionName, KeyWear wear, Refusals refusals) {
        this.port = port;
        this.session = (int) sessionId;
        epochDatagrams = wear.epochDatagrams();
        keys = new SessionKeys(seal, sessionId, sessionName, wear.sealedBefore());
        byte[] key = new byte[Integer.BYTES];
        seal.random().fill(key);
        answers = new KeyAnswers(
                port, keys, session, new AnswerLimit(ByteBuffer.wrap(key).getInt()), solitude);
        handshake = new Handshake(seal, session, keys, answers, peers, counts, refusals);
        handshake.to(this::pass, this::beforeKeys);
        forgeries = new ForgeryWatch(refusals::onForgery);
    }

    /** Says who gets what comes in; once, before anything comes. */
    public SealedMaster to(MasterDoor newEngine) {
        engine = newEngine;
        return this;
    }

    /** No slave is to count as alone: what all of them get needs its manifest from the beginning. Before anything comes. */
    public SealedMaster neverLone() {
        solitude.forbid();
        return this;
    }

    /** What became of the datagrams that came. */
    public SealCounts counts() {
        return counts;
    }

    /** The epoch in use, from 1. */
    public int epoch() {
        return keys.group().epoch();
    }

    // ---- what comes

    @Override
    public void onDatagram(ByteBuf datagram, InetSocketAddress from, long nowNs) {
        heardNs = nowNs;
        int at = datagram.readerIndex();
        int length = datagram.readableBytes();
        if (!Datagram.hasHeader(datagram, at, length)) {
            onStrange(datagram, from, nowNs);
        } else if (Datagram.session(datagram, at) != session) {
            if (Datagram.command(datagram, at) == CommandType.DRIVE_GEOMETRY && isOfThisSecret(datagram)) {
                engine.onDatagram(datagram, from, nowNs);
            }
        } else if (datagram.isDirect()) {
            open(datagram, from, nowNs);
        } else if (length <= LARGEST_DATAGRAM_BYTES) {
            open(copy.clear().writeBytes(datagram, at, length), from, nowNs);
        }
    }

    /** Whether slaves of this session may be able to join that one too: codes do not show which they are. */
    private boolean isOfThisSecret(ByteBuf announcement) {
        Hello ours = keys.hello();
        return hello.wrap(announcement).isValid()
                && hello.hello().kind() == ours.kind()
                && Arrays.equals(hello.hello().keyId(), ours.keyId());
    }

    /** Of another version of the protocol: the engine answers that in clear. All else is noise. */
    private void onStrange(ByteBuf datagram, InetSocketAddress from, long nowNs) {
        if (Datagram.isOfOtherVersion(datagram, datagram.readerIndex(), datagram.readableBytes())) {
            engine.onDatagram(datagram, from, nowNs);
        } else {
            counts.onMalformed();
        }
    }

    private void open(ByteBuf datagram, InetSocketAddress from, long nowNs) {
        int at = datagram.readerIndex();
        if (Datagram.command(datagram, at) == CommandType.DRIVE_GEOMETRY && from.equals(port.feedback())) {
            // Its own announcement: it is a member of the group, because other masters announce there too.
            return;
        }
        boolean isRsvp = Datagram.command(datagram, at) == CommandType.RSVP;
        switch (SealedLayout.keyOf(datagram, at)) {
            case PAIR -> onOfPeer(datagram, from, nowNs);
            case GROUP -> counts.onUnknownEpoch();
            case NONE -> {
                if (isRsvp && Datagram.isSound(datagram)) {
                    handshake.onRsvp(datagram, from, nowNs);
                } else {
                    counts.onOpen();
                }
            }
        }
    }

    private void onOfPeer(ByteBuf datagram, InetSocketAddress from, long nowNs) {
        int at = datagram.readerIndex();
        int length = datagram.readableBytes();
        boolean hasIndex = length >= CommandFlyweight.HEADER_BYTES + Integer.BYTES;
        SealedPeer peer = hasIndex ? peers.ofIndex(SealedLayout.slaveIndex(datagram, at)) : null;
        if (peer == null) {
            counts.onUnknownEpoch();
            return;
        }
        if (!peer.datagrams().isLeft(nowNs)) {
            counts.onLimited();
            return;
        }
        int opened = peer.opener().open(datagram, at, length);
        if (opened == 0) {
            return;
        }
        peer.datagrams().take();
        int begin = at + peer.opener().shift();
        if (!isItsOwn(datagram, begin, opened, peer)) {
            counts.onMalformed();
            return;
        }
        peer.onHeard(from, nowNs);
        pass(datagram, begin, opened, from, nowNs);
    }

    /** Whether a slave speaks of itself: it may seal whatever it likes with its key. */
    private boolean isItsOwn(ByteBuf datagram, int begin, int length, SealedPeer peer) {
        return switch (Datagram.command(datagram, begin)) {
            case RESEND_REQUEST -> {
                request.wrap(datagram, begin, length);
                yield request.slave() == peer.index() && request.nonce() == peer.nonce();
            }
            case DISCONNECT -> {
                disconnect.wrap(datagram, begin, length);
                yield disconnect.slave() == peer.index() && disconnect.nonce() == peer.nonce();
            }
            default -> false;
        };
    }

    /** Gives the engine an opened datagram as one that was never sealed. */
    private void pass(ByteBuf datagram, int begin, int length, InetSocketAddress from, long nowNs) {
        Datagram.putTrailer(datagram, begin, length);
        int start = datagram.readerIndex();
        int end = datagram.writerIndex();
        datagram.setIndex(begin, begin + length);
        engine.onDatagram(datagram, from, nowNs);
        datagram.setIndex(start, end);
    }

    // ---- what is due

    @Override
    public long onTick(long nowNs) {
        if (isEpochDue && epochDueNs - nowNs <= 0) {
            beginNextEpoch();
        }
        long engineNs = engine.onTick(nowNs);
        return isEpochDue && engineNs != Long.MAX_VALUE
                ? Math.min(engineNs, Math.max(0, epochDueNs - nowNs))
                : engineNs;
    }

    @Override
    public void exclude(long nonce, long nowNs) {
        SealedPeer peer = peers.ofNonce(nonce);
        if (peer == null || peer.isExcluded()) {
            return;
        }
        peer.exclude(true);
        if (!isEpochDue) {
            isEpochDue = true;
            epochDueNs = nowNs + SHARED_NS;
        }
    }

    @Override
    public void bar(long nonce, Set<Long> partakers) {
        SealedPeer peer = peers.ofNonce(nonce);
        if (peer != null) {
            handshake.bar(peer, partakers);
        }
    }

    // ---- what goes

    @Override
    public ManifestSignature manifest() {
        return keys.manifest();
    }

    @Override
    public boolean isLone() {
        return solitude.isLasting();
    }

    @Override
    public boolean wasAlone(long nonce) {
        return solitude.isFirst(nonce);
    }

    @Override
    public InetSocketAddress feedback() {
        return port.feedback();
    }

    @Override
    public ByteBuf allocate(int bytes) {
        return port.allocate(bytes + ROOM_BYTES);
    }

    @Override
    public boolean isWritable() {
        return port.isWritable();
    }

    @Override
    public void announce(ByteBuf datagram) {
        forgeries.onCounts(counts);
        if (!geometry.wrap(datagram).isPadded()) {
            answers.sayHello(datagram);
            if (answers.isUnderWay()) {
                handshake.onStarted();
            }
        }
        if (!peers.isEmpty()) {
            answers.sayState(datagram);
        }
        datagram.release();
    }

    @Override
    public void send(ByteBuf datagram, long nonce, InetSocketAddress to) {
        SealedPeer peer = peers.ofNonce(nonce);
        boolean isConfirm = Datagram.command(datagram, 0) == CommandType.CONFIRM_DOWNLOAD;
        if (peer != null && isConfirm) {
            if (confirm.wrap(datagram).result().isJoined()) {
                peers.index(peer, confirm.slave());
                peer.exclude(false);
                beforeKeys(peer);
            }
            answers.send(peer, datagram, false, to);
            datagram.release();
        } else if (peer != null) {
            int length = peer.sealer().seal(datagram, 0, datagram.readableBytes());
            port.send(datagram.setIndex(0, length), nonce, to);
        } else if (isConfirm && answers.mayAnswer(to, heardNs)) {
            // Of another version of the protocol: nobody else gets here without having proven the secret.
            port.send(datagram, nonce, to);
        } else {
            datagram.release();
        }
    }

    @Override
    public void multicast(ByteBuf datagrams, int datagramBytes) {
        if (peers.isEmpty()) {
            datagrams.release();
            return;
        }
        if (keys.sealed() >= epochDatagrams) {
            beginNextEpoch();
        }
        CommandType command = Datagram.command(datagrams, 0);
        if (command.isData()) {
            sealBatch(datagrams, datagramBytes);
            port.multicast(datagrams, datagramBytes);
        } else {
            int length = command == CommandType.DONE
                    ? keys.sealSigned(datagrams, 0, datagrams.readableBytes())
                    : keys.sealData(datagrams, 0, datagrams.readableBytes());
            port.multicast(datagrams.setIndex(0, length), length);
        }
    }

    /** Where they lie: the engine has left room for the tag behind each. */
    private void sealBatch(ByteBuf datagrams, int datagramBytes) {
        int end = datagrams.writerIndex();
        for (int at = 0; at < end; at += datagramBytes) {
            int length = Math.min(datagramBytes, end - at);
            keys.sealData(datagrams, at, length - SealedLayout.MORE_BYTES);
        }
    }

    /** A second slave must not get the key of one that was alone: that one trusts whatever is sealed with it. */
    private void beforeKeys(SealedPeer peer) {
        if (solitude.endsWith(peer.nonce())) {
            beginNextEpoch();
        }
    }

    /** Each slave that takes part is sent the next key; who misses it asks for it. */
    private void beginNextEpoch() {
        isEpochDue = false;
        keys.beginNextEpoch();
        for (SealedPeer peer : peers.all()) {
            if (peer.hasKeys() && !peer.isExcluded()) {
                answers.sendKeys(peer, true);
            }
        }
        LOG.info("epoch {} begins with a new group key", epoch());
    }

    /** Wipes the keys. */
    @Override
    public void close() {
        forgeries.onEnd(counts);
        peers.close();
        keys.close();
        handshake.close();
    }
}
