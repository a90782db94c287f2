package org.imgblstr.sealing.primitive;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/** Ed25519 of Java. */
final class JdkSigning implements Signing {
    private static final String ALGORITHM = "Ed25519";
    private static final int SIGN_BIT = 8 * KEY_BYTES - 1;

    @Override
    public byte[] publicKey(SecretBytes seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(NamedParameterSpec.ED25519, new Fixed(seed));
            EdECPoint point = ((EdECPublicKey) generator.generateKeyPair().getPublic()).getPoint();
            BigInteger number = point.isXOdd() ? point.getY().setBit(SIGN_BIT) : point.getY();
            byte[] bytes = JdkAgreement.reversed(number.toByteArray());
            return Arrays.copyOf(bytes, KEY_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 of this Java failed", e);
        }
    }

    @Override
    public byte[] sign(SecretBytes seed, byte[] message) {
        byte[] copy = seed.copy();
        try {
            PrivateKey key = KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, copy));
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 of this Java failed", e);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    @Override
    public boolean isSigned(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != KEY_BYTES || signature.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            Signature checked = Signature.getInstance(ALGORITHM);
            checked.initVerify(read(publicKey));
            checked.update(message);
            return checked.verify(signature);
        } catch (GeneralSecurityException e) {
            // Java throws where the key is no point of the curve, and where the signature is out of range.
            return false;
        }
    }

    /** A little-endian number: y, and in the highest bit whether x is odd (RFC 8032, section 5.1.2). */
    private static PublicKey read(byte[] key) throws GeneralSecurityException {
        BigInteger number = new BigInteger(1, JdkAgreement.reversed(key));
        EdECPoint point = new EdECPoint(number.testBit(SIGN_BIT), number.clearBit(SIGN_BIT));
        return KeyFactory.getInstance(ALGORITHM)
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }

    /** Gives the seed where Java wants random bytes: Java computes a public key nowhere else. */
    private static final class Fixed extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final transient SecretBytes seed;

        Fixed(SecretBytes seed) {
            super(null, null);
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            seed.buffer().get(bytes);
        }
    }
}
