package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.track.TrackTarget;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.repair.SymbolMemory;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.slave.disk.DiskAnswer;
import org.imgblstr.protocol.slave.disk.TargetOpener;
import org.imgblstr.protocol.slave.disk.TrackDesk;
import org.imgblstr.protocol.wire.FuzzDatagrams;

/**
 * What a slave hears, datagram after datagram, with undamaged checksums and anything in the fields. A slave counts and drops nonsense: it throws
 * nothing, holds no more tracks than its window has, and answers each datagram with few of its own.
 */
public final class SlaveEngineFuzz {
    private static final int WINDOW = 16;
    private static final long DEVICE_BYTES = 16 << 20;
    private static final int MOST_STEPS = 40;
    private static final int MOST_ANSWERS = 8;
    private static final int TIME = 200;
    private static final long STEP_NS = 100_000_000;
    private static final long MOST_ALLOCATED_BYTES = 64 << 20;
    private static final InetSocketAddress MASTER = new InetSocketAddress("192.0.2.1", 40_000);
    private static final InetSocketAddress OTHER = new InetSocketAddress("192.0.2.9", 40_000);

    private SlaveEngineFuzz() {}

    /** Steps: below 199 a datagram of the master, 199 one of somebody else, each its length in two bytes and its bytes; above time that passes. */
    public static void fuzzerTestOneInput(byte[] input) {
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        FuzzInput in = new FuzzInput(input);
        World world = new World();
        SlaveConfig config = new SlaveConfig(
                new SlaveIdentity(
                        new UUID(7, 1),
                        FuzzDatagrams.NONCE,
                        "pc-17",
                        new SlaveMachine("52:54:00:12:34:56", "/dev/sda", "model", "serial", 1L << 40)),
                new SessionChoice("", SessionChoice.Patience.FOR_EVER, SessionChoice.LISTEN_NS, Set.of(), true),
                DEVICE_BYTES,
                512,
                WINDOW,
                8944,
                true);
        SlaveEngine engine = new SlaveEngine(
                config, new SlaveSurroundings(world, world.desk, world, new Random(1), world::newStore));
        long nowNs = STEP_NS;
        engine.open(nowNs);
        try {
            run(engine, world, in, nowNs);
        } finally {
            world.desk.stop();
            world.desk.close();
        }
        budget.check();
    }

    private static void run(SlaveEngine engine, World world, FuzzInput in, long beganNs) {
        long nowNs = beganNs;
        for (int step = 0; step < MOST_STEPS && !in.isEmpty(); step++) {
            int op = in.u8();
            world.sent = 0;
            if (op >= TIME) {
                nowNs += (op - TIME) * STEP_NS;
            } else {
                ByteBuf datagram = FuzzDatagrams.sealed(in.take(in.u16()), FuzzDatagrams.SESSION_ID);
                engine.onDatagram(datagram, op == TIME - 1 ? OTHER : MASTER, nowNs);
            }
            engine.onTick(nowNs);
            for (int round = 0; round < 3; round++) {
                world.work();
                while (!world.answers.isEmpty()) {
                    engine.onDisk(world.answers.remove(), nowNs);
                }
                engine.onTick(nowNs);
            }
            if (world.sent > MOST_ANSWERS || world.stores > WINDOW + 2) {
                throw new AssertionError(world.sent + " datagrams and " + world.stores + " slots for one step");
            }
        }
    }

    /** Network and operator; the disk is {@link Memory} with the desk that writes any slave's disk. */
    private static final class World implements SlavePort, SlaveEvents {
        private final Queue<DiskAnswer> answers = new ArrayDeque<>();
        private final TrackDesk desk =
                new TrackDesk(new Memory(), Verification.SAMPLE, 1, new ArrayDeque<>(), answers::add);
        private int sent;
        private int stores;

        SymbolMemory newStore(int bytes) {
            stores++;
            return new SymbolMemory(ByteBuffer.allocate(bytes));
        }

        /** The disk does all that it was told. */
        void work() {
            for (TrackDesk.Job job = desk.next(); job != null && !desk.isStopped(); job = desk.next()) {
                desk.perform(job);
            }
        }

