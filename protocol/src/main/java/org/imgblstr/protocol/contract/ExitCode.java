package org.imgblstr.protocol.contract;

/** Exit codes of both programs; a master that gives up tells its slaves its own. Master copy: docs/exit-codes.md; a test in each program compares. */
public final class ExitCode {
    /** Done and verified. */
    public static final int DONE = 0;
    /** A fault of the program. */
    public static final int FAULT = 1;
    /** Wrong usage; picocli's number. */
    public static final int USAGE = 2;
    /** Finished, but some slave or some sector is incomplete. */
    public static final int INCOMPLETE = 3;
    /** The image or disk does not fit. */
    public static final int DOES_NOT_FIT = 10;
    /** The image is malformed or damaged. */
    public static final int MALFORMED_IMAGE = 11;
    /** A device failed after its retries. */
    public static final int DEVICE_FAILED = 12;
    /** Nobody answered in time. */
    public static final int NOBODY_ANSWERED = 13;
    /** The other side was lost midway. */
    public static final int PEER_LOST = 14;
    /** Refused for safety. */
    public static final int REFUSED = 15;
    /** Not authentic: wrong or missing key. */
    public static final int NOT_AUTHENTIC = 16;
    /** The network cannot be used. */
    public static final int NETWORK = 17;
    /** Interrupted by the operator. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
