package org.imgblstr.disk.image.sealed;

import org.imgblstr.sealing.primitive.Aead;

/**
 * What the flags of a header say of the file behind them. Source: docs/image-format.md, sections 2, 8 and 9.
 *
 * @param isEncrypted whether all parts are boxes
 * @param isSigned whether a signature ends the file; such a file has digest records
 * @param hasDigests whether a digest record follows each index record
 */
public record ImageLayout(boolean isEncrypted, boolean isSigned, boolean hasDigests) {
    /** Of an image without any of this. */
    public static final ImageLayout PLAIN = new ImageLayout(false, false, false);

    /** The bytes of a header that are in clear in any file. */
    public static final int CLEAR_BYTES = 32;

    private static final int ENCRYPTED = 1;
    private static final int SIGNED = 2;
    private static final int DIGESTS = 4;

    public ImageLayout {
        if (isSigned && !hasDigests) {
            throw new IllegalArgumentException("a signed image has digest records");
        }
    }

    /** Null when the flags are none that are known, or make no sense together. */
    public static ImageLayout of(int flags) {
        boolean isKnown = (flags & ~(ENCRYPTED | SIGNED | DIGESTS)) == 0;
        boolean hasDigests = (flags & DIGESTS) != 0;
        boolean isSigned = (flags & SIGNED) != 0;
        return isKnown && (hasDigests || !isSigned)
                ? new ImageLayout((flags & ENCRYPTED) != 0, isSigned, hasDigests)
                : null;
    }

    /** As the header has them. */
    public int flags() {
        return (isEncrypted ? ENCRYPTED : 0) | (isSigned ? SIGNED : 0) | (hasDigests ? DIGESTS : 0);
    }

    /** What a part of so many bytes takes in the file. */
    public int boxBytes(int plainBytes) {
        return isEncrypted ? plainBytes + Aead.TAG_BYTES : plainBytes;
    }

    /** What a header of so many bytes takes in the file. */
    public int headerBytes(int plainBytes) {
        return isEncrypted ? KeySlots.BYTES + boxBytes(plainBytes) : plainBytes;
    }

    /** What stands behind the trailer. */
    public int signatureBytes() {
        return isSigned ? ImageSignature.BYTES : 0;
    }
}
