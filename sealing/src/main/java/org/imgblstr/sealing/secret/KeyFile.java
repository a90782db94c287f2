package org.imgblstr.sealing.secret;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.RandomBytes;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.primitive.Signing;

/**
 * The content of a key file. Three files belong together: that of masters has everything, that of slaves cannot sign, and the public one only
 * tells signatures of the master from others. Specification: docs/security.md, section 3.
 */
public final class KeyFile implements AutoCloseable {
    /** A longer file is none. */
    public static final int MOST_BYTES = 512;

    private static final byte[] ID_LABEL = "imgblstr 1 key id\0".getBytes(StandardCharsets.US_ASCII);
    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;

    /** Whom a key file is for. */
    public enum Use {
        MASTER,
        SLAVE,
        PUBLIC;

        /** As the file has it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Use use;
    private final byte[] id;
    private final SecretBytes secret;
    private final SecretBytes seed;
    private final byte[] verify;

    private KeyFile(Use use, byte[] id, SecretBytes secret, SecretBytes seed, byte[] verify) {
        this.use = use;
        this.id = id;
        this.secret = secret;
        this.seed = seed;
        this.verify = verify;
    }

    /** A new key for masters. */
    public static KeyFile create(Primitives primitives, RandomBytes random) {
        SecretBytes secret = SecretBytes.random(SECRET_BYTES, random);
        SecretBytes seed = SecretBytes.random(Signing.KEY_BYTES, random);
        byte[] verify = primitives.signing().publicKey(seed);
        return new KeyFile(Use.MASTER, idOf(verify, primitives), secret, seed, verify);
    }

    /**
     * Reads the content of a key file; the array stays as it is.
     *
     * @throws SecretException anything is not as it is written; the message names the line
     */
    public static KeyFile parse(byte[] content, Primitives primitives) throws SecretException {
        KeyText text = new KeyText(content);
        Use use = text.begin();
        byte[] id = text.hex("id", ID_BYTES);
        SecretBytes secret = use == Use.PUBLIC ? null : SecretBytes.take(text.hex("secret", SECRET_BYTES));
        SecretBytes seed = use == Use.MASTER ? SecretBytes.take(text.hex("sign", Signing.KEY_BYTES)) : null;
        byte[] verify = text.hex("verify", Signing.KEY_BYTES);
        text.end(primitives.hashing());
        if (!Arrays.equals(id, idOf(verify, primitives))) {
            throw new SecretException("its id is not that of its verify key");
        }
        if (seed != null && !Arrays.equals(verify, primitives.signing().publicKey(seed))) {
            throw new SecretException("its verify key is not that of its sign key");
        }
        return new KeyFile(use, id, secret, seed, verify);
    }

    /** Id of the key with this public key: 8 bytes. */
    public static byte[] idOf(byte[] verify, Primitives primitives) {
        return Arrays.copyOf(primitives.hashing().sha256(ID_LABEL, verify), ID_BYTES);
    }

    /** The file of another use that belongs to this one, which has at least as much. */
    public KeyFile as(Use other) {
        if (other.compareTo(use) < 0) {
            throw new IllegalArgumentException(
                    "a key file for " + use.word() + " does not hold one for " + other.word());
        }
        SecretBytes itsSecret = other == Use.PUBLIC ? null : SecretBytes.take(secret.copy());
        SecretBytes itsSeed = other == Use.MASTER ? SecretBytes.take(seed.copy()) : null;
        return new KeyFile(other, id, itsSecret, itsSeed, verify);
    }

    /** The bytes of the file, which the caller wipes. */
    public byte[] content(Primitives primitives) {
        return KeyText.write(use, id, secret, seed, verify, primitives.hashing());
    }

    public Use use() {
        return use;
    }

    /** 8 bytes that tell keys apart; public. */
    public byte[] id() {
        return id.clone();
    }

    /** The id as files and messages have it. */
    public String idText() {
        return HexFormat.of().formatHex(id);
    }

    /** The secret of 32 bytes that master and slaves share. Not in a public file. */
    public SecretBytes secret() {
        return held(secret);
    }

    /** The seed by which masters sign. Only in the file of masters. */
    public SecretBytes seed() {
        return held(seed);
    }

    /** The public key of 32 bytes by which signatures of masters are checked. */
    public byte[] verify() {
        return verify.clone();
    }

    private SecretBytes held(SecretBytes bytes) {
        if (bytes == null) {
            throw new IllegalStateException("a key file for " + use.word() + " does not hold this secret");
        }
        return bytes;
    }

    /** Wipes the secrets. */
    @Override
    public void close() {
        if (secret != null) {
            secret.close();
        }
        if (seed != null) {
            seed.close();
        }
    }

    @Override
    public String toString() {
        return "key " + idText() + " for " + use.word();
    }
}
