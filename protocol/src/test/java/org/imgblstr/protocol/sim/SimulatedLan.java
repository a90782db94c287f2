package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.imgblstr.protocol.slave.SessionChoice;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.Datagram;

/**
 * A switch with one master and its slaves in virtual time. Everything random comes from one seed. After each event the invariants of
 * slaves and masters are checked ({@link MasterInvariants}).
 */
final class SimulatedLan {
    static final InetSocketAddress MASTER = address(1, 4000);
    static final InetSocketAddress DATA_GROUP = new InetSocketAddress(ip(239, 255, 200, 1), 30_000);

    /** A full queue is empty again by then, however little comes to it. */
    private static final long LONGEST_BURST_NS = 1_000_000_000;

    /** Frame, IPv4 and UDP headers of a datagram. */
    private static final int FRAME_BYTES = 66;

    private record Event(long dueNs, long number, Runnable run) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(dueNs, other.dueNs);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<SimulatedSlave> slaves = new ArrayList<>();
    private final List<SimulatedMaster> masters = new ArrayList<>();
    private long nowNs = -5_000_000_000L;
    private long eventNumber;
    private long listenNs;
    private SessionChoice.Patience slavePatience = SessionChoice.Patience.FOR_EVER;
    private int slots = 20;
    private int heldTracks = 24;
    private double loss;
    private double sharedLoss;
    private double duplication;
    private double corruption;
    private long reorderingNs;
    private long linkBitsPerSecond = 1_000_000_000;
    private long linkFreeNs = nowNs;
    private long datagramsToSlaves;
    private long datagramsToMaster;
    private int burstDatagrams;
    private double burstProbability;

    /** What a test does to single datagrams. */
    interface Filter {
        /** Whether the datagram to this slave, or from it to the master, is lost. */
        boolean loses(SimulatedSlave slave, boolean isToMaster, CommandType command, byte[] datagram);
    }

    private SimulatedSeal seal = Boolean.getBoolean("sealed") ? SimulatedSeal.of(1) : null;

    private Filter filter = (slave, isToMaster, command, datagram) -> false;

    SimulatedLan(long seed) {
        random = Seeds.random(seed);
    }

    /** Masters and slaves that start from now on seal their sessions with this; null: none of them. */
    SimulatedLan sealed(SimulatedSeal newSeal) {
        seal = newSeal;
        return this;
    }

    SimulatedSeal seal() {
        return seal;
    }

    /** Share of datagrams that each receiver loses on its own, both ways. */
    SimulatedLan loss(double share) {
        loss = share;
        return this;
    }

    /** Share of datagrams that all slaves lose alike. */
    SimulatedLan sharedLoss(double share) {
        sharedLoss = share;
        return this;
    }

    SimulatedLan duplication(double share) {
        duplication = share;
        return this;
    }

    /** Share of datagrams that arrive with one bit flipped. */
    SimulatedLan corruption(double share) {
        corruption = share;
        return this;
    }

    /** A datagram arrives up to so much later than it should, on its own. */
    SimulatedLan reorderingMs(double ms) {
        reorderingNs = (long) (ms * 1e6);
        return this;
    }

    /** With this probability per datagram a receiver loses the next {@code datagrams}. */
    SimulatedLan bursts(double probability, int datagrams) {
        burstProbability = probability;
        burstDatagrams = datagrams;
        return this;
    }

    /** Loses, besides all else, what the filter says; null for nothing. */
    SimulatedLan losing(Filter newFilter) {
        filter = newFilter == null ? (slave, isToMaster, command, datagram) -> false : newFilter;
        return this;
    }

    private boolean isFiltered(SimulatedSlave slave, boolean isToMaster, byte[] bytes) {
        return filter.loses(slave, isToMaster, Datagram.command(Unpooled.wrappedBuffer(bytes), 0), bytes);
    }

    /** Tracks that each slave can hold, and that the master holds for repairs. */
    SimulatedLan memory(int slaveSlots, int masterTracks) {
        slots = slaveSlots;
        heldTracks = masterTracks;
        return this;
    }

