package org.imgblstr.protocol.wire;

import java.util.UUID;

/**
 * A slave wants to join. Source: docs/protocol.md, section 3.2.
 * <pre>
 *   12      20        36            44            48       50        52       56       57           58      60
 *   | nonce | slaveId | deviceBytes | sectorBytes | codecs | symbol  | window | intent | labelBytes | flags | label |
 * </pre>
 */
public final class RsvpFlyweight extends CommandFlyweight<RsvpFlyweight> {
    /** The only intent: take part in the session. */
    public static final int JOIN = 1;

    private static final int HEARS_PROBES = 1;

    private static final int NONCE = HEADER_BYTES;
    private static final int SLAVE_ID = NONCE + Long.BYTES;
    private static final int DEVICE_BYTES = SLAVE_ID + 2 * Long.BYTES;
    private static final int SECTOR_BYTES = DEVICE_BYTES + Long.BYTES;
    private static final int CODECS = SECTOR_BYTES + Integer.BYTES;
    private static final int LARGEST_SYMBOL = CODECS + Short.BYTES;
    private static final int WINDOW = LARGEST_SYMBOL + Short.BYTES;
    private static final int INTENT = WINDOW + Integer.BYTES;
    private static final int LABEL_BYTES = INTENT + Byte.BYTES;
    private static final int FLAGS = LABEL_BYTES + Byte.BYTES;
    private static final int LABEL = FLAGS + Short.BYTES;
    static final int FIXED_BYTES = LABEL;

    public RsvpFlyweight() {
        super(CommandType.RSVP);
    }

    /** Whether it asks to join, with a window and a device that can be, and the label is there. Whether the disk fits is for the master. */
    public boolean isValid() {
        return hasFixedFields()
                && intent() == JOIN
                && deviceBytes() >= 0
                && sectorBytes() > 0
                && largestSymbol() > 0
                && windowTracks() > 0
                && u8(LABEL_BYTES) <= WireText.MAX_LABEL_BYTES
                && reaches(LABEL + u8(LABEL_BYTES));
    }

    /** Fresh for each start of a slave. */
    public long nonce() {
        return i64(NONCE);
    }

    public RsvpFlyweight nonce(long value) {
        return put64(NONCE, value);
    }

    /** The same for the same machine and device. */
    public UUID slaveId() {
        return new UUID(i64(SLAVE_ID), i64(SLAVE_ID + Long.BYTES));
    }

    public RsvpFlyweight slaveId(UUID value) {
        return put64(SLAVE_ID, value.getMostSignificantBits())
                .put64(SLAVE_ID + Long.BYTES, value.getLeastSignificantBits());
    }

    public long deviceBytes() {
        return i64(DEVICE_BYTES);
    }

    public RsvpFlyweight deviceBytes(long value) {
        return put64(DEVICE_BYTES, value);
    }

    public int sectorBytes() {
        return i32(SECTOR_BYTES);
    }

    public RsvpFlyweight sectorBytes(int value) {
        return put32(SECTOR_BYTES, value);
    }

    /** Codecs it can decode: bit n is codec n. */
    public int codecs() {
        return u16(CODECS);
    }

    public RsvpFlyweight codecs(int value) {
        return put16(CODECS, value);
    }

    /** Bytes of the largest symbol it takes. */
    public int largestSymbol() {
        return u16(LARGEST_SYMBOL);
    }

    public RsvpFlyweight largestSymbol(int value) {
        return put16(LARGEST_SYMBOL, value);
    }

    /** Slots it has. */
    public int windowTracks() {
        return i32(WINDOW);
    }

    public RsvpFlyweight windowTracks(int value) {
        return put32(WINDOW, value);
    }

    public int intent() {
        return u8(INTENT);
    }

    public RsvpFlyweight intent(int value) {
        return put8(INTENT, value);
    }

    /** Whether it has heard an announcement that was padded to prove the path. */
    public boolean hearsProbes() {
        return (u16(FLAGS) & HEARS_PROBES) != 0;
    }

    public RsvpFlyweight hearsProbes(boolean value) {
        return put16(FLAGS, value ? HEARS_PROBES : 0);
    }

    /** The name shown to operators; what cannot be printed is replaced. */
    public String label() {
        return WireText.decode(bytes(LABEL, u8(LABEL_BYTES)));
    }

    /** At most 64 bytes of UTF-8. */
    public RsvpFlyweight label(String value) {
        byte[] label = WireText.encode(value);
        reserve(LABEL + label.length + TRAILER_BYTES);
        return put8(LABEL_BYTES, label.length).putBytes(LABEL, label, label.length);
    }

    @Override
    RsvpFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        return LABEL + u8(LABEL_BYTES);
    }
}
