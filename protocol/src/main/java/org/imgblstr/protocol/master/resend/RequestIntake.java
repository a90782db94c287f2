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

    /**
     * The part of all that is sent that whole tracks may take while the pass runs. They hold no slot at the slave that lacks them, so they
     * can wait for the catch-up, when who has everything is gone: a slave that joins late does not delay the others.
     */
    private static final int WHOLE_SHARE = 64;

    private final KindMap kinds;
    private final RepairQueue repairs;
    private final Askers askers;
    private final RepairLedger ledger;
    private final ParityPlan parity;
    private final EngineTracks tracks;
    private final TrackSender sender;
    private final TreeMap<Integer, Integer> skipEnds = new TreeMap<>();
    private long wholeBytes;

    RequestIntake(
            KindMap kinds,
            RepairQueue repairs,
            Askers askers,
            RepairLedger ledger,
            ParityPlan parity,
            EngineTracks tracks,
            TrackSender sender) {
        this.kinds = kinds;
        this.repairs = repairs;
        this.askers = askers;
        this.ledger = ledger;
        this.parity = parity;
        this.tracks = tracks;
        this.sender = sender;
    }

    /**
     * Takes a valid request.
     *
     * @param takesAll false while the pass runs: tracks that are not held wait for the catch-up
     * @return whether anything was queued
     */
    boolean take(ResendRequestFlyweight request, boolean takesAll) {
        int budget = MAX_TRACKS;
        boolean isAnyQueued = false;
        for (int i = 0; i < request.records() && budget > 0; i++) {
            int track = request.firstTrack(i);
            int end = track + request.count(i);
            if (!tracks.isDigest(track)) {
                end = Math.min(end, kinds.endTrack());
            }
            while (track < end && budget > 0) {
                if (tracks.isDigest(track) || kinds.kindOf(track).isEncoded()) {
                    isAnyQueued |= takeData(request, i, track, takesAll);
                    track++;
                    budget--;
                } else {
                    int runEnd = kinds.runEnd(track, end);
                    isAnyQueued |= takeSkip(request, track, runEnd);
                    track = runEnd;
                }
            }
        }
        return isAnyQueued;
    }

    private boolean takeData(ResendRequestFlyweight request, int record, int track, boolean takesAll) {
        boolean isOnItsWay = sender.isRepairing(track) || ledger.isOnItsWay(track, request.sequenceSeen());
        int generation = request.generation(record);
        if (isOnItsWay || (!takesAll && !tracks.isHeld(track, generation))) {
            return false;
        }
        int symbols = symbolsOf(request, record, track);
        boolean isUrgent = request.symbolsNeeded(record) != 0;
        if (symbols == 0 && !takesAll && !isUrgent && !mayTakeWhole(track)) {
            return false;
        }
        parity.onAsked(track, symbols, ledger.paritySent(track));
        repairs.add(track, symbols == 0 ? RepairQueue.WHOLE : symbols);
        askers.add(track, request.slave());
        if (generation == SectorDataFlyweight.ALONE) {
            repairs.onlyAlone(track);
        }
        return true;
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

    private boolean takeSkip(ResendRequestFlyweight request, int firstTrack, int end) {
        if (ledger.isOnItsWay(firstTrack, request.sequenceSeen()) || skipEnds.size() >= MAX_SKIPS) {
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
