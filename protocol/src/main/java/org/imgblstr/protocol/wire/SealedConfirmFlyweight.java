package org.imgblstr.protocol.wire;

import io.netty.buffer.ByteBuf;

/**
 * The Confirm Download of a sealed session, as it is before it is sealed and after it was opened: all behind {@link #BOX} is encrypted. What
 * stands in the box decides its length. Source: docs/security.md, section 4.
 * <pre>
 *   12      20          28                      52      56              88
 *   | nonce | M: random | 20 to 43 of an open one | epoch | group key (32) | image, or 44 to the end of an open one |
 *
 *   image, offsets from 88:
 *   0                                40         42           60           61     62
 *   | 20 to 59 of a Drive Geometry   | 62 to 63 | 128 to 145 | labelBytes | zero | regions, then label |
 * </pre>
 */
public final class SealedConfirmFlyweight extends CommandFlyweight<SealedConfirmFlyweight> {
    public static final int GROUP_KEY_BYTES = 32;

    /** Where the box begins. */
    public static final int BOX = 28;

    private static final int NONCE = HEADER_BYTES;
    private static final int MASTER_NONCE = NONCE + Long.BYTES;
    private static final int ANSWER_FROM = 20;
    private static final int ANSWER_BYTES = 24;
    private static final int ANSWER_END = ANSWER_FROM + ANSWER_BYTES;
    private static final int FLAGS = BOX + 14;
    private static final int LONE = 2;
    private static final int EPOCH = BOX + ANSWER_BYTES;
    private static final int GROUP_KEY = EPOCH + Integer.BYTES;
    private static final int IMAGE = GROUP_KEY + GROUP_KEY_BYTES;

    /** Of what a slave is asked for: three bytes and two texts. */
    private static final int MOST_ASKED_BYTES = 3 + 2 * 255;

    private static final int REGION_COUNT = IMAGE + 58;
    private static final int LABEL_BYTES = IMAGE + 60;
    private static final int REGIONS = IMAGE + 62;
    private static final int REGION_BYTES = 20;
    private static final int MAX_REGIONS = 48;

    /** Stretches of a Drive Geometry that the image begins with: each its place and its bytes. */
    private static final int[] STRETCHES = {20, 40, 62, 2, 128, 18};

    private static final int GEOMETRY_NAME_BYTES = 146;
    private static final int GEOMETRY_LABEL_BYTES = 147;
    private static final int GEOMETRY_REGIONS = DriveGeometryFlyweight.FIXED_BYTES;

    private int end = EPOCH;

    public SealedConfirmFlyweight() {
        super(CommandType.CONFIRM_DOWNLOAD);
    }

    /** Whether an opened one ends where one of its parts ends, with an image that can be. What an answer and an image say is for others. */
    public boolean isValid() {
        int length = length() - TRAILER_BYTES;
        return hasFixedFields()
                && (length == EPOCH || length == IMAGE || (hasAsked() ? isAsked(length) : isImage(length)));
    }

    private boolean hasAsked() {
        return (u16(FLAGS) & ConfirmDownloadFlyweight.ASKED) != 0;
    }

    private static boolean isAsked(int length) {
        return length > IMAGE && length <= IMAGE + MOST_ASKED_BYTES;
    }

    private boolean isImage(int length) {
        int regions = length > REGIONS ? u16(REGION_COUNT) : 0;
        return regions >= 1
                && regions <= MAX_REGIONS
                && u8(LABEL_BYTES) <= WireText.MAX_LABEL_BYTES
                && length == REGIONS + tailBytes();
    }

    private int tailBytes() {
        return REGION_BYTES * u16(REGION_COUNT) + u8(LABEL_BYTES);
    }

    /** Begins one with the answer of an open Confirm Download, which is at {@code from}, and its nonce, session and sequence. */
    public SealedConfirmFlyweight answer(ByteBuf open, int from, long masterNonce) {
        end = EPOCH;
        reserve(EPOCH + TRAILER_BYTES);
        session(Datagram.session(open, from)).sequence(Datagram.sequence(open, from));
        buffer().setBytes(indexOf(BOX), open, from + ANSWER_FROM, ANSWER_BYTES);
        return put64(NONCE, open.getLong(from + NONCE)).put64(MASTER_NONCE, masterNonce);
    }

    /** The nonce of the RSVP that is answered. */
    public long nonce() {
        return i64(NONCE);
    }

    /** M, which both pairwise keys depend on. */
    public long masterNonce() {
        return i64(MASTER_NONCE);
    }

