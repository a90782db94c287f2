package org.imgblstr.protocol.master;

import org.imgblstr.protocol.master.sending.MasterConfig.StartRule;
import org.imgblstr.protocol.master.slaves.SlaveTable;

/** Waiting for slaves (FIG. 3 box 302): when the pass begins, and when it never will. One thread. */
final class Lobby {
    private final StartRule rule;
    private final SlaveTable slaves;
    private boolean isStartOrdered;
    private long openedNs;

    Lobby(StartRule rule, SlaveTable slaves) {
        this.rule = rule;
        this.slaves = slaves;
    }

    void open(long nowNs) {
        openedNs = nowNs;
    }

    /**
     * The operator orders the start: the pass begins with all slaves that are ready, or else with the first slave that
     * becomes ready.
     */
    void orderStart() {
        isStartOrdered = true;
    }

    /** Whether the time is up and too few slaves are ready. */
    boolean isDeserted(long nowNs) {
        return isTimeUp(nowNs) && slaves.readyCount() < rule.minSlaves();
    }

    /** Whether the pass may begin with the slaves that are ready. */
    boolean isTimeToStart(long nowNs) {
        int ready = slaves.readyCount();
        boolean areEnough = rule.slavesWanted() > 0 && ready >= rule.slavesWanted();
        return (areEnough && areExpectedReady()) || isTimeUp(nowNs) || (isStartOrdered && ready > 0);
    }

    private boolean areExpectedReady() {
        return rule.expected().count() == 0
                || rule.expected().missing(slaves.readyNames()).isEmpty();
    }

    private boolean isTimeUp(long nowNs) {
        return rule.isByTime() && leftNs(nowNs) <= 0;
    }

    /** Nanoseconds until the time is up; Long.MAX_VALUE when the pass does not begin by time. */
    long leftNs(long nowNs) {
        return rule.isByTime() ? openedNs + rule.waitNs() - nowNs : Long.MAX_VALUE;
    }
}
