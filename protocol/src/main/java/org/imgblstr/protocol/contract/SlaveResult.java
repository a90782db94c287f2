package org.imgblstr.protocol.contract;

/**
 * How a slave ended.
 *
 * @param who which slave
 * @param result how it ended
 * @param bytesWritten bytes written to its disk
 * @param digest content digest in hex, "" when unknown
 * @param seconds from joining to the end
 * @param message one sentence for a person; of a complete slave what was done with its disk, "" when nothing was
 * @param counters what it received, lost, dropped and repaired; of a slave that told no end, what it said last
 */
public record SlaveResult(
        SlaveName who,
        Result result,
        long bytesWritten,
        String digest,
        double seconds,
        String message,
        SlaveCounters counters) {
    /** The same with other words. */
    public SlaveResult withMessage(String words) {
        return new SlaveResult(who, result, bytesWritten, digest, seconds, words, counters);
    }

    /** The ends a slave can come to. The first six are those of Disconnect (docs/protocol.md, section 3.9). */
    public enum Result {
        COMPLETE,
        INCOMPLETE,
        DISK_ERROR,
        VERIFY_FAILED,
        INTERRUPTED,
        TOO_SLOW,
        /** The operator of the master removed it. */
        KICKED,
        /** Master's view: it fell silent. */
        LOST,
        /** Slave's view: the master fell silent. */
        MASTER_LOST,
        /** Slave's view: the master gave up. */
        MASTER_ABORTED,
        /** Slave's view: no master appeared in time. */
        NO_MASTER,
        /** Does not fit (exit code 10). */
        DOES_NOT_FIT,
        /** Refused for safety (exit code 15). */
        REFUSED,
        /** Slave's view: the session is not sealed as it was told (exit code 16). */
        NOT_AUTHENTIC
    }
}
