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

    /** A session that is not sealed, for a slave that takes only sealed ones; {@code at}: where its master is. */
    public static Unsuited open(String at) {
        return of("the session of " + at
                + " is open, and this slave takes only sealed ones: start the master with the same"
                + " key, or this slave with --open");
    }

    /** A session that is sealed by a key file, for a slave without one; {@code id}: 16 hexadecimal digits. */
    public static Unsuited lacksKeyFile(String at, String id) {
        return of("the session of " + at + " is sealed with key file " + id + ": start this slave with --key-file");
    }

    /** The slave has no join code, or another one. */
    public static Unsuited lacksCode(String line) {
        return new Unsuited(line, true);
    }
}
