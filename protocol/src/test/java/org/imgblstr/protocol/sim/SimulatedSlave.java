package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.MalformedTrackException;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackDecoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.LastLook;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.repair.ChainDesk;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.SymbolMemory;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.slave.SlaveConfig;
import org.imgblstr.protocol.slave.SlaveEngine;
import org.imgblstr.protocol.slave.SlaveEvents;
import org.imgblstr.protocol.slave.SlavePort;
import org.imgblstr.protocol.slave.SlaveState;
import org.imgblstr.protocol.transport.AwakeTime;

/** The real slave's engine on a simulated switch, with a disk in memory that takes its time and may fail. */
final class SimulatedSlave implements SlavePort, SlaveEvents {
    private static final byte NOISE = 0x5A;

    private final SimulatedLan lan;
    private final int host;
    private final SimulatedSource source;
    private final byte[][] disk;
    private final int[] writes;
    private final TrackDecoder decoder = new TrackDecoder();
    private ChainDesk desk = new ChainDesk();
    private SlaveEngine engine;
    private long tickNumber;
    private int life;
    private long diskFreeNs;
    private long diskBytesPerSecond = 200_000_000;
    private long openNs = 1_000_000;
    private long checkNs = 100_000;
    private int failAtTrack = -1;
    private final int largestSymbol;
    private final String sessionName;
    private final List<String> severals = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private int withdrawals;
    private boolean readsBackWrong;
    private LastLook look;
    private boolean isCutOff;
    private boolean isDead;
    private boolean isOpen;
    private Result refusal;
    private int highestGoodUpTo;
    private int waited;
    int burstLeft;
    long burstEndNs;
    private final SimulatedProcess process;
    private final AwakeTime time;

    SimulatedSlave(SimulatedLan lan, int host, SimulatedSource source, int largestSymbol, String sessionName) {
        this.sessionName = sessionName;
        this.largestSymbol = largestSymbol;
        this.lan = lan;
        this.host = host;
        this.source = source;
        this.disk = new byte[source.trackCount()][];
        this.writes = new int[source.trackCount()];
        for (int track = 0; track < disk.length; track++) {
            disk[track] = new byte[source.raw(track).length];
            Arrays.fill(disk[track], NOISE);
        }
        this.diskFreeNs = lan.nowNs();
        this.time = new AwakeTime(lan::nowNs);
        this.process = new SimulatedProcess(lan, this::take);
    }

    /** When its program runs, and what its socket holds meanwhile. */
    SimulatedProcess process() {
        return process;
    }

    /** Starts the process, also once more after it was killed. */
    void start() {
        life++;
        isDead = false;
        highestGoodUpTo = 0;
        desk = new ChainDesk();
        look = new LastLook(source.image.space(), Verification.SAMPLE, host);
        SlaveConfig config = new SlaveConfig(
                new UUID(7, host),
                nonce(),
                "slave " + host,
                1L << 40,
                512,
                lan.slots(),
                largestSymbol,
                true,
                lan.slaveWaitNs(),
                sessionName,
                lan.listenNs(),
                Set.of());
        engine = new SlaveEngine(config, this, this, lan.random, bytes -> new SymbolMemory(ByteBuffer.allocate(bytes)));
        engine.open(time.nowNs());
        tick();
    }

    /** Nothing that is sent to it arrives any more. */
    void hearsNothing() {
        burstLeft = Integer.MAX_VALUE;
        burstEndNs = Long.MAX_VALUE;
    }

    void kill() {
        isDead = true;
        isOpen = false;
        life++;
    }

    /** Nothing gets to the slave or from it. */
    void cutOff(boolean value) {
        isCutOff = value;
    }

    SimulatedSlave diskRate(long bytesPerSecond) {
        diskBytesPerSecond = bytesPerSecond;
        return this;
    }

    /** The disk answers nothing for so long. */
    void pauseDisk(Duration time) {
        diskFreeNs = Math.max(diskFreeNs, lan.nowNs()) + time.toNanos();
    }

    /** Opening the disk takes so long. */
    SimulatedSlave openFor(Duration time) {
        openNs = time.toNanos();
        return this;
    }

    /** The check of the disk, or the answer of an operator, takes so long. */
    SimulatedSlave checkFor(Duration time) {
        checkNs = time.toNanos();
        return this;
    }

    SimulatedSlave failAt(int track) {
        failAtTrack = track;
        return this;
    }

    SimulatedSlave refuse(Result why) {
        refusal = why;
        return this;
    }

    /** Tracks behind so many lie where those at the start do, but for the last one, which may be short. To be said before it writes. */
    SimulatedSlave wrapsAt(int tracks) {
        for (int track = tracks; track < disk.length - 1; track++) {
            disk[track] = disk[track % tracks];
        }
        return this;
    }

    SimulatedSlave readBackWrong() {
        readsBackWrong = true;
        return this;
    }

    boolean isCutOff() {
        return isCutOff || isDead;
    }

