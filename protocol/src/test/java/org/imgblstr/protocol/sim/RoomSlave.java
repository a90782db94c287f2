package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.repair.ChainDesk;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.slave.SessionChoice;
import org.imgblstr.protocol.slave.SlaveConfig;
import org.imgblstr.protocol.slave.SlaveEngine;
import org.imgblstr.protocol.slave.SlaveEvents;
import org.imgblstr.protocol.slave.SlaveIdentity;
import org.imgblstr.protocol.slave.SlavePort;
import org.imgblstr.protocol.slave.SlaveState;
import org.imgblstr.protocol.slave.SlaveSurroundings;
import org.imgblstr.protocol.slave.disk.DiskAnswer;
import org.imgblstr.protocol.slave.disk.DiskAnswers;
import org.imgblstr.protocol.slave.disk.SlaveDisk;
import org.imgblstr.protocol.slave.handshake.SealedSlave;
import org.imgblstr.protocol.slave.handshake.SlaveDoor;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.imgblstr.protocol.wire.SymbolRun;

/**
 * The real slave's engine, and in a sealed session its door, whose slots count symbols without keeping them, and whose disk takes its time. There is
 * nothing that a desk could decode: the disk answers for itself, with what {@link RoomSource} has. Its door opens each command, and the first data of
 * each group key; then it has the key, and what that has sealed comes to the engine as if the door had opened it. It has a time of its own, within
 * the present window of the {@link Room}: one thread at a time.
 */
final class RoomSlave implements SlavePort, SlaveDisk, SlaveEvents {
    /** Something that the slave sends, and when it gets to the master. */
    record Sent(long arrivalNs, RoomSlave from, ByteBuf datagram) {}

    private record Job(long dueNs, Runnable run) {}

    private final int host;
    private final RoomSource source;
    private final TrackSpace space;
    private final SlaveEngine engine;

    /** Null in an open session. */
    private final SealedSlave sealed;

    private final SlaveDoor door;
    private final LossProcess loss;
    private final InetSocketAddress address;
    private final long diskBytesPerSecond;
    private final boolean isLinked;
    private final ArrayDeque<Job> disk = new ArrayDeque<>();
    private final List<Sent> outbox = new ArrayList<>();
    private final SymbolRun part = new SymbolRun();
    private final DatagramBatch batch = new DatagramBatch();
    private final ChainDesk desk = new ChainDesk();
    private long nowNs;
    private long tickNs;
    private long diskFreeNs;
    private boolean isHashing = true;

    /** The key of which the door has opened data; 0 before that, and in an open session. */
    private int openedKey;

    /** {@code seal}: null in an open session. */
    RoomSlave(int host, RoomSource source, RoomSettings settings, SimulatedSeal seal, SplittableRandom random) {
        this.host = host;
        this.source = source;
        this.space = source.image.space();
        this.address = SimulatedLan.address(1000 + host, 5000);
        this.loss = new LossProcess(
                random.split(), settings.loss().begins(), settings.loss().longest());
        this.isLinked = settings.links();
        this.diskBytesPerSecond = settings.machine().diskBytesPerSecond();
        SlaveConfig config = new SlaveConfig(
                new SlaveIdentity(new UUID(7, host), host * 1000L, "slave " + host, SlaveMachine.UNKNOWN),
                new SessionChoice("", SessionChoice.Patience.FOR_EVER, SessionChoice.LISTEN_NS, Set.of(), true),
                1L << 40,
                512,
                settings.machine().windowSlots(),
                settings.symbolBytes(),
                true);
        SplittableRandom ofEngine = random.split();
        this.sealed = seal == null ? null : new SealedSlave(this, config, seal.ofSlave(host), random.split(), this);
        SlavePort port = sealed == null ? this : sealed;
        this.engine = new SlaveEngine(
                config, new SlaveSurroundings(port, this, this, ofEngine, bytes -> new CountingStore()));
        this.door = sealed == null ? SlaveDoor.of(engine) : sealed.to(engine);
    }

