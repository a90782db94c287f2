package org.imgblstr.protocol.master;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.master.MasterEvents.MasterEnd;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.Pacer;
import org.imgblstr.protocol.repair.RateController;
import org.imgblstr.protocol.repair.RepairLedger;
import org.imgblstr.protocol.repair.RepairQueue;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.EndOfDataFlyweight;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master (FIG. 3). Datagrams, tracks and the time come in; datagrams go out through a {@link MasterPort}. One thread calls it: with
 * every datagram, when the socket or the supply has room or something new, and when the time it asked for has passed.
 */
public final class MasterEngine {
    private static final Logger LOG = LoggerFactory.getLogger(MasterEngine.class);

    private static final long MS = 1_000_000;
    private static final long GEOMETRY_WAITING_NS = 500 * MS;
    private static final long GEOMETRY_RUNNING_NS = 2_000 * MS;
    private static final long HEARTBEAT_NS = 250 * MS;
    private static final long END_OF_DATA_NS = 50 * MS;
    private static final long END_OF_DATA_MAX_NS = 500 * MS;
    private static final long DONE_NS = 100 * MS;
    private static final long RATE_INTERVAL_NS = 100 * MS;

    private static final long JUDGEMENT_NS = 250 * MS;

    /** Times that Done is sent when the session is aborted: loss of all of them is improbable even at 20 % each. */
    private static final int ABORT_REPEATS = 5;

    private final MasterConfig config;
    private final MasterPort port;
    private final TrackSupply supply;
    private final MasterEvents events;
    private final int trackCount;
    private final int endTrack;
    private final LeafTable leaves;
    private final EngineTracks tracks;
    private final SlaveTable slaves = new SlaveTable();
    private final KindMap kinds = new KindMap();
    private final RepairQueue repairs = new RepairQueue();
    private final RepairLedger ledger;
    private final RateController rates;
    private final Pacer pacer;
    private final TrackSender sender;
    private final MasterCommands commands;
    private final RequestIntake intake;
    private final Membership membership;
    private final FlowControl flow;
    private final ResendRequestFlyweight request = new ResendRequestFlyweight();

    private MasterState state = MasterState.WAIT_FOR_SLAVES;
    private boolean isStartOrdered;
    private byte[] contentDigest;
    private long openedNs;
    private long nextGeometryNs;
    private long nextHeartbeatNs;
    private long endOfDataGapNs = END_OF_DATA_NS;
    private long nextDoneNs;
    private long nextRateNs;
    private long nextJudgementNs;
    private boolean wasPaced;
    private int passSymbols;
    private int repairSymbols;
    private int repairPlace;

    public MasterEngine(MasterConfig config, MasterPort port, TrackSupply supply, MasterEvents events) {
        this.config = config;
        this.port = port;
        this.supply = supply;
        this.events = events;
        this.trackCount = config.image().space().trackCount();
        this.endTrack = trackCount + DigestTracks.count(trackCount);
        this.ledger = new RepairLedger(endTrack);
        this.leaves = new LeafTable(config.image().space(), kinds);
        this.tracks = new EngineTracks(trackCount, supply, leaves);
        this.rates = new RateController(config.rateBitsPerSecond());
        this.pacer = new Pacer(rates.rate());
        this.sender = new TrackSender(config, port, supply, tracks, pacer, ledger);
        this.commands = new MasterCommands(config, port);
        this.membership = new Membership(config, slaves, commands, sender, events);
        this.flow = new FlowControl(config, slaves, sender, rates);
        this.intake = new RequestIntake(kinds, repairs, ledger, tracks, sender);
    }

    /** Starts to announce: 301 to 302. */
    public void open(long nowNs) {
        openedNs = nowNs;
        pacer.start(nowNs);
        nextGeometryNs = nowNs;
        become(MasterState.SEND_GEOMETRY, "opened");
    }

    /** The operator's order to start with whoever has joined; with nobody yet, with the first who joins. */
    public void begin() {
        isStartOrdered = true;
    }

    /** Gives up from any state: tells slaves and is over. {@code exitCode} is told to them. */
    public void abort(int exitCode) {
        if (state == MasterState.OVER) {
            return;
        }
        for (int i = 0; i < ABORT_REPEATS && state != MasterState.WAIT_FOR_SLAVES; i++) {
            commands.aborted(exitCode, sender.nextSequence());
        }
        finish(MasterEnd.ABORTED, "aborted with exit code " + exitCode);
    }

