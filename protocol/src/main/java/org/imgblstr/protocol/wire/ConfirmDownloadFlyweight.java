package org.imgblstr.protocol.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.imgblstr.protocol.contract.AfterCopy;

/**
 * The master's answer to an RSVP. Source: docs/protocol.md, section 3.3.
 * <pre>
 *   12      20      22       24               28             32       34      36          44
 *   | nonce | slave | result | reportInterval | sendPosition | joined | flags | usedBytes | cookie, or what is asked for
 *
 *   what is asked for, offsets from 44; only when a flag says so:
 *   0       1           2               3
 *   | kinds | growBytes | hostNameBytes | grow, then hostName |
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

    /** What the slave is asked for follows the fixed fields. */
    static final int ASKED = 4;

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

    private static final int ASKED_KINDS = USED_BYTES + Long.BYTES;
    private static final int GROW_BYTES = ASKED_KINDS + 1;
    private static final int NAME_BYTES = GROW_BYTES + 1;
    private static final int ASKED_TEXTS = NAME_BYTES + 1;
    private static final int GROW = 1;
    private static final int NEW_IDS = 2;
    private static final int HOST_NAME = 4;

    private int moreBytes;

    public ConfirmDownloadFlyweight() {
        super(CommandType.CONFIRM_DOWNLOAD);
    }

    /** Whether it confirms with an index and an interval, or refuses, in a session of {@code trackCount} tracks. */
    public boolean isValid(int trackCount) {
        return hasFixedFields()
                && result() != null
                && (!result().isJoined() || (isSlaveIndex(slave()) && reportIntervalMs() > 0))
                && isUpTo(trackCount, sendPosition())
                && usedBytes() >= 0
                && (!hasAsked() || isAskedValid());
    }

    private boolean hasAsked() {
        return result().isJoined() && (u16(FLAGS) & ASKED) != 0;
    }

    /** A kind that nobody here knows is refused: its slave would else end with a disk that is not as its master asks. */
    private boolean isAskedValid() {
        if (!reaches(ASKED_TEXTS)) {
            return false;
        }
        int kinds = u8(ASKED_KINDS);
        return (kinds & ~(GROW | NEW_IDS | HOST_NAME)) == 0
                && reaches(ASKED_TEXTS + u8(GROW_BYTES) + u8(NAME_BYTES))
                && ((kinds & GROW) != 0 || u8(GROW_BYTES) == 0)
                && ((kinds & HOST_NAME) != 0 || u8(NAME_BYTES) == 0)
                && AfterCopy.canGrow(grow())
                && AfterCopy.canBeName(hostName());
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
        moreBytes = COOKIE_BYTES;
        reserve(FIXED_BYTES + COOKIE_BYTES + TRAILER_BYTES);
        return result(Result.COOKIE).putBytes(FIXED_BYTES, value, COOKIE_BYTES);
    }

    /** What the slave is asked to do with its disk once it is complete. */
    public AfterCopy asked() {
        return hasAsked() ? new AfterCopy(grow(), (u8(ASKED_KINDS) & NEW_IDS) != 0, hostName()) : AfterCopy.NOTHING;
    }

    private String grow() {
        return (u8(ASKED_KINDS) & GROW) == 0 ? null : text(ASKED_TEXTS, u8(GROW_BYTES));
    }

    private String hostName() {
        return (u8(ASKED_KINDS) & HOST_NAME) == 0 ? null : text(ASKED_TEXTS + u8(GROW_BYTES), u8(NAME_BYTES));
    }

    private String text(int from, int count) {
        return new String(bytes(from, count), UTF_8);
    }

    /** Behind the fixed fields, only for who has joined; nothing is written for {@link AfterCopy#NOTHING}. After {@link #resume}. */
    public ConfirmDownloadFlyweight asked(AfterCopy value) {
        if (value.isNothing()) {
            return this;
        }
        byte[] grow = encoded(value.grow());
        byte[] name = encoded(value.hostName());
        moreBytes = ASKED_TEXTS - FIXED_BYTES + grow.length + name.length;
        reserve(FIXED_BYTES + moreBytes + TRAILER_BYTES);
        int kinds = (value.grow() == null ? 0 : GROW)
                | (value.newIds() ? NEW_IDS : 0)
                | (value.hostName() == null ? 0 : HOST_NAME);
        return put16(FLAGS, u16(FLAGS) | ASKED)
                .put8(ASKED_KINDS, kinds)
                .put8(GROW_BYTES, grow.length)
                .put8(NAME_BYTES, name.length)
                .putBytes(ASKED_TEXTS, grow, grow.length)
                .putBytes(ASKED_TEXTS + grow.length, name, name.length);
    }

    private static byte[] encoded(String text) {
        return text == null ? new byte[0] : text.getBytes(UTF_8);
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
        moreBytes = 0;
    }

    @Override
    int bodyEnd() {
        return FIXED_BYTES + moreBytes;
    }
}