    /** Turns an opened one into an open Confirm Download with the same header and nonce. Returns its bytes; its CRC has no meaning. */
    public int toOpen(ByteBuf into, int at) {
        into.setBytes(at, buffer(), indexOf(0), ANSWER_FROM);
        into.setBytes(at + ANSWER_FROM, buffer(), indexOf(BOX), ANSWER_BYTES);
        int moreBytes = hasAsked() ? Math.max(0, length() - TRAILER_BYTES - IMAGE) : 0;
        into.setBytes(at + ANSWER_END, buffer(), indexOf(IMAGE), moreBytes);
        return ANSWER_END + moreBytes + TRAILER_BYTES;
    }

    /** After the answer. {@code key}: 32 bytes. */
    public SealedConfirmFlyweight groupKey(int epoch, byte[] key) {
        end = IMAGE;
        reserve(IMAGE + TRAILER_BYTES);
        return put32(EPOCH, epoch).putBytes(GROUP_KEY, key, GROUP_KEY_BYTES);
    }

    /** After the group key: all that the open Confirm Download of {@code length} bytes at {@code from} has behind its fixed fields. */
    public SealedConfirmFlyweight asked(ByteBuf open, int from, int length) {
        int moreBytes = length - TRAILER_BYTES - ANSWER_END;
        end = IMAGE + moreBytes;
        reserve(end + TRAILER_BYTES);
        buffer().setBytes(indexOf(IMAGE), open, from + ANSWER_END, moreBytes);
        return this;
    }

    /** Whether no other slave was ever sent a group key. Only with a group key. */
    public boolean isLone() {
        return (u16(FLAGS) & LONE) != 0;
    }

    /** Whether it brings a group key. */
    public boolean hasGroupKey() {
        return length() - TRAILER_BYTES >= IMAGE;
    }

    public int epoch() {
        return i32(EPOCH);
    }

    /** 32 bytes, which the caller wipes. */
    public byte[] groupKey() {
        return bytes(GROUP_KEY, GROUP_KEY_BYTES);
    }

    /** After the group key: all that the open Drive Geometry at {@code from} says of the image. */
    public SealedConfirmFlyweight image(ByteBuf geometry, int from) {
        reserve(REGIONS + TRAILER_BYTES);
        int at = indexOf(IMAGE);
        for (int i = 0; i < STRETCHES.length; i += 2) {
            buffer().setBytes(at, geometry, from + STRETCHES[i], STRETCHES[i + 1]);
            at += STRETCHES[i + 1];
        }
        put8(LABEL_BYTES, geometry.getUnsignedByte(from + GEOMETRY_LABEL_BYTES)).put8(LABEL_BYTES + 1, 0);
        end = REGIONS + tailBytes();
        reserve(end + TRAILER_BYTES);
        buffer().setBytes(indexOf(REGIONS), geometry, from + GEOMETRY_REGIONS, tailBytes());
        return this;
    }

    /** Whether it brings the image. */
    public boolean hasImage() {
        return !hasAsked() && length() - TRAILER_BYTES > IMAGE;
    }

    /**
     * Puts the image into a Drive Geometry that says nothing of one.
     *
     * @param geometry has at {@code at} a Drive Geometry for who has joined, and room for 1,176 bytes
     * @return bytes of the open Drive Geometry; its CRC has no meaning
     */
    public int putImage(ByteBuf geometry, int at) {
        int from = indexOf(IMAGE);
        for (int i = 0; i < STRETCHES.length; i += 2) {
            geometry.setBytes(at + STRETCHES[i], buffer(), from, STRETCHES[i + 1]);
            from += STRETCHES[i + 1];
        }
        geometry.setByte(at + GEOMETRY_NAME_BYTES, 0).setByte(at + GEOMETRY_LABEL_BYTES, u8(LABEL_BYTES));
        geometry.setBytes(at + GEOMETRY_REGIONS, buffer(), indexOf(REGIONS), tailBytes());
        return GEOMETRY_REGIONS + tailBytes() + TRAILER_BYTES;
    }

    /** As {@link #putImage(ByteBuf, int)}, with the name of the session, which is "" when it has none. */
    public int putImage(ByteBuf geometry, int at, String sessionName) {
        int length = putImage(geometry, at);
        byte[] name = WireText.encode(sessionName);
        geometry.setByte(at + GEOMETRY_NAME_BYTES, name.length).setBytes(at + length - TRAILER_BYTES, name);
        return length + name.length;
    }

    @Override
    SealedConfirmFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        return end;
    }
}
