package org.imgblstr.sealing.secret;

import java.util.Optional;
import org.imgblstr.sealing.primitive.MemoryHard;
import org.imgblstr.sealing.primitive.SecretBytes;

/** What one session is sealed with, whichever form the operator gave it. */
public final class Secret implements AutoCloseable {
    private static final int ID_BYTES = 8;

    private final Kind kind;
    private final byte[] keyId;
    private final SecretBytes key;
    private final byte[] verify;

    /** Form of a secret. */
    public enum Kind {
        CODE(1),
        KEY_FILE(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** As the hello of a session has it. */
        public int code() {
            return code;
        }
    }

    private Secret(Kind kind, byte[] keyId, SecretBytes key, byte[] verify) {
        this.kind = kind;
        this.keyId = keyId;
        this.key = key;
        this.verify = verify;
    }

    /** The secret of a join code; takes 32 MiB and some 70 ms. */
    public static Secret of(JoinCode code, MemoryHard memoryHard) {
        return new Secret(Kind.CODE, new byte[ID_BYTES], code.key(memoryHard), null);
    }

    /** The secret of a key file for masters or slaves, as a copy of its own. */
    public static Secret of(KeyFile file) {
        return new Secret(
                Kind.KEY_FILE, file.id(), SecretBytes.take(file.secret().copy()), file.verify());
    }

    public Kind kind() {
        return kind;
    }

    /** 8 bytes: id of the key file; zeros with a code. */
    public byte[] keyId() {
        return keyId.clone();
    }

    /** 32 bytes that master and slaves share, {@code psk} in docs/security.md. */
    public SecretBytes key() {
        return key;
    }

    /** The public key by which the hello of a master is checked; empty with a code. */
    public Optional<byte[]> verify() {
        return Optional.ofNullable(verify).map(byte[]::clone);
    }

    /** Wipes the key. */
    @Override
    public void close() {
        key.close();
    }

    @Override
    public String toString() {
        return "hidden";
    }
}