        @Override
        public ByteBuf allocate(int bytes) {
            return Unpooled.buffer(bytes);
        }

        @Override
        public void send(ByteBuf datagram, InetSocketAddress to) {
            sent++;
            datagram.release();
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
        public void onJoined(int slave, SessionImage joined, InetSocketAddress master) {}

        @Override
        public void onSeveralSessions(String message) {}

        @Override
        public void onStarted() {}

        @Override
        public void onSilence(Silence silence) {}

        @Override
        public void onNote(String message) {}

        @Override
        public void onWarning(String message) {}

        @Override
        public void onOver() {}
    }

    /** A disk in memory that takes any image that fits, and fails when something is written outside of it. */
    private static final class Memory implements TargetOpener, TrackTarget {
        private final Map<Integer, byte[]> tracks = new HashMap<>();
        private SessionImage image;

        @Override
        public long deviceBytes() {
            return DEVICE_BYTES;
        }

        @Override
        public int sectorBytes() {
            return 512;
        }

        @Override
        public void check(SessionImage announced) {
            image = announced;
        }

        @Override
        public TrackTarget open(SessionImage announced) {
            image = announced;
            return this;
        }

        @Override
        public TrackSpace space() {
            return image.space();
        }

        @Override
        public void write(int track, ByteBuffer raw) {
            if (raw.remaining() != space().rawBytes(track)) {
                throw new AssertionError("a track of another length");
            }
            byte[] bytes = new byte[raw.remaining()];
            raw.get(bytes);
            tracks.put(track, bytes);
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {
            if (firstTrack < 0 || count < 1 || count > space().trackCount() - firstTrack) {
                throw new AssertionError("tracks outside of the image");
            }
        }

        @Override
        public void read(int track, ByteBuffer into) {
            byte[] bytes = tracks.get(track);
            into.put(bytes == null ? new byte[into.remaining()] : bytes, 0, into.remaining());
        }

        @Override
        public int endOfHole(int track) {
            return track;
        }

        @Override
        public void sync() {}

        @Override
        public void checkInPlace() {}

        @Override
        public void close() {}
    }

    /** A session from its announcement to its end, and each of its datagrams alone behind the announcement and the confirmation. */
    public static List<byte[]> seeds() {
        List<byte[]> golden = FuzzDatagrams.golden();
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        datagram(joined, golden.get(0));
        time(joined, 7);
        datagram(joined, golden.get(0));
        time(joined, 7);
        datagram(joined, FuzzDatagrams.asking());
        datagram(joined, golden.get(2));
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(joined.toByteArray());
        for (int command = 3; command < golden.size(); command++) {
            datagram(whole, golden.get(command));
            time(whole, 3);
        }
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(joined.toByteArray());
        for (byte[] track : FuzzDatagrams.tracks()) {
            datagram(data, track);
        }
        for (int command = 7; command < golden.size(); command++) {
            time(data, 3);
            datagram(data, golden.get(command));
        }
        ByteArrayOutputStream delta = new ByteArrayOutputStream();
        datagram(delta, FuzzDatagrams.delta());
        time(delta, 7);
        datagram(delta, FuzzDatagrams.delta());
        time(delta, 7);
        datagram(delta, golden.get(2));
        FuzzDatagrams.digests().forEach(track -> datagram(delta, track));
        time(delta, 7);
        datagram(delta, golden.get(7));
        FuzzDatagrams.tracks().forEach(track -> datagram(delta, track));
        ByteArrayOutputStream lost = new ByteArrayOutputStream();
        lost.writeBytes(joined.toByteArray());
        for (int i = 0; i < 8; i++) {
            time(lost, 50);
        }
        return Stream.of(joined, whole, data, delta, lost)
                .map(ByteArrayOutputStream::toByteArray)
                .toList();
    }

    private static void datagram(ByteArrayOutputStream seed, byte[] bytes) {
        seed.write(0);
        seed.write(bytes.length >> Byte.SIZE);
        seed.write(bytes.length);
        seed.writeBytes(bytes);
    }

    private static void time(ByteArrayOutputStream seed, int steps) {
        seed.write(TIME + steps);
    }
}
