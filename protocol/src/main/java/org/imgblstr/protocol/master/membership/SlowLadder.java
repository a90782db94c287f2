package org.imgblstr.protocol.master.membership;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.master.slaves.ReportInterval;
import org.imgblstr.protocol.master.slaves.SlaveChange;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;

/** What becomes of a slave that holds the others back, or makes no progress at all (docs/protocol.md, section 5). One thread. */
public final class SlowLadder {
    private static final long MS = 1_000_000;

    private static final long LOOK_NS = 250 * MS;

    /** A slave is judged by the share of this time in which it alone held the others back. */
    private static final long JUDGED_NS = 5_000 * MS;

    private static final long JUDGED_AT_ONCE_NS = 1_000 * MS;

    /** Held back for 40 % of the time: it sustains less than 60 % of what the others do. */
    private static final double SLOW_SHARE = 0.4;

    /** A slave counts as present if it has reported within this time, or within so many report intervals. */
    private static final long HEARD_NS = 250 * MS;

    private static final int HEARD_INTERVALS = 3;

    /** Stalls of drives last tens of seconds; longer than this is a fault. */
    private static final long NO_PROGRESS_NS = 60_000 * MS;

    /** An operator who said {@code --slow wait} is patient, but a room must not hang for ever. */
    private static final long NO_PROGRESS_WAITING_NS = 600_000 * MS;

    /** No sync, and no source disk, takes longer than this for one track. */
    private static final long NO_SIGN_NS = 600_000 * MS;

    private final SlowPolicy policy;
    private final SlaveTable slaves;
    private final Membership membership;
    private final MasterEvents events;
    private final ReportInterval interval;

    /** Postponed for good: they would soon be postponed again. */
    private final Set<SlaveEntry> greedy = new HashSet<>();

    private long nextLookNs;
    private long notedNs;
    private long judgedNs;
    private boolean isJudging;
    private boolean isSourceHeldUp;
    private long sourceHeldUpNs;

    public SlowLadder(
            MasterConfig config,
            SlaveTable slaves,
            Membership membership,
            MasterEvents events,
            ReportInterval interval) {
        this.policy = config.slow();
        this.slaves = slaves;
        this.membership = membership;
        this.events = events;
        this.interval = interval;
    }

    /** Data flows from now on: progress is expected. */
    public void start(long nowNs) {
        nextLookNs = nowNs;
        slaves.all().forEach(slave -> slave.begin(nowNs));
    }

    /** Nothing was sent for a while, by order: slaves and the source are judged as after the start. */
    public void resume(long nowNs) {
        nextLookNs = nowNs;
        slaves.all().forEach(slave -> slave.progressFrom(nowNs));
        isJudging = false;
        isSourceHeldUp = false;
        slaves.all().forEach(SlaveEntry::takeHeldBackNs);
    }

    /** {@code isAnyHeldBack}: whether some slaves have room for the next track and wait for those that are marked as blocking. */
    public void note(boolean isAnyHeldBack, long nowNs) {
        long elapsedNs = isJudging ? nowNs - notedNs : 0;
        notedNs = nowNs;
        if (!isJudging) {
            isJudging = true;
            judgedNs = nowNs;
        }
        if (!isAnyHeldBack) {
            return;
        }
        long heardSinceNs = nowNs - Math.max(HEARD_NS, HEARD_INTERVALS * interval.ns());
        for (SlaveEntry slave : slaves.all()) {
            // A slave that sends nothing is silent, not slow; Membership deals with silent slaves.
            if (slave.lastHeardNs() - heardSinceNs >= 0) {
                slave.heldBack(elapsedNs);
            }
        }
    }

    /** Whether the pass has something to send, or waits for its source. */
    public void onSource(boolean isReady, long nowNs) {
        if (isReady || !isSourceHeldUp) {
            sourceHeldUpNs = nowNs;
        }
        isSourceHeldUp = !isReady;
    }

    /** Whether nothing came from the source of the pass for longer than any source takes: slaves are not to wait for ever. */
    public boolean isSourceLost(long nowNs) {
        return isSourceHeldUp && nowNs - sourceHeldUpNs >= NO_SIGN_NS;
    }

