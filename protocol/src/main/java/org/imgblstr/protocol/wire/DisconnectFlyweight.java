package org.imgblstr.protocol.wire;

import org.imgblstr.protocol.contract.SlaveResult;

/**
 * A slave leaves and says how it ended. Source: docs/protocol.md, section 3.9.
 * <pre>
 *   12      14       16      24      28              32             40          48       80
 *   | slave | result | nonce | errno | tracksMissing | bytesWritten | elapsedMs | digest |
 * </pre>
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
    static final int FIXED_BYTES = DIGEST + DIGEST_BYTES;

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
                && elapsedMs() >= 0;
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

    @Override
    DisconnectFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        return FIXED_BYTES;
    }
}
