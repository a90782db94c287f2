package org.imgblstr.protocol.master.slaves;

import java.net.InetSocketAddress;
import java.util.UUID;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.master.tracks.KindMap;
import org.imgblstr.protocol.wire.DisconnectFlyweight;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.RsvpFlyweight;

/** What the master knows of one slave: written from its RSVP, its Resend Requests and its Disconnect. One thread. */
public final class SlaveEntry {
    private final int index;
    private final long nonce;
    private final UUID slaveId;
    private final String label;
    private final SlaveMachine machine;
    private InetSocketAddress address;
    private final int largestSymbol;
    private final long joinedNs;
    private long begunNs;
    private long lastHeardNs;
    private long expectedUntilNs;
    private final boolean isResumed;
    private int longestHeard;
    private boolean isReady;
    private boolean isSilent;
    private boolean isGivenUp;
    private boolean isPostponed;
    private long lastDataNs;
    private int missingTracks;
    private final Credit credit = new Credit();
    private final HoldBack holdBack = new HoldBack();
    private final LossSample loss;
    private SlaveReport report;
    private final ProgressWatch progress;
    private SlaveResult.Result result;
    private long bytesWritten;
    private byte[] digest = {};
    private SlaveCounters lastCounters;
    private int errno;
    private String why = "";
    private long endedNs;

    public SlaveEntry(
            int index,
            RsvpFlyweight rsvp,
            InetSocketAddress address,
            int dataSent,
            boolean isResumed,
            int sequence,
            long nowNs) {
        this.index = index;
        this.nonce = rsvp.nonce();
        this.slaveId = rsvp.slaveId();
        this.label = rsvp.label();
        this.machine = rsvp.machine();
        this.address = address;
        this.largestSymbol = rsvp.largestSymbol();
        this.longestHeard = rsvp.longestHeard();
        this.isResumed = isResumed;
        this.loss = new LossSample(sequence);
        this.lastDataNs = nowNs;
        this.joinedNs = nowNs;
        this.begunNs = joinedNs;
        this.progress = new ProgressWatch(nowNs);
        this.expectedUntilNs = nowNs;
        this.lastHeardNs = nowNs;
        this.report =
                SlaveReport.none(sequence, (int) Math.min(Integer.MAX_VALUE, (long) dataSent + rsvp.windowTracks()));
    }

    /**
     * Takes over a report unless it is older than the last one. Returns whether it was taken.
     *
     * @param kinds of the tracks that were sent
     */
    public boolean onReport(ResendRequestFlyweight request, KindMap kinds, long nowNs) {
        if (isReady && request.sequence() - report.sequence() <= 0) {
            return false;
        }
        SlaveReport before = report;
        report = SlaveReport.of(request, kinds);
        lastHeardNs = nowNs;
        isReady = true;
        boolean isFollowing = report.sequenceSeen() != before.sequenceSeen();
        lastDataNs = isFollowing ? nowNs : lastDataNs;
        loss.onReport((int) request.received(), (int) request.lost(), report.sequenceSeen(), nowNs);
        credit.onReport(dropped() > before.counters().droppedDatagrams(), isFollowing, nowNs);
        progress.onReport(doneTracks(), report.isVerifying(), diskRate(), nowNs);
        missingTracks = report.tracks().missing();
        longestHeard = Math.max(longestHeard, request.longestHeard());
        return true;
    }

    public void onDisconnect(DisconnectFlyweight disconnect, long nowNs) {
        lastHeardNs = nowNs;
        if (result == null) {
            result = disconnect.result();
            bytesWritten = disconnect.bytesWritten();
            digest = disconnect.digest();
            lastCounters = disconnect.counters();
            errno = (int) disconnect.errno();
            why = disconnect.text();
            missingTracks = disconnect.tracksMissing();
            endedNs = nowNs;
        }
    }

    /** It says that it is complete, and its manifest is not the master's. */
    public void refute() {
        result = SlaveResult.Result.VERIFY_FAILED;
        why = "the manifest of what is on its disk is not the master's";
    }

    /** See {@link LossSample#take}. */
    public double takeLoss(long nowNs) {
        return loss.take(nowNs);
    }

    /** What it lost of the datagrams up to this one was sent at another rate, and counts no more. */
    public void lossFrom(int sequence) {
        loss.from(sequence);
    }

    /** The session starts: its work begins. That of one who joins later begins when it joins. */
    public void begin(long nowNs) {
        begunNs = nowNs;
        progressFrom(nowNs);
    }

    /** Progress is judged from now on, and whether it hears anything. */
    public void progressFrom(long nowNs) {
        progress.from(nowNs);
        lastDataNs = nowNs;
    }

    /** It is back after a silence: what was sent meanwhile may be lost, or wait in its socket. */
    public void isBack(long nowNs) {
        isSilent = false;
        lastDataNs = nowNs;
        credit.onSilence();
    }

    /** How much of what may be on its way to a slave may be on its way to this one. */
    public Credit credit() {
        return credit;
    }

    public ProgressWatch progress() {
        return progress;
    }

    public void blocking(boolean value) {
        holdBack.blocking(value);
    }

    /** Others waited for so long; counts against it when it was why. */
    public void heldBack(long elapsedNs) {
        holdBack.add(elapsedNs);
    }

