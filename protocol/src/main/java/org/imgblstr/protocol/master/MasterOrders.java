package org.imgblstr.protocol.master;

import java.util.List;
import java.util.function.Supplier;
import org.imgblstr.protocol.contract.HoldUp;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.master.membership.Membership;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;
import org.imgblstr.protocol.master.tracks.KindMap;

/**
 * What the operator orders while a session runs, and asks about it. After an order the engine is to be ticked. One thread: that of the engine.
 */
public final class MasterOrders {
    private final Supplier<MasterState> state;
    private final SlaveTable slaves;
    private final Announcer announcer;
    private final Membership membership;
    private final UnderWay underWay;

    MasterOrders(
            Supplier<MasterState> state,
            SlaveTable slaves,
            Announcer announcer,
            Membership membership,
            UnderWay underWay) {
        this.state = state;
        this.slaves = slaves;
        this.announcer = announcer;
        this.membership = membership;
        this.underWay = underWay;
    }

    /** No data is sent until {@link #resume}; slaves hear that the master is there. Returns false when no data flows. */
    public boolean pause(long nowNs) {
        if (!state.get().isUnderWay()) {
            return false;
        }
        underWay.pause();
        announcer.onPause(true, nowNs);
        return true;
    }

    /** Returns false when the session is not paused. */
    public boolean resume(long nowNs) {
        if (!underWay.isPaused()) {
            return false;
        }
        underWay.resume(nowNs);
        announcer.onPause(false, nowNs);
        return true;
    }

    /** Removes a slave. Returns false when it has ended, or does not take part. */
    public boolean kick(SlaveEntry slave, long nowNs) {
        boolean isThere = state.get() != MasterState.OVER && slaves.all().contains(slave) && !slave.isEnded();
        if (isThere) {
            membership.kick(slave, state.get() == MasterState.SEND_GEOMETRY, nowNs);
        }
        return isThere;
    }

    /** Whether the session goes on: slaves may still join, or one of those that joined has not ended. */
    public boolean isAnyLeft() {
        return state.get() == MasterState.SEND_GEOMETRY || !slaves.areAllEnded();
    }

    /** Sends at this rate from now on; 0 adapts. */
    public void rate(long bitsPerSecond) {
        underWay.rate(bitsPerSecond);
    }

    public List<SlaveEntry> slaves() {
        return slaves.all();
    }

    /** Slaves that have joined and are there; the disks of some may not be open yet. */
    public int joinedCount() {
        return (int) slaves.all().stream().filter(SlaveEntry::isWaitedFor).count();
    }

    public SessionPhase phase() {
        return switch (state.get()) {
            case WAIT_FOR_SLAVES -> SessionPhase.OPENING;
            case SEND_GEOMETRY -> SessionPhase.WAITING;
            case SEND_ALL_TRACKS -> underWay.isPaused() ? SessionPhase.PAUSED : SessionPhase.SENDING;
            case CATCH_UP -> underWay.isPaused() ? SessionPhase.PAUSED : afterThePass();
            case FAREWELL -> SessionPhase.FINISHING;
            case OVER -> SessionPhase.OVER;
        };
    }

    private SessionPhase afterThePass() {
        boolean isAnyLacking = slaves.all().stream()
                .anyMatch(slave -> slave.isWaitedFor() && !slave.isComplete() && slave.missingTracks() > 0);
        return isAnyLacking ? SessionPhase.CATCHING_UP : SessionPhase.READING_BACK;
    }

    /** What the tracks are that the pass has reached. */
    public KindMap kinds() {
        return underWay.kinds();
    }

    /** What holds the session up; null when no data flows. */
    public HoldUp holdUp() {
        return state.get().isUnderWay() ? underWay.holdUp() : null;
    }

    /** Whom the session waits for when a slave holds it up; null when nobody. */
    public SlaveEntry furthestBehind() {
        return slaves.furthestBehind();
    }
}
