package org.imgblstr.protocol.master.resend;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeSet;
import org.imgblstr.protocol.master.flow.FlowControl;
import org.imgblstr.protocol.master.membership.SlowLadder;
import org.imgblstr.protocol.master.sending.TrackSender;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.tracks.EngineTracks;
import org.imgblstr.protocol.master.tracks.KindMap;
import org.imgblstr.protocol.repair.ParityPlan;
import org.imgblstr.protocol.repair.RepairLedger;
import org.imgblstr.protocol.repair.RepairQueue;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;

/** The resend list at work (FIG. 3 box 307): what slaves asked for, and which of it goes next, in ascending order. One thread. */
public final class Repairs {
    /** Tracks looked at for one that is at hand; the others are asked for meanwhile. */
    private static final int MAX_TRIES = 64;

    /** Tracks that are read again at a time: as many as the supply has room for, when they are not longer than usual. */
    private static final int MAX_AWAITED = 128;

    /**
     * Whole tracks among them: those that wait for room at a slave leave the other half to what its half received tracks lack, which alone
     * makes room there.
     */
    private static final int MAX_WHOLE_AWAITED = MAX_AWAITED / 2;

    /** A slave that alone has caused repairs of so many times the image is postponed. */
    private static final int MOST_TIMES = 3;

    /** What a repair sends is counted in so many parts of its track. */
    private static final int PARTS = 256;

    /** Tracks for slaves that were postponed that go at a time, when nobody else asks for anything. */
    private static final int LAST_AT_A_TIME = 16;

    private final RepairQueue queue = new RepairQueue();

    /** What goes when nothing else does. */
    private final RepairQueue beyond = new RepairQueue();

    /** Asked of the supply, which holds them until they are released. */
    private final TreeSet<Integer> awaited = new TreeSet<>();

    private final EngineTracks tracks;
    private final FlowControl flow;
    private final TrackSender sender;
    private final RequestIntake intake;
    private final Askers askers = new Askers();
    private final SlowLadder ladder;

    private final KindMap kinds;

    /** Parts of tracks that were sent again in the catch-up for one slave alone, by its index. */
    private final Map<Integer, Long> partsFor = new HashMap<>();

    private boolean isCatchUp;
    private boolean isForOne;
    private boolean isBeyond;
    private int place;
    private int beyondPlace;

    public Repairs(
            KindMap kinds,
            RepairLedger ledger,
            ParityPlan parity,
            EngineTracks tracks,
            FlowControl flow,
            TrackSender sender,
            SlowLadder ladder) {
        this.kinds = kinds;
        this.ladder = ladder;
        this.tracks = tracks;
        this.flow = flow;
        this.sender = sender;
        this.intake = new RequestIntake(
                kinds, new RequestIntake.Queues(queue, beyond), askers, ledger, parity, tracks, sender);
    }

    /** Takes a valid request; see {@link RequestIntake#take}. In the catch-up a slave that was postponed is served when nobody else asks. */
    public boolean take(ResendRequestFlyweight request, SlaveEntry slave) {
        return intake.take(request, rule(slave));
    }

    private RequestIntake.Rule rule(SlaveEntry slave) {
        if (isCatchUp) {
            return slave.isPostponed() ? RequestIntake.Rule.LAST : RequestIntake.Rule.CATCH_UP;
        }
        return ladder.areSeveral() ? RequestIntake.Rule.SHARED_PASS : RequestIntake.Rule.PASS;
    }

    /** The pass has sent so many symbols: the shares of slaves grow with it. */
    public void onPassSent(int symbols) {
        intake.onPassSent(symbols);
    }

    /** Whether one slave alone has asked for the repair that was begun last, and others take part. */
    public boolean isForOne() {
        return isForOne;
    }

    /** Whether the repair that was begun last goes beyond the share of a slave: it was begun when nothing else was to be sent. */
    public boolean isBeyond() {
        return isBeyond;
    }

    public boolean isAny() {
        return !queue.isEmpty() || !beyond.isEmpty() || intake.hasSkips();
    }

    /** Tracks in the queue. */
    public int size() {
        return queue.size();
    }

    /**
     * The pass has ended, and the catch-up begins: tracks that are not held are read again from now on, and the window of the pass no longer
     * keeps slaves from being flooded. What is queued is dropped, as slaves say again what they lack.
     */
    public void onPassEnded() {
        isCatchUp = true;
        queue.clear();
        beyond.clear();
        askers.clear();
    }

    /** Gives the sender the next repair that can go now; false when there is none. */
    public boolean begin(long nowNs) {
        if (flow.isAnySocketFull(nowNs)) {
            return false;
        }
        if (intake.sendSkips()) {
            return true;
        }
        for (int i = 0; i < LAST_AT_A_TIME && isCatchUp && (i > 0 || queue.isEmpty()); i++) {
            admitBeyond();
        }
        if (beginNext(nowNs)) {
            return true;
        }
        return beginAwaited(nowNs);
    }

