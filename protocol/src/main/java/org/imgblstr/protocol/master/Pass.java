package org.imgblstr.protocol.master;

import org.imgblstr.protocol.master.flow.FlowControl;
import org.imgblstr.protocol.master.membership.SlowLadder;
import org.imgblstr.protocol.master.resend.Repairs;
import org.imgblstr.protocol.master.sending.TrackSender;
import org.imgblstr.protocol.master.tracks.EngineTracks;
import org.imgblstr.protocol.master.tracks.KindMap;
import org.imgblstr.protocol.master.tracks.TrackSupply;
import org.imgblstr.protocol.repair.ParityPlan;

/** What goes next while the pass runs (FIG. 3 boxes 304, 306, 307): the next track of the source, or a repair. One thread. */
final class Pass {
    /** What came of looking for something to send. */
    enum Step {
        /** Neither the source nor a repair has anything that may go now. */
        NOTHING,
        /** The sender has something to send, or the pass has gone on by itself. */
        BEGUN,
        /** The source has no more tracks. */
        ENDED
    }

    private static final int ONE_COUNTS = 3;

    /** What the pass or repairs are ahead of each other counts up to so many symbols: some tracks of each of several slaves. */
    private static final int MOST_AHEAD = 1024;

    /** A pass that cannot go on for so long leaves room for what goes beyond the shares of slaves. */
    private static final long STALLED_NS = 5_000_000;

    private final EngineTracks tracks;
    private final KindMap kinds;
    private final ParityPlan parity;
    private final FlowControl flow;
    private final SlowLadder ladder;
    private final Repairs repairs;
    private final TrackSender sender;
    private byte[] contentDigest = {};
    private boolean isSourceReady;
    private int passIsAhead;
    private boolean isStalled;
    private long stalledNs;

    Pass(
            EngineTracks tracks,
            KindMap kinds,
            ParityPlan parity,
            FlowControl flow,
            SlowLadder ladder,
            Repairs repairs,
            TrackSender sender) {
        this.tracks = tracks;
        this.kinds = kinds;
        this.parity = parity;
        this.flow = flow;
        this.ladder = ladder;
        this.repairs = repairs;
        this.sender = sender;
    }

    /** Takes the next repair or the next item of the pass. */
    Step beginNext(long nowNs) {
        boolean mayPass = flow.isWindowOpen(kinds.dataCount(), nowNs);
        TrackSupply.Item item = tracks.next();
        isSourceReady = item != null;
        ladder.onSource(isSourceReady, nowNs);
        boolean isPassReady = item != null && (mayPass || !(item instanceof TrackSupply.Data));
        if (isPassReady || !isStalled) {
            stalledNs = nowNs;
        }
        isStalled = !isPassReady;
        // Repairs take half of the rate at most while the pass can go on.
        if (repairs.isAny() && (!isPassReady || passIsAhead >= 0) && repairs.begin(nowNs)) {
            return Step.BEGUN;
        }
        if (isStalled && nowNs - stalledNs >= STALLED_NS && repairs.beginBeyond(nowNs)) {
            return Step.BEGUN;
        }
        if (!isPassReady) {
            sender.flushSkips();
            return Step.NOTHING;
        }
        return begin(item);
    }

    /** A digest track follows the last track that it describes, and the last one comes before the end. A delta session sends them when asked. */
    private Step beginDigest(int track) {
        if (tracks.held(track) == null) {
            sender.flushSkips();
            return Step.NOTHING;
        }
        sender.beginTrack(track);
        tracks.onDigestBegun();
        return Step.BEGUN;
    }

    private Step begin(TrackSupply.Item item) {
        int digest = tracks.nextDigest();
        if (digest >= 0) {
            return beginDigest(digest);
        }
        if (item instanceof TrackSupply.Data data) {
            tracks.note(data);
            parity.onSeenByAll(flow.seenByAll());
            tracks.forget(flow.goodForAll());
            sender.beginTrack(data.track());
        } else if (item instanceof TrackSupply.Skip skip) {
            sender.addSkip(skip.firstTrack(), skip.count(), skip.kind());
            tracks.take(skip);
        } else if (item instanceof TrackSupply.Leaves described) {
            tracks.take(described);
        } else if (item instanceof TrackSupply.End end) {
            contentDigest = end.contentDigest();
            tracks.advance();
            sender.flushSkips();
            return Step.ENDED;
        }
        return Step.BEGUN;
    }

    /** Whether the source had something to send when it was looked at last. */
    boolean isSourceReady() {
        return isSourceReady;
    }

    /** Sends a batch of what was begun. */
    void sendBatch(long nowNs) {
        boolean isRepair = sender.isRepairing();
        int count = sender.sendBatch(nowNs);
        if (!isRepair) {
            repairs.onPassSent(count);
        }
        int ahead = passIsAhead + (isRepair ? -weight() * count : count);
        passIsAhead = Math.max(-MOST_AHEAD, Math.min(MOST_AHEAD, ahead));
    }

    /**
     * What one slave alone asked for counts thrice: so it gets half of what repairs get at most, when the pass has a turn for each. What goes beyond
     * the share of a slave takes no turn of the pass.
     */
    private int weight() {
        if (repairs.isBeyond()) {
            return 0;
        }
        return repairs.isForOne() ? ONE_COUNTS : 1;
    }

    /** D of the manifest, zeros while it is not known; null in an open session. */
    byte[] root() {
        return tracks.root();
    }

    /** 32 bytes once the pass has ended. */
    byte[] contentDigest() {
        return contentDigest;
    }
}
