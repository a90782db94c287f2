package org.imgblstr.sealing.schedule;

import java.nio.ByteBuffer;
import org.imgblstr.sealing.primitive.Aead;
import org.imgblstr.sealing.primitive.Hashing;
import org.imgblstr.sealing.primitive.RandomBytes;
import org.imgblstr.sealing.primitive.SecretBytes;

/**
 * What a master and all slaves of one epoch share. It is random, never computed from an earlier one: who was sent away cannot know the next.
 *
 * @param epoch from 1
 * @param secret 32 bytes
 */
public record GroupKey(int epoch, SecretBytes secret) implements AutoCloseable {
    private static final byte[] DATA = SignedBytes.Labels.of("data");
    private static final byte[] STATE = SignedBytes.Labels.of("state");

    public GroupKey {
        if (epoch < 1 || secret.length() != Aead.KEY_BYTES) {
            throw new IllegalArgumentException("epoch " + epoch + " with a key of " + secret.length() + " bytes");
        }
    }

    /** A new one. */
    public static GroupKey random(int epoch, RandomBytes random) {
        return new GroupKey(epoch, SecretBytes.random(Aead.KEY_BYTES, random));
    }

    /** The key of what goes to the data group. */
    public SecretBytes data(Hashing hashing, long sessionId) {
        return expand(hashing, DATA, sessionId);
    }

    /** The key of Drive Geometry for who has joined. */
    public SecretBytes state(Hashing hashing, long sessionId) {
        return expand(hashing, STATE, sessionId);
    }

    private SecretBytes expand(Hashing hashing, byte[] label, long sessionId) {
        byte[] content = ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(sessionId)
                .putInt(epoch)
                .array();
        return SlaveKeys.expand(hashing, secret, label, content);
    }

    /** Wipes the key. */
    @Override
    public void close() {
        secret.close();
    }
}
