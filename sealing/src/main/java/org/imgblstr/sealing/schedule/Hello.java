package org.imgblstr.sealing.schedule;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.imgblstr.sealing.primitive.Hashing;
import org.imgblstr.sealing.primitive.KeyAgreement;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.primitive.Signing;
import org.imgblstr.sealing.secret.Secret;

/**
 * What a master says of its keys in clear: bytes 148 to 295 of the Drive Geometry of a sealed session. Offsets below count from byte 148.
 * Specification: docs/security.md, section 4.
 * <pre>
 *   0      1      4         12         20                    52                  84          148
 *   | kind | zero | key id  | name tag | E: X25519, 32 bytes | V: Ed25519, 32    | signature |
 * </pre>
 */
public final class Hello {
    /** All bytes. */
    public static final int BYTES = 148;

    /** Those before the signature, which the signature and the transcript cover. */
    static final int SIGNED_BYTES = 84;

    private static final int KEY_ID = 4;
    private static final int NAME_TAG = 12;
    private static final int EXCHANGE = 20;
    private static final int VERIFY = 52;
    private static final int TAG_BYTES = 8;
    private static final byte[] NAME_LABEL = SignedBytes.Labels.of("name");

    private final byte[] bytes;

    private Hello(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Without a signature, as sessions with a code have it.
     *
     * @param nameTag of {@link #nameTag}
     * @param exchange E, public key of the session's X25519 pair
     * @param verify V, public key of the session's Ed25519 pair
     */
    public static Hello of(Secret secret, byte[] nameTag, byte[] exchange, byte[] verify) {
        ByteBuffer into = ByteBuffer.allocate(BYTES);
        into.put((byte) secret.kind().code()).position(KEY_ID);
        into.put(secret.keyId()).put(nameTag).put(exchange).put(verify);
        if (into.position() != SIGNED_BYTES) {
            throw new IllegalArgumentException("expected 84 bytes before the signature, found " + into.position());
        }
        return new Hello(into.array());
    }

    /** Signed by the key of a master's key file. */
    public Hello signed(Signing signing, SecretBytes seed, long sessionId) {
        byte[] signed = bytes.clone();
        byte[] signature = signing.sign(seed, SignedBytes.HELLO.of(sessionId, signedPart()));
        System.arraycopy(signature, 0, signed, SIGNED_BYTES, signature.length);
        return new Hello(signed);
    }

    /** Reads what a datagram brought; empty when it has another length, a kind that is not known, or bytes that should be zero. */
    public static Optional<Hello> read(byte[] bytes) {
        boolean isKnown = bytes.length == BYTES
                && (bytes[0] == Secret.Kind.CODE.code() || bytes[0] == Secret.Kind.KEY_FILE.code())
                && bytes[1] == 0
                && bytes[2] == 0
                && bytes[3] == 0;
        return isKnown ? Optional.of(new Hello(bytes.clone())) : Optional.empty();
    }

    /** 8 bytes that tell sessions by their name without telling the name; zeros for one without a name. */
    public static byte[] nameTag(Hashing hashing, long sessionId, String name) {
        if (name.isEmpty()) {
            return new byte[TAG_BYTES];
        }
        byte[] session = ByteBuffer.allocate(Long.BYTES).putLong(sessionId).array();
        byte[] digest = hashing.sha256(NAME_LABEL, session, name.getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(digest, TAG_BYTES);
    }

    /** Whether the signature is of the key file to which this public key belongs. */
    public boolean isSignedBy(Signing signing, byte[] publicKey, long sessionId) {
        byte[] signature = Arrays.copyOfRange(bytes, SIGNED_BYTES, BYTES);
        return signing.isSigned(publicKey, SignedBytes.HELLO.of(sessionId, signedPart()), signature);
    }

    /** All bytes, for a datagram. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The bytes before the signature. */
    byte[] signedPart() {
        return Arrays.copyOf(bytes, SIGNED_BYTES);
    }

    /** Form of the secret that the session is sealed with. */
    public Secret.Kind kind() {
        return bytes[0] == Secret.Kind.CODE.code() ? Secret.Kind.CODE : Secret.Kind.KEY_FILE;
    }

    /** 8 bytes; zeros with a code. */
    public byte[] keyId() {
        return Arrays.copyOfRange(bytes, KEY_ID, NAME_TAG);
    }

    /** 8 bytes, as {@link #nameTag(Hashing, long, String)} gives them. */
    public byte[] nameTag() {
        return Arrays.copyOfRange(bytes, NAME_TAG, EXCHANGE);
    }

    /** E: the master's public key of X25519. */
    public byte[] exchange() {
        return Arrays.copyOfRange(bytes, EXCHANGE, EXCHANGE + KeyAgreement.KEY_BYTES);
    }

    /** V: the public key of Ed25519 that checks what the master signs in this session. */
    public byte[] verify() {
        return Arrays.copyOfRange(bytes, VERIFY, VERIFY + Signing.KEY_BYTES);
    }
}
