package org.imgblstr.protocol.wire;

/**
 * The master is through. Source: docs/protocol.md, section 3.8.
 * <pre>
 *   12       13      14         16           20           24       56     58     60
 *   | reason | flags | exitCode | trackCount | dataTracks | digest | base | bits | departed: bit 0 of byte 0 is slave "base" |
 * </pre>
 */
public final class DoneFlyweight extends CommandFlyweight<DoneFlyweight> {
    /** Reasons. */
    public static final int COMPLETE = 1;

    public static final int ABORTED = 2;
    public static final int REMOVED = 3;
    /** By the operator of the master. */
    public static final int KICKED = 4;

    /** Given up before its start: slaves that joined may join another session. */
    public static final int CANCELLED = 5;

    /** Bytes of the content digest. */
    public static final int DIGEST_BYTES = 32;

    /** Slaves that one datagram can name: 60 + 1300 + 4 = 1364 bytes. */
    public static final int MAX_BITS = 1188 * 8;

    private static final int REASON = HEADER_BYTES;
    private static final int FLAGS = REASON + Byte.BYTES;
    private static final int EXIT_CODE = FLAGS + Byte.BYTES;
    private static final int TRACK_COUNT = EXIT_CODE + Short.BYTES;
    private static final int DATA_TRACKS = TRACK_COUNT + Integer.BYTES;
    private static final int DIGEST = DATA_TRACKS + Integer.BYTES;
    private static final int BASE = DIGEST + DIGEST_BYTES;
    private static final int BITS = BASE + Short.BYTES;
    private static final int DEPARTED = BITS + Short.BYTES;
    static final int FIXED_BYTES = DEPARTED;

    private boolean isManifestWritten;

    public DoneFlyweight() {
        super(CommandType.DONE);
    }

    /** Whether the reason is known, the tracks are those of a session of {@code trackCount} tracks, and all bits are there. */
    public boolean isValid(int trackCount) {
        return hasFixedFields()
                && reason() >= COMPLETE
                && reason() <= CANCELLED
                && trackCount() == trackCount
                && isUpTo(trackCount, dataTracks())
                && bits() <= MAX_BITS
                && base() + bits() <= MAX_SLAVE_INDEX + 1
                && reaches(bodyEnd());
    }

    /** {@link #COMPLETE}, {@link #ABORTED}, {@link #REMOVED}, {@link #KICKED} or {@link #CANCELLED}. */
    public int reason() {
        return u8(REASON);
    }

    /** Whether it went to the data group, so that its sequence number is its own. */
    public boolean isToAll() {
        return reason() != REMOVED && reason() != KICKED;
    }

    public DoneFlyweight reason(int value) {
        return put8(REASON, value);
    }

    /** Exit code of a master that aborted. */
    public int exitCode() {
        return u16(EXIT_CODE);
    }

    public DoneFlyweight exitCode(int value) {
        return put16(EXIT_CODE, value);
    }

    public int trackCount() {
        return i32(TRACK_COUNT);
    }

    public DoneFlyweight trackCount(int value) {
        return put32(TRACK_COUNT, value);
    }

    /** Tracks that carried data. */
    public int dataTracks() {
        return i32(DATA_TRACKS);
    }

    public DoneFlyweight dataTracks(int value) {
        return put32(DATA_TRACKS, value);
    }

    /** Content digest: a copy, 32 bytes. */
    public byte[] digest() {
        return bytes(DIGEST, DIGEST_BYTES);
    }

    public DoneFlyweight digest(byte[] value) {
        return putBytes(DIGEST, value, DIGEST_BYTES);
    }

    /** Index of the slave of bit 0. */
    public int base() {
        return u16(BASE);
    }

    public int bits() {
        return u16(BITS);
    }

    /** Makes room for {@code bits} slaves, the first of them {@code base}, none departed yet. */
    public DoneFlyweight slaves(int base, int bits) {
        if (bits > MAX_BITS || base + bits > MAX_SLAVE_INDEX + 1) {
            throw new IllegalArgumentException("slaves " + base + " and on: " + bits + " do not fit Done");
        }
        put16(BASE, base).put16(BITS, bits);
        reserve(bodyEnd() + TRAILER_BYTES);
        buffer().setZero(indexOf(DEPARTED), bodyEnd() - DEPARTED);
        return this;
    }

    /** Whether the Disconnect of a slave has arrived; false for a slave that this datagram does not tell about. */
    public boolean hasDeparted(int slave) {
        int bit = slave - base();
        return bit >= 0 && bit < bits() && (u8(DEPARTED + bit / 8) & (1 << (bit % 8))) != 0;
    }

    /** The Disconnect of a slave, one of {@link #slaves}, has arrived. */
    public DoneFlyweight departed(int slave) {
        int bit = slave - base();
        if (bit < 0 || bit >= bits()) {
            throw new IllegalArgumentException("slave: expected " + base() + " and " + bits() + " on, found " + slave);
        }
        return put8(DEPARTED + bit / 8, u8(DEPARTED + bit / 8) | (1 << (bit % 8)));
    }

    /** D of the manifest, in a sealed session: a copy, 32 bytes; zeros when it is not there. */
    public byte[] manifest() {
        int at = DEPARTED + (bits() + 7) / 8;
        return reaches(at + DIGEST_BYTES) ? bytes(at, DIGEST_BYTES) : new byte[DIGEST_BYTES];
    }

    /** Behind the slaves. */
    public DoneFlyweight manifest(byte[] value) {
        int at = DEPARTED + (bits() + 7) / 8;
        reserve(at + DIGEST_BYTES + TRAILER_BYTES);
        isManifestWritten = true;
        return putBytes(at, value, DIGEST_BYTES);
    }

    @Override
    void onBegin() {
        isManifestWritten = false;
    }

    @Override
    DoneFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        return DEPARTED + (bits() + 7) / 8 + (length() == 0 && isManifestWritten ? DIGEST_BYTES : 0);
    }
}
