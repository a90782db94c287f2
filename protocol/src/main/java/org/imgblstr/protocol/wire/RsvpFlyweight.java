package org.imgblstr.protocol.wire;

import java.util.UUID;
import org.imgblstr.protocol.contract.SlaveMachine;

/**
 * A slave wants to join, or says why it cannot take part. Source: docs/protocol.md, section 3.2.
 * <pre>
 *   12      20        36            44            48       50        52       56       57           58             60
 *   | nonce | slaveId | deviceBytes | sectorBytes | codecs | symbol  | window | intent | labelBytes | longestHeard | ...
 *   60    68           69            70          71
 *   | mac | modelBytes | serialBytes | pathBytes | label | model | serial | path |
 *   behind the path, of a slave that cannot take part: | result (1) | textBytes (1) | text |
 * </pre>
 */
public final class RsvpFlyweight extends CommandFlyweight<RsvpFlyweight> {
    /** Intent: take part in the session. */
    public static final int JOIN = 1;

    /** Intent: tell the master why this slave cannot take part. */
    public static final int CANNOT = 2;

    /** Intent in a sealed session: asks for its keys and says nothing of the slave. No slave joins by it. */
    public static final int KEYS = 3;

    /** Bytes of the reason at most; the rest is cut off. */
    public static final int MAX_REASON_BYTES = 255;

    /** Bytes of the model and of the serial number at most; the rest is cut off. */
    static final int MAX_DISK_TEXT_BYTES = 64;

    /** Bytes of the path at most; the rest is cut off. */
    static final int MAX_PATH_BYTES = 128;

    private static final int NONCE = HEADER_BYTES;
    private static final int SLAVE_ID = NONCE + Long.BYTES;
    private static final int DEVICE_BYTES = SLAVE_ID + 2 * Long.BYTES;
    private static final int SECTOR_BYTES = DEVICE_BYTES + Long.BYTES;
    private static final int CODECS = SECTOR_BYTES + Integer.BYTES;
    private static final int LARGEST_SYMBOL = CODECS + Short.BYTES;
    private static final int WINDOW = LARGEST_SYMBOL + Short.BYTES;
    private static final int INTENT = WINDOW + Integer.BYTES;
    private static final int LABEL_BYTES = INTENT + Byte.BYTES;
    private static final int LONGEST_HEARD = LABEL_BYTES + Byte.BYTES;
    private static final int MAC = LONGEST_HEARD + Short.BYTES;
    private static final int MODEL_BYTES = MAC + Long.BYTES;
    private static final int SERIAL_BYTES = MODEL_BYTES + Byte.BYTES;
    private static final int PATH_BYTES = SERIAL_BYTES + Byte.BYTES;
    private static final int LABEL = PATH_BYTES + Byte.BYTES;
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
                && u8(MODEL_BYTES) <= MAX_DISK_TEXT_BYTES
                && u8(SERIAL_BYTES) <= MAX_DISK_TEXT_BYTES
                && u8(PATH_BYTES) <= MAX_PATH_BYTES
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

    /** Bytes of the longest announcement of the session that has come. */
    public int longestHeard() {
        return u16(LONGEST_HEARD);
    }

    public RsvpFlyweight longestHeard(int value) {
        return put16(LONGEST_HEARD, value);
    }

    /** The name shown to operators; what cannot be printed is replaced. */
    public String label() {
        // In an RSVP of another version nobody has checked that the label is there.
        int there = Math.min(u8(LABEL_BYTES), length() - TRAILER_BYTES - LABEL);
        return WireText.decode(bytes(LABEL, Math.max(0, there)));
    }

    /** At most 64 bytes of UTF-8. */
    public RsvpFlyweight label(String value) {
        byte[] label = WireText.encode(value);
        reserve(LABEL + label.length + TRAILER_BYTES);
        return put8(LABEL_BYTES, label.length).putBytes(LABEL, label, label.length);
    }

    /** What it runs on and what it overwrites; what cannot be printed is replaced. */
    public SlaveMachine machine() {
        int model = LABEL + u8(LABEL_BYTES);
        int serial = model + u8(MODEL_BYTES);
        int path = serial + u8(SERIAL_BYTES);
        return new SlaveMachine(
                SlaveMachine.mac(i64(MAC)),
                text(path, PATH_BYTES),
                text(model, MODEL_BYTES),
                text(serial, SERIAL_BYTES),
                deviceBytes());
    }

    private String text(int field, int lengthField) {
        return WireText.decode(bytes(field, u8(lengthField)));
    }

    /** After the label: all of it but the size of the disk, which has a field of its own. Long texts are cut. */
    public RsvpFlyweight machine(SlaveMachine value) {
        byte[] model = WireText.encode(value.model(), MAX_DISK_TEXT_BYTES);
        byte[] serial = WireText.encode(value.serial(), MAX_DISK_TEXT_BYTES);
        byte[] path = WireText.encode(value.path(), MAX_PATH_BYTES);
        int at = LABEL + u8(LABEL_BYTES);
        reserve(at + model.length + serial.length + path.length + TRAILER_BYTES);
        return put64(MAC, SlaveMachine.node(value.mac()))
                .put8(MODEL_BYTES, model.length)
                .put8(SERIAL_BYTES, serial.length)
                .put8(PATH_BYTES, path.length)
                .putBytes(at, model, model.length)
                .putBytes(at + model.length, serial, serial.length)
                .putBytes(at + model.length + serial.length, path, path.length);
    }

    /** Why the slave cannot take part; null when unknown. Only with {@link #CANNOT}. */
    public ConfirmDownloadFlyweight.Result refusal() {
        return ConfirmDownloadFlyweight.Result.ofCode(u8(textsEnd()));
    }

    /** The same as a sentence for the operator; what cannot be printed is replaced. Only with {@link #CANNOT}. */
    public String reason() {
        return WireText.decode(bytes(textsEnd() + REASON_HEADER_BYTES, u8(textsEnd() + Byte.BYTES)));
    }

    /** After the machine: why the slave cannot take part. */
    public RsvpFlyweight cannot(ConfirmDownloadFlyweight.Result why, String reason) {
        byte[] text = WireText.encodeSentence(reason, MAX_REASON_BYTES);
        reserve(textsEnd() + REASON_HEADER_BYTES + text.length + TRAILER_BYTES);
        return intent(CANNOT)
                .put8(textsEnd(), why.code())
                .put8(textsEnd() + Byte.BYTES, text.length)
                .putBytes(textsEnd() + REASON_HEADER_BYTES, text, text.length);
    }

    private int textsEnd() {
        return LABEL + u8(LABEL_BYTES) + u8(MODEL_BYTES) + u8(SERIAL_BYTES) + u8(PATH_BYTES);
    }

    @Override
    RsvpFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        boolean isReasonThere = intent() == CANNOT && (length() == 0 || reaches(textsEnd() + REASON_HEADER_BYTES));
        int reasonBytes = isReasonThere ? u8(textsEnd() + Byte.BYTES) : 0;
        return textsEnd() + (intent() == CANNOT ? REASON_HEADER_BYTES + reasonBytes : 0);
    }
}
