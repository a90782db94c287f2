package org.imgblstr.protocol.wire;

import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveResult;

/**
 * A slave leaves and says how it ended. Source: docs/protocol.md, section 3.9.
 * <pre>
 *   12      14       16      24      28              32             40          48       80         84     88        92
 *   | slave | result | nonce | errno | tracksMissing | bytesWritten | elapsedMs | digest | received | lost | dropped | ...
 *   92               96         100     101         103
 *   | tracksRepaired | diskRate | flags | textBytes | text |
 * </pre>
 * Slaves of earlier versions send nothing from the flags on.
 */
public final class DisconnectFlyweight extends CommandFlyweight<DisconnectFlyweight> {
    /** Bytes of the content digest. */
    public static final int DIGEST_BYTES = 32;

    private static final int SLAVE = HEADER_BYTES;
    private static final int RESULT = SLAVE + Short.BYTES;
    private static final int NONCE = RESULT + Short.BYTES;
    private static final int ERRNO = NONCE + Long.BYTES;
    private static final int TRACKS_MISSING = ERRNO + Integer.BYTES;
    private static final int BYTES_WRITTEN = TRACKS_MISSING + Integer.BYTES;
    private static final int ELAPSED_MS = BYTES_WRITTEN + Long.BYTES;
    private static final int DIGEST = ELAPSED_MS + Long.BYTES;
    private static final int RECEIVED = DIGEST + DIGEST_BYTES;
    private static final int LOST = RECEIVED + Integer.BYTES;
    private static final int DROPPED = LOST + Integer.BYTES;
    private static final int TRACKS_REPAIRED = DROPPED + Integer.BYTES;
    private static final int DISK_RATE = TRACKS_REPAIRED + Integer.BYTES;
    private static final int FLAGS = DISK_RATE + Integer.BYTES;
    private static final int TEXT_BYTES = FLAGS + Byte.BYTES;
    private static final int TEXT = TEXT_BYTES + Short.BYTES;
    static final int FIXED_BYTES = FLAGS;

    /** Bytes of the text at most; a longer one is cut. */
    static final int MAX_TEXT_BYTES = 600;

    private static final int NOT_READ_BACK = 1;

    /** The disk rate is told in units of so many bytes a second. */
    private static final long RATE_UNIT = 1024;

    private boolean isTextWritten;
    private boolean isManifestWritten;

    public DisconnectFlyweight() {
        super(CommandType.DISCONNECT);
    }

    /** Whether the result is known and the numbers can be, in a session of {@code trackCount} tracks. */
    public boolean isValid(int trackCount) {
        return hasFixedFields()
                && isSlaveIndex(slave())
                && DisconnectResult.isCode(u16(RESULT))
                && isUpTo(trackCount, tracksMissing())
                && bytesWritten() >= 0
                && elapsedMs() >= 0
                && (!hasText() || (reaches(TEXT) && reaches(TEXT + u16(TEXT_BYTES))));
    }

    private boolean hasText() {
        return length() == 0 ? isTextWritten : reaches(FIXED_BYTES + 1);
    }

    /** Index of the slave, 1 to 65534. */
    public int slave() {
        return u16(SLAVE);
    }

    public DisconnectFlyweight slave(int value) {
        return put16(SLAVE, value);
    }

    /** One of the six ends that a slave tells. */
    public SlaveResult.Result result() {
        return DisconnectResult.ofCode(u16(RESULT));
    }

    public DisconnectFlyweight result(SlaveResult.Result value) {
        return put16(RESULT, DisconnectResult.codeOf(value));
    }

    public long nonce() {
        return i64(NONCE);
    }

    public DisconnectFlyweight nonce(long value) {
        return put64(NONCE, value);
    }

    /** The error number of a disk error, 0 when none or unknown. */
    public long errno() {
        return u32(ERRNO);
    }

    public DisconnectFlyweight errno(long value) {
        return putU32(ERRNO, value);
    }

    public int tracksMissing() {
        return i32(TRACKS_MISSING);
    }

    public DisconnectFlyweight tracksMissing(int value) {
        return put32(TRACKS_MISSING, value);
    }

    public long bytesWritten() {
        return i64(BYTES_WRITTEN);
    }

    public DisconnectFlyweight bytesWritten(long value) {
        return put64(BYTES_WRITTEN, value);
    }

    public long elapsedMs() {
        return i64(ELAPSED_MS);
    }

    public DisconnectFlyweight elapsedMs(long value) {
        return put64(ELAPSED_MS, value);
    }

    /** Content digest: a copy, 32 bytes. */
    public byte[] digest() {
        return bytes(DIGEST, DIGEST_BYTES);
    }

    public DisconnectFlyweight digest(byte[] value) {
        return putBytes(DIGEST, value, DIGEST_BYTES);
    }

    /** What the slave received, lost, dropped and repaired, and how fast its disk was. */
    public SlaveCounters counters() {
        return new SlaveCounters(
                u32(RECEIVED),
                u32(LOST),
                u32(DROPPED),
                u32(TRACKS_REPAIRED),
                u32(DISK_RATE) * RATE_UNIT,
                !hasText() || (u8(FLAGS) & NOT_READ_BACK) == 0);
    }

    /** Each counter is told as the largest number of 32 bits when it is larger. Whether anything was read back: {@link #text}. */
    public DisconnectFlyweight counters(SlaveCounters value) {
        return putCounter(RECEIVED, value.receivedDatagrams())
                .putCounter(LOST, value.lostDatagrams())
                .putCounter(DROPPED, value.droppedDatagrams())
                .putCounter(TRACKS_REPAIRED, value.repairedTracks())
                .putCounter(DISK_RATE, value.diskRate() / RATE_UNIT);
    }

    /** Why it ended so, for the operator; what cannot be printed is replaced. "" when it did not say. */
    public String text() {
        return hasText() ? WireText.decode(bytes(TEXT, u16(TEXT_BYTES))) : "";
    }

    /** Why it ended so, and whether it read back what it wrote. */
    public DisconnectFlyweight text(String value, boolean isReadBack) {
        byte[] text = WireText.encodeSentence(value, MAX_TEXT_BYTES);
        isTextWritten = true;
        reserve(TEXT + text.length + TRAILER_BYTES);
        return put8(FLAGS, isReadBack ? 0 : NOT_READ_BACK)
                .put16(TEXT_BYTES, text.length)
                .putBytes(TEXT, text, text.length);
    }

    /** D of what is on its disk, in a sealed session: a copy, 32 bytes; zeros when it is not there. */
    public byte[] manifest() {
        int at = TEXT + (hasText() && reaches(TEXT) ? u16(TEXT_BYTES) : 0);
        return hasText() && reaches(at + DIGEST_BYTES) ? bytes(at, DIGEST_BYTES) : new byte[DIGEST_BYTES];
    }

    /** Behind the text. */
    public DisconnectFlyweight manifest(byte[] value) {
        int at = TEXT + u16(TEXT_BYTES);
        reserve(at + DIGEST_BYTES + TRAILER_BYTES);
        isManifestWritten = true;
        return putBytes(at, value, DIGEST_BYTES);
    }

    @Override
    void onBegin() {
        isManifestWritten = false;
        isTextWritten = false;
    }

    private DisconnectFlyweight putCounter(int offset, long value) {
        return putU32(offset, Math.min(value, 0xFFFF_FFFFL));
    }

    @Override
    DisconnectFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        int more = length() == 0 && isManifestWritten ? DIGEST_BYTES : 0;
        return hasText() ? TEXT + u16(TEXT_BYTES) + more : FIXED_BYTES;
    }
}
