package org.imgblstr.protocol.master.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.imgblstr.protocol.master.sending.MasterPort;
import org.imgblstr.protocol.sealing.DatagramSignature;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight.Result;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.HelloFlyweight;
import org.imgblstr.protocol.wire.SealedConfirmFlyweight;
import org.imgblstr.sealing.schedule.GroupKey;

/** Writes what a master says in a handshake: its hello, its Drive Geometry for who has the keys, and each answer to an RSVP. One thread. */
final class KeyAnswers {
    private static final int MOST_GEOMETRY_BYTES = Datagram.CONTROL_BYTES;

    private final MasterPort port;
    private final SessionKeys keys;
    private final int session;
    private final ByteBuf announced =
            Unpooled.wrappedBuffer(new byte[MOST_GEOMETRY_BYTES]).clear();
    private final ByteBuf answer = Unpooled.wrappedBuffer(new byte[Datagram.CONTROL_BYTES]);
    private final DriveGeometryFlyweight geometry = new DriveGeometryFlyweight();
    private final HelloFlyweight hello = new HelloFlyweight();
    private final ConfirmDownloadFlyweight confirm = new ConfirmDownloadFlyweight();
    private final SealedConfirmFlyweight sealed = new SealedConfirmFlyweight();
    private final AnswerLimit limit;
    private final Solitude solitude;

    /** {@code limit}: of answers in clear. */
    KeyAnswers(MasterPort port, SessionKeys keys, int session, AnswerLimit limit, Solitude solitude) {
        this.port = port;
        this.keys = keys;
        this.session = session;
        this.limit = limit;
        this.solitude = solitude;
    }

    /** Announces the session in clear, and keeps what the engine has announced: an open Drive Geometry that is not padded. */
    void sayHello(ByteBuf open) {
        announced.clear().writeBytes(open, open.readerIndex(), open.readableBytes());
        ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
        hello.wrapForWriting(buffer, 0)
                .fieldsOf(open, open.readerIndex())
                .hello(keys.hello())
                .seal();
        port.announce(buffer);
    }

    /** Whether the session has begun. */
    boolean isUnderWay() {
        return announced.isReadable() && geometry.wrap(announced).state() != DriveGeometryFlyweight.State.WAITING;
    }

    /** Announces again what was announced last, for a slave that has just got the keys. */
    void sayStateAgain() {
        if (announced.isReadable()) {
            sayState(announced);
        }
    }

    /** Announces to who has the keys; {@code open}: an open Drive Geometry, as long on the wire as it would be in the open when it is padded. */
    void sayState(ByteBuf open) {
        boolean isPadded = geometry.wrap(open).isPadded();
        int paddedBytes = isPadded ? open.readableBytes() : 0;
        ByteBuf buffer = port.allocate(Math.max(Datagram.CONTROL_BYTES, paddedBytes));
        int fieldsEnd = hello.wrapForWriting(buffer, 0).stateOf(open, open.readerIndex());
        int signatureAt = Math.max(fieldsEnd, paddedBytes - DatagramSignature.BYTES - CommandFlyweight.TRAILER_BYTES);
        int length = signatureAt + CommandFlyweight.TRAILER_BYTES;
        buffer.ensureWritable(Math.max(0, length - buffer.writerIndex()));
        buffer.setZero(fieldsEnd, length - fieldsEnd).setIndex(0, length);
        keys.sealState(buffer, 0, length);
        port.announce(buffer);
    }

    /** The group key, for a slave that has proven the secret; with the image unless it has that already. */
    void sendKeys(SealedPeer peer, boolean hasImage) {
        begin(peer.nonce(), Result.OK);
        confirm.seal();
        send(peer, answer, !hasImage, peer.address());
    }

    /** Refuses a slave that has proven the secret. */
    void refuse(SealedPeer peer, Result why, InetSocketAddress to) {
        begin(peer.nonce(), why);
        confirm.seal();
        send(peer, answer, false, to);
    }

    /** Sends an open Confirm Download of the engine sealed, with the group key when it takes the slave. */
    void send(SealedPeer peer, ByteBuf open, boolean withImage, InetSocketAddress to) {
        ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
        boolean isJoined = confirm.wrap(open).result().isJoined();
        if (isJoined) {
            confirm.lone(solitude.isLasting());
        }
        sealed.wrapForWriting(buffer, 0).answer(open, open.readerIndex(), peer.masterNonce());
        if (isJoined) {
            peer.onKeys();
            GroupKey group = keys.group();
            byte[] secret = group.secret().copy();
            sealed.groupKey(group.epoch(), secret);
            Arrays.fill(secret, (byte) 0);
            if (withImage) {
                sealed.image(announced, announced.readerIndex());
            } else {
                sealed.asked(open, open.readerIndex(), open.readableBytes());
            }
        }
        int length = peer.sealer().sealConfirm(buffer, 0, sealed.seal());
        buffer.setIndex(0, length);
        port.send(buffer, peer.nonce(), to);
    }

    /** Whether somebody who has proven nothing is answered now; counts it then. */
    boolean mayAnswer(InetSocketAddress to, long nowNs) {
        return port.isWritable() && limit.allows(to, nowNs);
    }

    /** Answers in clear, shorter than what was asked. Whether it may is for {@link #mayAnswer} to say. */
    void sayInClear(long nonce, Result what, InetSocketAddress to) {
        begin(nonce, what);
        confirm.seal();
        sendInClear(nonce, to);
    }

    /** Asks for an RSVP with this cookie, in clear. */
    void askForCookie(long nonce, byte[] cookie, InetSocketAddress to) {
        begin(nonce, Result.COOKIE);
        confirm.cookie(cookie).seal();
        sendInClear(nonce, to);
    }

    private void sendInClear(long nonce, InetSocketAddress to) {
        ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
        buffer.writeBytes(answer, 0, answer.writerIndex());
        port.send(buffer, nonce, to);
    }

    private void begin(long nonce, Result result) {
        answer.clear();
        confirm.wrapForWriting(answer, 0)
                .session(session)
                .nonce(nonce)
                .slave(SealedPeer.NO_INDEX)
                .result(result);
    }
}
