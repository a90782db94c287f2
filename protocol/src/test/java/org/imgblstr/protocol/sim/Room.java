package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.MasterEngine;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.master.handshake.KeyWear;
import org.imgblstr.protocol.master.handshake.MasterDoor;
import org.imgblstr.protocol.master.handshake.Refusals;
import org.imgblstr.protocol.master.handshake.SealedMaster;
import org.imgblstr.protocol.master.membership.MasterEvents;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.master.sending.MasterPort;
import org.imgblstr.protocol.master.slaves.SlaveChange;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.wire.Datagram;

/**
 * A room of slaves, as many as a thousand, on one switch with their master; real engines, virtual time. What makes it fast enough: a batch
 * of the master is checked once and comes to each slave as runs of symbols, from which its losses are cut out; and as nothing gets from
 * one end to the other in less than {@link #DELAY_NS}, time goes in windows of that length in which master and slaves know nothing of each
 * other, so slaves are dealt with one after the other, and on all processors. The result is the same on any number of them.
 *
 * <p>In a sealed session the doors of the engines stand between, with {@link CountedSealing}: handshake, group keys, sealed reports and commands, the
 * digest tracks of the manifest and symbols that are 12 bytes shorter are real. Each datagram of data is sealed, and checked once for all slaves; each
 * slave opens the first ones of each group key.
 */
final class Room implements MasterPort, MasterEvents {
    /** From one end to the other, socket buffers and waking up included. */
    static final long DELAY_NS = 2_000_000;

    private static final long SETTLED_BYTES = 16 << 10;
    private static final int FRAME_BYTES = 66;
    private static final int SOCKET_BYTES = 64 << 10;
    private static final long SESSION = 0x1234_5678_9ABCL;
    private static final long START_NS = -5_000_000_000L;
    private static final long LONGEST_NS = 3_600_000_000_000L;

    /** Slaves that one processor deals with before it looks for more. */
    private static final int SHARD_SLAVES = 50;

