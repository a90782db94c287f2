package org.imgblstr.protocol.session;

import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveName;

/**
 * Where a slave is.
 *
 * @param who which slave
 * @param amount how much it has
 * @param diskRate bytes a second that its disk took lately
 * @param counters what it has counted since it joined
 * @param state one word: joined, receiving, verifying, complete, silent, gone
 * @param awaitedSeconds how long a silent slave is still waited for; 0 for all others
 */
public record SlaveProgress(
        SlaveName who, Amount amount, long diskRate, SlaveCounters counters, String state, int awaitedSeconds) {
    /**
     * How much a slave has.
     *
     * @param goodUpToBytes used bytes before the first track that is not done
     * @param bytesDone used bytes that it has; as its master knows it, of those that were sent
     * @param missingTracks tracks that it lacks of what was sent
     */
    public record Amount(long goodUpToBytes, long bytesDone, int missingTracks) {
        static final Amount NOTHING = new Amount(0, 0, 0);
    }

    /** Of a slave that has nothing yet. */
    public static SlaveProgress atStart(SlaveName who, String state) {
        return new SlaveProgress(who, Amount.NOTHING, 0, SlaveCounters.NONE, state, 0);
    }

    /** The same, with no more than {@code bytes} done: tracks that are used in part count as a whole. */
    public SlaveProgress atMost(long bytes) {
        Amount less = new Amount(
                Math.min(amount.goodUpToBytes(), bytes), Math.min(amount.bytesDone(), bytes), amount.missingTracks());
        return new SlaveProgress(who, less, diskRate, counters, state, awaitedSeconds);
    }

    /** Share of the datagrams since it joined that did not arrive, 0 to 1: one report alone says little, as it tells of a few. */
    public double lossRate() {
        return counters.lossRate();
    }

    /** Whether nothing more comes of it: it has all, or it has gone. */
    public boolean isOver() {
        return state.equals("complete") || isGone();
    }

    /** Whether it has left, or nothing more is expected of it. */
    public boolean isGone() {
        return state.equals("gone");
    }

    /** Whether nothing has been heard of it lately. */
    public boolean isSilent() {
        return state.equals("silent");
    }

    public long goodUpToBytes() {
        return amount.goodUpToBytes();
    }

    public long bytesDone() {
        return amount.bytesDone();
    }

    public int missingTracks() {
        return amount.missingTracks();
    }
}