    /** Slaves listen for other masters before they join, as real ones do; the other tests count from the first announcement. */
    SimulatedLan listening() {
        listenNs = SessionChoice.LISTEN_NS;
        return this;
    }

    /** Slaves give up when no master has taken them within this time; without a word, never. */
    SimulatedLan slavesWait(Duration time) {
        return slavesWait(time, time);
    }

    /** The same, when {@code left} is left of the time that the operator has said: the rest went by while there was no network. */
    SimulatedLan slavesWait(Duration said, Duration left) {
        slavePatience = new SessionChoice.Patience(said, left.toNanos());
        return this;
    }

    SessionChoice.Patience slavePatience() {
        return slavePatience;
    }

    long listenNs() {
        return listenNs;
    }

    int slots() {
        return slots;
    }

    int heldTracks() {
        return heldTracks;
    }

    SimulatedLan linkBitsPerSecond(long bits) {
        linkBitsPerSecond = bits;
        return this;
    }

    SimulatedMaster startMaster(SimulatedSource source, java.util.function.UnaryOperator<MasterSettings> settings) {
        SimulatedMaster master =
                new SimulatedMaster(this, masters.size(), source, settings.apply(new MasterSettings()));
        masters.add(master);
        master.start();
        return master;
    }

    /** Somebody at another address who announces the session of the first master. */
    SimulatedMaster startForger(SimulatedSource source, InetSocketAddress at) {
        SimulatedMaster forger = new SimulatedMaster(this, 0, source, new MasterSettings().slaves(1));
        forger.moveTo(at);
        masters.add(forger);
        forger.start();
        return forger;
    }

    SimulatedSlave startSlave(SimulatedSource source) {
        return startSlave(source, 1444);
    }

    /** A slave whose interface takes symbols of so many bytes. */
    SimulatedSlave startSlave(SimulatedSource source, int largestSymbol) {
        return startSlave(source, largestSymbol, "");
    }

    /** A slave that joins only sessions of a name. */
    SimulatedSlave startSlave(SimulatedSource source, int largestSymbol, String sessionName) {
        SimulatedSlave slave = new SimulatedSlave(this, slaves.size() + 1, source, largestSymbol, sessionName);
        slaves.add(slave);
        slave.start();
        return slave;
    }