    /** Nanoseconds it held others back since the last call. */
    public long takeHeldBackNs() {
        return holdBack.take();
    }

    /** The pass does not wait for it any longer; what it lacks comes in the catch-up. */
    public void postpone() {
        isPostponed = true;
    }

    /** The pass waits for it again. */
    public void resume() {
        isPostponed = false;
    }

    public boolean isPostponed() {
        return isPostponed;
    }

    /** The master removed it. */
    public void remove(long nowNs) {
        result = SlaveResult.Result.TOO_SLOW;
        endedNs = nowNs;
    }

    /** The operator removed it. */
    public void kick(long nowNs) {
        result = SlaveResult.Result.KICKED;
        endedNs = nowNs;
    }

    public void fallSilent() {
        isSilent = true;
    }

    public void giveUp(long nowNs) {
        isGivenUp = true;
        endedNs = nowNs;
    }

    /** Whether nothing more will come of it: it said Disconnect, or it was given up. */
    public boolean isEnded() {
        return result != null || isGivenUp;
    }

    /** Whether the window and the end wait for it. */
    public boolean isWaitedFor() {
        return !isEnded() && !isSilent;
    }

    /** Whether it has joined and not reported yet, and a first report may still come soon: it is sent no more than its socket holds. */
    public boolean isExpected(long nowNs) {
        return !isReady && !isEnded() && expectedUntilNs - nowNs > 0;
    }

    /** Until when its first report is expected. */
    public void expect(long untilNs) {
        expectedUntilNs = untilNs;
    }

    /** Whether the pass keeps to its window and its loss. Who joins late counts from its first report on: its disk may take a while to open. */
    public boolean isPacing() {
        return isReady && isWaitedFor() && !isPostponed && !isComplete();
    }

    /** Index that the master gave it, from 1. */
    public int index() {
        return index;
    }

    public long nonce() {
        return nonce;
    }

    public UUID slaveId() {
        return slaveId;
    }

    public String label() {
        return label;
    }

    /** As operators are told. */
    public SlaveName name() {
        return new SlaveName(index, label, address.getAddress().getHostAddress(), machine);
    }

    /** What it runs on and what it overwrites. */
    public SlaveMachine machine() {
        return machine;
    }

    public InetSocketAddress address() {
        return address;
    }

    /** It sends from this address now. */
    public void moveTo(InetSocketAddress newAddress) {
        address = newAddress;
    }

    /** The longest symbol that its interface takes. */
    public int largestSymbol() {
        return largestSymbol;
    }

    /** Bytes of the longest announcement that it has heard. */
    public int longestHeard() {
        return longestHeard;
    }

    public long joinedNs() {
        return joinedNs;
    }

    public long lastHeardNs() {
        return lastHeardNs;
    }

    /** Whether its first report has come: its disk is open and it hears the data group. */
    public boolean isReady() {
        return isReady;
    }

    /** Whether it said that it lacks nothing. */
    public boolean isComplete() {
        return report.isComplete();
    }

    public boolean isVerifying() {
        return report.isVerifying();
    }

    public boolean isSilent() {
        return isSilent;
    }

    /** Whether it fell silent for good. */
    public boolean isGivenUp() {
        return isGivenUp;
    }

    /** Whether its disk holds what an earlier life of it received. */
    public boolean isResumed() {
        return isResumed;
    }

    /** Newest datagram of the data group that it has seen. */
    public int sequenceSeen() {
        return report.sequenceSeen();
    }

    /** When it first said that it had seen this datagram. */
    public long lastDataNs() {
        return lastDataNs;
    }

    /** Tracks that it had room for when it reported. */
    public int freeSlots() {
        return report.room().freeSlots();
    }

    /** First track that is not on its disk. */
    public int goodUpTo() {
        return report.tracks().goodUpTo();
    }

    /** How many data tracks of the pass it had heard of when it reported, and those that it had room for: skipped ones need none. */
    public int dataWindowEnd() {
        return report.room().dataWindowEnd();
    }

    public int doneTracks() {
        return report.tracks().done();
    }

    public int missingTracks() {
        return missingTracks;
    }

    /** Bytes a second of its disk. */
    public long diskRate() {
        return report.counters().diskRate();
    }

    /** Datagrams that its socket dropped because it was full. */
    public long dropped() {
        return report.counters().droppedDatagrams();
    }

    /** What it received, lost, dropped and repaired, and how fast its disk was: as its Disconnect says, or its last report. */
    public SlaveCounters counters() {
        return lastCounters == null ? report.counters() : lastCounters;
    }

    /** What it said in its Disconnect; null before that. */
    public SlaveResult.Result result() {
        return result;
    }

    /** Whether it told its end itself: its Disconnect says what it has written. */
    public boolean hasSaidGoodbye() {
        return lastCounters != null;
    }

    public long bytesWritten() {
        return bytesWritten;
    }

    /** Content digest of its Disconnect; empty before that. */
    public byte[] digest() {
        return digest.clone();
    }

    public int errno() {
        return errno;
    }

    /** Why it ended so, in its own words; "" before its Disconnect, and when that did not say. */
    public String why() {
        return why;
    }

    /** Nanoseconds of its work, without the wait for the start: to its end, or to {@code nowNs} when it has not ended. */
    public long elapsedNs(long nowNs) {
        return (isEnded() ? endedNs : nowNs) - begunNs;
    }
}
