package org.imgblstr.disk.image.sealed;

import java.nio.charset.StandardCharsets;
import org.imgblstr.sealing.primitive.Aead;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;

/** The key of all boxes of one file. Any thread. */
public final class BoxKey implements AutoCloseable {
    private static final String LABEL = "imgblstr 1 image\0";

    private final Primitives primitives;
    private final SecretBytes key;

    private BoxKey(Primitives primitives, SecretBytes key) {
        this.primitives = primitives;
        this.key = key;
    }

    /** {@code fileKey}: 32 bytes, which stay; {@code imageId}: 16 bytes. */
    static BoxKey of(SecretBytes fileKey, byte[] imageId, Primitives primitives) {
        return new BoxKey(primitives, expand(fileKey, LABEL, imageId, primitives));
    }

    static SecretBytes expand(SecretBytes key, String label, byte[] imageId, Primitives primitives) {
        byte[] begin = label.getBytes(StandardCharsets.US_ASCII);
        byte[] info = new byte[begin.length + imageId.length];
        System.arraycopy(begin, 0, info, 0, begin.length);
        System.arraycopy(imageId, 0, info, begin.length, imageId.length);
        return primitives.hashing().expand(key, info, Aead.KEY_BYTES);
    }

    /** A cipher for one thread, which closes it. */
    public BoxCipher cipher() {
        return new BoxCipher(primitives.aead(key));
    }

    /** Wipes the key; ciphers that were made stay as they are. */
    @Override
    public void close() {
        key.close();
    }
}
