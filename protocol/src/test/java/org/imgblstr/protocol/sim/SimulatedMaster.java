package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.protocol.contract.HoldUp;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.MasterEngine;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.master.handshake.MasterDoor;
import org.imgblstr.protocol.master.handshake.SealedMaster;
import org.imgblstr.protocol.master.membership.MasterEvents;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.master.sending.MasterPort;
import org.imgblstr.protocol.master.slaves.SlaveChange;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.sealing.SealedLayout;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.transport.AwakeTime;

/** The real master's engine on a simulated switch. */
final class SimulatedMaster implements MasterPort, MasterEvents {
    static final long SESSION = 0x1234_5678_9ABCL;
    /** The part of it that is in every datagram. */
    static final int SESSION_LOW = (int) SESSION;

    private static final long SOCKET_BYTES = 64 << 10;

    private final SimulatedLan lan;
    private final SimulatedSource source;
    private final SimulatedSupply supply;
    private final MasterEngine engine;
    private final SealedMaster sealed;
    private final MasterDoor door;
    private final AwakeTime time;
    private final SimulatedProcess process;
    private final List<String> changes = new ArrayList<>();
    private final List<Silence> silences = new ArrayList<>();
    private final MasterInvariants invariants;
    private InetSocketAddress address;
    private boolean isDead;
    private long tickNumber;
    private boolean isWaitingForSocket;
    private MasterEnd end;
    private long startedNs;
    private long overNs;

    SimulatedMaster(SimulatedLan lan, int number, SimulatedSource source, MasterSettings settings) {
        this.lan = lan;
        this.address = number == 0 ? SimulatedLan.MASTER : SimulatedLan.address(1 + number, 4000);
        this.source = source;
        this.invariants = new MasterInvariants(source, settings.largestSymbol, settings.rate);
        this.time = new AwakeTime(lan::nowNs);
        this.process = new SimulatedProcess(lan, this::take);
        SimulatedSeal itsSeal = settings.seal != null ? settings.seal : lan.seal();
        this.supply = new SimulatedSupply(
                lan, source, settings.delta, itsSeal != null, settings.changedTrack, this::isHashing, this::tick);
        this.sealed = itsSeal == null
                ? null
                : new SealedMaster(
                        this,
                        itsSeal.ofMaster(SESSION + number),
                        SESSION + number,
                        settings.sessionName,
                        settings.wear,
                        new ToldRefusals(changes));
        this.engine = new MasterEngine(
                new MasterConfig(
                        new MasterConfig.Offer(
                                SESSION + number,
                                settings.sessionName,
                                source.image,
                                15,
                                settings.delta,
                                settings.asked),
                        new MasterConfig.SymbolLengths(
                                settings.leastSymbol,
                                settings.largestSymbol,
                                sealed == null ? 0 : SealedLayout.MORE_BYTES),
                        new MasterConfig.Addresses(SimulatedLan.DATA_GROUP, 0),
                        new MasterConfig.StartRule(
                                settings.slaves, settings.waitNs, settings.minSlaves, settings.expected),
                        settings.rate,
                        settings.slow,
                        lan.heldTracks()),
                sealed == null ? this : sealed,
                supply,
                this);
        if (sealed != null && settings.delta) {
            sealed.neverLone();
        }
        MasterDoor open = MasterDoor.of(engine::onDatagram, engine::onTick);
        this.door = sealed == null ? open : sealed.to(open);
    }

    private boolean isHashing() {
        return sealed != null && (startedNs == 0 || !sealed.isLone());
    }

    /** Tracks that were read again for their digests alone. */
    int readForDigests() {
        return supply.readForDigests();
    }

    /** What stands before its engine; null in an open session. */
    SealedMaster sealed() {
        return sealed;
    }

    void start() {
        engine.open(time.nowNs());
        tick();
    }

