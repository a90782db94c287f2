package org.imgblstr.protocol.session;

import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveName;

/**
 * Where a slave is.
 *
 * @param who which slave
 * @param amount how much it has
 * @param lossRate datagrams lost of those sent to it lately, 0 to 1
 * @param diskRate bytes a second that its disk took lately
 * @param counters what it has counted since it joined
 * @param state one word: joined, receiving, verifying, complete, silent, gone
 * @param awaitedSeconds how long a silent slave is still waited for; 0 for all others
 */
public record SlaveProgress(
        SlaveName who,
        Amount amount,
        double lossRate,
        long diskRate,
        SlaveCounters counters,
        String state,
        int awaitedSeconds) {
    /**
     * How much a slave has.
     *
     * @param goodUpToBytes bytes before the first track that is not done
     * @param bytesDone bytes of all tracks that are done; on the slave itself, of those that are used
     * @param missingTracks tracks that it lacks of what was sent
     */
    public record Amount(long goodUpToBytes, long bytesDone, int missingTracks) {
        static final Amount NOTHING = new Amount(0, 0, 0);
    }

    /** Of a slave that has nothing yet. */
    public static SlaveProgress atStart(SlaveName who, String state) {
        return new SlaveProgress(who, Amount.NOTHING, 0, 0, SlaveCounters.NONE, state, 0);
    }

    /** Whether nothing more comes of it: it has all, or it has gone. */
    public boolean isOver() {
        return state.equals("complete") || state.equals("gone");
    }

    /** Whether nothing has been heard of it lately. */
    public boolean isSilent() {
        return state.equals("silent");
    }

    /** Bytes that it does not have yet of those that were sent, as far as its last report tells. {@code bytesSent}: of the session. */
    public long bytesLacking(long bytesSent) {
        return Math.max(0, bytesSent - amount.bytesDone());
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
