package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.repair.SymbolMemory;
import org.imgblstr.protocol.silence.Unsuited;
import org.imgblstr.protocol.slave.SessionChoice;
import org.imgblstr.protocol.slave.SlaveConfig;
import org.imgblstr.protocol.slave.SlaveEngine;
import org.imgblstr.protocol.slave.SlaveIdentity;
import org.imgblstr.protocol.slave.SlavePort;
import org.imgblstr.protocol.slave.SlaveState;
import org.imgblstr.protocol.slave.SlaveSurroundings;
import org.imgblstr.protocol.slave.disk.DiskAnswer;
import org.imgblstr.protocol.slave.handshake.SealedSlave;
import org.imgblstr.protocol.slave.handshake.SlaveDoor;
import org.imgblstr.protocol.transport.AwakeTime;
import org.imgblstr.protocol.wire.DatagramBatch;

/** The real slave's engine and the real desk on a simulated switch, with a disk in memory that takes its time and may fail. */
final class SimulatedSlave extends HeardEvents implements SlavePort {
    private final SimulatedLan lan;
    private final int host;
    final SimulatedDisk disk;
    private final DiskWitness witness;
    private final int largestSymbol;
    private final String sessionName;
    private String label;
    private int claimedHost;
    private final SimulatedProcess process;
    private final AwakeTime time;
    private SimulatedDiskThread diskThread;
    private SlaveEngine engine;
    private SealedSlave sealed;
    private SlaveDoor door;
    private SimulatedSeal seal;
    private boolean takesOpen = true;
    private Unsuited unsuited;
    private final DatagramBatch batch = new DatagramBatch();
    private long tickNumber;
    private int life;
    private int withdrawals;
    private int moves;
    private boolean isCutOff;
    private boolean isDead;
    int burstLeft;
    long burstEndNs;

    SimulatedSlave(SimulatedLan lan, int host, SimulatedSource source, int largestSymbol, String sessionName) {
        this.sessionName = sessionName;
        this.label = "slave " + host;
        this.largestSymbol = largestSymbol;
        this.lan = lan;
        this.host = host;
        this.claimedHost = host;
        this.witness = new DiskWitness(source, lan.slots());
        this.disk = new SimulatedDisk(source, witness);
        this.time = new AwakeTime(lan::nowNs);
        this.process = new SimulatedProcess(lan, this::take);
        this.seal = lan.seal();
    }

    /** What it takes sessions of from its next start on; null: open ones. */
    SimulatedSlave seal(SimulatedSeal value) {
        seal = value;
        return this;
    }

    /** It has no secret, and from its next start on takes no open session either. */
    SimulatedSlave takesNoOpen() {
        takesOpen = false;
        return this;
    }

    /** Why it could not take the session that it heard; null when none of them ended it. */
    Unsuited unsuited() {
        return unsuited;
    }

    @Override
    public void onUnsuited(Unsuited why) {
        unsuited = why;
    }

    /** When its program runs, and what its socket holds meanwhile. */
    SimulatedProcess process() {
        return process;
    }

    /** Starts the process, also once more after it was killed. */
    void start() {
        life++;
        isDead = false;
        witness.onNewLife();
        diskThread = new SimulatedDiskThread(lan, disk, host, this::later, this::onDisk);
        if (seal != null) {
            diskThread.hashTracks();
        }
        SlaveConfig config = new SlaveConfig(
                new SlaveIdentity(new UUID(7, claimedHost), nonce(), label, machine()),
                new SessionChoice(sessionName, lan.slavePatience(), lan.listenNs(), Set.of(), takesOpen),
                1L << 40,
                512,
                lan.slots(),
                largestSymbol,
                true);
        sealed = seal == null
                ? null
                : new SealedSlave(this, config, seal.ofSlave(nonce()), new SplittableRandom(nonce()), this);
        engine = new SlaveEngine(
                config,
                new SlaveSurroundings(
                        sealed == null ? this : sealed, diskThread.orders(), this, lan.random, this::newStore));
        door = sealed == null ? SlaveDoor.of(engine) : sealed.to(engine);
        engine.open(time.nowNs());
        tick();
    }

    /** Somebody forges data for it: what it refuses may be written again. */
    SimulatedSlave mayRepeat() {
        witness.mayRepeat();
        return this;
    }

    /** From its next start on it says that it is that slave. */
    SimulatedSlave claims(SimulatedSlave other) {
        claimedHost = other.host;
        return this;
    }

    /** Its door seals an open datagram that its engine has not made, and sends it to the master. */
    void says(ByteBuf open) {
        sealed.send(open, engine.master());
    }

