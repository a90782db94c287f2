package org.imgblstr.protocol.wire;

import java.util.UUID;

/**
 * A slave wants to join, or says why it cannot take part. Source: docs/protocol.md, section 3.2.
 * <pre>
 *   12      20        36            44            48       50        52       56       57           58      60
 *   | nonce | slaveId | deviceBytes | sectorBytes | codecs | symbol  | window | intent | labelBytes | flags | label |
 *   behind the label of a slave that cannot take part: | result (1) | textBytes (1) | text |
 * </pre>
 */
public final class RsvpFlyweight extends CommandFlyweight<RsvpFlyweight> {
    /** Intent: take part in the session. */
    public static final int JOIN = 1;

    /** Intent: tell the master why this slave cannot take part. */
    public static final int CANNOT = 2;

    /** Bytes of the reason at most; the rest is cut off. */
    public static final int MAX_REASON_BYTES = 255;

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
    private static final int REASON_HEADER_BYTES = 2;

    public RsvpFlyweight() {
        super(CommandType.RSVP);
    }

    /** Whether it asks to join or says why not, with a window and a device that can be, and all texts are there. */
    public boolean isValid() {
        return hasFixedFields()
                && (intent() == JOIN || intent() == CANNOT)
                && deviceBytes() >= 0
                && sectorBytes() >= 0
                && largestSymbol() > 0
                && windowTracks() > 0
                && u8(LABEL_BYTES) <= WireText.MAX_LABEL_BYTES
                && reaches(bodyEnd())
                && (intent() == JOIN || (refusal() != null && !refusal().isJoined()));
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

    /** Sector size of its device; 0: any, as a regular file takes on that of the image. */
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

    /** Why the slave cannot take part; null when unknown. Only with {@link #CANNOT}. */
    public ConfirmDownloadFlyweight.Result refusal() {
        return ConfirmDownloadFlyweight.Result.ofCode(u8(labelEnd()));
    }

    /** The same as a sentence for the operator; what cannot be printed is replaced. Only with {@link #CANNOT}. */
    public String reason() {
        return WireText.decode(bytes(labelEnd() + REASON_HEADER_BYTES, u8(labelEnd() + Byte.BYTES)));
    }

    /** After the label: why the slave cannot take part. */
    public RsvpFlyweight cannot(ConfirmDownloadFlyweight.Result why, String reason) {
        byte[] text = WireText.encode(reason, MAX_REASON_BYTES);
        reserve(labelEnd() + REASON_HEADER_BYTES + text.length + TRAILER_BYTES);
        return intent(CANNOT)
                .put8(labelEnd(), why.code())
                .put8(labelEnd() + Byte.BYTES, text.length)
                .putBytes(labelEnd() + REASON_HEADER_BYTES, text, text.length);
    }

    private int labelEnd() {
        return LABEL + u8(LABEL_BYTES);
    }

    @Override
    RsvpFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        boolean isReasonThere = intent() == CANNOT && (length() == 0 || reaches(labelEnd() + REASON_HEADER_BYTES));
        int reasonBytes = isReasonThere ? u8(labelEnd() + Byte.BYTES) : 0;
        return labelEnd() + (intent() == CANNOT ? REASON_HEADER_BYTES + reasonBytes : 0);
    }
}
