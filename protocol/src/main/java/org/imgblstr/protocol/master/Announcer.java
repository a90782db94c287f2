package org.imgblstr.protocol.master;

import org.imgblstr.protocol.master.sending.MasterCommands;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.master.sending.SymbolSize;
import org.imgblstr.protocol.master.slaves.SlaveTable;

/** Announces the session with Drive Geometry while it lasts (FIG. 3 box 302). One thread. */
final class Announcer {
    private static final long MS = 1_000_000;
    private static final long INTERVAL_NS = 500 * MS;

    /** While a slave that has just joined may yet hear a padded one. */
    private static final long PROOF_INTERVAL_NS = 100 * MS;

    /** Slaves that join within this time share the first one. */
    private static final long FIRST_PROOF_NS = 20 * MS;

    /** Once S is decided slaves know it from the next announcement that they hear: for {@link #START_NS} nothing else costs them so much. */
    private static final long START_INTERVAL_NS = 20 * MS;

    private static final long START_NS = 500 * MS;

    private final MasterConfig config;
    private final SymbolSize size;
    private final SlaveTable slaves;
    private final MasterCommands commands;
    private long openedNs;
    private long nextNs;
    private long nextProbeNs;
    private long hurryEndNs;
    private boolean isDecisionSaid;
    private boolean isPaused;

    Announcer(MasterConfig config, SymbolSize size, SlaveTable slaves, MasterCommands commands) {
        this.config = config;
        this.size = size;
        this.slaves = slaves;
        this.commands = commands;
    }

    void open(long nowNs) {
        openedNs = nowNs;
        nextNs = nowNs;
        nextProbeNs = nowNs;
        hurryEndNs = nowNs;
        isDecisionSaid = size.isDecided();
    }

    /** The pass begins. */
    void onStart(long nowNs) {
        nextNs = nowNs;
    }

    /** Announces when it is time. */
    void announce(MasterState state, int sendPosition, int sequence, long nowNs) {
        if (isDecisionNews()) {
            isDecisionSaid = true;
            nextNs = nowNs;
            hurryEndNs = nowNs + START_NS;
        }
        if (nextNs - nowNs > 0) {
            return;
        }
        boolean isLobby = state == MasterState.SEND_GEOMETRY;
        nextNs = nowNs + intervalNs(isLobby, nowNs);
        long countdownNs = config.start().waitNs() == Long.MAX_VALUE
                ? -1
                : Math.max(0, openedNs + config.start().waitNs() - nowNs);
        int joined = slaves.size();
        commands.geometry(state.onTheWire(), size, sendPosition, joined, countdownNs, sequence, isPaused, 0);
        if (isLobby || nextProbeNs - nowNs <= 0) {
            nextProbeNs = nowNs + INTERVAL_NS;
            for (int bytes : size.probes(nowNs)) {
                commands.geometry(
                        state.onTheWire(), size, sendPosition, joined, countdownNs, sequence, isPaused, bytes);
            }
        }
    }

    /** Slaves that do not know S yet have to learn it. */
    private boolean isDecisionNews() {
        return size.isDecided() && !isDecisionSaid;
    }

    private long intervalNs(boolean isLobby, long nowNs) {
        if (hurryEndNs - nowNs > 0) {
            return START_INTERVAL_NS;
        }
        return isLobby && size.isAwaitingProof(nowNs) ? PROOF_INTERVAL_NS : INTERVAL_NS;
    }

    /** Another master appeared: slaves and that master hear of this one at once. */
    void onOtherMaster(long nowNs) {
        nextNs = nowNs;
    }

    /** The session stands still, or goes on: slaves hear of it at once. */
    void onPause(boolean newIsPaused, long nowNs) {
        isPaused = newIsPaused;
        nextNs = nowNs;
    }

    /** Somebody joined: what it needs to prove its path comes soon. */
    void onJoined(long nowNs) {
        if (size.isAwaitingProof(nowNs) && nextNs - nowNs > FIRST_PROOF_NS) {
            nextNs = nowNs + FIRST_PROOF_NS;
        }
    }

    long waitNs(long nowNs) {
        return isDecisionNews() ? 0 : nextNs - nowNs;
    }
}