    /** The pass cannot go on, and no other repair may: gives the sender a track that goes beyond the share of a slave; false when there is none. */
    public boolean beginBeyond(long nowNs) {
        if (flow.isAnySocketFull(nowNs)) {
            return false;
        }
        for (int tries = MAX_TRIES; tries > 0 && admitBeyond(); tries--) {
            if (beginNext(nowNs)) {
                isBeyond = true;
                return true;
            }
        }
        return false;
    }

    /** By turns, so that nobody who asks for the same tracks again and again keeps others from theirs. Returns false when there is none. */
    private boolean admitBeyond() {
        int track = beyond.next(beyondPlace);
        if (track < 0) {
            track = beyond.next(0);
        }
        if (track < 0) {
            return false;
        }
        queue.add(track, beyond.need(track));
        if (beyond.leastGeneration(track) == SectorDataFlyweight.ALONE) {
            queue.onlyAlone(track);
        }
        beyond.remove(track);
        beyondPlace = track + 1;
        return true;
    }

    private boolean beginNext(long nowNs) {
        // However many whole tracks wait for room, what half received ones lack is found behind them: that alone may
        // make room.
        boolean mayWhole = !isCatchUp || flow.isRoomForTracks(nowNs);
        int wholeLeft = isCatchUp && mayWhole ? wholeLeft(nowNs) : 0;
        int track = first(mayWhole);
        boolean hasTurned = place == 0;
        for (int tries = MAX_TRIES; track >= 0 && tries > 0; tries--) {
            if (tracks.isHeld(track, queue.leastGeneration(track))) {
                begin(track, queue.need(track), nowNs);
                return true;
            }
            if (isCatchUp) {
                wholeLeft -= request(track, wholeLeft > 0) ? 1 : 0;
            } else {
                queue.remove(track);
                askers.remove(track);
            }
            track = next(track + 1, mayWhole);
            // Behind this place there may be only digest tracks that wait for what comes before it.
            if (track < 0 && !hasTurned) {
                hasTurned = true;
                track = next(0, mayWhole);
            }
        }
        return false;
    }

    private int next(int fromTrack, boolean mayWhole) {
        return mayWhole ? queue.next(fromTrack) : queue.nextPart(fromTrack);
    }

    /**
     * What was read again goes also when much is asked for before it that is not at hand, and is let go when nobody lacks it any more: else
     * the supply would be full for ever.
     */
    private boolean beginAwaited(long nowNs) {
        for (Iterator<Integer> each = awaited.iterator(); each.hasNext(); ) {
            int track = each.next();
            int need = queue.need(track);
            if (tracks.isHeld(track, SectorDataFlyweight.ALONE)) {
                if (need == 0) {
                    each.remove();
                    tracks.release(track);
                } else if (need != RepairQueue.WHOLE || !isCatchUp || flow.isRoomForTracks(nowNs)) {
                    begin(track, need, nowNs);
                    return true;
                }
            }
        }
        return false;
    }

    private void begin(int track, int need, long nowNs) {
        isForOne = ladder.areSeveral() && askers.of(track) != Askers.SEVERAL;
        isBeyond = false;
        if (isForOne && isCatchUp) {
            int parts = PARTS * sender.repairSymbols(track, need) / sender.sourceSymbols(track);
            charge(askers.of(track), parts, nowNs);
        }
        queue.remove(track);
        beyond.remove(track);
        askers.remove(track);
        awaited.remove(track);
        place = track + 1;
        sender.beginRepair(track, need);
    }

    /** The image is all its tracks, however few of them the pass of a delta session has sent. */
    private void charge(int slave, int parts, long nowNs) {
        long image = (long) PARTS * Math.max(1, kinds.dataCount());
        if (partsFor.merge(slave, (long) parts, Long::sum) > MOST_TIMES * image) {
            ladder.onGreedy(slave, nowNs);
        }
    }

    /** Returns whether a whole track more is awaited. {@code mayWhole}: whether one more may be. */
    private boolean request(int track, boolean mayWhole) {
        if (tracks.isDigest(track)) {
            // What is read for a repair is hashed then. Nothing is read for a digest track alone before the repairs are
            // done.
            if (tracks.isDigest(queue.next(0))) {
                tracks.request(track);
            }
            return false;
        }
        boolean isWhole = queue.need(track) == RepairQueue.WHOLE;
        boolean mayAwait = awaited.size() < MAX_AWAITED && (mayWhole || !isWhole);
        if (!awaited.contains(track) && !mayAwait) {
            return false;
        }
        tracks.request(track);
        return awaited.add(track) && isWhole;
    }

    /** Whole tracks that may be read again besides those that are. */
    private int wholeLeft(long nowNs) {
        int whole = 0;
        for (int track : awaited) {
            whole += queue.need(track) == RepairQueue.WHOLE ? 1 : 0;
        }
        return Math.min(MAX_WHOLE_AWAITED, flow.leastRoom(nowNs)) - whole;
    }

    private int first(boolean mayWhole) {
        int track = next(place, mayWhole);
        if (track < 0) {
            place = 0;
            track = next(0, mayWhole);
        }
        return track;
    }
}