    InetSocketAddress address() {
        return SimulatedLan.address(100 + host, 5000 + life);
    }

    void onDatagram(ByteBuf datagram, InetSocketAddress from) {
        if (!isDead) {
            process.onDatagram(datagram, from);
        }
    }

    private void take(ByteBuf datagram, InetSocketAddress from) {
        if (isDead) {
            return;
        }
        engine.onDatagram(datagram, from, time.nowNs());
        check();
        tick();
        if (engine.isWithdrawn() && engine.state() == SlaveState.OVER) {
            withdrawals++;
            kill();
            start();
        }
    }

    private void tick() {
        if (isDead) {
            return;
        }
        if (engine.download() != null) {
            engine.download().socketDrops(process.dropped());
        }
        long waitNs = engine.onTick(time.nowNs());
        check();
        long number = ++tickNumber;
        if (waitNs != Long.MAX_VALUE) {
            process.at(lan.nowNs() + Math.max(1_000, Math.min(waitNs, AwakeTime.LONGEST_WAIT_NS)), () -> {
                if (number == tickNumber) {
                    tick();
                }
            });
        }
    }

    private void check() {
        if (engine.download() != null) {
            int goodUpTo = engine.download().goodUpTo();
            if (goodUpTo < highestGoodUpTo) {
                throw new AssertionError("good up to fell from " + highestGoodUpTo + " to " + goodUpTo);
            }
            highestGoodUpTo = goodUpTo;
        }
    }

    private void later(long delayNs, Runnable run) {
        int now = life;
        process.at(lan.nowNs() + delayNs, () -> {
            if (now == life && !isDead) {
                run.run();
                tick();
            }
        });
    }

    private void onDisk(int bytes, Runnable run) {
        diskFreeNs = Math.max(diskFreeNs, lan.nowNs()) + bytes * 1_000_000_000L / diskBytesPerSecond;
        later(diskFreeNs - lan.nowNs(), run);
    }

    boolean isOver() {
        return engine.state() == SlaveState.OVER;
    }

    /** What was said of several masters; "one" when there was one again. */
    List<String> severals() {
        return severals;
    }

    /** Times that it left a session that had not begun, because of another. */
    int withdrawals() {
        return withdrawals;
    }

    long foreignDatagrams() {
        return engine.foreignDatagrams();
    }

    List<String> warnings() {
        return warnings;
    }

    long nonce() {
        return host * 1000L + life;
    }

    Result result() {
        return engine.result();
    }

    String message() {
        return engine.message();
    }

    SlaveState state() {
        return engine.state();
    }

    int doneTracks() {
        return engine.download() == null ? 0 : engine.download().doneTracks();
    }

    /** Whether every track is what the source says it must be; unused ones must be untouched. */
    boolean hasSourcesBytes() {
        for (int track = 0; track < disk.length; track++) {
            if (!isAsSource(track)) {
                return false;
            }
        }
        return true;
    }

    private boolean isAsSource(int track) {
        TrackKind kind = source.kind(track);
        if (kind != TrackKind.UNUSED) {
            return Arrays.equals(disk[track], source.raw(track));
        }
        byte[] untouched = new byte[disk[track].length];
        Arrays.fill(untouched, NOISE);
        return Arrays.equals(disk[track], untouched);
    }

    /** Whether the disk was never written to. */
    boolean isUntouched() {
        return Arrays.stream(writes).allMatch(count -> count == 0);
    }

    int mostWritesOfATrack() {
        return Arrays.stream(writes).max().orElse(0);
    }

    // ---- port

    @Override
    public ByteBuf allocate(int bytes) {
        return Unpooled.buffer(bytes);
    }

    @Override
    public void send(ByteBuf datagram, InetSocketAddress to) {
        lan.toMaster(this, datagram, to);
    }

    @Override
    public void joinData(InetSocketAddress group) {}

    @Override
    public void leaveData() {}

    @Override
    public void rejoinData() {}

    @Override
    public void check(SessionImage image) {
        Result why = refusal;
        later(checkNs, () -> {
            if (why != null) {
                engine.onRefused(why, "refused by the test", time.nowNs());
            } else {
                engine.onChecked(time.nowNs());
            }
        });
    }

    @Override
    public void open(SessionImage image) {
        later(openNs, () -> {
            isOpen = true;
            engine.onOpened(time.nowNs());
        });
    }

    @Override
    public void write(TrackSlot slot) {
        if (!isOpen) {
            throw new AssertionError("a write before the disk was opened");
        }
        int track = slot.track();
        onDisk(disk[track].length, () -> {
            if (track == failAtTrack) {
                engine.disk().onDiskError(5, "Input/output error at track " + track, time.nowNs());
                return;
            }
            take(slot);
            for (ChainDesk.Turn turn = desk.poll(); turn != null; turn = desk.poll()) {
                write(turn);
            }
            desk.takeUseless().forEach(engine.disk()::onUseless);
        });
    }