    /** Index that the master gave it. */
    int index() {
        return engine.slave();
    }

    /** Datagrams of sealed sessions that its door has opened in this life. */
    long opened() {
        return sealed.opened();
    }

    /** The name that it tells from its next start on. */
    SimulatedSlave label(String value) {
        label = value;
        return this;
    }

    String mac() {
        return machine().mac();
    }

    private SlaveMachine machine() {
        return new SlaveMachine(
                SlaveMachine.mac(0x5254_0000_0000_0000L + ((long) host << 16)), "/dev/sda", "", "", 1L << 40);
    }

    private SymbolMemory newStore(int bytes) {
        witness.onSlotMade();
        return new SymbolMemory(ByteBuffer.allocate(bytes));
    }

    private void onDisk(DiskAnswer answer) {
        answer.tell(witness, time.nowNs());
        engine.onDisk(answer, time.nowNs());
    }

    /** Nothing that is sent to it arrives any more. */
    void hearsNothing() {
        burstLeft = Integer.MAX_VALUE;
        burstEndNs = Long.MAX_VALUE;
    }

    /** Its operator stops it: the master is told. */
    void interrupt() {
        engine.abort(time.nowNs());
        kill();
    }

    void kill() {
        isDead = true;
        life++;
        diskThread.close();
    }

    /** Nothing gets to the slave or from it. */
    void cutOff(boolean value) {
        isCutOff = value;
    }

    SimulatedSlave diskRate(long bytesPerSecond) {
        disk.rate(bytesPerSecond);
        return this;
    }

    void pauseDisk(Duration pause) {
        diskThread.pause(pause);
    }

    SimulatedSlave openFor(Duration open) {
        disk.openFor(open);
        return this;
    }

    SimulatedSlave checkFor(Duration check) {
        disk.checkFor(check);
        return this;
    }

    SimulatedSlave failAt(int track) {
        disk.failAt(track);
        return this;
    }

    SimulatedSlave refuse(Result why) {
        disk.refuse(why == Result.DOES_NOT_FIT ? Reason.DOES_NOT_FIT : Reason.UNSAFE);
        return this;
    }

    SimulatedSlave wrapsAt(int tracks) {
        disk.wrapsAt(tracks);
        return this;
    }

    SimulatedSlave readBackWrong() {
        disk.readBackWrong();
        return this;
    }

    SimulatedSlave holdsAllBut(int everyNth) {
        disk.holdsAllBut(everyNth);
        return this;
    }

    /** Its interface has another address, and so another socket. */
    void move() {
        moves++;
    }

    boolean isCutOff() {
        return isCutOff || isDead;
    }

    InetSocketAddress address() {
        return SimulatedLan.address(100 + host + 200 * moves, 5000 + life);
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
        DatagramBatch one = batch.start(datagram);
        one.add(datagram.readerIndex(), datagram.readableBytes());
        door.onDatagrams(one, from, time.nowNs());
        tick();
    }

    private void listenAgainWhenWithdrawn() {
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
        long waitNs = door.onTick(time.nowNs());
        diskThread.wake();
        witness.check(engine.download());
        long number = ++tickNumber;
        if (waitNs != Long.MAX_VALUE) {
            process.at(lan.nowNs() + Math.max(1_000, Math.min(waitNs, AwakeTime.LONGEST_WAIT_NS)), () -> {
                if (number == tickNumber) {
                    tick();
                }
            });
        }
        listenAgainWhenWithdrawn();
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

    boolean isOver() {
        return engine.state() == SlaveState.OVER;
    }

    /** Times that it left a session that had not begun, because of another. */
    int withdrawals() {
        return withdrawals;
    }

    long foreignDatagrams() {
        return engine.foreignDatagrams();
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

    boolean hasSourcesBytes() {
        return disk.hasSourcesBytes();
    }

    /** Whether the disk was never written to. */
    boolean isUntouched() {
        return disk.mostWritesOfATrack() == 0;
    }

    int mostWritesOfATrack() {
        return disk.mostWritesOfATrack();
    }

    /** Links that came before their turn. */
    int waited() {
        return witness.waited();
    }

    // ---- port

    @Override
    public ByteBuf allocate(int bytes) {
        return seal == null ? Unpooled.buffer(bytes) : Unpooled.directBuffer(bytes);
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

    // ---- events

    @Override
    public void onOver() {
        diskThread.close();
    }

    @Override
    public String toString() {
        return engine.state() + " " + result() + " " + message() + " done " + doneTracks();
    }
}