    void start(long startNs) {
        nowNs = startNs;
        tickNs = startNs;
        diskFreeNs = startNs;
        engine.open(startNs);
    }

    InetSocketAddress address() {
        return address;
    }

    boolean isOver() {
        return engine.state() == SlaveState.OVER;
    }

    Result result() {
        return engine.result();
    }

    /** The key of which the door has opened data; 0 before that, and in an open session. */
    int openedKey() {
        return openedKey;
    }

    /** The session is over. Throws when the door has found something that is not the master's. */
    void close() {
        if (sealed != null && sealed.counts().forged() > 0) {
            throw new AssertionError("slave " + host + ": " + sealed.counts());
        }
        door.close();
    }

    /** What was sent since the last call, in the order of time. */
    List<Sent> takeSent() {
        List<Sent> sent = List.copyOf(outbox);
        outbox.clear();
        return sent;
    }

    /** Does what is due until {@code endNs}: answers of the disk, and the engine's own time. */
    void advance(long endNs) {
        while (true) {
            long jobNs = disk.isEmpty() ? Long.MAX_VALUE : disk.peek().dueNs;
            if (Math.min(jobNs, tickNs) > endNs) {
                break;
            }
            nowNs = Math.max(nowNs, Math.min(jobNs, tickNs));
            if (jobNs <= tickNs) {
                disk.poll().run.run();
            } else {
                tick();
            }
        }
        nowNs = endNs;
    }

    private void tick() {
        long waitNs = door.onTick(nowNs);
        tickNs = waitNs > Long.MAX_VALUE / 4 ? Long.MAX_VALUE : nowNs + Math.max(1_000, waitNs);
    }

    /**
     * Symbols of one track arrive, but for those that are lost.
     *
     * @param firstDatagram of the run in its arrival
     * @return bit i: the i-th was lost
     */
    long onSymbols(SymbolRun run, Arrival arrival, int firstDatagram) {
        advance(arrival.arrivalNs());
        long lostMask = 0;
        boolean isReportDue = false;
        int place = 0;
        while (place < run.count()) {
            int good = loss.takeGood(run.count() - place);
            if (good > 0 && arrival.key() == openedKey) {
                isReportDue |= engine.onSymbols(part.part(run, place, good), nowNs);
            } else if (good > 0) {
                isReportDue |= onSealed(arrival, firstDatagram + place, good);
            }
            place += good;
            int lost = loss.takeLost(run.count() - place);
            lostMask |= ((1L << lost) - 1) << place;
            place += lost;
        }
        if (isReportDue) {
            tick();
        }
        return lostMask;
    }

    /** Data arrives that a key has sealed of which the door has opened none yet. */
    private boolean onSealed(Arrival arrival, int firstDatagram, int count) {
        long before = sealed.opened();
        boolean isDue = door.onDatagrams(arrival.sealed(batch, firstDatagram, count), SimulatedLan.MASTER, nowNs);
        if (sealed.opened() > before) {
            openedKey = arrival.key();
        }
        return isDue;
    }

    /** A command arrives unless it is lost. */
    void onCommand(ByteBuf datagram, long arrivalNs) {
        advance(arrivalNs);
        if (loss.takeLost(1) == 0) {
            loss.takeGood(1);
            batch.start(datagram).add(datagram.readerIndex(), datagram.readableBytes());
            door.onDatagrams(batch, SimulatedLan.MASTER, nowNs);
            tick();
        }
    }

    // ---- disk: answers in the order of the jobs

    private void onDisk(long bytes, Runnable run) {
        diskFreeNs = Math.max(diskFreeNs, nowNs) + bytes * 1_000_000_000L / diskBytesPerSecond;
        disk.add(new Job(diskFreeNs, run));
    }

    private void answer(DiskAnswer answer) {
        engine.onDisk(answer, nowNs);
    }

