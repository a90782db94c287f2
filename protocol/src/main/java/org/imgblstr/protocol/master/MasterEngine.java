package org.imgblstr.protocol.master;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.List;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.HoldUp;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.flow.FlowControl;
import org.imgblstr.protocol.master.flow.RateWatch;
import org.imgblstr.protocol.master.membership.MasterEvents;
import org.imgblstr.protocol.master.membership.MasterEvents.MasterEnd;
import org.imgblstr.protocol.master.membership.Membership;
import org.imgblstr.protocol.master.membership.SlowLadder;
import org.imgblstr.protocol.master.resend.Repairs;
import org.imgblstr.protocol.master.sending.MasterCommands;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.master.sending.MasterPort;
import org.imgblstr.protocol.master.sending.SymbolSize;
import org.imgblstr.protocol.master.sending.TrackSender;
import org.imgblstr.protocol.master.slaves.ReportInterval;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;
import org.imgblstr.protocol.master.tracks.EngineTracks;
import org.imgblstr.protocol.master.tracks.KindMap;
import org.imgblstr.protocol.master.tracks.LeafTable;
import org.imgblstr.protocol.master.tracks.TrackSupply;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.Pacer;
import org.imgblstr.protocol.repair.ParityPlan;
import org.imgblstr.protocol.repair.RateController;
import org.imgblstr.protocol.repair.RepairLedger;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.Datagram;
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

    /** The engine checks timers that have no tick of their own at this interval. */
    private static final long LONGEST_WAIT_NS = 250 * MS;

    private final MasterConfig config;
    private final MasterPort port;
    private final MasterEvents events;
    private final int trackCount;
    private final int endTrack;
    private final SlaveTable slaves = new SlaveTable();
    private final KindMap kinds = new KindMap();
    private final Pacer pacer;
    private final RateWatch rateWatch;
    private final Lobby lobby;
    private final SymbolSize size;
    private final TrackSender sender;
    private final MasterCommands commands;
    private final Announcer announcer;
    private final Membership membership;
    private final SlowLadder ladder;
    private final Repairs repairs;
    private final Pass pass;
    private final EndOfData endOfData;
    private final Farewell farewell;
    private final UnderWay underWay;
    private final MasterOrders orders;
    private final OtherMasters others;
    private final ResendRequestFlyweight request = new ResendRequestFlyweight();

    private MasterState state = MasterState.WAIT_FOR_SLAVES;

    public MasterEngine(MasterConfig config, MasterPort port, TrackSupply supply, MasterEvents events) {
        this.config = config;
        this.port = port;
        this.events = events;
        this.trackCount = config.offer().image().space().trackCount();
        this.endTrack = trackCount + DigestTracks.count(trackCount);
        ReportInterval interval = new ReportInterval(slaves, config.start().slavesWanted());
        RepairLedger ledger = new RepairLedger(endTrack);
        ParityPlan parity = new ParityPlan();
        LeafTable leaves = new LeafTable(config.offer().image().space(), kinds);
        EngineTracks tracks = new EngineTracks(trackCount, supply, leaves, port.manifest(), port::isLone);
        this.lobby = new Lobby(config.start(), slaves);
        RateController rates = new RateController(config.rateBitsPerSecond());
        this.pacer = new Pacer(rates.rate(), config.rateBitsPerSecond() > 0);
        this.size = new SymbolSize(config, slaves, events::onWarning);
        this.sender = new TrackSender(config, size, port, tracks, pacer, ledger, parity);
        this.commands = new MasterCommands(config, port);
        this.announcer = new Announcer(config, size, slaves, commands);
        this.others = new OtherMasters(config, events, announcer);
        this.membership = new Membership(config, slaves, size, commands, sender, events, interval);
        this.ladder = new SlowLadder(config, slaves, membership, events, interval);
        this.rateWatch = new RateWatch(slaves, rates, pacer, sender, ladder, interval);
        this.underWay = new UnderWay(config, kinds, ladder, rateWatch, pacer);
        this.orders = new MasterOrders(this::state, slaves, announcer, membership, underWay);
        FlowControl flow = new FlowControl(size, slaves, sender, rateWatch, ladder, interval);
        this.repairs = new Repairs(kinds, ledger, parity, tracks, flow, sender, ladder);
        this.pass = new Pass(tracks, kinds, parity, flow, ladder, repairs, sender);
        this.endOfData = new EndOfData(commands, sender, interval);
        this.farewell = new Farewell(slaves, kinds, commands, sender, pass::root);
    }

    /** Starts to announce: 301 to 302. */
    public void open(long nowNs) {
        lobby.open(nowNs);
        pacer.start(nowNs);
        announcer.open(nowNs);
        become(MasterState.SEND_GEOMETRY, "opened");
    }

    /** The operator's order to start with whoever has joined; with nobody yet, with the first who joins. */
    public void begin() {
        lobby.orderStart();
    }

    /** Gives up from any state: tells the slaves {@code exitCode} and ends. */
    public void abort(int exitCode) {
        if (state == MasterState.OVER) {
            return;
        }
        farewell.sayGivenUp(state, exitCode);
        finish(MasterEnd.ABORTED, "aborted with exit code " + exitCode);
    }

    /** One datagram for the master. Foreign and malformed ones are dropped. */
    public void onDatagram(ByteBuf datagram, InetSocketAddress from, long nowNs) {
        int offset = datagram.readerIndex();
        if (state == MasterState.OVER || !Datagram.isSound(datagram)) {
            if (state != MasterState.OVER) {
                membership.onUnsound(datagram, from, config.offer().sessionBits(), nowNs);
            }
            return;
        }
        CommandType command = Datagram.command(datagram, offset);
        if (command == CommandType.DRIVE_GEOMETRY) {
            others.onGeometry(datagram, from, nowNs);
            return;
        }
        if (Datagram.session(datagram, offset) != config.offer().sessionBits()) {
            return;
        }
        switch (command) {
            case RSVP -> {
                membership.onRsvp(datagram, from, kinds, isLobby(), nowNs);
                announcer.onJoined(nowNs);
            }
            case RESEND_REQUEST -> onResendRequest(datagram, from, nowNs);
            case DISCONNECT -> membership.onDisconnect(datagram, from, trackCount, isLobby(), nowNs);
            default -> LOG.trace("a command of a master was dropped");
        }
    }

    /** Does all work due at {@code nowNs}. Returns nanoseconds to wait at most, Long.MAX_VALUE once over. */
    public long onTick(long nowNs) {
        if (state == MasterState.WAIT_FOR_SLAVES || state == MasterState.OVER) {
            return Long.MAX_VALUE;
        }
        announcer.announce(state, kinds.endTrack(), sender.sequence(), nowNs);
        if (areAllLeaving(nowNs)) {
            return Math.min(announcer.waitNs(nowNs), Membership.LOOK_NS);
        }
        return switch (state) {
            case SEND_GEOMETRY -> awaitSlaves(nowNs);
            case SEND_ALL_TRACKS -> sendTracks(nowNs);
            case CATCH_UP -> catchUp(nowNs);
            case FAREWELL -> sayFarewell(nowNs);
            case WAIT_FOR_SLAVES, OVER -> Long.MAX_VALUE;
        };
    }

    // ---- 302: the start rule

    private long awaitSlaves(long nowNs) {
        int ready = slaves.readyCount();
        if (lobby.isDeserted(nowNs)) {
            farewell.sayGivenUp(state, ExitCode.NOBODY_ANSWERED);
            finish(MasterEnd.NOBODY_ANSWERED, ready + " slaves joined, which is too few");
            return Long.MAX_VALUE;
        }
        boolean isTimeToStart = lobby.isTimeToStart(nowNs);
        if (isTimeToStart && !size.holdsStart(nowNs)) {
            startPass(ready, nowNs);
            return 0;
        }
        return isTimeToStart ? announcer.waitNs(nowNs) : Math.min(announcer.waitNs(nowNs), lobby.leftNs(nowNs));
    }

    private void startPass(int ready, long nowNs) {
        announcer.onStart(nowNs);
        become(MasterState.SEND_ALL_TRACKS, ready + " slaves are ready");
        endOfData.onData(nowNs);
        rateWatch.start(nowNs);
        ladder.start(nowNs);
        membership.start(nowNs);
        events.onStarted(ready);
    }

    // ---- 304 to 307: tracks and repairs

    private long sendTracks(long nowNs) {
        if (underWay.isPaused()) {
            return standStill(nowNs);
        }
        if (ladder.isSourceLost(nowNs)) {
            abort(ExitCode.DEVICE_FAILED);
            return Long.MAX_VALUE;
        }
        HoldUp why = HoldUp.WIRE;
        while (port.isWritable()) {
            if (pacer.waitNs(nowNs) > 0) {
                underWay.note(underWay.paced(), nowNs);
                return Math.min(pacer.waitNs(nowNs), timersNs(nowNs));
            }
            Pass.Step step = sender.isBusy() ? Pass.Step.BEGUN : pass.beginNext(nowNs);
            if (step == Pass.Step.NOTHING) {
                why = pass.isSourceReady() ? HoldUp.SLAVE : HoldUp.SUPPLY;
                break;
            }
            if (step == Pass.Step.ENDED) {
                endPass(nowNs);
                return 0;
            }
            if (sender.isBusy()) {
                pass.sendBatch(nowNs);
                endOfData.onData(nowNs);
            }
        }
        underWay.note(why, nowNs);
        return standStill(nowNs);
    }

    /** Nothing can be sent, or may be: slaves hear that the master is there. */
    private long standStill(long nowNs) {
        endOfData.sayWaiting(kinds.endTrack(), repairs.size(), nowNs);
        return timersNs(nowNs);
    }

    private void endPass(long nowNs) {
        farewell.digest(pass.contentDigest());
        repairs.onPassEnded();
        endOfData.dueAt(nowNs);
        farewell.dueAt(nowNs);
        become(MasterState.CATCH_UP, "all tracks were sent");
    }

    private void onResendRequest(ByteBuf datagram, InetSocketAddress from, long nowNs) {
        if (!request.wrap(datagram).isValid(trackCount, endTrack)) {
            return;
        }
        SlaveEntry slave = membership.onReport(request, from, kinds, nowNs);
        if (slave == null) {
            return;
        }
        if (state == MasterState.FAREWELL && !slave.isComplete()) {
            endOfData.dueAt(nowNs);
            become(MasterState.CATCH_UP, "slave " + slave.index() + " still lacks tracks");
        }
        // Repairs for a slave that cannot keep up would be sent at the expense of those that can.
        boolean isTaken =
                state == MasterState.CATCH_UP || (state == MasterState.SEND_ALL_TRACKS && !slave.isPostponed());
        if (isTaken && repairs.take(request, slave)) {
            endOfData.hurry();
        }
    }

    // ---- 308, 309: catch-up

    private long catchUp(long nowNs) {
        // Also when all have ended: the last one may not have heard the acknowledgement, and waits for the last words.
        if (slaves.areAnsweringServed() || slaves.haveAllSaidGoodbye()) {
            farewell.begin(nowNs);
            become(MasterState.FAREWELL, "every slave that answers is complete");
            return 0;
        }
        if (underWay.isPaused()) {
            return standStill(nowNs);
        }
        boolean wasPaced = false;
        while (port.isWritable()) {
            if (pacer.waitNs(nowNs) > 0) {
                wasPaced = true;
                break;
            }
            if (!sender.isBusy() && !repairs.begin(nowNs)) {
                break;
            }
            if (sender.isBusy()) {
                sender.sendBatch(nowNs);
            }
        }
        sender.flushSkips();
        endOfData.sayPassEnded(kinds.endTrack(), repairs.size(), nowNs);
        if (config.slow() != SlowPolicy.WAIT) {
            farewell.sayToComplete(nowNs);
        }
        boolean isSending = sender.isBusy() || wasPaced;
        HoldUp sending = wasPaced ? underWay.paced() : HoldUp.WIRE;
        underWay.note(isSending ? sending : repairs.isAny() ? HoldUp.SUPPLY : HoldUp.SLAVE, nowNs);
        return isSending ? Math.min(Math.max(0, pacer.waitNs(nowNs)), timersNs(nowNs)) : timersNs(nowNs);
    }

    // ---- 310 to 312: farewell

    private long sayFarewell(long nowNs) {
        if (slaves.areAllEnded()) {
            long waitNs = farewell.sayLastWords(nowNs);
            if (waitNs == Long.MAX_VALUE) {
                finish(MasterEnd.FINISHED, "every slave has ended");
            }
            return waitNs;
        }
        if (farewell.isOverdue(nowNs)) {
            membership.giveUpAll("it does not hear the farewell", nowNs);
            return 0;
        }
        farewell.sayWhenDue(nowNs);
        return Math.max(0, Math.min(farewell.waitNs(nowNs), announcer.waitNs(nowNs)));
    }

    // ---- what runs in every state

    /** Whether nobody is left but slaves that have yet to learn that they were removed, or that their Disconnect has come. */
    private boolean areAllLeaving(long nowNs) {
        membership.watch(isLobby(), nowNs);
        if (state.isUnderWay()) {
            underWay.look(state, nowNs);
        }
        boolean isToSayLastWords = state != MasterState.SEND_ALL_TRACKS && slaves.haveAllSaidGoodbye();
        boolean areLeaving = !isLobby() && membership.areAllLeaving(isToSayLastWords, nowNs);
        if (state.isUnderWay() && slaves.areAllEnded() && !areLeaving && !isToSayLastWords) {
            finish(MasterEnd.FINISHED, "no slave is left");
        }
        return areLeaving;
    }

    private long timersNs(long nowNs) {
        long next = Math.min(announcer.waitNs(nowNs), endOfData.waitNs(nowNs));
        return Math.max(0, Math.min(next, LONGEST_WAIT_NS));
    }

    private void finish(MasterEnd end, String because) {
        sender.close();
        become(MasterState.OVER, because);
        events.onOver(end);
    }

    private void become(MasterState next, String because) {
        state = state.become(next, because);
    }

    private boolean isLobby() {
        return state == MasterState.SEND_GEOMETRY;
    }

    /** What the operator orders while the session runs. */
    public MasterOrders orders() {
        return orders;
    }

    public MasterState state() {
        return state;
    }

    /** All slaves that joined. */
    public List<SlaveEntry> slaves() {
        return slaves.all();
    }

    /** The door has found a slave that cannot take part; its label is not known. */
    public void refuse(RefusedSlave slave) {
        membership.refuse(slave);
    }

    /** Slaves that heard the session and could not take part, and have not joined since; see {@link Membership#refused}. */
    public List<RefusedSlave> refused() {
        return membership.refused();
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
        return rateWatch.rate();
    }
}