    private void take(TrackSlot slot) {
        int track = slot.track();
        ByteBuffer encoded = slot.recovered();
        try {
            encoded.limit(EncodedTrack.encodedBytes(encoded));
            TrackDecoder.check(track, disk[track].length, encoded);
        } catch (MalformedTrackException e) {
            throw new AssertionError(e);
        }
        if (desk.take(slot, encoded)) {
            waited++;
            engine.disk().onWaiting(slot, EncodedTrack.chainStart(encoded));
        }
    }

    private void write(ChainDesk.Turn turn) {
        int track = turn.slot().track();
        try {
            turn.decoder().decode(track, disk[track].length, turn.encoded(), ByteBuffer.wrap(disk[track]));
        } catch (MalformedTrackException e) {
            throw new AssertionError(e);
        }
        writes[track]++;
        long checksum = EncodedTrack.checksum(turn.encoded());
        if (EncodedTrack.isPartial(turn.encoded())) {
            engine.disk().onPartial(track, EncodedTrack.unreadable(turn.encoded()));
        }
        engine.disk().onWritten(turn.slot(), checksum, disk[track].length);
        onDisk(disk[track].length, () -> readBack(track, checksum));
    }

    /** Links that came before their turn. */
    int waited() {
        return waited;
    }

    @Override
    public void giveUp(int track) {
        onDisk(512, () -> {
            desk.giveUp(track);
            desk.takeUseless().forEach(engine.disk()::onUseless);
        });
    }

    private void readBack(int track, long checksum) {
        if (readsBackWrong) {
            engine.disk().onBadTrack(track, null, "reads back wrong", time.nowNs());
        } else {
            look.onGood(track, checksum);
            engine.disk().onVerified(track, checksum);
        }
    }

    @Override
    public void decodeDigests(TrackSlot slot) {
        int rawBytes = DigestTracks.rawBytes(slot.track(), source.trackCount());
        ByteBuffer encoded = slot.recovered();
        ByteBuffer leaves = ByteBuffer.allocate(rawBytes);
        try {
            encoded.limit(EncodedTrack.encodedBytes(encoded));
            decoder.decode(slot.track(), rawBytes, encoded, leaves);
        } catch (MalformedTrackException e) {
            throw new AssertionError(e);
        }
        onDisk(512, () -> engine.disk().onDigests(slot, leaves));
    }

    @Override
    public void compare(int firstTrack, int count, ByteBuffer leaves) {
        onDisk(count * disk[0].length, () -> {
            BitSet held = new BitSet();
            for (int i = 0; i < count; i++) {
                long checksum = TrackChecksum.of(ByteBuffer.wrap(disk[firstTrack + i]));
                boolean isRead = DigestTracks.kind(leaves, i) == TrackKind.DATA
                        || DigestTracks.kind(leaves, i) == TrackKind.ZERO;
                held.set(i, isRead && checksum == DigestTracks.checksum(leaves, i));
            }
            engine.disk().onCompared(firstTrack, count, held, leaves);
        });
    }

    /** The disk holds what the source has, but for every n-th data track. */
    SimulatedSlave holdsAllBut(int everyNth) {
        for (int track = 0; track < disk.length; track++) {
            if (source.kind(track) != TrackKind.UNUSED && track % everyNth != 0) {
                disk[track] = source.raw(track).clone();
            }
        }
        return this;
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) {
        onDisk(512, () -> {
            for (int track = firstTrack; track < firstTrack + count; track++) {
                if (kind.isZeroed()) {
                    Arrays.fill(disk[track], (byte) 0);
                    look.onZeros(track, 1);
                }
            }
            engine.disk().onSkipped(firstTrack, count, kind);
        });
    }

    @Override
    public void sync() {
        onDisk(512, () -> {
            try {
                look.run(new Target(), () -> false);
                engine.disk().onSynced();
            } catch (DeviceException e) {
                engine.disk().onDiskError(e.errno(), e.getMessage(), time.nowNs());
            }
        });
    }

    /** The disk as a last look reads it. */
    private final class Target implements TrackTarget {
        @Override
        public TrackSpace space() {
            return source.image.space();
        }

        @Override
        public void write(int track, ByteBuffer raw) {
            throw new AssertionError("a last look writes nothing");
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {
            throw new AssertionError("a last look writes nothing");
        }

        @Override
        public void read(int track, ByteBuffer into) {
            into.put(disk[track]);
        }

        @Override
        public void sync() {}

        @Override
        public void checkInPlace() {}

        @Override
        public void close() {}
    }

    // ---- events

    @Override
    public void onJoined(int slave, SessionImage image, InetSocketAddress master) {}

    @Override
    public void onSeveralSessions(String message) {
        severals.add(message == null ? "one" : message);
    }

    @Override
    public void onStarted() {}

    @Override
    public void onWarning(String message) {
        warnings.add(message);
    }

    @Override
    public void onOver() {}

    @Override
    public String toString() {
        return engine.state() + " " + result() + " " + message() + " done " + doneTracks();
    }
}