    private void answerThenTick(DiskAnswer answer) {
        onDisk(512, () -> {
            answer(answer);
            tick();
        });
    }

    @Override
    public void check(SessionImage image) {
        answerThenTick(DiskAnswers::onChecked);
    }

    @Override
    public void open(SessionImage image, AfterCopy asked) {
        answerThenTick(DiskAnswers::onOpened);
    }

    @Override
    public void write(TrackSlot slot) {
        if (!isLinked || slot.generation() == SectorDataFlyweight.ALONE) {
            put(slot);
        } else {
            // What the desk makes of it decides how long the disk works.
            onDisk(0, () -> takeLink(slot));
        }
    }

    private void takeLink(TrackSlot slot) {
        ByteBuffer header = RoomSource.putLink(ByteBuffer.allocate(EncodedTrack.HEADER_BYTES), slot.track());
        if (desk.take(slot, header)) {
            int chainStart = EncodedTrack.chainStart(header);
            answer((to, now) -> to.onWaiting(slot, chainStart));
        }
        for (ChainDesk.Turn turn = desk.poll(); turn != null; turn = desk.poll()) {
            put(turn.slot());
        }
        tellUseless();
    }

    private void tellUseless() {
        desk.takeUseless().forEach(slot -> answer((to, now) -> to.onUseless(slot)));
    }

    private void put(TrackSlot slot) {
        int track = slot.track();
        int bytes = space.rawBytes(track);
        long checksum = RoomSource.checksum(track);
        onDisk(bytes, () -> {
            if (sealed != null) {
                byte[] digest = isHashing ? RoomSource.sha256(track) : null;
                answer((to, now) -> to.onHashed(track, TrackKind.DATA, digest));
            }
            answer((to, now) -> to.onWritten(slot, checksum, bytes));
        });
        onDisk(bytes, () -> answer((to, now) -> to.onVerified(track, checksum)));
    }

    @Override
    public void giveUp(int track) {
        onDisk(0, () -> {
            desk.giveUp(track);
            tellUseless();
        });
    }

    @Override
    public void sync() {
        answerThenTick((to, now) -> to.onSynced("", ""));
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) {
        throw new AssertionError("the source is all data");
    }

    @Override
    public void decodeDigests(TrackSlot slot) {
        onDisk(0, () -> {
            ByteBuffer entries = source.digestTrack(slot.track());
            answer((to, now) -> to.onDigests(slot, entries));
            tick();
        });
    }

    @Override
    public void hash(boolean isHashed) {
        onDisk(0, () -> {
            isHashing = isHashed;
            answer((to, now) -> to.onHashing(isHashed));
        });
    }

    @Override
    public void compare(int firstTrack, int count, ByteBuffer leaves) {
        throw new AssertionError("nothing is compared");
    }

    // ---- network

    @Override
    public ByteBuf allocate(int bytes) {
        return Unpooled.buffer(bytes);
    }

    @Override
    public void send(ByteBuf datagram, InetSocketAddress to) {
        outbox.add(new Sent(nowNs + Room.DELAY_NS, this, datagram));
    }

    @Override
    public void joinData(InetSocketAddress group) {}

    @Override
    public void leaveData() {}

    @Override
    public void rejoinData() {}

    @Override
    public void onAnnounced(boolean isUnderWay) {}

    @Override
    public void onJoined(int slave, SessionImage image, InetSocketAddress master) {}

    @Override
    public void onSilence(Silence silence) {}

    @Override
    public void onSeveralSessions(String message) {}

    @Override
    public void onStarted() {}

    @Override
    public void onNote(String message) {}

    @Override
    public void onWarning(String message) {
        throw new AssertionError(this + ": " + message);
    }

    @Override
    public void onOver() {}

    @Override
    public String toString() {
        int done = engine.download() == null ? 0 : engine.download().doneTracks();
        return "slave " + host + " " + engine.state() + " " + result() + " done " + done;
    }
}
