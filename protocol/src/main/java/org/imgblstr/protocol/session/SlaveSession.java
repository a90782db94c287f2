package org.imgblstr.protocol.session;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.repair.SymbolMemory;
import org.imgblstr.protocol.silence.NetworkTroubles;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.silence.Unsuited;
import org.imgblstr.protocol.slave.Download;
import org.imgblstr.protocol.slave.SlaveConfig;
import org.imgblstr.protocol.slave.SlaveEngine;
import org.imgblstr.protocol.slave.SlaveEvents;
import org.imgblstr.protocol.slave.SlavePort;
import org.imgblstr.protocol.slave.SlaveSurroundings;
import org.imgblstr.protocol.slave.disk.DiskAnswer;
import org.imgblstr.protocol.slave.disk.TargetOpener;
import org.imgblstr.protocol.slave.handshake.SlaveDoor;
import org.imgblstr.protocol.transport.AwakeTime;
import org.imgblstr.protocol.transport.NetworkWait;
import org.imgblstr.protocol.transport.SlaveTransport;
import org.imgblstr.protocol.transport.TransportListener;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.sealing.schedule.SessionSeal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A slave at work: listens, joins one session, writes what it sends, and ends. {@link #run} may be called again for the next session;
 * sessions that it has been through are not joined again. One thread runs it; {@code abort} and {@code progress} are for any thread.
 */
public final class SlaveSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlaveSession.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SlaveOptions options;
    private final TargetOpener opener;
    private final SlaveListener listener;
    private final AwakeTime time = new AwakeTime(System::nanoTime);
    private final Set<Long> endedSessions = new HashSet<>();
    private volatile Run current;
    private volatile boolean isAborted;
    private volatile UnreadableSectors unreadable;
    private volatile long sessionId;
    private boolean isRehearsed;
    private boolean isCancelled;
    private final SessionSeal seal;
    private final boolean takesOpen;

    /**
     * @param seal what sessions must be sealed with; null when there is no secret
     * @param takesOpen whether open sessions are joined. Without a secret and without this the slave joins none, and ends when it hears one
     */
    public SlaveSession(
            SlaveOptions options, TargetOpener opener, SlaveListener listener, SessionSeal seal, boolean takesOpen) {
        this.seal = seal;
        this.takesOpen = takesOpen;
        this.options = options;
        this.opener = opener;
        this.listener = listener;
    }

    /**
     * One session, from listening to its end; blocks.
     *
     * @throws NetworkException when the network cannot be used
     * @throws DeviceException when the target cannot be opened
     * @throws RefusedException when the target may not be overwritten
     * @throws IllegalStateException when the program is at fault
     */
    public SlaveResult run() throws NetworkException, DeviceException, RefusedException, InterruptedException {
        long openedNs = time.nowNs();
        SlaveResult result = null;
        try {
            // Once more when another session appeared before the one that was joined had begun.
            for (boolean isFirst = true; result == null; isFirst = isCancelled) {
                opener.hold();
                result = runOnce(isFirst, openedNs);
                // The time to wait for the next master counts from the end of the session that was cancelled.
                openedNs = isCancelled ? time.nowNs() : openedNs;
            }
            return result;
        } finally {
            opener.release();
        }
    }

    /** Returns null when the slave has left a session that had not begun, and is to listen again. */
    private SlaveResult runOnce(boolean isFirst, long openedNs) throws NetworkException, InterruptedException {
        NetworkChoice network = NetworkWait.await(
                options.rendezvous().interfaceName(), patienceNs(openedNs), time, listener::onWarning, () -> isAborted);
        Run run = null;
        SlaveTransport transport =
                SlaveTransport.open(network, options.rendezvous().group());
        try {
            if (isFirst) {
                transport.warnings().forEach(listener::onWarning);
            }
            run = new Run(transport, isFirst, patienceNs(openedNs));
            current = run;
            return run.run();
        } finally {
            current = null;
            transport.close();
            if (run != null) {
                run.giveMemory();
            }
        }
    }

    private long patienceNs(long openedNs) {
        return options.waitTime() == null
                ? Long.MAX_VALUE
                : Math.max(0, options.waitTime().toNanos() - (time.nowNs() - openedNs));
    }

    private SlaveName nobody() {
        return new SlaveName(0, options.label(), "", options.machine());
    }

    /** Ends the session: the master is told, {@link #run} returns INTERRUPTED. */
    public void abort() {
        isAborted = true;
        Run run = current;
        if (run != null) {
            run.abort();
        }
    }

    /** Where the session is, at most a quarter of a second ago. */
    public SlaveProgress progress() {
        Run run = current;
        return run == null ? SlaveProgress.atStart(nobody(), "joined") : run.progress;
    }

    /** The session that was joined last; 0 when none was. Any thread. */
    public long sessionId() {
        return sessionId;
    }

    /** What the master could not read, of the session that ended last; null when it had not begun. */
    public UnreadableSectors unreadable() {
        return unreadable;
    }

    @Override
    public void close() {
        abort();
    }

    /** One session. Everything but {@code run} and {@code abort} happens on the loop. */
    private final class Run {
        private final SlaveTransport transport;
        private final SlaveNetwork network;
        private final SlaveEngine engine;
        private final SlaveDoor door;
        private final EngineLoop loop;
        private final CountDownLatch over = new CountDownLatch(1);
        private final DiskThread disk;
        private final boolean isFirst;
        private final SlaveMachine machine;
        private volatile long startedNs;
        private volatile Throwable fault;
        private final IdleRehearsal rehearsal;
        private volatile SlaveProgress progress = SlaveProgress.atStart(nobody(), "listening");
        private final DropWatch drops = new DropWatch(listener::onWarning);
        private final NetworkTroubles troubles;
        private final SessionMemory memory = new SessionMemory();
        private boolean isDiskEnded;
        private long nextSnapshotNs;

        Run(SlaveTransport transport, boolean isFirst, long patienceNs) {
            this.transport = transport;
            this.isFirst = isFirst;
            this.machine = options.machine()
                    .withMac(SlaveMachine.mac(transport.network().nodeAddress()));
            this.rehearsal = new IdleRehearsal(over, seal, transport::nowNs);
            this.troubles = new NetworkTroubles(
                    transport.network().networkInterface().getName(),
                    options.rendezvous().group(),
                    listener::onNote,
                    listener::onWarning);
            SlaveEvents events = new Events();
            network = new SlaveNetwork(transport, seal, takesOpen);
            SlaveConfig config = options.config(RANDOM.nextLong(), machine, patienceNs, endedSessions, opener, network);
            SlavePort port = network.port(config, RANDOM.nextLong(), events);
            this.disk = new DiskThread(opener, options.verification(), seal != null, this::onDisk, this::fail);
            SlaveSurroundings around = new SlaveSurroundings(
                    port,
                    disk.orders(),
                    events,
                    new SplittableRandom(RANDOM.nextLong()),
                    bytes -> new SymbolMemory(memory.take(bytes)));
            this.engine = new SlaveEngine(config, around);
            this.door = SlaveNetwork.door(port, engine);
            this.loop = new EngineLoop(transport, time, this::tick);
        }

        SlaveResult run() throws InterruptedException {
            disk.start();
            if (!isRehearsed && opener.isUsable()) {
                isRehearsed = true;
                rehearsal.start();
            }
            transport.start(new Arrivals(), () -> {
                engine.open(loop.nowNs());
                listener.onOpen();
                loop.run();
                if (isFirst) {
                    listener.onListening(
                            transport.network().networkInterface().getName(),
                            options.rendezvous().group().getAddress().getHostAddress() + ":"
                                    + options.rendezvous().group().getPort());
                }
            });
            if (isAborted) {
                abort();
            }
            over.await();
            isDiskEnded = disk.close();
            if (fault != null) {
                throw new IllegalStateException("the session failed", fault);
            }
            isCancelled = engine.isCancelled();
            if (engine.isWithdrawn() && !isCancelled && !isAborted) {
                return null;
            }
            if (engine.sessionId() != 0) {
                endedSessions.add(engine.sessionId());
            }
            return isCancelled ? null : result();
        }

        /** Neither the loop nor the disk's thread may use it any more. */
        void giveMemory() {
            if (isDiskEnded && transport.isEnded()) {
                door.close();
                memory.give();
            }
        }

        private SlaveResult result() {
            Download download = engine.download();
            unreadable = download == null ? null : download.unreadable();
            return new SlaveResult(
                    who(),
                    engine.result(),
                    download == null ? 0 : download.tally().bytesWritten(),
                    HexFormat.of().formatHex(engine.digest()),
                    startedNs == 0 ? 0 : (transport.nowNs() - startedNs) / 1e9,
                    engine.message(),
                    download == null ? SlaveCounters.NONE : download.counters());
        }

        void abort() {
            transport.execute(() -> {
                engine.abort(loop.nowNs());
                loop.run();
            });
        }

        /** On the disk's thread. */
        private void onDisk(DiskAnswer answer) {
            transport.execute(() -> {
                Download download = engine.download();
                if (download != null) {
                    download.diskBusy(disk.busyNs());
                }
                engine.onDisk(answer, loop.nowNs());
                loop.run();
            });
        }

        private long tick(long nowNs) {
            Download download = engine.download();
            if (nextSnapshotNs - nowNs <= 0 && download != null) {
                nextSnapshotNs = nowNs + 200_000_000;
                download.socketDrops(drops.onCount(transport.socketDrops()));
                progress = SlaveViews.progress(who(), engine);
            }
            return door.onTick(nowNs);
        }

        private SlaveName who() {
            String address = transport.network().address().getHostAddress();
            return new SlaveName(engine.slave(), options.label(), address, machine);
        }

        /** From any thread: ends the session. */
        private void fail(Throwable cause) {
            LOG.error("the session failed", cause);
            fault = cause;
            over.countDown();
        }

        /** What the sockets bring. */
        private final class Arrivals implements TransportListener {
            @Override
            public void onDatagram(ByteBuf datagram, InetSocketAddress from) {
                throw new IllegalStateException("batches come");
            }

            @Override
            public void onDatagrams(DatagramBatch batch, InetSocketAddress from) {
                // Data moves no timer: only what decides does, so that a datagram costs no more than its copy.
                if (door.onDatagrams(batch, from, loop.nowNs())) {
                    loop.run();
                }
            }

            @Override
            public void onFault(Throwable cause) {
                fail(cause);
            }

            @Override
            public void onSendForbidden() {
                troubles.slaveMayNotSend(network.master(), transport.nowNs());
            }

            @Override
            public void onWarning(String message) {
                listener.onWarning(message);
            }
        }

        /** What the engine tells. */
        private final class Events implements SlaveEvents {
            @Override
            public void onAnnounced(boolean isUnderWay) {
                if (isUnderWay) {
                    rehearsal.onNeeded();
                }
                rehearsal.onEvent();
            }

            @Override
            public void onJoined(int slave, SessionImage image, InetSocketAddress newMaster) {
                progress = SlaveProgress.atStart(who(), "joined");
                sessionId = engine.sessionId();
                listener.onJoined(slave, image, newMaster.getAddress().getHostAddress());
            }

            @Override
            public void onSeveralSessions(String message) {
                listener.onSeveralSessions(message);
            }

            @Override
            public void onStarted() {
                startedNs = transport.nowNs();
                rehearsal.onNeeded();
                listener.onStarted();
            }

            @Override
            public void onSilence(Silence silence) {
                troubles.onSilence(silence, transport.nowNs());
            }

            @Override
            public void onUnsuited(Unsuited why) {
                if (why.isCodeWanted()) {
                    listener.onCodeWanted();
                }
            }

            @Override
            public void onNote(String message) {
                listener.onNote(message);
            }

            @Override
            public void onWarning(String message) {
                listener.onWarning(message);
            }

            @Override
            public void onOver() {
                drops.onEnd();
                over.countDown();
            }
        }
    }
}