    /** When its program runs, and what its socket holds meanwhile. */
    SimulatedProcess process() {
        return process;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Its interface has another address, and so another socket. */
    void moveTo(InetSocketAddress newAddress) {
        address = newAddress;
    }

    List<RefusedSlave> refused() {
        return engine.refused();
    }

    void onDatagram(ByteBuf datagram, InetSocketAddress from) {
        process.onDatagram(datagram, from);
    }

    private void take(ByteBuf datagram, InetSocketAddress from) {
        if (!isDead) {
            door.onDatagram(datagram, from, time.nowNs());
            tick();
        }
    }

    void tick() {
        if (isDead) {
            return;
        }
        long waitNs = door.onTick(time.nowNs());
        invariants.afterEvent(engine.slaves(), engine.sendPosition(), supply.askedTracks());
        long number = ++tickNumber;
        if (waitNs != Long.MAX_VALUE) {
            process.at(lan.nowNs() + Math.max(1_000, Math.min(waitNs, AwakeTime.LONGEST_WAIT_NS)), () -> {
                if (number == tickNumber) {
                    tick();
                }
            });
        }
    }

    /** Nothing comes from the source any more, or again. */
    void sourceHangs(boolean value) {
        supply.hang(value);
        tick();
    }

    /** Somebody forges data for its slaves. */
    void mayRepeat() {
        invariants.mayRepeat();
    }

    /** The process is killed: nothing more comes from it. */
    void kill() {
        isDead = true;
    }

    void begin() {
        engine.begin();
        tick();
    }

    boolean pause() {
        boolean isDone = engine.orders().pause(time.nowNs());
        tick();
        return isDone;
    }

    boolean resume() {
        boolean isDone = engine.orders().resume(time.nowNs());
        tick();
        return isDone;
    }

    boolean kick(SlaveEntry slave) {
        boolean isDone = engine.orders().kick(slave, time.nowNs());
        tick();
        return isDone;
    }

    void rate(long bitsPerSecond) {
        engine.orders().rate(bitsPerSecond);
        tick();
    }

    long wireBytes() {
        return engine.wireBytes();
    }

    void abort(int exitCode) {
        engine.abort(exitCode);
        tick();
    }

    boolean isOver() {
        return engine.state() == MasterState.OVER;
    }

    /** Whether tracks are sent, or sent again. */
    boolean isUnderWay() {
        return state() == MasterState.SEND_ALL_TRACKS || state() == MasterState.CATCH_UP;
    }

    MasterEnd end() {
        return end;
    }

    MasterState state() {
        return engine.state();
    }

    int sendPosition() {
        return engine.sendPosition();
    }

    /** What holds it up. */
    HoldUp holdUp() {
        return engine.orders().holdUp();
    }

    long rate() {
        return engine.rate();
    }

    /** Whether every slave that joined said that it is complete: what exit code 0 means. */
    boolean saysComplete() {
        return end == MasterEnd.FINISHED
                && engine.slaves().stream().allMatch(slave -> slave.result() == Result.COMPLETE);
    }

    List<SlaveEntry> slaves() {
        return engine.slaves();
    }

    /** What it should have heard and has not. */
    List<Silence> silences() {
        return silences;
    }

    List<String> changes() {
        return changes;
    }

    /** Virtual seconds from the start of data to the end. */
    double seconds() {
        return (overNs - startedNs) / 1e9;
    }

    // ---- port

    @Override
    public InetSocketAddress feedback() {
        return address();
    }

    @Override
    public ByteBuf allocate(int bytes) {
        return sealed == null ? Unpooled.buffer(bytes) : Unpooled.directBuffer(bytes);
    }

    @Override
    public void send(ByteBuf datagram, long nonce, InetSocketAddress to) {
        lan.toSlave(this, datagram, to);
    }

    @Override
    public void announce(ByteBuf datagram) {
        lan.announce(this, datagram);
    }

    @Override
    public void multicast(ByteBuf datagrams, int datagramBytes) {
        if (sealed == null) {
            invariants.onMulticast(datagrams, datagramBytes, engine.sendPosition(), lan.nowNs());
        }
        while (datagrams.isReadable()) {
            lan.toGroup(this, datagrams.readRetainedSlice(Math.min(datagramBytes, datagrams.readableBytes())));
        }
        datagrams.release();
    }

    @Override
    public boolean isWritable() {
        boolean isWritable = lan.backlogBytes() < SOCKET_BYTES;
        if (!isWritable && !isWaitingForSocket) {
            isWaitingForSocket = true;
            process.at(lan.nowNs() + 100_000, () -> {
                isWaitingForSocket = false;
                tick();
            });
        }
        return isWritable;
    }

    // ---- events

    @Override
    public void onJoined(SlaveEntry slave) {
        changes.add("joined " + slave.index());
    }

    @Override
    public void onRefused(RefusedSlave slave) {
        changes.add("refused " + slave.label() + ": " + slave.reason());
    }

    @Override
    public void onSilence(Silence silence) {
        silences.add(silence);
    }

    @Override
    public void onOtherMaster(InetSocketAddress at, String sessionName) {
        changes.add("other master " + at.getAddress().getHostAddress() + sessionName);
    }

    @Override
    public void onChanged(SlaveEntry slave, SlaveChange what) {
        changes.add(slave.index() + " " + what.words());
    }

    @Override
    public void onWarning(SlaveEntry slave, String what) {
        changes.add(slave.index() + " " + what);
    }

    @Override
    public void onStarted(int slaveCount) {
        startedNs = lan.nowNs();
    }

    @Override
    public void onEnded(SlaveEntry slave) {
        changes.add("ended " + slave.index());
    }

    @Override
    public void onOver(MasterEnd how) {
        end = how;
        overNs = lan.nowNs();
    }

    @Override
    public String toString() {
        return engine.state() + " at " + engine.sendPosition() + " of " + source.trackCount() + " " + changes;
    }
}
