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

    /** After the start slaves know S from the next announcement that they hear: until {@link #START_NS} nothing else costs them so much. */
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
    }

    /** The pass begins: slaves that did not know S before have to learn it. */
    void onStart(long nowNs) {
        nextNs = nowNs;
        if (config.symbols().largestBytes() > config.symbols().leastBytes()) {
            hurryEndNs = nowNs + START_NS;
        }
    }

    /** Announces when it is time. */
    void announce(MasterState state, int sendPosition, int sequence, long nowNs) {
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
            for (int bytes : size.probes()) {
                commands.geometry(
                        state.onTheWire(), size, sendPosition, joined, countdownNs, sequence, isPaused, bytes);
            }
        }
    }

    private long intervalNs(boolean isLobby, long nowNs) {
        if (isLobby) {
            return size.isAwaitingProof(nowNs) ? PROOF_INTERVAL_NS : INTERVAL_NS;
        }
        return hurryEndNs - nowNs > 0 ? START_INTERVAL_NS : INTERVAL_NS;
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
        if (size.isAwaitingProof(nowNs) && nextNs - nowNs > PROOF_INTERVAL_NS) {
            nextNs = nowNs + PROOF_INTERVAL_NS;
        }
    }

    long waitNs(long nowNs) {
        return nextNs - nowNs;
    }
}
