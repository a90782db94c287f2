package org.imgblstr.protocol.master;

import org.imgblstr.protocol.contract.HoldUp;
import org.imgblstr.protocol.master.flow.HoldUpMeter;
import org.imgblstr.protocol.master.flow.RateWatch;
import org.imgblstr.protocol.master.membership.SlowLadder;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.master.tracks.KindMap;
import org.imgblstr.protocol.repair.Pacer;

/**
 * What runs beside the sending of tracks: slaves are judged, the rate is adapted, and it is noted what holds the session up. All of it stands
 * still while the operator's pause lasts, so that no slave is judged by a time in which nothing was sent. One thread.
 */
final class UnderWay {
    private final MasterConfig config;
    private final KindMap kinds;
    private final SlowLadder ladder;
    private final RateWatch rateWatch;
    private final Pacer pacer;
    private final HoldUpMeter holdUps = new HoldUpMeter();
    private boolean isPaused;

    UnderWay(MasterConfig config, KindMap kinds, SlowLadder ladder, RateWatch rateWatch, Pacer pacer) {
        this.config = config;
        this.kinds = kinds;
        this.ladder = ladder;
        this.rateWatch = rateWatch;
        this.pacer = pacer;
    }

    KindMap kinds() {
        return kinds;
    }

    boolean isPaused() {
        return isPaused;
    }

    void pause() {
        isPaused = true;
    }

    /** Slaves are judged, and the rate is measured, from now on as after the start. */
    void resume(long nowNs) {
        isPaused = false;
        ladder.resume(nowNs);
        rateWatch.start(nowNs);
        pacer.start(nowNs);
        holdUps.forget();
    }

    /** The operator's rate from now on; 0 adapts. */
    void rate(long bitsPerSecond) {
        rateWatch.order(bitsPerSecond);
    }

    /** Judges slaves and adapts the rate when it is time. */
    void look(MasterState state, long nowNs) {
        if (!isPaused) {
            ladder.judge(tracksExpected(state), nowNs);
            rateWatch.adapt(nowNs);
        }
    }

    /**
     * A slave that has this many tracks is not stuck, but waits for the master. A delta session sends no tracks before
     * the catch-up.
     */
    private int tracksExpected(MasterState state) {
        boolean isPass = state == MasterState.SEND_ALL_TRACKS;
        return isPass && config.offer().delta() ? 0 : isPass ? kinds.endTrack() : Integer.MAX_VALUE;
    }

    /** What a wait for the pacer means. */
    HoldUp paced() {
        return rateWatch.isOrdered() ? HoldUp.RATE : HoldUp.WIRE;
    }

    /** The engine stops sending for this reason, until it is called again. */
    void note(HoldUp why, long nowNs) {
        holdUps.note(why, nowNs);
    }

    /** What held the session up for most of the last second; null when nothing was sent yet, or the session is paused. */
    HoldUp holdUp() {
        return isPaused ? null : holdUps.most();
    }
}