    /** One datagram for the master. Foreign and malformed ones are dropped. */
    public void onDatagram(ByteBuf datagram, InetSocketAddress from, long nowNs) {
        int offset = datagram.readerIndex();
        if (state == MasterState.OVER
                || !Datagram.isSound(datagram)
                || Datagram.session(datagram, offset) != (int) config.sessionId()) {
            return;
        }
        switch (Datagram.command(datagram, offset)) {
            case RSVP -> membership.onRsvp(datagram, from, kinds.endTrack(), isLobby(), nowNs);
            case RESEND_REQUEST -> onResendRequest(datagram, nowNs);
            case DISCONNECT -> membership.onDisconnect(datagram, from, trackCount, isLobby(), nowNs);
            default -> LOG.trace("a command of a master was dropped");
        }
    }

    /** Does all work due at {@code nowNs}. Returns nanoseconds to wait at most, Long.MAX_VALUE once over. */
    public long onTick(long nowNs) {
        if (state == MasterState.WAIT_FOR_SLAVES || state == MasterState.OVER) {
            return Long.MAX_VALUE;
        }
        announce(nowNs);
        watchSlaves(nowNs);
        adaptRate(nowNs);
        return switch (state) {
            case SEND_GEOMETRY -> awaitSlaves(nowNs);
            case SEND_ALL_TRACKS -> sendTracks(nowNs);
            case CATCH_UP -> catchUp(nowNs);
            case FAREWELL -> sayFarewell(nowNs);
            case WAIT_FOR_SLAVES, OVER -> Long.MAX_VALUE;
        };
    }

    // ---- 302: geometry, and the start rule

    private void announce(long nowNs) {
        if (nextGeometryNs - nowNs <= 0) {
            nextGeometryNs = nowNs + (state == MasterState.SEND_GEOMETRY ? GEOMETRY_WAITING_NS : GEOMETRY_RUNNING_NS);
            long countdownNs = config.waitNs() == Long.MAX_VALUE ? -1 : Math.max(0, openedNs + config.waitNs() - nowNs);
            commands.geometry(state, kinds.endTrack(), slaves.size(), countdownNs, sender.sequence());
        }
    }

    private long awaitSlaves(long nowNs) {
        boolean isTimeUp = config.waitNs() != Long.MAX_VALUE && nowNs - openedNs >= config.waitNs();
        int ready = slaves.readyCount();
        if (isTimeUp && ready < config.minSlaves()) {
            commands.aborted(0, sender.nextSequence());
            finish(MasterEnd.NOBODY_ANSWERED, ready + " slaves joined, at least " + config.minSlaves() + " wanted");
            return Long.MAX_VALUE;
        }
        boolean areEnough = config.slavesWanted() > 0 && ready >= config.slavesWanted();
        if (areEnough || isTimeUp || (isStartOrdered && ready > 0)) {
            become(MasterState.SEND_ALL_TRACKS, ready + " slaves are ready");
            nextHeartbeatNs = nowNs + HEARTBEAT_NS;
            nextRateNs = nowNs + RATE_INTERVAL_NS;
            flow.startMeasuring(nowNs);
            nextJudgementNs = nowNs;
            slaves.all().forEach(slave -> slave.progressFrom(nowNs));
            events.onStarted(ready);
            return 0;
        }
        long waitNs = nextGeometryNs - nowNs;
        return config.waitNs() == Long.MAX_VALUE ? waitNs : Math.min(waitNs, openedNs + config.waitNs() - nowNs);
    }

    // ---- 304 to 307: tracks and repairs

    private long sendTracks(long nowNs) {
        wasPaced = false;
        while (port.isWritable()) {
            if (pacer.waitNs(nowNs) > 0) {
                wasPaced = true;
                return Math.min(pacer.waitNs(nowNs), timersNs(nowNs));
            }
            if (!sender.isBusy() && !beginNext(nowNs)) {
                break;
            }
            if (state != MasterState.SEND_ALL_TRACKS) {
                return 0;
            }
            if (sender.isBusy()) {
                sendBatch(nowNs);
            }
        }
        heartbeat(nowNs);
        return timersNs(nowNs);
    }

    private void sendBatch(long nowNs) {
        boolean isRepair = sender.isRepairing();
        int count = sender.sendBatch(nowNs);
        if (isRepair) {
            repairSymbols += count;
        } else {
            passSymbols += count;
        }
        nextHeartbeatNs = nowNs + HEARTBEAT_NS;
    }

