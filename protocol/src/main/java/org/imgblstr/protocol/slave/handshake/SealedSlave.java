package org.imgblstr.protocol.slave.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.imgblstr.protocol.manifest.ManifestSignature;
import org.imgblstr.protocol.sealing.DatagramSignature;
import org.imgblstr.protocol.sealing.ForgeryWatch;
import org.imgblstr.protocol.sealing.SealCounts;
import org.imgblstr.protocol.sealing.SealedLayout;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.silence.Unsuited;
import org.imgblstr.protocol.slave.SlaveConfig;
import org.imgblstr.protocol.slave.SlaveEngine;
import org.imgblstr.protocol.slave.SlaveEvents;
import org.imgblstr.protocol.slave.SlavePort;
import org.imgblstr.protocol.slave.SlaveState;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.HelloFlyweight;
import org.imgblstr.protocol.wire.RsvpFlyweight;
import org.imgblstr.sealing.schedule.SessionSeal;

/**
 * The door of a slave's engine that takes only sealed sessions. The engine sends through it and gets its datagrams from it, all in the open layout; on
 * the wire they are sealed. The engine hears only of sessions whose masters have proven the secret. One thread, that of the engine. Specification:
 * docs/security.md, sections 4 to 6.
 */
public final class SealedSlave implements SlavePort, SlaveDoor {
    /** Room behind each datagram for what sealing adds. */
    private static final int ROOM_BYTES = 160;

    private static final int LARGEST_DATAGRAM_BYTES = 9_216;

    /** Nothing is for the engine, and a tick is due. */
    private static final int DUE = -1;

