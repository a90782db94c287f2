package org.imgblstr.protocol.session;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.TrackTarget;
import org.imgblstr.protocol.repair.SymbolMemory;
import org.imgblstr.protocol.repair.TrackSlot;
import org.imgblstr.protocol.slave.Download;
import org.imgblstr.protocol.slave.SlaveConfig;
import org.imgblstr.protocol.slave.SlaveEngine;
import org.imgblstr.protocol.slave.SlaveEvents;
import org.imgblstr.protocol.slave.SlavePort;
import org.imgblstr.protocol.transport.InterfaceChooser;
import org.imgblstr.protocol.transport.NetworkChoice;
import org.imgblstr.protocol.transport.SlaveTransport;
import org.imgblstr.protocol.transport.TransportListener;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
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
    private final Set<Long> endedSessions = new HashSet<>();
    private volatile Run current;
    private volatile boolean isAborted;
    private volatile long sessionId;

    public SlaveSession(SlaveOptions options, TargetOpener opener, SlaveListener listener) {
        this.options = options;
        this.opener = opener;
        this.listener = listener;
    }

    /**
     * One session, from listening to its end; blocks.
     *
     * @throws IOException when the network cannot be used
     * @throws IllegalStateException when the program is at fault
     */
    public SlaveResult run() throws IOException, InterruptedException {
        NetworkChoice network = InterfaceChooser.choose(options.interfaceName());
        try (SlaveTransport transport = SlaveTransport.open(network, options.group())) {
            transport.warnings().forEach(listener::onWarning);
            Run run = new Run(transport);
            current = run;
            return run.run();
        } finally {
            current = null;
        }
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
        return run == null ? new SlaveProgress(0, options.label(), "", 0, 0, 0, 0, 0, "joined") : run.progress;
    }

    /** The session that was joined last; 0 when none was. Any thread. */
    public long sessionId() {
        return sessionId;
    }

    @Override
    public void close() {
        abort();
    }

    /** One session. Everything but {@code run} and {@code abort} happens on the loop, or on the disk thread where it says so. */
    private final class Run implements SlavePort, SlaveEvents, TransportListener {
        private final SlaveTransport transport;
        private final SlaveEngine engine;
        private final EngineLoop loop;
        private final CountDownLatch over = new CountDownLatch(1);
        /** Opens the target and asks the operator; later the disk worker lives here. */
        private final ExecutorService disk = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "imgslave-disk");
            thread.setDaemon(true);
            return thread;
        });

        private final long startedNs;
        private volatile DiskWorker worker;
        private TrackTarget target;
        private volatile Throwable fault;
        private volatile SlaveProgress progress = new SlaveProgress(0, options.label(), "", 0, 0, 0, 0, 0, "listening");
        private final DropWatch drops = new DropWatch(listener::onWarning);
        private InetSocketAddress master;
        private long nextSnapshotNs;

        Run(SlaveTransport transport) {
            this.transport = transport;
            this.startedNs = transport.nowNs();
            int maxSymbolBytes = transport.network().maxDatagramBytes() - SectorDataFlyweight.OVERHEAD_BYTES;
            SlaveConfig config = new SlaveConfig(
                    options.slaveId(),
                    RANDOM.nextLong(),
                    options.label(),
                    opener.deviceBytes(),
                    opener.sectorBytes(),
                    options.windowTracks(),
                    Math.min(65_535, maxSymbolBytes),
                    options.verify(),
                    options.waitTime() == null
                            ? Long.MAX_VALUE
                            : options.waitTime().toNanos(),
                    endedSessions);
            this.engine = new SlaveEngine(
                    config,
                    this,
                    this,
                    new SplittableRandom(RANDOM.nextLong()),
                    bytes -> new SymbolMemory(ByteBuffer.allocateDirect(bytes)));
            this.loop = new EngineLoop(transport, this::tick);
        }

        SlaveResult run() throws InterruptedException {
            transport.start(this);
            transport.execute(() -> {
                engine.open(transport.nowNs());
                loop.run();
                listener.onListening(
                        transport.network().networkInterface().getName(),
                        options.group().getAddress().getHostAddress() + ":"
                                + options.group().getPort());
            });
            if (isAborted) {
                abort();
            }
            over.await();
            closeDisk();
            if (fault != null) {
                throw new IllegalStateException("the session failed", fault);
            }
            if (engine.sessionId() != 0) {
                endedSessions.add(engine.sessionId());
            }
            return result();
        }

        private void closeDisk() throws InterruptedException {
            if (worker != null) {
                worker.stop();
            }
            disk.execute(() -> {
                if (target != null) {
                    target.close();
                }
            });
            disk.shutdown();
            disk.awaitTermination(1, TimeUnit.MINUTES);
        }

        private SlaveResult result() {
            Download download = engine.download();
            return new SlaveResult(
                    engine.slave(),
                    options.label(),
                    transport.network().address().getHostAddress(),
                    engine.result(),
                    download == null ? 0 : download.bytesWritten(),
                    HexFormat.of().formatHex(engine.digest()),
                    (transport.nowNs() - startedNs) / 1e9,
                    engine.message());
        }

        void abort() {
            transport.execute(() -> {
                engine.abort(transport.nowNs());
                loop.run();
            });
        }

        private long tick(long nowNs) {
            Download download = engine.download();
            if (nextSnapshotNs - nowNs <= 0 && download != null) {
                nextSnapshotNs = nowNs + 200_000_000;
                download.socketDrops(drops.onCount(transport.socketDrops()));
                progress = snapshot(download);
            }
            return engine.onTick(nowNs);
        }

        private SlaveProgress snapshot(Download download) {
            return new SlaveProgress(
                    engine.slave(),
                    options.label(),
                    master.getAddress().getHostAddress(),
                    download.goodUpToBytes(),
                    download.bytesDone(),
                    download.missingTracks(),
                    download.lossRate(),
                    download.diskRate(),
                    engine.state().name().toLowerCase(Locale.ROOT));
        }

        // ---- network

        @Override
        public void onDatagram(ByteBuf datagram, InetSocketAddress from) {
            engine.onDatagram(datagram, transport.nowNs());
            loop.run();
        }

        @Override
        public void onDatagrams(DatagramBatch batch, InetSocketAddress from) {
            // Data moves no timer: only what decides does, so that a datagram costs no more than its copy.
            if (engine.onDatagrams(batch, transport.nowNs())) {
                loop.run();
            }
        }

        @Override
        public void onFault(Throwable cause) {
            LOG.error("the session failed", cause);
            fault = cause;
            over.countDown();
        }

        @Override
        public void onJoinFailed(IOException cause) {
            listener.onWarning(cause.getMessage());
        }

        @Override
        public ByteBuf allocate(int bytes) {
            return transport.allocate(bytes);
        }

        @Override
        public void send(ByteBuf datagram, InetSocketAddress to) {
            transport.send(datagram, to);
        }

        @Override
        public void joinData(InetSocketAddress group) {
            transport.joinData(group);
        }

        @Override
        public void leaveData() {
            transport.leaveData();
        }

        @Override
        public void rejoinData() {
            transport.rejoin();
        }

        // ---- disk

        @Override
        public void check(SessionImage image) {
            onDiskThread(() -> {
                opener.check(image);
                return () -> engine.onChecked(transport.nowNs());
            });
        }

        @Override
        public void open(SessionImage image) {
            onDiskThread(() -> {
                target = opener.open(image);
                worker = new DiskWorker(target, options.verify(), new DiskAnswers());
                return () -> {
                    engine.onOpened(transport.nowNs());
                    disk.execute(worker);
                };
            });
        }

        private interface DiskTask {
            /** Runs on the disk thread; what it returns runs on the loop. */
            Runnable run() throws RefusedException, DeviceException;
        }

        private void onDiskThread(DiskTask task) {
            disk.execute(() -> {
                try {
                    answer(task.run());
                } catch (RefusedException e) {
                    boolean isMisfit = e.reason() == RefusedException.Reason.DOES_NOT_FIT;
                    SlaveResult.Result why = isMisfit ? SlaveResult.Result.DOES_NOT_FIT : SlaveResult.Result.REFUSED;
                    answer(() -> engine.onRefused(why, e.getMessage()));
                } catch (DeviceException e) {
                    answer(() -> engine.onDiskError(e.errno(), e.getMessage(), transport.nowNs()));
                } catch (RuntimeException | Error e) {
                    onFault(e);
                }
            });
        }

        private void answer(Runnable event) {
            transport.execute(() -> {
                event.run();
                loop.run();
            });
        }

        @Override
        public void write(TrackSlot slot) {
            worker.write(slot);
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) {
            worker.skip(firstTrack, count, kind);
        }

        @Override
        public void decodeDigests(TrackSlot slot) {
            worker.decodeDigests(slot);
        }

        @Override
        public void compare(int firstTrack, int count, ByteBuffer leaves) {
            worker.compare(firstTrack, count, leaves);
        }

        @Override
        public void sync() {
            worker.sync();
        }

        private final class DiskAnswers implements DiskWorker.Answers {
            @Override
            public void onWritten(TrackSlot slot, long checksum, int rawBytes) {
                answer(() -> engine.onWritten(slot, checksum, rawBytes));
            }

            @Override
            public void onVerified(int track, long checksum) {
                answer(() -> engine.onVerified(track, checksum));
            }

            @Override
            public void onBadTrack(int track, TrackSlot slot, String why) {
                answer(() -> engine.onBadTrack(track, slot, why, transport.nowNs()));
            }

            @Override
            public void onSkipped(int firstTrack, int count, TrackKind kind) {
                answer(() -> engine.onSkipped(firstTrack, count, kind));
            }

            @Override
            public void onDigests(TrackSlot slot, ByteBuffer leaves) {
                answer(() -> engine.onDigests(slot, leaves));
            }

            @Override
            public void onCompared(int firstTrack, int count, BitSet held, ByteBuffer leaves) {
                answer(() -> engine.onCompared(firstTrack, count, held, leaves));
            }

            @Override
            public void onSynced() {
                answer(engine::onSynced);
            }

            @Override
            public void onDiskError(int errno, String why) {
                answer(() -> engine.onDiskError(errno, why, transport.nowNs()));
            }

            @Override
            public void onFault(Throwable cause) {
                Run.this.onFault(cause);
            }
        }

        // ---- the engine's events

        @Override
        public void onJoined(int slave, SessionImage image, InetSocketAddress newMaster) {
            master = newMaster;
            progress = snapshotAtJoin(slave);
            sessionId = engine.sessionId();
            listener.onJoined(slave, image, newMaster.getAddress().getHostAddress());
        }

        private SlaveProgress snapshotAtJoin(int slave) {
            return new SlaveProgress(
                    slave, options.label(), master.getAddress().getHostAddress(), 0, 0, 0, 0, 0, "joined");
        }

        @Override
        public void onStarted() {
            listener.onStarted();
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
