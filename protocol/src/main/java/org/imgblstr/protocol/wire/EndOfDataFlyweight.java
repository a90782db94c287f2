package org.imgblstr.protocol.wire;

/**
 * The master pauses: a pass ended, or it waits for room. Source: docs/protocol.md, section 3.7.
 * <pre>
 *   12     13      14     16           20         24       28         30     32
 *   | kind | flags | pass | trackCount | sentUpTo | queued | windowMs | zero |
 * </pre>
 */
public final class EndOfDataFlyweight extends CommandFlyweight<EndOfDataFlyweight> {
    /** Kinds. */
    public static final int PASS_ENDED = 1;

    public static final int WAITING_FOR_ROOM = 2;

    private static final int KIND = HEADER_BYTES;
    private static final int FLAGS = KIND + Byte.BYTES;
    private static final int PASS = FLAGS + Byte.BYTES;
    private static final int TRACK_COUNT = PASS + Short.BYTES;
    private static final int SENT_UP_TO = TRACK_COUNT + Integer.BYTES;
    private static final int QUEUED = SENT_UP_TO + Integer.BYTES;
    private static final int WINDOW_MS = QUEUED + Integer.BYTES;
    private static final int ZERO = WINDOW_MS + Short.BYTES;
    static final int FIXED_BYTES = ZERO + Short.BYTES;

    public EndOfDataFlyweight() {
        super(CommandType.END_OF_DATA);
    }

    /** Whether the kind is known and the tracks are those of a session of {@code trackCount} tracks. */
    public boolean isValid(int trackCount) {
        return hasFixedFields()
                && (kind() == PASS_ENDED || kind() == WAITING_FOR_ROOM)
                && trackCount() == trackCount
                && isUpTo(trackCount, sentUpTo())
                && isUpTo(trackCount, queued());
    }

    /** {@link #PASS_ENDED} or {@link #WAITING_FOR_ROOM}. */
    public int kind() {
        return u8(KIND);
    }

    public EndOfDataFlyweight kind(int value) {
        return put8(KIND, value);
    }

    public int pass() {
        return u16(PASS);
    }

    public EndOfDataFlyweight pass(int value) {
        return put16(PASS, value);
    }

    public int trackCount() {
        return i32(TRACK_COUNT);
    }

    public EndOfDataFlyweight trackCount(int value) {
        return put32(TRACK_COUNT, value);
    }

    /** First track not sent yet. */
    public int sentUpTo() {
        return i32(SENT_UP_TO);
    }

    public EndOfDataFlyweight sentUpTo(int value) {
        return put32(SENT_UP_TO, value);
    }

    /** Tracks queued for repair. */
    public int queued() {
        return i32(QUEUED);
    }

    public EndOfDataFlyweight queued(int value) {
        return put32(QUEUED, value);
    }

    /** Slaves spread their answers over this time. */
    public int windowMs() {
        return u16(WINDOW_MS);
    }

    public EndOfDataFlyweight windowMs(int value) {
        return put16(WINDOW_MS, value);
    }

    @Override
    EndOfDataFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        return FIXED_BYTES;
    }
}
