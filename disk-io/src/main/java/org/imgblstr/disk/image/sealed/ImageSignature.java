package org.imgblstr.disk.image.sealed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.Signing;
import org.imgblstr.sealing.secret.KeyFile;

/**
 * The last 128 bytes of a signed image. Source: docs/image-format.md, section 8.
 * <pre>
 *   0       8       16           48          112    124   128
 *   | magic | keyId | public key | signature | zero | crc |
 * </pre>
 */
public final class ImageSignature {
    public static final int BYTES = 128;

    /** Where the signature itself begins. */
    public static final int SIGNATURE = 48;

    /** "IMGBLSIG". */
    private static final long MAGIC = 0x494D47424C534947L;

    private static final int KEY_ID = 8;
    private static final int PUBLIC_KEY = 16;
    private static final int CRC = 124;
    private static final int ID_BYTES = 8;
    private static final byte[] LABEL = "imgblstr 1 image signature\0".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuffer bytes;

    /** What is signed. */
    public static final class Content {
        private final byte[] bytes;
        private final byte[] contentDigest;

        /**
         * @param imageId 16 bytes
         * @param digestSums SHA-256 of the SHA-256 of the body of each digest record, in order
         * @param contentDigest 32 bytes
         * @param header all of it, as it is without encryption, position 0 to limit
         */
        public Content(byte[] imageId, byte[] digestSums, byte[] contentDigest, ByteBuffer header) {
            int from = ImageLayout.CLEAR_BYTES;
            ByteBuffer signed = header.slice(from, header.limit() - Integer.BYTES - from);
            int length = LABEL.length + imageId.length + digestSums.length + contentDigest.length + signed.remaining();
            this.bytes = ByteBuffer.allocate(length)
                    .put(LABEL)
                    .put(imageId)
                    .put(digestSums)
                    .put(contentDigest)
                    .put(signed)
                    .array();
            this.contentDigest = contentDigest.clone();
        }
    }

    private ImageSignature(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Signs. {@code signer}: a key file of masters. */
    static ImageSignature of(KeyFile signer, Content content, Primitives primitives) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(0, MAGIC).put(KEY_ID, signer.id()).put(PUBLIC_KEY, signer.verify());
        bytes.put(SIGNATURE, primitives.signing().sign(signer.seed(), content.bytes));
        bytes.putInt(CRC, crc(bytes));
        return new ImageSignature(bytes);
    }

    /** A copy of 128 bytes from position 0 of {@code file} on. */
    public static ImageSignature of(ByteBuffer file) {
        return new ImageSignature(ByteBuffer.allocate(BYTES).put(0, file, 0, BYTES));
    }

    /** A view of all bytes. */
    ByteBuffer bytes() {
        return bytes.duplicate().clear();
    }

    /** Whether it is undamaged, and a signature of this content by the key that it names. Whether to trust that key is another question. */
    public boolean isSound(Content content, Primitives primitives) {
        return isWhole(primitives) && holds(content, primitives);
    }

    /** Whether these are the bytes of a signature, undamaged. Whose it is, and of what, is another question. */
    public boolean isWhole(Primitives primitives) {
        return bytes.getLong(0) == MAGIC
                && bytes.getInt(CRC) == crc(bytes)
                && Arrays.equals(part(KEY_ID, ID_BYTES), KeyFile.idOf(publicKey(), primitives));
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, CRC));
        return (int) crc.getValue();
    }

    private byte[] publicKey() {
        return part(PUBLIC_KEY, Signing.KEY_BYTES);
    }

    private byte[] part(int at, int length) {
        byte[] part = new byte[length];
        bytes.get(at, part);
        return part;
    }

    /** The content digest of what is signed. */
    static byte[] contentDigestOf(Content content) {
        return content.contentDigest.clone();
    }

    /** Id of the key that signed, as messages have it. */
    public String keyId() {
        return HexFormat.of().formatHex(part(KEY_ID, ID_BYTES));
    }

    /** Whether it names this key. */
    boolean isBy(KeyFile key) {
        return Arrays.equals(publicKey(), key.verify());
    }

    /** Whether it is a signature of this content by the key that it names. */
    boolean holds(Content content, Primitives primitives) {
        return primitives.signing().isSigned(publicKey(), content.bytes, part(SIGNATURE, Signing.SIGNATURE_BYTES));
    }
}
