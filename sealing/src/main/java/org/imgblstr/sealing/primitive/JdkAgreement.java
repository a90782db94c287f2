package org.imgblstr.sealing.primitive;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.Optional;

/** X25519 of Java. */
final class JdkAgreement implements KeyAgreement {
    private static final String ALGORITHM = "X25519";

    @Override
    public byte[] publicKey(SecretBytes privateKey) {
        byte[] basePoint = new byte[KEY_BYTES];
        basePoint[0] = 9;
        try (SecretBytes shared = agree(privateKey, basePoint).orElseThrow()) {
            return shared.copy();
        }
    }

    @Override
    public Optional<SecretBytes> agree(SecretBytes privateKey, byte[] publicKey) {
        if (publicKey.length != KEY_BYTES) {
            return Optional.empty();
        }
        try {
            var agreement = javax.crypto.KeyAgreement.getInstance(ALGORITHM);
            agreement.init(read(privateKey));
            agreement.doPhase(read(publicKey), true);
            byte[] shared = agreement.generateSecret();
            return isZero(shared) ? Optional.empty() : Optional.of(SecretBytes.take(shared));
        } catch (InvalidKeyException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("X25519 of this Java failed", e);
        }
    }

    private static PrivateKey read(SecretBytes key) throws GeneralSecurityException {
        byte[] copy = key.copy();
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, copy));
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    /** A little-endian number; its highest bit does not count (RFC 7748, section 5). */
    private static PublicKey read(byte[] key) throws GeneralSecurityException {
        BigInteger number = new BigInteger(1, reversed(key)).clearBit(8 * KEY_BYTES - 1);
        return KeyFactory.getInstance(ALGORITHM)
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, number));
    }

    /** The bytes in the other order. */
    static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static boolean isZero(byte[] bytes) {
        int all = 0;
        for (byte each : bytes) {
            all |= each;
        }
        return all == 0;
    }
}