    /** Threads of its own: a parallel stream would run in the pool of JUnit, whose two threads then sometimes wait for each other for ever. */
    private static final ExecutorService PROCESSORS =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), task -> {
                Thread thread = new Thread(task, "room");
                thread.setDaemon(true);
                return thread;
            });

    private final RoomClock clock = new RoomClock(START_NS);
    private final RoomSettings settings;
    private final RoomSource source;
    private final Arrival.Layout layout;
    private MasterEngine master;

    /** Null in an open session. */
    private SealedMaster sealed;

    private MasterDoor door;
    private final List<RoomSlave> slaves = new ArrayList<>();
    private final Map<InetSocketAddress, RoomSlave> byAddress = new HashMap<>();
    private final SplittableRandom random;
    private final ArrayDeque<Arrival> onTheWire = new ArrayDeque<>();
    private final PeakRate second = new PeakRate(1_000_000_000);
    private final PeakRate tenth = new PeakRate(100_000_000);
    private long linkFreeNs = START_NS;
    private long tickNumber;
    private boolean isWaitingForSocket;
    private long dataDatagrams;
    private long digestDatagrams;
    private long lostByAny;

    /** The key of which each slave's door has opened data. */
    private int openedKey;

    private long startedNs;

    Room(RoomSettings settings) {
        this.settings = settings;
        this.random = Seeds.random(settings.seed());
        this.source = new RoomSource(settings.imageBytes(), settings.links(), clock, this::tickMaster);
        int symbolBytes = settings.symbolBytes();
        this.layout = new Arrival.Layout(symbolBytes, settings.moreBytes(), 2 * source.trackCount());
        SimulatedSeal seal = settings.sealed() ? SimulatedSeal.of(settings.seed(), CountedSealing.primitives()) : null;
        this.sealed = seal == null
                ? null
                : new SealedMaster(this, seal.ofMaster(SESSION), SESSION, "", KeyWear.USUAL, new NobodyIsRefused());
        this.master = new MasterEngine(
                new MasterConfig(
                        new MasterConfig.Offer(SESSION, "", source.image, 7, false),
                        new MasterConfig.SymbolLengths(symbolBytes, symbolBytes, settings.moreBytes()),
                        new MasterConfig.Addresses(SimulatedLan.DATA_GROUP, 0),
                        new MasterConfig.StartRule(settings.slaves(), Long.MAX_VALUE, 1),
                        RoomSettings.LINK_BITS_PER_SECOND,
                        SlowPolicy.LADDER,
                        RoomSource.HELD_TRACKS),
                sealed == null ? this : sealed,
                source,
                this);
        MasterDoor open = MasterDoor.of(master::onDatagram, master::onTick);
        this.door = sealed == null ? open : sealed.to(open);
        for (int host = 1; host <= settings.slaves(); host++) {
            RoomSlave slave = new RoomSlave(host, source, settings, seal, random.split());
            slaves.add(slave);
            byAddress.put(slave.address(), slave);
        }
    }

    /** Runs a whole session. */
    RoomReport run() {
        slaves.forEach(slave -> slave.start(START_NS));
        master.open(START_NS);
        tickMaster();
        for (long startNs = START_NS; !isOver(); startNs += DELAY_NS) {
            if (startNs > LONGEST_NS) {
                throw new AssertionError("not done after an hour: " + this);
            }
            clock.runUntil(startNs + DELAY_NS);
            advanceSlaves(startNs + DELAY_NS);
        }
        long complete = slaves.stream()
                .filter(slave -> slave.result() == Result.COMPLETE)
                .count();
        slaves.forEach(RoomSlave::close);
        return new RoomReport(
                settings,
                (int) complete,
                new RoomReport.Sent(
                        dataDatagrams,
                        source.symbols(layout.symbolBytes()),
                        settings.sealed() ? source.digestSymbols(layout.symbolBytes()) : 0,
                        digestDatagrams,
                        lostByAny),
                new RoomReport.Feedback(second.peak(), tenth.peak()),
                (clock.nowNs() - startedNs) / 1e9);
    }

    private boolean isOver() {
        return master.state() == MasterState.OVER && slaves.stream().allMatch(RoomSlave::isOver);
    }

    /** Everything that arrives before {@code endNs} arrives; what slaves send then gets to the master later than that. */
    private void advanceSlaves(long endNs) {
        List<Arrival> arrivals = new ArrayList<>();
        while (!onTheWire.isEmpty() && onTheWire.peek().arrivalNs() < endNs) {
            arrivals.add(onTheWire.poll());
        }
        List<Callable<Void>> shards = new ArrayList<>();
        for (int first = 0; first < slaves.size(); first += SHARD_SLAVES) {
            List<RoomSlave> shard = slaves.subList(first, Math.min(slaves.size(), first + SHARD_SLAVES));
            shards.add(() -> {
                for (RoomSlave slave : shard) {
                    arrivals.forEach(arrival -> arrival.arriveAt(slave));
                    slave.advance(endNs);
                }
                return null;
            });
        }
        runAll(shards);
        for (Arrival arrival : arrivals) {
            lostByAny += arrival.lostByAny();
            noteKey(arrival.key());
        }
        for (RoomSlave slave : slaves) {
            slave.takeSent().forEach(this::toMaster);
        }
    }

    /** {@code key}: that of data which has arrived, or 0. */
    private void noteKey(int key) {
        if (key != openedKey && slaves.stream().allMatch(slave -> slave.openedKey() == key)) {
            openedKey = key;
        }
    }

    private static void runAll(List<Callable<Void>> shards) {
        try {
            for (Future<Void> shard : PROCESSORS.invokeAll(shards)) {
                shard.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("a slave of the room failed", e);
        }
    }

    /** Bytes of heap that the master's engine alone keeps, and its door. Ends the room: there is no master afterwards. */
    long masterHeapBytes() {
        if (sealed != null && sealed.counts().forged() > sealed.counts().limited()) {
            throw new AssertionError("the master: " + sealed.counts());
        }
        long with = usedHeapBytes();
        door.close();
        door = null;
        sealed = null;
        master = null;
        return Math.max(0, with - usedHeapBytes());
    }

    /** One collection is not enough: what is only softly or weakly held goes with a later one. */
    private static long usedHeapBytes() {
        long used = Long.MAX_VALUE;
        long before;
        do {
            before = used;
            System.gc();
            used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        } while (used < before - SETTLED_BYTES);
        return used;
    }

    private void tickMaster() {
        long waitNs = door.onTick(clock.nowNs());
        long number = ++tickNumber;
        if (waitNs != Long.MAX_VALUE) {
            clock.at(clock.nowNs() + Math.max(1_000, waitNs), () -> {
                if (number == tickNumber) {
                    tickMaster();
                }
            });
        }
    }

    /** All of the room have the secret. What the limits of the handshake keep out comes again. */
    private static final class NobodyIsRefused implements Refusals {
        @Override
        public void onWrongSecret(InetSocketAddress from, long failed) {
            throw new AssertionError(from + " has a wrong secret");
        }

        @Override
        public void onForgery(String message) {
            throw new AssertionError(message);
        }
    }

    // ---- the switch

    private void toMaster(RoomSlave.Sent sent) {
        clock.at(sent.arrivalNs(), () -> {
            second.add(clock.nowNs());
            tenth.add(clock.nowNs());
            if (random.nextDouble()
                    >= (settings.loss().longest() == 1 ? settings.loss().begins() : 0)) {
                door.onDatagram(sent.datagram(), sent.from().address(), clock.nowNs());
                tickMaster();
            }
        });
    }

    /** When what is sent now has passed the link. */
    private long transmit(int bytes, int datagrams) {
        long sendNs = (bytes + (long) datagrams * FRAME_BYTES) * 8_000_000_000L / RoomSettings.LINK_BITS_PER_SECOND;
        linkFreeNs = Math.max(linkFreeNs, clock.nowNs()) + sendNs;
        return linkFreeNs + DELAY_NS;
    }

    @Override
    public InetSocketAddress feedback() {
        return SimulatedLan.MASTER;
    }

    @Override
    public ByteBuf allocate(int bytes) {
        return Unpooled.directBuffer(bytes);
    }

    @Override
    public void send(ByteBuf datagram, long nonce, InetSocketAddress to) {
        long arrivalNs = transmit(datagram.readableBytes(), 1);
        onTheWire.add(Arrival.ofCommand(arrivalNs, datagram, byAddress.get(to)));
    }

    @Override
    public void announce(ByteBuf datagram) {
        onTheWire.add(Arrival.ofCommand(transmit(datagram.readableBytes(), 1), datagram, null));
    }

    @Override
    public void multicast(ByteBuf datagrams, int datagramBytes) {
        int count = (datagrams.readableBytes() + datagramBytes - 1) / datagramBytes;
        dataDatagrams += count;
        if (Datagram.command(datagrams, datagrams.readerIndex()).isData()) {
            long arrivalNs = transmit(datagrams.readableBytes(), count);
            Arrival data = Arrival.ofData(arrivalNs, datagrams, datagramBytes, layout, openedKey);
            digestDatagrams += data.symbolsBehind(source.trackCount());
            onTheWire.add(data);
        } else {
            announce(datagrams);
        }
    }

    @Override
    public boolean isWritable() {
        long backlogBytes =
                Math.max(0, linkFreeNs - clock.nowNs()) * RoomSettings.LINK_BITS_PER_SECOND / 8_000_000_000L;
        boolean isWritable = backlogBytes < SOCKET_BYTES;
        if (!isWritable && !isWaitingForSocket) {
            isWaitingForSocket = true;
            clock.at(clock.nowNs() + 100_000, () -> {
                isWaitingForSocket = false;
                tickMaster();
            });
        }
        return isWritable;
    }

    // ---- the master's events

    @Override
    public void onStarted(int slaveCount) {
        startedNs = clock.nowNs();
    }

    @Override
    public void onJoined(SlaveEntry slave) {}

    @Override
    public void onRefused(RefusedSlave slave) {}

    @Override
    public void onSilence(Silence silence) {}

    @Override
    public void onOtherMaster(InetSocketAddress at, String sessionName) {}

    @Override
    public void onChanged(SlaveEntry slave, SlaveChange what) {}

    @Override
    public void onWarning(SlaveEntry slave, String what) {}

    @Override
    public void onEnded(SlaveEntry slave) {}

    @Override
    public void onOver(MasterEnd how) {}

    @Override
    public String toString() {
        return master.state() + " at " + master.sendPosition() + " of " + source.trackCount() + ", " + slaves.get(0);
    }
}
