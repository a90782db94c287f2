package org.imgblstr.protocol.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.MasterEngine;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.master.handshake.KeyWear;
import org.imgblstr.protocol.master.handshake.MasterDoor;
import org.imgblstr.protocol.master.handshake.SealedMaster;
import org.imgblstr.protocol.master.membership.MasterEvents;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.master.sending.MasterPort;
import org.imgblstr.protocol.master.slaves.SlaveChange;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.repair.SymbolMemory;
import org.imgblstr.protocol.sealing.SealedLayout;
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
import org.imgblstr.protocol.slave.handshake.SealedSlave;
import org.imgblstr.protocol.slave.handshake.SlaveDoor;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.imgblstr.sealing.secret.KeyFile;
import org.imgblstr.sealing.secret.Secret;

/**
 * A small session inside the program: a master's engine sends random tracks to a slave's engine, which loses each twentieth datagram and
 * writes to memory. No socket and no disk is touched. A slave does it while it waits for its master: the code of a session is compiled when
 * it has run some thousand times, and a room of slaves that all begin with cold code takes seconds to follow the first tracks. A slave of sealed
 * sessions rehearses a sealed one, with a key file of its own.
 * {@link #run} is for one thread.
 */
final class Rehearsal {
    /** Four mebibytes of each kind of content. */
    private static final int TRACKS = 32;

    /** Enough for the code of a datagram and, by the second compiler, that of parity: a thousand symbols are recovered. */
    private static final int SESSIONS = 4;

    private static final int SYMBOL_BYTES = 1444;
    private static final long SESSION = 1;
    private static final int WINDOW_SLOTS = 24;
    private static final int LOST_ONE_IN = 20;
    private static final long RATE_BITS_PER_SECOND = 1_000_000_000;
    private static final long LONGEST_WAIT_NS = 1_000_000;

    private final BooleanSupplier isWanted;
    private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    /** What the slave has sent and the master not taken yet. */
    private final ArrayDeque<ByteBuf> toMaster = new ArrayDeque<>();

    private final SplittableRandom random = new SplittableRandom(1);
    private final InetSocketAddress masterAddress = address(127, 1);
    private final InetSocketAddress slaveAddress = address(127, 2);
    private final MasterEngine master;
    private final SlaveEngine slave;
    private final MasterDoor masterDoor;
    private final SlaveDoor slaveDoor;
    private final DiskThread slaveDisk;
    private final SessionMemory memory = new SessionMemory();
    private volatile Throwable fault;

    private Rehearsal(RehearsedDisk disk, SessionSeal seal, BooleanSupplier isWanted) {
        this.isWanted = isWanted;
        KeyFile keyFile = seal == null ? null : KeyFile.create(seal.primitives(), seal.random());
        int more = seal == null ? 0 : SealedLayout.MORE_BYTES;
        MasterSide masterSide = new MasterSide();
        MasterConfig masterConfig = new MasterConfig(
                new MasterConfig.Offer(SESSION, "", disk.image(), 15, false),
                new MasterConfig.SymbolLengths(SYMBOL_BYTES - more, SYMBOL_BYTES - more, more),
                new MasterConfig.Addresses(address(239, 3), 0),
                new MasterConfig.StartRule(1, Long.MAX_VALUE, 1),
                RATE_BITS_PER_SECOND,
                SlowPolicy.LADDER,
                TRACKS);
        MasterPort masterPort = masterSide;
        if (keyFile != null) {
            SessionSeal masterSeal =
                    new SessionSeal(Secret.of(keyFile), keyFile.seed(), seal.primitives(), seal.random());
            masterPort = new SealedMaster(masterSide, masterSeal, SESSION, "", KeyWear.USUAL, (from, failed) -> {});
        }
        this.master = new MasterEngine(masterConfig, masterPort, disk.supply(), masterSide);
        this.masterDoor = MasterPlan.door(masterPort, master);
        SlaveConfig slaveConfig = new SlaveConfig(
                new SlaveIdentity(new UUID(0, 1), 1, "rehearsal", SlaveMachine.UNKNOWN),
                new SessionChoice("", SessionChoice.Patience.FOR_EVER, 0, Set.of(), true),
                disk.deviceBytes(),
                disk.sectorBytes(),
                WINDOW_SLOTS,
                SYMBOL_BYTES - more,
                true);
        this.slaveDisk = new DiskThread(disk, Verification.SAMPLE, seal != null, this::onDisk, cause -> fault = cause);
        SlaveSide side = new SlaveSide();
        SlavePort slavePort = side;
        if (keyFile != null) {
            SessionSeal slaveSeal = new SessionSeal(Secret.of(keyFile), null, seal.primitives(), seal.random());
            slavePort = new SealedSlave(side, slaveConfig, slaveSeal, random, side);
        }
        this.slave = new SlaveEngine(
                slaveConfig,
                new SlaveSurroundings(
                        slavePort, slaveDisk.orders(), side, random, bytes -> new SymbolMemory(memory.take(bytes))));
        this.slaveDoor = SlaveNetwork.door(slavePort, slave);
    }

