package org.imgblstr.protocol.session;

import io.netty.buffer.ByteBuf;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.track.TrackSink;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.master.MasterEngine;
import org.imgblstr.protocol.master.handshake.MasterDoor;
import org.imgblstr.protocol.master.membership.MasterEvents;
import org.imgblstr.protocol.master.sending.MasterPort;
import org.imgblstr.protocol.master.slaves.SameLabels;
import org.imgblstr.protocol.master.slaves.SlaveChange;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.tracks.TrackSupply;
import org.imgblstr.protocol.silence.NetworkTroubles;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.transport.AwakeTime;
import org.imgblstr.protocol.transport.DataGroup;
import org.imgblstr.protocol.transport.MasterTransport;
import org.imgblstr.protocol.transport.NetworkWait;
import org.imgblstr.protocol.transport.TransportListener;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master at work: announces, waits for slaves, takes tracks from the pipeline as a {@link TrackSink}, sends and repairs them, and tells how
 * each slave ended. Order of calls: {@code open}, {@code awaitStart}, {@code data} and {@code skip}, {@code end}, {@code awaitResult},
 * {@code close}. When a session is over before its end (aborted, or no slave is left) the sink takes tracks and drops them.
 */
public final class MasterSession implements TrackSink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MasterSession.class);

    /** Time for the last Done and acknowledgements to leave the socket: at 10 Mbit/s a full one drains in as much. */
    private static final long LAST_WORDS_NS = 100_000_000;

    private volatile byte[] contentDigest = {};
    private final SessionImage image;
    private final MasterOptions options;
    private final TrackRereader rereader;
    private final MasterListener listener;
    private final long sessionId;
    private final CountDownLatch startedOrOver = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final MasterPlan plan;
    private final SessionMemory memory = new SessionMemory();
    private final SessionControl control;
    private TrackRing ring;
    private MasterTransport transport;
    private MasterPort port;
    private MasterEngine engine;
    private MasterDoor door = MasterDoor.CLOSED;
    private NetworkTroubles troubles;
    private EngineLoop loop;
    private RepairReader repairs;
    private volatile List<RefusedSlave> refused = List.of();
    private volatile boolean isAborted;
    private volatile boolean isOpen;
    private volatile boolean isStarted;
    private volatile long startedNs;
    private volatile long endedNs;
    private volatile long loopEndedNs; // by the clock of the engine
    private volatile Throwable fault;
    private volatile MasterProgress progress;
    private long nextSnapshotNs;

    /**
     * @param sessionId random, so that no other session on the network has it
     * @param image what is transferred
     * @param options how
     * @param rereader encodes tracks again for late repairs; called by the repair thread
     * @param listener told what happens, on the event loop
     */
    public MasterSession(
            long sessionId,
            SessionImage image,
            MasterOptions options,
            TrackRereader rereader,
            MasterListener listener) {
        this.sessionId = sessionId;
        this.image = image;
        this.options = options;
        this.rereader = rereader;
        this.listener = listener;
        this.control = new SessionControl(options.start(), listener::onNote);
        this.plan = new MasterPlan(sessionId, image, options);
        this.progress = MasterProgress.atStart(sessionId);
    }

    /**
     * Opens the sockets, once the network can be used, and begins to announce. Whatever fails, {@link #close} frees what was opened before.
     *
     * @throws RefusedException when the tracks of the image are too long for a session
     * @throws NetworkException when the network cannot be used
     * @throws InterruptedException when the session was aborted while it waited for the network
     */
    public void open() throws NetworkException, RefusedException, InterruptedException {
        plan.checkTrackLength();
        open(NetworkWait.await(
                options.rendezvous().interfaceName(),
                options.start().waitNs(),
                new AwakeTime(System::nanoTime),
                listener::onWarning,
                () -> isAborted));
    }

    /** As {@link #open()}, on this interface. */
    void open(NetworkChoice network) throws NetworkException, RefusedException {
        plan.checkTrackLength();
        plan.checkMtu(network);
        InetSocketAddress group = options.rendezvous().group();
        transport = MasterTransport.open(network, group, options.rendezvous().masterPorts());
        transport.warnings().forEach(listener::onWarning);
        plan.portNote(transport.localAddress()).ifPresent(listener::onNote);
        troubles = plan.troubles(network, listener);
        loop = new EngineLoop(transport, this::tick);
        repairs = new RepairReader(rereader, plan.longestTrackBytes(), this::onRereadFailed);
        ring = plan.ring(memory, loop::wake, repairs, listener, () -> abort(ExitCode.DEVICE_FAILED), this::isHashing);
        InetSocketAddress dataGroup = DataGroup.of(sessionId, group);
        port = plan.port(new MasterSockets(transport, group, dataGroup), listener, slave -> engine.refuse(slave));
        engine = new MasterEngine(plan.config(transport, dataGroup, ring), port, ring, new Events());
        door = MasterPlan.door(port, engine);
        repairs.start(ring);
        control.attach(engine, loop);
        isOpen = true;
        transport.start(new Ears(), () -> {
            engine.open(loop.nowNs());
            loop.run();
            listener.onOpen();
        });
        if (isAborted) {
            abort(ExitCode.INTERRUPTED);
        }
    }

    /** Random, 64 bits. */
    public long sessionId() {
        return sessionId;
    }

    /** What the operator orders while the session runs; any thread. */
    public SessionControl control() {
        return control;
    }

    /** Waits for the start. Returns false when nobody answered in time, or the session was aborted. */
    public boolean awaitStart() throws InterruptedException {
        startedOrOver.await();
        return isStarted;
    }

    /** Whether nothing more is sent: every slave has ended or was given up, or the session was aborted. */
    public boolean isOver() {
        return over.getCount() == 0;
    }

    /** What was taken and not sent yet, as a part of what is taken at most; any thread. */
    public double ahead() {
        return Math.min(1, ring.fill());
    }

    /** Data tracks that were taken and not sent yet; any thread. */
    public int unsentTracks() {
        return ring.unsentTracks();
    }

    /** Whether the SHA-256 of tracks that are read now is wanted; any thread. Before the start it is not known whether one slave will stay alone. */
    public boolean isHashing() {
        return options.seal() != null && (!isStarted || !port.isLone());
    }

    @Override
    public void data(int track, ByteBuffer encoded) throws InterruptedIOException {
        decoded(track, encoded, null, null);
    }

    @Override
    public void decoded(int track, ByteBuffer encoded, ByteBuffer raw, byte[] digest) throws InterruptedIOException {
        try {
            ring.append(track, encoded, digest);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public ByteBuffer exchange(int track, ByteBuffer encoded, byte[] digest) throws InterruptedIOException {
        try {
            return ring.exchange(track, encoded, digest);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void skip(int firstTrack, int count, TrackKind kind) {
        ring.append(new TrackSupply.Skip(firstTrack, count, kind));
    }

    /** Delta session: the next tracks, by what they are. {@code leaves}: as DigestTracks has it, sealed as ManifestTracks, position to limit; kept. */
    public void leaves(int firstTrack, ByteBuffer leaves) {
        ring.append(new TrackSupply.Leaves(firstTrack, leaves));
    }

    @Override
    public void end(byte[] digest) {
        contentDigest = digest.clone();
        ring.append(new TrackSupply.End(digest));
    }

    private static InterruptedIOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    }

    /** Waits for the end of the session. */
    public MasterResult awaitResult() throws InterruptedException {
        over.await();
        if (fault != null) {
            throw new IllegalStateException("the session failed", fault);
        }
        List<SlaveResult> results = SlaveViews.results(engine.slaves(), sent(), contentDigest, isStarted, loopEndedNs);
        return new MasterResult(
                sessionId, engine.wireBytes(), isStarted ? (endedNs - startedNs) / 1e9 : 0, results, refused);
    }

    /** Gives up: slaves are told {@code exitCode}. Any thread; harmless when over. */
    public void abort(int exitCode) {
        isAborted = true;
        if (isOpen) {
            transport.execute(() -> engine.abort(exitCode));
        }
    }

    private void onRereadFailed(Exception cause) {
        listener.onWarning("a track could not be read again for a repair, so the session ends: " + cause.getMessage());
        LOG.warn("a track could not be read again", cause);
        abort(ExitCode.DEVICE_FAILED);
    }

    /** Slaves that heard the session and could not take part, and have not joined since; any thread. */
    public List<RefusedSlave> refused() {
        return refused;
    }

    /** Where the session is, at most a quarter of a second ago; any thread. */
    public MasterProgress progress() {
        return progress;
    }

    @Override
    public void close() {
        if (ring != null) {
            ring.close();
        }
        if (repairs != null) {
            repairs.stop();
        }
        if (transport != null) {
            transport.close();
            if (transport.isEnded()) {
                memory.give();
                door.close();
            }
        }
        over.countDown();
        startedOrOver.countDown();
    }

    private long tick(long nowNs) {
        long waitNs = door.onTick(nowNs);
        if (nextSnapshotNs - nowNs <= 0 || waitNs == Long.MAX_VALUE) {
            nextSnapshotNs = nowNs + 200_000_000;
            progress = snapshot(nowNs);
        }
        return waitNs;
    }

    private MasterProgress snapshot(long nowNs) {
        SentBytes sent = sent();
        List<SlaveProgress> slaves = SlaveViews.progress(engine.slaves(), sent, contentDigest, nowNs);
        SessionControl.Standing standing = SessionControl.standing(engine.orders());
        return new MasterProgress(sessionId, sent.sent(), engine.wireBytes(), engine.rate(), standing, slaves);
    }

    private SentBytes sent() {
        return new SentBytes(image, engine.orders().kinds());
    }

    private final class Ears implements TransportListener {
        @Override
        public void onDatagram(ByteBuf datagram, InetSocketAddress from) {
            door.onDatagram(datagram, from, loop.nowNs());
            loop.run();
        }

        @Override
        public void onWritable() {
            loop.run();
        }

        @Override
        public void onSendForbidden() {
            troubles.masterMayNotSend(transport.localAddress(), transport.nowNs());
        }

        @Override
        public void onWarning(String message) {
            listener.onWarning(message);
        }

        @Override
        public void onFault(Throwable cause) {
            LOG.error("the session failed", cause);
            fault = cause;
            over.countDown();
            startedOrOver.countDown();
            ring.close();
        }
    }

    private final class Events implements MasterEvents {
        private final SameLabels sameLabels = new SameLabels();

        @Override
        public void onJoined(SlaveEntry slave) {
            refused = engine.refused();
            listener.onSlaveJoined(SlaveViews.progress(slave, sent(), contentDigest, loop.nowNs()));
            sameLabels.onJoined(slave, engine.slaves()).ifPresent(listener::onWarning);
        }

        @Override
        public void onRefused(RefusedSlave slave) {
            refused = engine.refused();
            listener.onSlaveRefused(slave);
        }

        @Override
        public void onOtherMaster(InetSocketAddress at, String sessionName) {
            troubles.onOtherMaster(at, sessionName);
        }

        @Override
        public void onChanged(SlaveEntry slave, SlaveChange what) {
            refused = engine.refused();
            SlaveProgress where = SlaveViews.progress(slave, sent(), contentDigest, loop.nowNs());
            if (what.isReturn()) {
                listener.onSlaveBack(where, what.words());
            } else {
                listener.onSlaveLeft(where, what.words());
            }
        }

        @Override
        public void onWarning(SlaveEntry slave, String what) {
            listener.onWarning(slave.name().describe() + " " + what);
        }

        @Override
        public void onSilence(Silence silence) {
            troubles.onSilence(silence, transport.nowNs());
        }

        @Override
        public void onStarted(int slaveCount) {
            startedNs = transport.nowNs();
            isStarted = true;
            options.start().absence(SlaveViews.names(engine.slaves())).ifPresent(listener::onWarning);
            listener.onStarted(slaveCount);
            startedOrOver.countDown();
        }

        @Override
        public void onEnded(SlaveEntry slave) {
            listener.onSlaveResult(SlaveViews.result(slave, sent(), contentDigest, loop.nowNs()));
        }

        @Override
        public void onOver(MasterEnd end) {
            LOG.info("session {} is over: {}", Long.toHexString(sessionId), end);
            endedNs = transport.nowNs();
            loopEndedNs = loop.nowNs();
            progress = snapshot(loop.nowNs());
            ring.close();
            startedOrOver.countDown();
            // What was said last is still in the socket; closing it would lose that.
            transport.schedule(over::countDown, LAST_WORDS_NS);
        }
    }
}