    /**
     * Does with slow slaves what the policy says.
     *
     * @param sentTracks the tracks that the pass has sent: who has all of them waits for the master; Integer.MAX_VALUE when the pass is over
     */
    public void judge(int sentTracks, long nowNs) {
        if (nextLookNs - nowNs > 0) {
            return;
        }
        nextLookNs = nowNs + LOOK_NS;
        long spanNs = policy == SlowPolicy.LADDER ? JUDGED_NS : JUDGED_AT_ONCE_NS;
        if (policy != SlowPolicy.WAIT && isJudging && nowNs - judgedNs >= spanNs) {
            postponeSlow(nowNs);
        }
        if (slaves.all().stream().noneMatch(SlaveEntry::isPacing)) {
            slaves.all().forEach(this::resume);
        }
        for (SlaveEntry slave : List.copyOf(slaves.all())) {
            if (slave.doneTracks() >= sentTracks) {
                slave.progress().from(nowNs);
            } else if (isStuck(slave, nowNs)) {
                membership.remove(slave, "it made no progress for too long", nowNs);
            }
        }
    }

    private void postponeSlow(long nowNs) {
        double tooLongNs = SLOW_SHARE * (nowNs - judgedNs);
        judgedNs = nowNs;
        List<SlaveEntry> slow = new ArrayList<>();
        int pacing = 0;
        for (SlaveEntry slave : slaves.all()) {
            boolean isSlow = slave.takeHeldBackNs() > tooLongNs;
            if (slave.isPacing()) {
                pacing++;
                if (isSlow) {
                    slow.add(slave);
                }
            }
        }
        // When half of them are slow, perhaps by turns, it is the room that is slow, or the machine that all of it runs
        // on.
        if (slow.size() == 1 || 2 * slow.size() < pacing) {
            slow.forEach(slave -> postponeOrRemove(slave, SlaveChange.POSTPONED_AS_TOO_SLOW, nowNs));
        }
    }

    /**
     * Waits again for postponed slaves if no other slave is left: waiting delays nobody then, and without a slave to
     * wait for the pass would stand still.
     */
    private void resume(SlaveEntry slave) {
        if (slave.isPostponed() && slave.isWaitedFor() && !slave.isComplete() && !greedy.contains(slave)) {
            slave.resume();
            events.onChanged(slave, SlaveChange.AWAITED_AGAIN);
        }
    }

    /** One slave loses data at any rate, and the others do not: does with it what the policy says. Returns whether the pass goes on without it. */
    public boolean onIncurableLoss(SlaveEntry slave, long nowNs) {
        if (policy == SlowPolicy.WAIT) {
            return false;
        }
        postponeOrRemove(slave, SlaveChange.POSTPONED_AS_LOSSY, nowNs);
        return true;
    }

    /** Whether more than one slave is waited for and lacks something: then one can take from another. */
    public boolean areSeveral() {
        int count = 0;
        for (SlaveEntry slave : slaves.all()) {
            count += slave.isWaitedFor() && !slave.isComplete() ? 1 : 0;
        }
        return count > 1;
    }

    /** A slave alone has caused more repairs than any network explains: does with it what the policy says, once. {@code index}: its index. */
    public void onGreedy(int index, long nowNs) {
        SlaveEntry slave = slaves.ofIndex(index);
        if (slave != null && policy != SlowPolicy.WAIT && !slave.isPostponed() && !slave.isEnded()) {
            greedy.add(slave);
            if (policy == SlowPolicy.DROP) {
                membership.bar(slave);
            }
            postponeOrRemove(slave, SlaveChange.POSTPONED_AS_GREEDY, nowNs);
        }
    }

    private void postponeOrRemove(SlaveEntry slave, SlaveChange change, long nowNs) {
        if (policy == SlowPolicy.DROP) {
            membership.remove(slave, "it " + change.why(), nowNs);
        } else {
            slave.postpone();
            events.onChanged(slave, change);
        }
    }

    /** Whether a slave that reports has made no progress for longer than any drive stalls. */
    private boolean isStuck(SlaveEntry slave, long nowNs) {
        long limitNs = policy == SlowPolicy.WAIT ? NO_PROGRESS_WAITING_NS : NO_PROGRESS_NS;
        long ownNs = slave.isVerifying() ? Math.max(limitNs, NO_SIGN_NS) : limitNs;
        return slave.isWaitedFor() && !slave.isComplete() && slave.progress().isStuck(ownNs, nowNs);
    }
}