    /** On the disk's thread. */
    private void onDisk(DiskAnswer answer) {
        events.add(() -> slave.onDisk(answer, System.nanoTime()));
    }

    /**
     * Runs until the sessions are over or not wanted any longer.
     *
     * @param seal of the session that is waited for, whose primitives are used; null for an open one
     * @param isWanted asked often; when it says no the rehearsal ends, as the processor is needed for the real thing
     * @return whether the slave got every track each time; false as well when it was not wanted any longer
     */
    static boolean run(SessionSeal seal, BooleanSupplier isWanted) throws InterruptedException {
        RehearsedDisk disk = new RehearsedDisk(TRACKS);
        boolean isComplete = true;
        for (int i = 0; i < SESSIONS && isComplete; i++) {
            isComplete = new Rehearsal(disk, seal, isWanted).runSession();
        }
        return isComplete;
    }

    private boolean runSession() throws InterruptedException {
        try {
            slaveDisk.start();
            master.open(System.nanoTime());
            slave.open(System.nanoTime());
            while (isWanted.getAsBoolean() && fault == null && !isOver()) {
                step();
            }
        } finally {
            master.abort(0);
            masterDoor.close();
            slaveDoor.close();
            toMaster.forEach(ByteBuf::release);
            if (slaveDisk.close()) {
                memory.give();
            }
        }
        return slave.result() == SlaveResult.Result.COMPLETE && fault == null;
    }

    private void step() throws InterruptedException {
        long now = System.nanoTime();
        long waitNs = Math.min(masterDoor.onTick(now), slaveDoor.onTick(now));
        long longestNs = deliver() ? 0 : LONGEST_WAIT_NS;
        Runnable event = events.poll(Math.min(longestNs, Math.max(0, waitNs)), TimeUnit.NANOSECONDS);
        while (event != null) {
            event.run();
            event = events.poll();
        }
    }

    /** Gives the master what the slave has sent. Returns whether there was anything. */
    private boolean deliver() {
        boolean isAny = !toMaster.isEmpty();
        for (ByteBuf datagram = toMaster.poll(); datagram != null; datagram = toMaster.poll()) {
            masterDoor.onDatagram(datagram, slaveAddress, System.nanoTime());
            datagram.release();
        }
        return isAny;
    }

    private boolean isOver() {
        return master.state() == MasterState.OVER && slave.state() == SlaveState.OVER;
    }

    private static InetSocketAddress address(int net, int host) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) net, 0, 0, (byte) host}), 1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** The switch, as the master sees it. */
    private final class MasterSide implements MasterPort, MasterEvents {
        @Override
        public InetSocketAddress feedback() {
            return masterAddress;
        }

        private final DatagramBatch batch = new DatagramBatch();

        @Override
        public ByteBuf allocate(int bytes) {
            return Unpooled.directBuffer(bytes);
        }

        @Override
        public void send(ByteBuf datagram, long nonce, InetSocketAddress to) {
            announce(datagram);
        }

        @Override
        public void announce(ByteBuf datagram) {
            batch.start(datagram);
            batch.add(datagram.readerIndex(), datagram.readableBytes());
            slaveDoor.onDatagrams(batch, masterAddress, System.nanoTime());
            datagram.release();
        }

        @Override
        public void multicast(ByteBuf datagrams, int datagramBytes) {
            batch.start(datagrams);
            int end = datagrams.writerIndex();
            for (int offset = datagrams.readerIndex(); offset < end; offset += datagramBytes) {
                if (random.nextInt(LOST_ONE_IN) > 0) {
                    batch.add(offset, Math.min(datagramBytes, end - offset));
                }
            }
            slaveDoor.onDatagrams(batch, masterAddress, System.nanoTime());
            datagrams.release();
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void onJoined(SlaveEntry entry) {}

        @Override
        public void onChanged(SlaveEntry entry, SlaveChange what) {}

        @Override
        public void onWarning(SlaveEntry entry, String what) {}

        @Override
        public void onStarted(int slaveCount) {}

        @Override
        public void onRefused(RefusedSlave refused) {}

        @Override
        public void onSilence(Silence silence) {}

        @Override
        public void onOtherMaster(InetSocketAddress at, String sessionName) {}

        @Override
        public void onEnded(SlaveEntry entry) {}

        @Override
        public void onOver(MasterEnd end) {}
    }

    /** The switch, as the slave sees it. What it sends arrives later: neither engine may call the other from within. */
    private final class SlaveSide implements SlavePort, SlaveEvents {
        @Override
        public ByteBuf allocate(int bytes) {
            return Unpooled.directBuffer(bytes);
        }

        @Override
        public void send(ByteBuf datagram, InetSocketAddress to) {
            toMaster.add(datagram);
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
        public void onJoined(int index, SessionImage image, InetSocketAddress from) {}

        @Override
        public void onSilence(Silence silence) {}

        @Override
        public void onSeveralSessions(String message) {}

        @Override
        public void onStarted() {}

        @Override
        public void onNote(String message) {}

        @Override
        public void onWarning(String message) {}

        @Override
        public void onOver() {}
    }
}