    private final SlavePort port;
    private final SlaveConfig config;
    private final SlaveEvents events;
    private final ClearHearing hearing;
    private final HeardMasters masters;
    private final SealCounts counts = new SealCounts();
    private final DatagramBatch opened = new DatagramBatch();
    private final DatagramBatch single = new DatagramBatch();
    private final ByteBuf copy = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(LARGEST_DATAGRAM_BYTES));
    private final ByteBuf written = Unpooled.wrappedBuffer(new byte[LARGEST_DATAGRAM_BYTES]);
    private final DriveGeometryFlyweight geometry = new DriveGeometryFlyweight();
    private final ConfirmDownloadFlyweight confirm = new ConfirmDownloadFlyweight();
    private final RsvpFlyweight rsvp = new RsvpFlyweight();
    private final ForgeryWatch forgeries;
    private final EarlyState early = new EarlyState();
    private SlaveEngine engine;

    /**
     * @param port where sealed datagrams go
     * @param config of the engine
     * @param random spreads the RSVPs of a room
     * @param events told of masters that do not answer
     */
    public SealedSlave(
            SlavePort port, SlaveConfig config, SessionSeal seal, RandomGenerator random, SlaveEvents events) {
        this.port = port;
        this.config = config;
        this.events = events;
        masters = new HeardMasters(seal, config.identity().nonce(), random);
        hearing = new ClearHearing(config, seal, masters, counts);
        forgeries = new ForgeryWatch(events::onWarning);
    }

    /** Says who gets what comes in; once, before anything comes. */
    public SealedSlave to(SlaveEngine newEngine) {
        engine = newEngine;
        hearing.to(newEngine);
        return this;
    }

    /** What became of the datagrams that came. */
    public SealCounts counts() {
        SealCounts sum = new SealCounts().add(counts);
        masters.all().forEach(master -> sum.add(master.approach().counts()));
        return sum;
    }

    /** Datagrams of all sessions that were opened. */
    public long opened() {
        return masters.all().stream()
                .mapToLong(master -> master.approach().counts().opened())
                .sum();
    }

    // ---- what comes

    @Override
    public boolean onDatagrams(DatagramBatch batch, InetSocketAddress from, long nowNs) {
        ByteBuf buffer = batch.buffer();
        boolean isDue = false;
        if (!buffer.isDirect()) {
            for (int i = 0; i < batch.count(); i++) {
                isDue |= onCopy(buffer, batch.offset(i), batch.length(i), from, nowNs);
            }
            return isDue;
        }
        opened.startOpened(buffer);
        for (int i = 0; i < batch.count(); i++) {
            int at = batch.offset(i);
            int length = open(buffer, at, batch.length(i), from, nowNs);
            isDue |= length < 0;
            if (length > 0) {
                opened.add(at, length);
            }
        }
        boolean isEngineDue = opened.count() > 0 && engine.onDatagrams(opened, from, nowNs);
        return isEngineDue || isDue;
    }

    private boolean onCopy(ByteBuf buffer, int at, int length, InetSocketAddress from, long nowNs) {
        if (length > LARGEST_DATAGRAM_BYTES) {
            counts.onMalformed();
            return false;
        }
        copy.clear().writeBytes(buffer, at, length);
        opened.startOpened(copy);
        int bytes = open(copy, 0, length, from, nowNs);
        if (bytes > 0) {
            opened.add(0, bytes);
            return engine.onDatagrams(opened, from, nowNs);
        }
        return bytes < 0;
    }

    /** Returns the bytes of the datagram that the engine is to get; 0 when it gets none; less when a tick is due. */
    private int open(ByteBuf buffer, int at, int length, InetSocketAddress from, long nowNs) {
        if (!Datagram.hasHeader(buffer, at, length)) {
            return onStrange(buffer, at, length, from, nowNs);
        }
        CommandType command = Datagram.command(buffer, at);
        SealedLayout.Key key = SealedLayout.keyOf(buffer, at);
        if (key == SealedLayout.Key.NONE) {
            return hearing.onClear(command, buffer, at, length, from, nowNs) ? DUE : 0;
        }
        HeardMaster master = masters.of(Datagram.session(buffer, at));
        if (master == null) {
            return 0;
        }
        if (key == SealedLayout.Key.GROUP) {
            return openGroup(command, master, buffer, at, length, from, nowNs);
        }
        return command == CommandType.CONFIRM_DOWNLOAD
                ? onConfirm(master, buffer, at, length, from, nowNs)
                : master.approach().openOwn(buffer, at, length);
    }

    /** Of another version of the protocol: the engine tells its operator. All else is noise. */
    private int onStrange(ByteBuf buffer, int at, int length, InetSocketAddress from, long nowNs) {
        if (!Datagram.isOfOtherVersion(buffer, at, length)) {
            counts.onMalformed();
            return 0;
        }
        DatagramBatch one = single.start(buffer);
        one.add(at, length);
        engine.onDatagrams(one, from, nowNs);
        return DUE;
    }

    private int onConfirm(HeardMaster master, ByteBuf buffer, int at, int length, InetSocketAddress from, long nowNs) {
        int open = master.approach().openConfirm(buffer, at, length, written);
        if (open == 0) {
            return 0;
        }
        master.onHeard(nowNs);
        if (master.approach().isShared() && engine.sessionId() == master.sessionId() && engine.download() != null) {
            engine.download().share();
        }
        confirm.wrap(written.setIndex(0, open));
        boolean isOurs =
                confirm.result() != null && confirm.nonce() == config.identity().nonce();
        if (!isOurs) {
            return 0;
        }
        boolean isTurningAway = !confirm.result().isJoined() && engine.sessionId() != master.sessionId();
        master.onAnswer(!isTurningAway);
        if (confirm.result().isJoined() && confirm.slave() == 0) {
            if (early.isOf(master)) {
                openGroup(CommandType.DRIVE_GEOMETRY, master, early.datagram(), 0, early.take(), early.from(), nowNs);
            }
            return DUE;
        }
        if (confirm.result().isJoined()) {
            master.approach().joined(confirm.slave());
        } else if (isTurningAway) {
            String line = "the session of " + master.at() + " does not take this slave: "
                    + confirm.result().reason();
            hearing.unsuitable().onHeard(master.sessionId(), Unsuited.of(line), master.firstNs(), nowNs);
        }
        show(from, nowNs);
        return DUE;
    }

    private int openGroup(
            CommandType command,
            HeardMaster master,
            ByteBuf buffer,
            int at,
            int length,
            InetSocketAddress from,
            long nowNs) {
        boolean isState = command == CommandType.DRIVE_GEOMETRY;
        if (!isState && !master.address().equals(from)) {
            return 0;
        }
        if (isState && !master.approach().hasImage()) {
            early.keep(master, buffer, at, length, from);
            return 0;
        }
        if (isState && master.isOutdone(length, nowNs)) {
            return 0;
        }
        long missing = master.approach().counts().unknownEpoch();
        int bytes = master.approach().openGroup(buffer, at, length, nowNs);
        if (bytes == 0) {
            master.onMissing(master.approach().counts().unknownEpoch() - missing, nowNs);
            return 0;
        }
        if (command == CommandType.DONE) {
            return bytes - DatagramSignature.BYTES;
        }
        if (isState) {
            master.onState(length, nowNs);
            onState(master, buffer, at, bytes - DatagramSignature.BYTES, from, nowNs);
            return DUE;
        }
        return bytes;
    }

    /** The master says where it is and where the session is: the engine hears that together with the image. */
    private void onState(HeardMaster master, ByteBuf buffer, int at, int bytes, InetSocketAddress from, long nowNs) {
        forgeries.onCounts(counts());
        int fields = HelloFlyweight.FIELD_BYTES;
        boolean isWhole = bytes >= fields + CommandFlyweight.TRAILER_BYTES && bytes <= LARGEST_DATAGRAM_BYTES;
        if (!isWhole || !master.approach().hasImage()) {
            return;
        }
        int padded = bytes + DatagramSignature.BYTES;
        written.clear().writeBytes(buffer, at, fields).setZero(fields, LARGEST_DATAGRAM_BYTES - fields);
        written.writerIndex(LARGEST_DATAGRAM_BYTES);
        int length = master.approach().putImage(written, config.choice().sessionName());
        if (ClearHearing.isItsOwn(geometry.wrap(written, 0, length), from)) {
            master.moveTo(from);
        }
        master.onHeard(nowNs);
        written.setIndex(0, Math.max(length, padded));
        master.onShown();
        show(from, nowNs);
    }

    /** Gives the engine what was written in the open layout. */
    private void show(InetSocketAddress from, long nowNs) {
        DatagramBatch one = single.startOpened(written);
        one.add(0, written.writerIndex());
        engine.onDatagrams(one, from, nowNs);
    }

    // ---- what is due

    @Override
    public long onTick(long nowNs) {
        long engineNs = engine.onTick(nowNs);
        if (engineNs == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        masters.forget(engine.sessionId(), nowNs);
        long waitNs = engineNs;
        for (HeardMaster master : masters.all()) {
            master.approach().onTick(nowNs);
            if (master.isDue(nowNs)) {
                askForKeys(master);
                master.onAsked(nowNs);
            }
            if (master.isSilenceNews(nowNs)) {
                events.onSilence(new Silence(
                        Silence.What.NO_ANSWER, (nowNs - master.firstNs()) / 1_000_000_000, master.address(), null));
            }
            waitNs = Math.min(waitNs, master.waitNs(nowNs));
        }
        if (engine.state() == SlaveState.HOOK_UP && !masters.isAnyLikely(nowNs)) {
            Unsuited why = hearing.unsuitable().due(nowNs);
            if (why != null) {
                events.onUnsuited(why);
                engine.refuse(why.line());
                return Long.MAX_VALUE;
            }
            waitNs = Math.min(waitNs, hearing.unsuitable().waitNs(nowNs));
        }
        return waitNs;
    }

    /** Proves the secret to a master, and says nothing else. */
    private void askForKeys(HeardMaster master) {
        ByteBuf buffer = allocate(Datagram.CONTROL_BYTES);
        rsvp.wrapForWriting(buffer, 0)
                .session((int) master.sessionId())
                .nonce(config.identity().nonce())
                .intent(RsvpFlyweight.KEYS)
                .seal();
        master.approach().sealRsvp(buffer);
        port.send(buffer, master.address());
    }

    // ---- what goes

    @Override
    public int moreBytes() {
        return SealedLayout.MORE_BYTES;
    }

    @Override
    public long newestNs(long shownNs, long nowNs) {
        return masters.newestNs(nowNs);
    }

    @Override
    public ManifestSignature manifest(long sessionId) {
        return masters.of((int) sessionId).approach().manifest();
    }

    @Override
    public boolean isLone(long sessionId) {
        return !masters.of((int) sessionId).approach().isShared();
    }

    @Override
    public ByteBuf allocate(int bytes) {
        return port.allocate(bytes + ROOM_BYTES);
    }

    /** Nothing leaves in the open layout: what is for a master that has not proven itself is dropped. */
    @Override
    public void send(ByteBuf datagram, InetSocketAddress to) {
        HeardMaster master = masters.of(Datagram.session(datagram, 0));
        boolean isSealed = false;
        if (master != null && master.approach().isProven()) {
            if (Datagram.command(datagram, 0) == CommandType.RSVP) {
                master.approach().sealRsvp(datagram);
                isSealed = true;
            } else {
                isSealed = master.approach().seal(datagram);
            }
        }
        if (isSealed) {
            port.send(datagram, to);
        } else {
            datagram.release();
        }
    }

    @Override
    public void joinData(InetSocketAddress group) {
        port.joinData(group);
    }

    @Override
    public void leaveData() {
        port.leaveData();
    }

    @Override
    public void rejoinData() {
        port.rejoinData();
    }

    /** Wipes the keys. */
    @Override
    public void close() {
        forgeries.onEnd(counts());
        masters.close();
    }
}
