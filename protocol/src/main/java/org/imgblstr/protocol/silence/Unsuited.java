package org.imgblstr.protocol.silence;

/**
 * Why a session that is heard cannot be joined.
 *
 * @param line what it is and what to do, for the operator of the slave
 * @param isCodeWanted whether the slave could join with the words that the master of that session shows
 */
public record Unsuited(String line, boolean isCodeWanted) {
    /** A reason that no join code mends. */
    public static Unsuited of(String line) {
        return new Unsuited(line, false);
    }

    /** The slave has no join code, or another one. */
    public static Unsuited lacksCode(String line) {
        return new Unsuited(line, true);
    }
}