    List<SimulatedSlave> startSlaves(int count, SimulatedSource source) {
        List<SimulatedSlave> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            started.add(startSlave(source));
        }
        return started;
    }

    long nowNs() {
        return nowNs;
    }

    void at(long dueNs, Runnable run) {
        events.add(new Event(Math.max(dueNs, nowNs), eventNumber++, run));
    }

    void after(Duration delay, Runnable run) {
        at(nowNs + delay.toNanos(), run);
    }

    /** Runs until {@code isDone} or the time is up; the latter is a failure. */
    void runUntil(BooleanSupplier isDone, Duration limit) {
        long endNs = nowNs + limit.toNanos();
        while (!isDone.getAsBoolean()) {
            Event event = events.poll();
            if (event == null || event.dueNs > endNs) {
                throw new AssertionError("not done after " + limit + " of virtual time: " + this);
            }
            nowNs = event.dueNs;
            event.run.run();
        }
    }

    void runFor(Duration time) {
        long endNs = nowNs + time.toNanos();
        while (!events.isEmpty() && events.peek().dueNs <= endNs) {
            Event event = events.poll();
            nowNs = event.dueNs;
            event.run.run();
        }
        nowNs = endNs;
    }

    // ---- datagrams

    /** Bytes that the master's socket and link still hold. */
    long backlogBytes() {
        return Math.max(0, linkFreeNs - nowNs) * linkBitsPerSecond / 8_000_000_000L;
    }

    /** A datagram of a master to all slaves and to all masters: it hears itself too, as every member of the group does. */
    void announce(SimulatedMaster from, ByteBuf datagram) {
        byte[] bytes = toGroup(from, datagram);
        for (SimulatedMaster master : masters) {
            at(nowNs + 50_000, () -> master.onDatagram(Unpooled.wrappedBuffer(bytes), from.address()));
        }
    }

    byte[] toGroup(SimulatedMaster from, ByteBuf datagram) {
        byte[] bytes = bytesOf(datagram);
        long arrivalNs = transmit(bytes.length);
        if (random.nextDouble() < sharedLoss) {
            return bytes;
        }
        for (SimulatedSlave slave : slaves) {
            deliver(from.address(), slave, bytes, arrivalNs);
        }
        return bytes;
    }

    void toSlave(SimulatedMaster from, ByteBuf datagram, InetSocketAddress to) {
        byte[] bytes = bytesOf(datagram);
        long arrivalNs = transmit(bytes.length);
        for (SimulatedSlave slave : slaves) {
            if (slave.address().equals(to)) {
                deliver(from.address(), slave, bytes, arrivalNs);
            }
        }
    }

    void toMaster(SimulatedSlave from, ByteBuf datagram, InetSocketAddress to) {
        byte[] bytes = bytesOf(datagram);
        datagramsToMaster++;
        if (from.isCutOff() || isFiltered(from, true, bytes) || random.nextDouble() < loss) {
            return;
        }
        long arrivalNs = nowNs + 50_000 + jitterNs();
        for (SimulatedMaster master : masters) {
            if (master.address().equals(to)) {
                at(arrivalNs, () -> master.onDatagram(Unpooled.wrappedBuffer(bytes), from.address()));
            }
        }
    }

    private long transmit(int bytes) {
        datagramsToSlaves++;
        long sendNs = (bytes + FRAME_BYTES) * 8_000_000_000L / linkBitsPerSecond;
        linkFreeNs = Math.max(linkFreeNs, nowNs) + sendNs;
        return linkFreeNs + 20_000;
    }

    private void deliver(InetSocketAddress from, SimulatedSlave slave, byte[] bytes, long arrivalNs) {
        if (slave.isCutOff() || isFiltered(slave, false, bytes) || isLost(slave)) {
            return;
        }
        int copies = random.nextDouble() < duplication ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            byte[] arriving = random.nextDouble() < corruption ? withOneBitFlipped(bytes) : bytes;
            at(arrivalNs + jitterNs(), () -> slave.onDatagram(Unpooled.wrappedBuffer(arriving), from));
        }
    }

    private boolean isLost(SimulatedSlave slave) {
        if (slave.burstLeft > 0 && nowNs < slave.burstEndNs) {
            slave.burstLeft--;
            return true;
        }
        if (burstDatagrams > 0 && random.nextDouble() < burstProbability) {
            slave.burstLeft = random.nextInt(burstDatagrams);
            slave.burstEndNs = nowNs + LONGEST_BURST_NS;
            return true;
        }
        return random.nextDouble() < loss;
    }

    private long jitterNs() {
        return reorderingNs == 0 ? 0 : random.nextLong(reorderingNs);
    }

    private byte[] withOneBitFlipped(byte[] bytes) {
        byte[] copy = bytes.clone();
        copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        return copy;
    }

    /** Puts the right checksum at the end of a datagram that a test has changed. */
    static void sealAgain(byte[] datagram) {
        CRC32C crc = new CRC32C();
        crc.update(datagram, 0, datagram.length - 4);
        ByteBuffer.wrap(datagram).putInt(datagram.length - 4, (int) crc.getValue());
    }

    private static byte[] bytesOf(ByteBuf datagram) {
        byte[] bytes = new byte[datagram.readableBytes()];
        datagram.readBytes(bytes);
        datagram.release();
        return bytes;
    }

    long datagramsToSlaves() {
        return datagramsToSlaves;
    }

    long datagramsToMaster() {
        return datagramsToMaster;
    }

    static InetSocketAddress address(int host, int port) {
        return new InetSocketAddress(ip(10, 0, host >> 8, host & 255), port);
    }

    private static InetAddress ip(int a, int b, int c, int d) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "masters " + masters + ", slaves " + slaves;
    }
}
