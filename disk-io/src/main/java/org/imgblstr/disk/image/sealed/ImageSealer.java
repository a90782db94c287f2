package org.imgblstr.disk.image.sealed;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.sealing.primitive.Aead;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.primitive.Sha256;

/**
 * Makes of the parts of an image what its file has of them: the same bytes, or boxes; and digest records and a signature. One thread.
 */
public final class ImageSealer implements AutoCloseable {
    private static final int IMAGE_ID = 16;
    private static final int ID_BYTES = 16;

    private final ImageProtection protection;
    private final ImageLayout layout;
    private final DigestRecord digests;
    private final MessageDigest digestSums = Sha256.create();
    private ByteBuffer header;
    private BoxCipher cipher;

    /** {@code chunkTracks}: most tracks of a digest record. */
    public ImageSealer(ImageProtection protection, int chunkTracks) {
        this.protection = protection;
        this.layout = protection.layout();
        this.digests = DigestRecord.ofTracks(layout.hasDigests() ? chunkTracks : 0);
    }

    public ImageLayout layout() {
        return layout;
    }

    /**
     * What the file begins with. Called first, and once.
     *
     * @param plain the header, position 0 to limit
     * @throws NotAuthenticException when this machine cannot compute keys of pass phrases
     */
    public ByteBuffer header(ByteBuffer plain) throws NotAuthenticException {
        header = plain.duplicate();
        if (!layout.isEncrypted()) {
            return plain;
        }
        try (SecretBytes fileKey = SecretBytes.random(Aead.KEY_BYTES, protection.random())) {
            KeySlots slots = KeySlots.seal(
                    fileKey, protection.secrets(), imageId(), protection.primitives(), protection.random());
            try (BoxKey key = BoxKey.of(fileKey, imageId(), protection.primitives())) {
                cipher = key.cipher();
            }
            int clear = ImageLayout.CLEAR_BYTES;
            ByteBuffer file = ByteBuffer.allocate(layout.headerBytes(plain.limit()));
            file.put(plain.slice(0, clear)).put(slots.bytes());
            ByteBuffer rest = plain.slice(clear, plain.limit() - clear);
            return file.put(box(rest, file.position(), BoxCipher.Part.HEADER)).flip();
        }
    }

    private byte[] imageId() {
        byte[] id = new byte[ID_BYTES];
        header.get(IMAGE_ID, id);
        return id;
    }

    /** What the file has of a part that begins at {@code offset} in it; valid until the next call. */
    public ByteBuffer box(ByteBuffer plain, long offset, BoxCipher.Part part) {
        return cipher == null ? plain : cipher.seal(plain, offset, part);
    }

    /** The next track. {@code sha256}: as a {@link TrackHasher} computes it; null for a kind that has no encoded track. */
    public void add(TrackKind kind, byte[] sha256) {
        if (layout.hasDigests()) {
            digests.add(kind, sha256);
        }
    }

    /** The body of the digest record of the tracks that were added since the last one. */
    public ByteBuffer takeDigests() {
        return digests.take();
    }

    /** The next digest record has this SHA-256 of its body. */
    public void addDigestSum(byte[] sha256) {
        digestSums.update(sha256);
    }

    /** What stands behind the trailer: nothing unless the image is signed. */
    public ByteBuffer signature(byte[] contentDigest) {
        if (!layout.isSigned()) {
            return ByteBuffer.allocate(0);
        }
        var content = new ImageSignature.Content(imageId(), digestSums.digest(), contentDigest, header);
        return ImageSignature.of(protection.signer(), content, protection.primitives())
                .bytes();
    }

    /** Forgets the key. */
    @Override
    public void close() {
        if (cipher != null) {
            cipher.close();
        }
    }
}
