package org.imgblstr.protocol.master.membership;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.manifest.RefusedTracks;
import org.imgblstr.protocol.master.sending.MasterCommands;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.master.sending.SymbolSize;
import org.imgblstr.protocol.master.sending.TrackSender;
import org.imgblstr.protocol.master.slaves.ReportInterval;
import org.imgblstr.protocol.master.slaves.SlaveChange;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;
import org.imgblstr.protocol.master.tracks.KindMap;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight.Result;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DisconnectFlyweight;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.RsvpFlyweight;
import org.imgblstr.protocol.wire.SealedRsvpFlyweight;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who takes part: joining (FIG. 3 box 303), leaving (311), silence. One thread. */
public final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private static final long MS = 1_000_000;

    /** A slave silent for so many report intervals, but at least this long, is no longer waited for. */
    private static final int SILENT_INTERVALS = 5;

    private static final long SILENT_NS = 1_500 * MS;

    /** A slave silent for so long is given up: longer than a drive takes to come back from its own error recovery. */
    private static final long GIVE_UP_NS = 25_000 * MS;

    /**
     * Opening a disk mostly takes less time. A slave that is no longer spared loses only tracks that it would ask for
     * anyway.
     */
    private static final long EXPECTED_NS = 1_000 * MS;

    /** Datagrams dropped by a slave's socket from which the operator is told; fewer are a hiccup that parity mends. */
    private static final int DROPS_TOLD = 100;

    private static final String DROPS =
            "drops datagrams because it is too slow or its receive buffer is too small: run imgslave as"
                    + " root there, allow a larger buffer (sysctl -w net.core.rmem_max=33554432), or send slower with --rate";

    private static final String STRANGE = "is not on the list of expected slaves; it takes part because of --force";

    /** This is often enough to notice silence in time, and rare enough to cost nothing with a thousand slaves. */
    public static final long LOOK_NS = 100 * MS;

    /** The master may not stay for long to answer a slave that it has removed. */
    private static final int REMOVED_ANSWERS = 3;

    private final boolean isSealed;
    private final SlaveTable slaves;
    private final MasterCommands commands;
    private final TrackSender sender;
    private final MasterEvents events;
    private final ReportInterval interval;
    private final Admission admission;
    private final Unanswered unanswered;
    private final Removals removals;
    private final EarlierLives earlierLives;
    private final Set<SlaveEntry> refusalsTold = new HashSet<>();
    private final RsvpFlyweight rsvp = new RsvpFlyweight();
    private final SealedRsvpFlyweight sealedRsvp = new SealedRsvpFlyweight();
    private final DisconnectFlyweight disconnect = new DisconnectFlyweight();
    private long nextLookNs;
    private boolean hasLooked;
    private long nextExpectedNs;
    private boolean hasExpected;
    private long answeringUntilNs;
    private boolean hasAnswered;

    public Membership(
            MasterConfig config,
            SlaveTable slaves,
            SymbolSize size,
            MasterCommands commands,
            TrackSender sender,
            MasterEvents events,
            ReportInterval interval) {
        this.isSealed = config.isSealed();
        this.slaves = slaves;
        this.commands = commands;
        this.sender = sender;
        this.events = events;
        this.interval = interval;
        this.unanswered = new Unanswered(commands::feedback, slaves, events);
        this.removals = new Removals(commands, sender);
        this.earlierLives = new EarlierLives(isSealed, slaves, commands, events);
        this.admission = new Admission(config, slaves, size, events);
    }

    /** {@code sent}: the tracks of the pass so far; {@code isLobby}: nothing was sent yet. */
    public void onRsvp(ByteBuf datagram, InetSocketAddress from, KindMap sent, boolean isLobby, long nowNs) {
        if (!rsvp.wrap(datagram).isValid()) {
            if (sealedRsvp.wrap(datagram).isValid()) {
                commands.refuse(rsvp.nonce(), Result.OPEN, from, sender.sequence());
            }
            return;
        }
        unanswered.onHeard(nowNs);
        if (removals.tell(rsvp.nonce(), from)) {
            return;
        }
        int position = sent.endTrack();
        SlaveEntry known = slaves.ofNonce(rsvp.nonce());
        if (rsvp.intent() == RsvpFlyweight.CANNOT) {
            onDecline(known, from, isLobby);
            return;
        }
        if (known != null) {
            if (!known.isReady()) {
                follow(known, from);
            }
            confirm(known, position, isLobby);
            return;
        }
        Result refusal = admission.refusalOf(rsvp, from);
        if (refusal != null) {
            commands.refuse(rsvp.nonce(), refusal, from, sender.sequence());
            admission.tell(rsvp, from, refusal);
            return;
        }
        boolean isStrange = admission.isStrange(rsvp, from);
        SlaveEntry earlier = slaves.earlierLifeOf(rsvp);
        SlaveEntry slave = slaves.add(rsvp, from, sent.dataCount(), earlier != null, sender.sequence(), nowNs);
        expect(slave, nowNs);
        admission.onJoined(slave);
        LOG.info("slave {} joined: {} at {}", slave.index(), slave.label(), from);
        events.onJoined(slave);
        if (isStrange) {
            events.onWarning(slave, STRANGE);
        }
        confirm(slave, position, isLobby);
    }

    /**
     * The pass spares a slave that has just joined: one slave at a time, and for at most a tenth of the time. A slave
     * that joins again and again then delays nobody for long.
     */
    private void expect(SlaveEntry slave, long nowNs) {
        if (!hasExpected || nextExpectedNs - nowNs <= 0) {
            hasExpected = true;
            nextExpectedNs = nowNs + 10 * EXPECTED_NS;
            slave.expect(nowNs + EXPECTED_NS);
        }
    }

    /** Data flows from now on: a slave that has joined but not reported yet is spared for a moment. */
    public void start(long nowNs) {
        hasExpected = false;
        slaves.all().forEach(slave -> slave.expect(nowNs + EXPECTED_NS));
    }

    /** A slave says that it cannot take part. The master acknowledges this, and the slave does not count as joined. */
    private void onDecline(SlaveEntry known, InetSocketAddress from, boolean isLobby) {
        commands.refuse(rsvp.nonce(), rsvp.refusal(), from, sender.sequence());
        if (known != null && !known.isEnded() && (isLobby || !known.isReady())) {
            slaves.remove(known);
            events.onChanged(known, SlaveChange.CANNOT_TAKE_PART);
        }
        admission.tellOwnReason(rsvp, from);
    }

    /** A datagram that is not sound: it may be an RSVP of another major version of the protocol. {@code session}: as datagrams have it. */
    public void onUnsound(ByteBuf datagram, InetSocketAddress from, int session, long nowNs) {
        int offset = datagram.readerIndex();
        if (Datagram.isOfOtherVersion(datagram, offset, datagram.readableBytes())
                && Datagram.command(datagram, offset) == CommandType.RSVP
                && Datagram.session(datagram, offset) == session) {
            onOtherVersion(datagram, from, nowNs);
        }
    }

    private void onOtherVersion(ByteBuf datagram, InetSocketAddress from, long nowNs) {
        unanswered.onHeard(nowNs);
        int version = Datagram.majorVersion(datagram, datagram.readerIndex());
        rsvp.wrap(datagram);
        commands.refuse(rsvp.nonce(), Result.VERSION, from, sender.sequence());
        admission.tellVersion(rsvp, from, version);
    }

    /** Takes a valid Resend Request. Returns who sent it; null when that slave does not take part, or has sent a newer one. */
    public SlaveEntry onReport(ResendRequestFlyweight request, InetSocketAddress from, KindMap sent, long nowNs) {
        SlaveEntry slave = slaves.find(request.slave(), request.nonce());
        if (removals.tell(request.nonce(), from) || slave == null) {
            return null;
        }
        long droppedBefore = slave.dropped();
        boolean isFirst = !slave.isReady();
        unanswered.onHeard(nowNs);
        if (!slave.onReport(request, sent, nowNs) || slave.isEnded()) {
            return null;
        }
        follow(slave, from);
        earlierLives.onReport(slave);
        if (isFirst) {
            earlierLives.onFirstReport(slave, nowNs);
        }
        if (slave.isSilent()) {
            slave.isBack(nowNs);
            events.onChanged(slave, SlaveChange.BACK);
        }
        if (isSealed && request.refused() > 0 && refusalsTold.add(slave)) {
            events.onWarning(slave, RefusedTracks.words());
        }
        if (droppedBefore < DROPS_TOLD && slave.dropped() >= DROPS_TOLD) {
            events.onWarning(slave, DROPS);
        }
        return slave;
    }

    /** A slave is known by its nonce and its index: its address may change while the session lasts. */
    private void follow(SlaveEntry slave, InetSocketAddress from) {
        String before = slave.address().getAddress().getHostAddress();
        slave.moveTo(from);
        if (!before.equals(from.getAddress().getHostAddress())) {
            events.onWarning(slave, "sends from this address now, and sent from " + before + " before; it goes on");
        }
    }

    /** A slave that has not proven the secret, or is kept out: what the operator knows of it is its address. */
    public void refuse(RefusedSlave slave) {
        unanswered.onStranger();
        admission.tellStranger(slave);
    }

    /** Slaves that heard the session and could not take part, and have not joined since: 100 with a name, and 64 addresses, at most. */
    public List<RefusedSlave> refused() {
        return admission.refused();
    }

    private void confirm(SlaveEntry slave, int position, boolean isLobby) {
        commands.confirm(slave, !isLobby, interval.ms(), position, slaves.size(), slave.address(), sender.sequence());
    }

    public void onDisconnect(ByteBuf datagram, InetSocketAddress from, int trackCount, boolean isLobby, long nowNs) {
        if (!disconnect.wrap(datagram).isValid(trackCount)) {
            return;
        }
        SlaveEntry removed = removals.onDisconnect(disconnect.slave(), disconnect.nonce(), nowNs);
        SlaveEntry slave = removed != null ? removed : slaves.find(disconnect.slave(), disconnect.nonce());
        if (slave == null) {
            return;
        }
        for (int i = 0; i < (removed != null ? REMOVED_ANSWERS : 1); i++) {
            commands.acknowledge(slave, disconnect.result(), from, sender.sequence());
        }
        hasAnswered = true;
        answeringUntilNs = nowNs + Removals.ANSWER_NS;
        if (removed != null) {
            return;
        }
        if (isLobby) {
            slaves.remove(slave);
            events.onChanged(slave, SlaveChange.LEFT);
        } else if (!slave.isEnded()) {
            slave.onDisconnect(disconnect, nowNs);
            if (slaves.isOtherManifest(disconnect, commands.wasAlone(slave))) {
                slave.refute();
            }
            LOG.info("slave {} ended with result {}", slave.index(), slave.result());
            events.onEnded(slave);
        }
    }

    /** Looks for silent slaves when it is time. */
    public void watch(boolean isLobby, long nowNs) {
        if (hasLooked && nextLookNs - nowNs > 0) {
            return;
        }
        hasLooked = true;
        nextLookNs = nowNs + LOOK_NS;
        unanswered.look(nowNs);
        earlierLives.look(nowNs);
        long silentNs = Math.max(SILENT_NS, SILENT_INTERVALS * interval.ns());
        for (SlaveEntry slave : List.copyOf(slaves.all())) {
            long quietNs = nowNs - slave.lastHeardNs();
            if (slave.isEnded()) {
                continue;
            }
            if (awaitedNs(slave, nowNs) <= 0) {
                giveUp(slave, isLobby, nowNs);
            } else if (quietNs >= silentNs && !slave.isSilent()) {
                slave.fallSilent();
                events.onChanged(slave, SlaveChange.SILENT);
            }
        }
    }

    /**
     * Whether nobody is left but slaves that are on their way out: those that were removed last are told so again, and one whose Disconnect came
     * last may need another answer. {@code areToldLater}: the farewell gives all of them that answer.
     */
    public boolean areAllLeaving(boolean areToldLater, long nowNs) {
        boolean isAnswering = !areToldLater && hasAnswered && answeringUntilNs - nowNs > 0;
        return slaves.areAllEnded() && (removals.areAwaited(nowNs) || isAnswering);
    }

    /** How long a slave that stays silent is still waited for. */
    public static long awaitedNs(SlaveEntry slave, long nowNs) {
        return GIVE_UP_NS - (nowNs - slave.lastHeardNs());
    }

    private void giveUp(SlaveEntry slave, boolean isLobby, long nowNs) {
        if (isLobby) {
            slaves.remove(slave);
            commands.exclude(slave, nowNs);
            events.onChanged(slave, SlaveChange.LEFT_WITHOUT_A_WORD);
            return;
        }
        if (isSealed) {
            removals.giveUp(slave, nowNs);
        }
        giveUp(slave, "silent for " + GIVE_UP_NS / 1_000_000_000 + " s", nowNs);
    }

    /** Gives up all slaves that have not ended. */
    public void giveUpAll(String why, long nowNs) {
        for (SlaveEntry slave : slaves.all()) {
            if (!slave.isEnded()) {
                giveUp(slave, why, nowNs);
            }
        }
    }

    private void giveUp(SlaveEntry slave, String why, long nowNs) {
        slave.giveUp(nowNs);
        commands.exclude(slave, nowNs);
        LOG.info("slave {} ({}) is given up: {}", slave.index(), slave.label(), why);
        events.onEnded(slave);
    }

    /** No machine at the address of a slave that is about to be removed is given the keys of a sealed session again. */
    void bar(SlaveEntry slave) {
        Set<Long> others = new HashSet<>();
        for (SlaveEntry other : slaves.all()) {
            if (other != slave && !other.isEnded()) {
                others.add(other.nonce());
            }
        }
        commands.bar(slave, others);
    }

    /** Removes a slave (FIG. 3 box 311): the slave is told, and counts as too slow. */
    public void remove(SlaveEntry slave, String why, long nowNs) {
        LOG.info("slave {} ({}) is removed: {}", slave.index(), slave.label(), why);
        removals.remove(slave, false, nowNs);
        commands.exclude(slave, nowNs);
        slave.remove(nowNs);
        events.onEnded(slave);
    }

    /**
     * The operator removes a slave that has not ended: the slave is told. Before the start it counts as one that left; later it ends as kicked,
     * and the session is not complete.
     */
    public void kick(SlaveEntry slave, boolean isLobby, long nowNs) {
        LOG.info("slave {} ({}) is removed by the operator", slave.index(), slave.label());
        bar(slave);
        removals.remove(slave, true, nowNs);
        commands.exclude(slave, nowNs);
        if (isLobby) {
            slaves.remove(slave);
            admission.onKicked(slave);
            events.onChanged(slave, SlaveChange.KICKED);
        } else {
            slave.kick(nowNs);
            events.onEnded(slave);
        }
    }
}
