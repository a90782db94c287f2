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

    /** A slave that alone has caused repairs of so many times the image is postponed. */
    private static final int MOST_OF_PASS = 3;

    private final RepairQueue queue = new RepairQueue();
    /** Asked of the supply, which holds them until they are released. */
    private final TreeSet<Integer> awaited = new TreeSet<>();

    private final EngineTracks tracks;
    private final FlowControl flow;
    private final TrackSender sender;
    private final RequestIntake intake;
    private final Askers askers = new Askers();
    private final SlowLadder ladder;

    /** Bytes of repairs that one slave alone asked for, by its index. */
    private final Map<Integer, Long> bytesForOne = new HashMap<>();

    private long passBytes;
    private boolean isCatchUp;
    private boolean isForOne;
    private int place;

    public Repairs(
            KindMap kinds,
            RepairLedger ledger,
            ParityPlan parity,
            EngineTracks tracks,
            FlowControl flow,
            TrackSender sender,
            SlowLadder ladder) {
        this.ladder = ladder;
        this.tracks = tracks;
        this.flow = flow;
        this.sender = sender;
        this.intake = new RequestIntake(kinds, queue, askers, ledger, parity, tracks, sender);
    }

    /** Takes a valid request; see {@link RequestIntake#take}. In the catch-up a slave that was postponed is served when nobody else asks. */
    public boolean take(ResendRequestFlyweight request, SlaveEntry slave) {
        boolean mustWait = isCatchUp && slave.isPostponed() && isAny();
        return !mustWait && intake.take(request, isCatchUp);
    }

    /** Whether one slave alone has asked for the repair that was begun last, and others take part. */
    public boolean isForOne() {
        return isForOne;
    }

    public boolean isAny() {
        return !queue.isEmpty() || intake.hasSkips();
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
        passBytes = sender.wireBytes();
        queue.clear();
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
        if (beginNext(nowNs)) {
            return true;
        }
        return beginAwaited(nowNs);
    }

    private boolean beginNext(long nowNs) {
        int track = first();
        boolean hasTurned = place == 0;
        for (int tries = MAX_TRIES; track >= 0 && tries > 0; tries--) {
            int need = queue.need(track);
            boolean mustWait = mustWait(need, nowNs);
            if (!mustWait && tracks.isHeld(track, queue.leastGeneration(track))) {
                begin(track, need, nowNs);
                return true;
            }
            if (!mustWait && isCatchUp) {
                request(track);
            } else if (!mustWait) {
                queue.remove(track);
                askers.remove(track);
            }
            track = queue.next(track + 1);
            // Behind this place there may be only digest tracks that wait for what comes before it.
            if (track < 0 && !hasTurned) {
                hasTurned = true;
                track = queue.next(0);
            }
        }
        return false;
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
                } else if (!mustWait(need, nowNs)) {
                    begin(track, need, nowNs);
                    return true;
                }
            }
        }
        return false;
    }

    private boolean mustWait(int need, long nowNs) {
        return need == RepairQueue.WHOLE && isCatchUp && !flow.isRoomForTracks(nowNs);
    }

    private void begin(int track, int need, long nowNs) {
        isForOne = ladder.areSeveral() && askers.of(track) != Askers.SEVERAL;
        if (isForOne && isCatchUp) {
            int asker = askers.of(track);
            long bytes = bytesForOne.merge(asker, (long) tracks.held(track).remaining(), Long::sum);
            if (bytes > MOST_OF_PASS * passBytes) {
                ladder.onGreedy(asker, nowNs);
            }
        }
        queue.remove(track);
        askers.remove(track);
        awaited.remove(track);
        place = track + 1;
        sender.beginRepair(track, need);
    }

    private void request(int track) {
        if (tracks.isDigest(track)) {
            // What is read for a repair is hashed then. Nothing is read for a digest track alone before the repairs are
            // done.
            if (tracks.isDigest(queue.next(0))) {
                tracks.request(track);
            }
        } else if (awaited.contains(track) || awaited.size() < MAX_AWAITED) {
            tracks.request(track);
            awaited.add(track);
        }
    }

    private int first() {
        int track = queue.next(place);
        if (track < 0) {
            place = 0;
            track = queue.next(0);
        }
        return track;
    }
}