    /** Takes the next repair or the next item of the pass; false when neither can go now. */
    private boolean beginNext(long nowNs) {
        boolean mayPass = flow.isWindowOpen(kinds.endTrack(), membership.reportIntervalMs(), nowNs);
        TrackSupply.Item item = supply.next();
        boolean isPassReady = item != null && (mayPass || !(item instanceof TrackSupply.Data));
        // Repairs take half of the rate at most while the pass can go on.
        boolean isAnyRepair = !repairs.isEmpty() || intake.hasSkips();
        if (isAnyRepair
                && (!isPassReady || repairSymbols <= passSymbols)
                && !flow.isAnySocketFull(membership.reportIntervalMs())
                && beginRepair()) {
            return true;
        }
        if (!isPassReady) {
            sender.flushSkips();
            return false;
        }
        if (item instanceof TrackSupply.Data data) {
            kinds.append(1, TrackKind.DATA);
            leaves.set(data.track(), EncodedTrack.checksum(supply.held(data.track())));
            sender.beginTrack(data.track(), 0);
        } else if (item instanceof TrackSupply.Skip skip) {
            kinds.append(skip.count(), skip.kind());
            sender.addSkip(skip.firstTrack(), skip.count(), skip.kind());
            supply.advance();
        } else if (item instanceof TrackSupply.Leaves described) {
            appendLeaves(described.leaves());
            supply.advance();
        } else if (item instanceof TrackSupply.End end) {
            contentDigest = end.contentDigest();
            supply.advance();
            sender.flushSkips();
            repairs.clear();
            nextHeartbeatNs = nowNs;
            nextDoneNs = nowNs;
            become(MasterState.CATCH_UP, "all tracks were sent");
        }
        return true;
    }

    private void appendLeaves(ByteBuffer described) {
        for (int i = 0; i < described.remaining() / DigestTracks.LEAF_BYTES; i++) {
            int track = kinds.endTrack();
            kinds.append(1, DigestTracks.kind(described, i));
            if (kinds.kindOf(track) == TrackKind.DATA) {
                leaves.set(track, DigestTracks.checksum(described, i));
            }
        }
    }

    private boolean beginRepair() {
        if (intake.sendSkips()) {
            return true;
        }
        int tries = 64;
        int track = repairs.next(repairPlace);
        if (track < 0) {
            repairPlace = 0;
            track = repairs.next(0);
        }
        while (track >= 0 && tries-- > 0) {
            int need = repairs.need(track);
            if (need == RepairQueue.WHOLE
                    && state == MasterState.CATCH_UP
                    && !flow.isRoomForTracks(membership.reportIntervalMs())) {
                track = repairs.next(track + 1);
                continue;
            }
            if (tracks.held(track) != null) {
                repairs.remove(track);
                repairPlace = track + 1;
                sender.beginRepair(track, need);
                return true;
            }
            if (state == MasterState.CATCH_UP) {
                tracks.request(track);
            } else {
                repairs.remove(track);
            }
            track = repairs.next(track + 1);
        }
        return false;
    }

    private void heartbeat(long nowNs) {
        if (nextHeartbeatNs - nowNs <= 0) {
            nextHeartbeatNs = nowNs + HEARTBEAT_NS;
            commands.endOfData(
                    EndOfDataFlyweight.WAITING_FOR_ROOM, kinds.endTrack(), repairs.size(), 0, sender.nextSequence());
        }
    }

    private void onResendRequest(ByteBuf datagram, long nowNs) {
        if (!request.wrap(datagram).isValid(trackCount, endTrack)) {
            return;
        }
        SlaveEntry slave = slaves.find(request.slave(), request.nonce());
        if (slave == null || !slave.onReport(request, nowNs) || slave.isEnded()) {
            return;
        }
        if (slave.isSilent()) {
            slave.silent(false);
            events.onChanged(slave, "is back");
        }
        if (state == MasterState.FAREWELL && !slave.isComplete()) {
            endOfDataGapNs = END_OF_DATA_NS;
            nextHeartbeatNs = nowNs;
            become(MasterState.CATCH_UP, "slave " + slave.index() + " still lacks tracks");
        }
        // Repairs for a slave that cannot keep up would be sent at the expense of those that can.
        boolean isTaken = state == MasterState.CATCH_UP || (state == MasterState.SEND_ALL_TRACKS && !slave.isExcused());
        if (isTaken && intake.take(request, state == MasterState.CATCH_UP)) {
            endOfDataGapNs = END_OF_DATA_NS;
        }
    }

    // ---- 308, 309: catch-up

    private long catchUp(long nowNs) {
        if (isEverybodyServed()) {
            nextDoneNs = nowNs;
            become(MasterState.FAREWELL, "every slave that answers is complete");
            return 0;
        }
        wasPaced = false;
        while (port.isWritable()) {
            if (pacer.waitNs(nowNs) > 0) {
                wasPaced = true;
                break;
            }
            if (!sender.isBusy() && (flow.isAnySocketFull(membership.reportIntervalMs()) || !beginRepair())) {
                break;
            }
            if (sender.isBusy()) {
                sender.sendBatch(nowNs);
            }
        }
        sender.flushSkips();
        if (nextHeartbeatNs - nowNs <= 0) {
            nextHeartbeatNs = nowNs + endOfDataGapNs;
            endOfDataGapNs = Math.min(END_OF_DATA_MAX_NS, endOfDataGapNs * 3 / 2);
            int windowMs = Math.max(12, slaves.size() / 2);
            commands.endOfData(
                    EndOfDataFlyweight.PASS_ENDED, kinds.endTrack(), repairs.size(), windowMs, sender.nextSequence());
        }
        sayDoneToComplete(nowNs);
        boolean isSending = sender.isBusy() || wasPaced;
        return isSending ? Math.min(Math.max(0, pacer.waitNs(nowNs)), timersNs(nowNs)) : timersNs(nowNs);
    }

