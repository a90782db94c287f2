package org.imgblstr.protocol.master;

import org.imgblstr.protocol.repair.ParityPlan;
import org.imgblstr.protocol.repair.RepairLedger;
import org.imgblstr.protocol.repair.RepairQueue;
import org.imgblstr.protocol.wire.ResendRequestFlyweight;

/** The resend list at work (FIG. 3 box 307): what slaves asked for, and which of it goes next, in ascending order. One thread. */
final class Repairs {
    /** Tracks looked at for one that is at hand; the others are asked for meanwhile. */
    private static final int MAX_TRIES = 64;

    private final RepairQueue queue = new RepairQueue();
    private final EngineTracks tracks;
    private final FlowControl flow;
    private final TrackSender sender;
    private final RequestIntake intake;
    private int place;

    Repairs(
            KindMap kinds,
            RepairLedger ledger,
            ParityPlan parity,
            EngineTracks tracks,
            FlowControl flow,
            TrackSender sender) {
        this.tracks = tracks;
        this.flow = flow;
        this.sender = sender;
        this.intake = new RequestIntake(kinds, queue, ledger, parity, tracks, sender);
    }

    /** Takes a valid request; see {@link RequestIntake#take}. */
    boolean take(ResendRequestFlyweight request, boolean isCatchUp) {
        return intake.take(request, isCatchUp);
    }

    boolean isAny() {
        return !queue.isEmpty() || intake.hasSkips();
    }

    /** Tracks in the queue. */
    int size() {
        return queue.size();
    }

    /** Drops everything: slaves say again what they lack. */
    void clear() {
        queue.clear();
    }

    /**
     * Gives the sender the next repair that can go now; false when there is none.
     *
     * @param isCatchUp whether tracks that are not held are read again, and the pass no longer keeps slaves from being flooded
     */
    boolean begin(boolean isCatchUp, long reportIntervalMs, long nowNs) {
        if (flow.isAnySocketFull(reportIntervalMs, nowNs)) {
            return false;
        }
        if (intake.sendSkips()) {
            return true;
        }
        int track = first();
        for (int tries = MAX_TRIES; track >= 0 && tries > 0; tries--) {
            int need = queue.need(track);
            boolean mustWait = need == RepairQueue.WHOLE && isCatchUp && !flow.isRoomForTracks(reportIntervalMs, nowNs);
            if (!mustWait && tracks.isHeld(track, queue.leastGeneration(track))) {
                queue.remove(track);
                place = track + 1;
                sender.beginRepair(track, need);
                return true;
            }
            if (!mustWait && isCatchUp) {
                tracks.request(track);
            } else if (!mustWait) {
                queue.remove(track);
            }
            track = queue.next(track + 1);
        }
        return false;
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
