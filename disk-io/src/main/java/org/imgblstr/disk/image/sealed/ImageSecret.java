package org.imgblstr.disk.image.sealed;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.secret.KeyFile;

/** What an operator opens an encrypted image with: a pass phrase, or a key file. */
public final class ImageSecret implements AutoCloseable {
    /** Shortest pass phrase of a new image, in characters. */
    public static final int LEAST_CHARACTERS = 12;

    private static final int ID_BYTES = 8;

    private final Kind kind;
    private final byte[] keyId;
    private final SecretBytes bytes;

    /** Form of a secret. */
    public enum Kind {
        PHRASE(1),
        KEY_FILE(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private ImageSecret(Kind kind, byte[] keyId, SecretBytes bytes) {
        this.kind = kind;
        this.keyId = keyId;
        this.bytes = bytes;
    }

    /** A pass phrase that is not empty. */
    public static ImageSecret ofPhrase(String phrase) {
        if (phrase.isEmpty()) {
            throw new IllegalArgumentException("a pass phrase has characters");
        }
        return new ImageSecret(
                Kind.PHRASE, new byte[ID_BYTES], SecretBytes.take(phrase.getBytes(StandardCharsets.UTF_8)));
    }

    /** The secret of a key file for masters or slaves, as a copy of its own. */
    public static ImageSecret of(KeyFile file) {
        return new ImageSecret(
                Kind.KEY_FILE, file.id(), SecretBytes.take(file.secret().copy()));
    }

    public Kind kind() {
        return kind;
    }

    /** 8 bytes: id of the key file; zeros with a pass phrase. */
    byte[] keyId() {
        return keyId.clone();
    }

    /** For messages. */
    public String text() {
        return kind == Kind.PHRASE
                ? "this pass phrase"
                : "key " + HexFormat.of().formatHex(keyId);
    }

    /** K of docs/image-format.md: 32 bytes, which the caller wipes. */
    SecretBytes key(byte[] salt, KeySlots.Cost cost, Primitives primitives) {
        return kind == Kind.KEY_FILE
                ? SecretBytes.take(bytes.copy())
                : primitives.memoryHard().scrypt(bytes, salt, 1 << cost.log2N(), cost.r(), cost.p(), 32);
    }

    /** Wipes the secret. */
    @Override
    public void close() {
        bytes.close();
    }

    @Override
    public String toString() {
        return "hidden";
    }
}
