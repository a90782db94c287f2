package org.imgblstr.protocol.wire;

/**
 * The RSVP of a sealed session: what a slave says of itself and its disk is in a box. Source: docs/security.md, section 4.
 * <pre>
 *   12      20          71       72       88                  120                    - 4
 *   | nonce | zero (51) | 1 (1) | cookie | X: X25519, 32 bytes | box, its tag last   | CRC-32C |
 * </pre>
 */
public final class SealedRsvpFlyweight extends CommandFlyweight<SealedRsvpFlyweight> {
    public static final int COOKIE_BYTES = 16;
    public static final int EXCHANGE_BYTES = 32;

    /** Where the box begins, which holds an open RSVP from {@link #OPEN_BODY} on. */
    public static final int BOX = 120;

    /** Where the part of an open RSVP begins that the box holds. */
    public static final int OPEN_BODY = 20;

    private static final int NONCE = HEADER_BYTES;
    private static final int SEALED = RsvpFlyweight.FIXED_BYTES;
    private static final int COOKIE = 72;
    private static final int EXCHANGE = COOKIE + COOKIE_BYTES;
    private static final int LEAST_BOX_BYTES = RsvpFlyweight.FIXED_BYTES - OPEN_BODY + TAG_BYTES;

    private int boxBytes = LEAST_BOX_BYTES;

    public SealedRsvpFlyweight() {
        super(CommandType.RSVP);
    }

    /** Whether it can hold a box of an RSVP, and the fields of an open one are zero. */
    public boolean isValid() {
        return hasFixedFields() && reaches(BOX + LEAST_BOX_BYTES) && u8(SEALED) == 1 && isBodyHidden();
    }

    private boolean isBodyHidden() {
        for (int field = OPEN_BODY; field < SEALED; field++) {
            if (u8(field) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Fresh for each start of a slave. */
    public long nonce() {
        return i64(NONCE);
    }

    public SealedRsvpFlyweight nonce(long value) {
        return put8(SEALED, 1).put64(NONCE, value);
    }

    /** What the master has asked for under load; zeros before that. */
    public byte[] cookie() {
        return bytes(COOKIE, COOKIE_BYTES);
    }

    public SealedRsvpFlyweight cookie(byte[] value) {
        reserve(BOX);
        return putBytes(COOKIE, value, COOKIE_BYTES);
    }

    /** X: the slave's public key. */
    public byte[] exchange() {
        return bytes(EXCHANGE, EXCHANGE_BYTES);
    }

    public SealedRsvpFlyweight exchange(byte[] value) {
        reserve(BOX);
        return putBytes(EXCHANGE, value, EXCHANGE_BYTES);
    }

    /** Bytes of the box, tag included. */
    public int boxBytes() {
        return length() - BOX - TRAILER_BYTES;
    }

    /** How many bytes a box has that is written at {@link #BOX}, tag included. */
    public SealedRsvpFlyweight boxBytes(int value) {
        boxBytes = value;
        reserve(bodyEnd() + TRAILER_BYTES);
        return this;
    }

    @Override
    SealedRsvpFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        return BOX + boxBytes;
    }
}
