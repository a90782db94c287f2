package org.imgblstr.disk.pass;

import org.imgblstr.codec.CodecChoice;

/**
 * Chooses the level of zstd for the next tracks, so that the codec is neither what the wire waits for nor idle while the wire is what
 * everybody waits for. Told after each {@link #INTERVAL_TRACKS} tracks how far encoding is ahead and how much of the machine is idle; has no
 * clock and does no I/O. One thread.
 *
 * <p>What is encoded and not yet taken is the measure: while there is plenty, nobody is in a hurry and a higher level costs no time, as long
 * as processors are idle, which slaves or the sender may need. When it runs out the level falls at once, below 1 only when the wire
 * has waited for a while. After a fall the level rests, so that it does not swing.
 */
final class LevelController {
    /** Tracks between two decisions: 4 MiB. */
    static final int INTERVAL_TRACKS = 16;

    /** From the fastest to the last that shrinks a track of 256 KiB by more than the one before. */
    private static final int[] LEVELS = {-4, -2, CodecChoice.HOME_LEVEL, 2, 3, 4, 5, 6, 7, 9};

    private static final int HOME = 2;

    /** Of what the sink can hold ahead: from here on nobody is in a hurry. */
    private static final double PLENTY = 0.25;

    /** From here on down the codec is falling behind. */
    private static final double SCARCE = 0.05;

    /** Idle part of the machine that a higher level may use, and the part below which it has used too much. */
    private static final double IDLE_TO_RISE = 0.30;

    private static final double IDLE_TO_STAY = 0.08;

    /**
     * Part of the machine that others may use while the level goes below home. Where slaves run on the same processors, which happens in tests
     * and at home, a datagram more costs them more than it saves the encoders.
     */
    private static final double OTHERS_MOST = 0.2;

    /** Decisions that a level rests after a fall: 64 MiB of disk. */
    private static final int REST_INTERVALS = 16;

    /** Decisions in a row that find nothing ahead before the level goes below home: 32 MiB of disk. */
    private static final int STARVED_INTERVALS = 8;

    private final int lowest;
    private int place = HOME;
    private int rest;
    private int starved;

    /** {@code mayGoBelowHome}: false when what is encoded is kept, and size counts as well as speed. */
    LevelController(boolean mayGoBelowHome) {
        this.lowest = mayGoBelowHome ? 0 : HOME;
    }

    /** Level of the next tracks. */
    int level() {
        return LEVELS[place];
    }

    /**
     * Decides anew.
     *
     * @param ahead what is encoded and not yet taken, as a part of what the sink holds at most; 0 to 1
     * @param idle part of the machine's processors that has nothing to do; 0 to 1
     * @param others part of the machine's processors that other programs use; 0 to 1
     */
    void onInterval(double ahead, double idle, double others) {
        rest = Math.max(0, rest - 1);
        starved = ahead <= 0 && others <= OTHERS_MOST ? starved + 1 : 0;
        boolean isBusy = idle < IDLE_TO_STAY;
        if (place > HOME && (ahead <= SCARCE || isBusy)) {
            fall();
        } else if (place <= HOME && starved >= STARVED_INTERVALS && place > lowest) {
            fall();
        } else if (ahead >= PLENTY && rest == 0 && place < LEVELS.length - 1) {
            // Back to home is never a question of idle processors: below it the wire carries more than it need.
            if (place < HOME || idle >= IDLE_TO_RISE) {
                place++;
            }
        }
    }

    private void fall() {
        place--;
        rest = REST_INTERVALS;
        starved = 0;
    }
}
