package org.imgblstr.protocol.master.resend;

import java.util.Map;
import java.util.TreeMap;
import org.imgblstr.protocol.master.sending.TrackSender;
import org.imgblstr.protocol.master.tracks.EngineTracks;
import org.imgblstr.protocol.master.tracks.KindMap;
import org.imgblstr.protocol.repair.ParityPlan;
import org.imgblstr.protocol.repair.RepairLedger;
import org.imgblstr.protocol.repair.RepairQueue;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;

/**
 * Turns Resend Requests into repairs (FIG. 3 box 307): drops what is on its way already, answers skipped tracks with their ranges, queues
 * the rest. Work and memory for one request are bounded whatever ranges it names. One thread.
 */
final class RequestIntake {
    /** Data tracks taken from one request at most; 4096 tracks are 1 GiB, more than is sent before the next request comes. */
    private static final int MAX_TRACKS = 4096;

    private static final int MAX_SKIPS = 4096;

    /** Skip ranges taken from one request at most. */
    private static final int MAX_SKIPS_OF_REQUEST = 1024;

    /** Skip ranges that cost what a symbol does: fewer than a datagram has room for. */
    private static final int SKIPS_OF_SYMBOL = 64;

    /** Tracks that wait beyond the shares of slaves at most; the oldest goes, as slaves say again what they lack. */
    private static final int MAX_BEYOND = 4096;

    /**
     * The part of all that is sent that whole tracks may take while the pass runs. They hold no slot at the slave that lacks them, so they
     * can wait for the catch-up, when who has everything is gone: a slave that joins late does not delay the others.
     */
    private static final int WHOLE_SHARE = 64;

    private final KindMap kinds;
    private final RepairQueue repairs;
    private final RepairQueue beyond;
    private final Askers askers;
    private final Shares shares = new Shares();
    private final RepairLedger ledger;
    private final ParityPlan parity;
    private final EngineTracks tracks;
    private final TrackSender sender;
    private final TreeMap<Integer, Integer> skipEnds = new TreeMap<>();
    private long wholeBytes;
    private long skipsAsked;

    /** {@code queues}: what goes in its turn, and what goes when nothing else does. */
    RequestIntake(
            KindMap kinds,
            Queues queues,
            Askers askers,
            RepairLedger ledger,
            ParityPlan parity,
            EngineTracks tracks,
            TrackSender sender) {
        this.kinds = kinds;
        this.repairs = queues.due();
        this.beyond = queues.beyond();
        this.askers = askers;
        this.ledger = ledger;
        this.parity = parity;
        this.tracks = tracks;
        this.sender = sender;
    }

    /** What goes in its turn, and what goes when nothing else does. */
    record Queues(RepairQueue due, RepairQueue beyond) {}

    /** How a request is taken. */
    enum Rule {
        /** While the pass runs: tracks that are not held wait for the catch-up. */
        PASS(false),
        /** The same when several slaves lack something: what goes beyond the share of one waits until the pass cannot go on. */
        SHARED_PASS(false),
        CATCH_UP(true),
        /** Of a slave that was postponed: what it asks for waits until nothing else is asked for. */
        LAST(true);

        private final boolean takesAll;

        Rule(boolean takesAll) {
            this.takesAll = takesAll;
        }
    }

    /** The pass has sent so many symbols: the shares of slaves grow with it. */
    void onPassSent(int symbols) {
        shares.onPassSent(symbols);
    }

    /** Takes a valid request. Returns whether anything was queued. */
    boolean take(ResendRequestFlyweight request, Rule rule) {
        int budget = MAX_TRACKS;
        int skipBudget = MAX_SKIPS_OF_REQUEST;
        boolean isAnyQueued = false;
        for (int i = 0; i < request.records() && budget > 0; i++) {
            int track = request.firstTrack(i);
            int end = track + request.count(i);
            if (!tracks.isDigest(track)) {
                end = Math.min(end, kinds.endTrack());
            }
            while (track < end && budget > 0) {
                if (tracks.isDigest(track) || kinds.kindOf(track).isEncoded()) {
                    isAnyQueued |= takeData(request, i, track, rule);
                    track++;
                    budget--;
                } else if (skipBudget-- > 0) {
                    int runEnd = kinds.runEnd(track, end);
                    isAnyQueued |= takeSkip(request, track, runEnd, rule);
                    track = runEnd;
                } else {
                    budget = 0;
                }
            }
        }
        return isAnyQueued;
    }

