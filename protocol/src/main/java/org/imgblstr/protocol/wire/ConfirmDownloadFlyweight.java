package org.imgblstr.protocol.wire;

/**
 * The master's answer to an RSVP. Source: docs/protocol.md, section 3.3.
 * <pre>
 *   12      20      22       24               28             32       34      36          44
 *   | nonce | slave | result | reportInterval | sendPosition | joined | flags | usedBytes |
 * </pre>
 */
public final class ConfirmDownloadFlyweight extends CommandFlyweight<ConfirmDownloadFlyweight> {
    /** What the master answers. */
    public enum Result {
        OK(0),
        /** Joined; what was sent before comes in the catch-up. */
        OK_LATE(1),
        GEOMETRY(3),
        VERSION(4),
        CODEC(5),
        SYMBOL_SIZE(6),
        FULL(7),
        /** The slave may not overwrite its target. */
        UNSAFE(9),
        /** The slave's device failed. */
        DEVICE(10),
        /** The slave hears several sessions and does not know which one is meant. */
        SEVERAL_SESSIONS(11),
        /** The master has a list of slaves, and no place on it for this one. */
        NOT_EXPECTED(12),
        /** The master is busy: it takes RSVPs of this slave only with the cookie that this answer brings. */
        COOKIE(13),
        /** The slave does not have the secret of the session. */
        WRONG_SECRET(14),
        /** The session is sealed, the RSVP is not. */
        SEALED(15),
        /** The session is open, the RSVP is sealed. */
        OPEN(16);

        private final int code;

        Result(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }

        /** Why a slave cannot take part, for a person who has no better reason. */
        public String reason() {
            return switch (this) {
                case OK, OK_LATE -> "it takes part";
                case GEOMETRY -> "the image does not fit its disk";
                case VERSION -> "the two programs have different versions; install the same version on both";
                case CODEC -> "this version cannot decode the image; install the same version on both";
                case SYMBOL_SIZE -> "the network on the way to it carries shorter datagrams than this session uses";
                case FULL ->
                    "the session takes no more slaves, or has removed one at this address; join the next session";
                case UNSAFE -> "its disk may not be overwritten";
                case DEVICE -> "its disk failed";
                case SEVERAL_SESSIONS -> "it hears several sessions; name one with --session";
                case NOT_EXPECTED -> "it is not on the list of --expect";
                case COOKIE -> "the master is busy; it is asked again";
                case WRONG_SECRET -> "it has another key than the session";
                case SEALED -> "the session is sealed, and it takes only open ones";
                case OPEN -> "the session is open, and it takes only sealed ones";
            };
        }

        /** Whether the slave has joined and may open its disk for writing. */
        public boolean isJoined() {
            return this == OK || this == OK_LATE;
        }

        /** The result of a code, or null when there is none. */
        public static Result ofCode(int code) {
            for (Result result : values()) {
                if (result.code == code) {
                    return result;
                }
            }
            return null;
        }
    }

    private static final int RESUME = 1;
    private static final int LONE = 2;

    private static final int NONCE = HEADER_BYTES;
    private static final int SLAVE = NONCE + Long.BYTES;
    private static final int RESULT = SLAVE + Short.BYTES;
    private static final int REPORT_INTERVAL = RESULT + Short.BYTES;
    private static final int SEND_POSITION = REPORT_INTERVAL + Integer.BYTES;
    private static final int JOINED = SEND_POSITION + Integer.BYTES;
    private static final int FLAGS = JOINED + Short.BYTES;
    private static final int USED_BYTES = FLAGS + Short.BYTES;
    static final int FIXED_BYTES = USED_BYTES + Long.BYTES;

    /** Of a cookie, behind the fixed fields. */
    private static final int COOKIE_BYTES = 16;

    private int cookieBytes;

    public ConfirmDownloadFlyweight() {
        super(CommandType.CONFIRM_DOWNLOAD);
    }

    /** Whether it confirms with an index and an interval, or refuses, in a session of {@code trackCount} tracks. */
    public boolean isValid(int trackCount) {
        return hasFixedFields()
                && result() != null
                && (!result().isJoined() || (isSlaveIndex(slave()) && reportIntervalMs() > 0))
                && isUpTo(trackCount, sendPosition())
                && usedBytes() >= 0;
    }

    /** The nonce of the RSVP that is answered. */
    public long nonce() {
        return i64(NONCE);
    }

    public ConfirmDownloadFlyweight nonce(long value) {
        return put64(NONCE, value);
    }

    /** Index of the slave, 1 to 65534; 0 when it was refused. */
    public int slave() {
        return u16(SLAVE);
    }

    public ConfirmDownloadFlyweight slave(int value) {
        return put16(SLAVE, value);
    }

    /** Null when unknown. */
    public Result result() {
        return Result.ofCode(u16(RESULT));
    }

    public ConfirmDownloadFlyweight result(Result value) {
        return put16(RESULT, value.code());
    }

    public int reportIntervalMs() {
        return i32(REPORT_INTERVAL);
    }

    public ConfirmDownloadFlyweight reportIntervalMs(int value) {
        return put32(REPORT_INTERVAL, value);
    }

    /** Next track of the pass. */
    public int sendPosition() {
        return i32(SEND_POSITION);
    }

    public ConfirmDownloadFlyweight sendPosition(int value) {
        return put32(SEND_POSITION, value);
    }

    /** Slaves that have joined. */
    public int joined() {
        return u16(JOINED);
    }

    public ConfirmDownloadFlyweight joined(int value) {
        return put16(JOINED, value);
    }

    /** Whether the slave's disk is known to hold a part of the image: it compares with the digests and asks only for what differs. */
    public boolean isResume() {
        return (u16(FLAGS) & RESUME) != 0;
    }

    public ConfirmDownloadFlyweight resume(boolean value) {
        return put16(FLAGS, value ? RESUME : 0);
    }

    /** In a sealed session: whether no other slave was ever sent a group key. After {@link #resume}. */
    public ConfirmDownloadFlyweight lone(boolean value) {
        return put16(FLAGS, value ? u16(FLAGS) | LONE : u16(FLAGS) & ~LONE);
    }

    /** Behind the fixed fields, only with {@link Result#COOKIE}: 16 bytes. */
    public byte[] cookie() {
        return bytes(FIXED_BYTES, COOKIE_BYTES);
    }

    /** Whether there is a cookie. */
    public boolean hasCookie() {
        return result() == Result.COOKIE && reaches(FIXED_BYTES + COOKIE_BYTES);
    }

    public ConfirmDownloadFlyweight cookie(byte[] value) {
        cookieBytes = COOKIE_BYTES;
        reserve(FIXED_BYTES + COOKIE_BYTES + TRAILER_BYTES);
        return result(Result.COOKIE).putBytes(FIXED_BYTES, value, COOKIE_BYTES);
    }

    /** Bytes of the image that are used: what the slave will get. */
    public long usedBytes() {
        return i64(USED_BYTES);
    }

    public ConfirmDownloadFlyweight usedBytes(long value) {
        return put64(USED_BYTES, value);
    }

    @Override
    ConfirmDownloadFlyweight self() {
        return this;
    }

    @Override
    void onBegin() {
        cookieBytes = 0;
    }

    @Override
    int bodyEnd() {
        return FIXED_BYTES + cookieBytes;
    }
}
