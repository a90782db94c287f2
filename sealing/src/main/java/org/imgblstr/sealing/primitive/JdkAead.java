package org.imgblstr.sealing.primitive;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM of Java, on the heap, where it is twice as fast as in direct buffers. The key lies on the heap as well. */
final class JdkAead implements Aead {
    private final Cipher cipher;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private SecretKeySpec key;
    private byte[] plain = new byte[0];
    private byte[] sealed = new byte[TAG_BYTES];

    JdkAead(SecretBytes key) {
        Aead.checkKey(key);
        byte[] copy = key.copy();
        this.key = new SecretKeySpec(copy, "AES");
        Arrays.fill(copy, (byte) 0);
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has AES-GCM", e);
        }
    }

    @Override
    public void seal(ByteBuffer buffer, int nonceAt, int at, int length) {
        try {
            ByteBuffer whole = begin(buffer, nonceAt, at, length, Cipher.ENCRYPT_MODE);
            whole.get(at, plain, 0, length);
            cipher.doFinal(plain, 0, length, sealed, 0);
            whole.put(at, sealed, 0, length + TAG_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM of this Java failed", e);
        }
    }

    @Override
    public boolean open(ByteBuffer buffer, int nonceAt, int at, int length) {
        try {
            ByteBuffer whole = begin(buffer, nonceAt, at, length, Cipher.DECRYPT_MODE);
            whole.get(at, sealed, 0, length + TAG_BYTES);
            cipher.doFinal(sealed, 0, length + TAG_BYTES, plain, 0);
            whole.put(at, plain, 0, length);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM of this Java failed", e);
        }
    }

    /** Returns the buffer whatever its limit. */
    private ByteBuffer begin(ByteBuffer buffer, int nonceAt, int at, int length, int mode)
            throws GeneralSecurityException {
        Aead.check(buffer, nonceAt, at, length);
        if (key == null) {
            throw new IllegalStateException("the key was forgotten");
        }
        if (plain.length < length) {
            plain = new byte[length];
            sealed = new byte[length + TAG_BYTES];
        }
        ByteBuffer whole = buffer.duplicate().clear();
        whole.get(nonceAt, nonce);
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
        return whole;
    }

    @Override
    public void close() {
        key = null;
    }
}