    private boolean takeData(ResendRequestFlyweight request, int record, int track, Rule rule) {
        boolean isOnItsWay = sender.isRepairing(track) || ledger.isOnItsWay(track, request.sequenceSeen());
        int generation = request.generation(record);
        if (isOnItsWay || (!rule.takesAll && !tracks.isHeld(track, generation))) {
            return false;
        }
        int symbols = symbolsOf(request, record, track);
        boolean isUrgent = request.symbolsNeeded(record) != 0;
        if (symbols == 0 && !rule.takesAll && !isUrgent && !mayTakeWhole(track)) {
            return false;
        }
        int need = symbols == 0 ? RepairQueue.WHOLE : symbols;
        boolean isDue = isDue(track, need, request.slave(), rule);
        if (isDue) {
            parity.onAsked(track, symbols, ledger.paritySent(track));
        } else {
            makeRoomBeyond();
        }
        askers.add(track, request.slave());
        RepairQueue queue = isDue ? repairs : beyond;
        queue.add(track, need);
        if (generation == SectorDataFlyweight.ALONE) {
            queue.onlyAlone(track);
        }
        return true;
    }

    /**
     * Whether a track goes in its turn. So much of it as another slave asked for, too, does: it is as with a room that loses data. What goes beyond that
     * is paid from the share of the slave. Parity that was sent for a track counts as asked for, because it was: else a slave could have ever more of it
     * sent to all.
     */
    private boolean isDue(int track, int need, int slave, Rule rule) {
        if (rule != Rule.SHARED_PASS) {
            return rule != Rule.LAST;
        }
        // When several have asked, what lies beyond may be this slave's own.
        int other = askers.of(track);
        int asked = Math.max(repairs.need(track), other == Askers.SEVERAL ? 0 : beyond.need(track));
        if (asked > 0 && other != slave) {
            repairs.add(track, Math.min(asked, need));
        }
        int due = repairs.need(track);
        if (due >= need) {
            return true;
        }
        int paid = due == 0 ? -ledger.paritySent(track) : sender.repairSymbols(track, due);
        return shares.take(slave, sender.repairSymbols(track, need) - paid);
    }

    private void makeRoomBeyond() {
        if (beyond.size() >= MAX_BEYOND) {
            int oldest = beyond.next(0);
            beyond.remove(oldest);
            if (repairs.need(oldest) == 0) {
                askers.remove(oldest);
            }
        }
    }

    /** Symbols that a track lacks, 0 for all: also where those that the slave holds are of another encoding than will be sent. */
    private int symbolsOf(ResendRequestFlyweight request, int record, int track) {
        boolean isSame = tracks.held(track) == null
                ? request.generation(record) == SectorDataFlyweight.ALONE
                : request.generation(record) == tracks.generation(track);
        int symbols = request.symbolsNeeded(record);
        return isSame && symbols < ResendRequestFlyweight.ALL_NOW ? symbols : 0;
    }

    private boolean mayTakeWhole(int track) {
        boolean isQueued = repairs.need(track) == RepairQueue.WHOLE;
        if (!isQueued && wholeBytes < sender.wireBytes() / WHOLE_SHARE) {
            wholeBytes += tracks.held(track).remaining();
            return true;
        }
        return isQueued;
    }

    private boolean takeSkip(ResendRequestFlyweight request, int firstTrack, int end, Rule rule) {
        if (ledger.isOnItsWay(firstTrack, request.sequenceSeen()) || skipEnds.size() >= MAX_SKIPS) {
            return false;
        }
        boolean isToPay = rule == Rule.SHARED_PASS && skipsAsked++ % SKIPS_OF_SYMBOL == 0;
        if (isToPay && !shares.take(request.slave(), 1)) {
            return false;
        }
        skipEnds.merge(firstTrack, end, Math::max);
        return true;
    }

    /** Sends all skip ranges that were asked for. Returns whether there were any. */
    boolean sendSkips() {
        if (skipEnds.isEmpty()) {
            return false;
        }
        for (Map.Entry<Integer, Integer> skip : skipEnds.entrySet()) {
            int first = skip.getKey();
            sender.addSkip(first, skip.getValue() - first, kinds.kindOf(first));
        }
        sender.flushSkips();
        for (int first : skipEnds.keySet()) {
            ledger.onSent(first, 0, sender.sequence());
        }
        skipEnds.clear();
        return true;
    }

    boolean hasSkips() {
        return !skipEnds.isEmpty();
    }
}