    /** Slaves that have everything need not wait for those that have not: Done tells them the digest, and they leave. */
    private void sayDoneToComplete(long nowNs) {
        if (nextDoneNs - nowNs > 0) {
            return;
        }
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isComplete() && !slave.isEnded()) {
                nextDoneNs = nowNs + DONE_NS;
                commands.complete(kinds.dataCount(), contentDigest, slaves.all(), slaves.lastIndex(), sender);
                return;
            }
        }
    }

    private boolean isEverybodyServed() {
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isWaitedFor() && !slave.isComplete()) {
                return false;
            }
        }
        return true;
    }

    // ---- 310 to 312: farewell

    private long sayFarewell(long nowNs) {
        if (slaves.areAllEnded()) {
            commands.complete(kinds.dataCount(), contentDigest, slaves.all(), slaves.lastIndex(), sender);
            finish(MasterEnd.FINISHED, "every slave has ended");
            return Long.MAX_VALUE;
        }
        if (nextDoneNs - nowNs <= 0) {
            nextDoneNs = nowNs + DONE_NS;
            commands.complete(kinds.dataCount(), contentDigest, slaves.all(), slaves.lastIndex(), sender);
        }
        return Math.max(0, Math.min(nextDoneNs, nextGeometryNs) - nowNs);
    }

    // ---- what runs in every state

    private void watchSlaves(long nowNs) {
        membership.watch(isLobby(), nowNs);
        boolean isUnderWay = state == MasterState.SEND_ALL_TRACKS || state == MasterState.CATCH_UP;
        if (isUnderWay) {
            judgeSlow(nowNs);
            if (slaves.areAllEnded()) {
                finish(MasterEnd.FINISHED, "no slave is left");
            }
        }
    }

    /** Does with slow slaves what the policy says. */
    private void judgeSlow(long nowNs) {
        if (nextJudgementNs - nowNs > 0) {
            return;
        }
        nextJudgementNs = nowNs + JUDGEMENT_NS;
        for (SlaveEntry slave : flow.excuseSlow(nowNs)) {
            if (flow.dropsSlow()) {
                membership.remove(slave, "it cannot keep up", nowNs);
            } else {
                slave.excuse();
                events.onChanged(slave, "cannot keep up and is served later");
            }
        }
        for (SlaveEntry slave : slaves.all()) {
            if (flow.isStuck(slave, nowNs)) {
                membership.remove(slave, "it made no progress for too long", nowNs);
            }
        }
    }

    private void adaptRate(long nowNs) {
        boolean isSending = state == MasterState.SEND_ALL_TRACKS || state == MasterState.CATCH_UP;
        if (!isSending || nextRateNs - nowNs > 0) {
            return;
        }
        nextRateNs = nowNs + Math.max(RATE_INTERVAL_NS, 3 * membership.reportIntervalMs() * MS);
        flow.adaptRate(nowNs);
        pacer.rate(rates.rate());
    }

    private long timersNs(long nowNs) {
        long next = Math.min(nextGeometryNs - nowNs, nextHeartbeatNs - nowNs);
        return Math.max(0, Math.min(next, HEARTBEAT_NS));
    }

    private void finish(MasterEnd end, String because) {
        sender.close();
        become(MasterState.OVER, because);
        events.onOver(end);
    }

    private void become(MasterState next, String because) {
        if (!state.mayBecome(next) && next != MasterState.OVER) {
            throw new IllegalStateException(state + " may not become " + next + " (" + because + ")");
        }
        LOG.info("master {} {} -> {} {}: {}", state.box(), state, next.box(), next, because);
        state = next;
    }

    private boolean isLobby() {
        return state == MasterState.SEND_GEOMETRY;
    }

    public MasterState state() {
        return state;
    }

    /** All slaves that joined. */
    public List<SlaveEntry> slaves() {
        return slaves.all();
    }

    /** First track of the pass that was not sent. */
    public int sendPosition() {
        return kinds.endTrack();
    }

    /** Bytes sent to the data group, frame headers included. */
    public long wireBytes() {
        return sender.wireBytes();
    }

    /** Bits per second. */
    public long rate() {
        return rates.rate();
    }
}
