package org.imgblstr.sealing.primitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class Sha256Test {
    @BeforeAll
    static void needsOpenSsl() {
        assumeTrue(Libcrypto.find().isPresent(), "OpenSSL's libcrypto.so.3 is not installed");
    }

    @Test
    void usesTheLibraryThatIsThere() {
        assertThat(Sha256.isNative()).isTrue();
        assertThat(Sha256.create()).isInstanceOf(Sha256.class);
    }

    /** FIPS 180-4's example of one block. */
    @Test
    void digestOfAbc() {
        byte[] digest = Sha256.create().digest("abc".getBytes(StandardCharsets.US_ASCII));

        assertThat(HexFormat.of().formatHex(digest))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void piecesOfEveryKindOfBufferGiveWhatJavaSays() {
        var random = new Random(7);
        MessageDigest ours = Sha256.create();
        MessageDigest java = Sha256.ofJava();
        for (int round = 0; round < 200; round++) {
            int pieces = random.nextInt(5);
            for (int piece = 0; piece < pieces; piece++) {
                byte[] bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
                java.update(bytes);
                put(ours, bytes, random);
            }

            assertThat(ours.digest()).isEqualTo(java.digest());
        }
    }

    @Test
    void resetForgetsWhatCameBefore() {
        MessageDigest digest = Sha256.create();
        digest.update(new byte[100]);
        digest.reset();

        assertThat(digest.digest()).isEqualTo(Sha256.ofJava().digest());
    }

    private static void put(MessageDigest digest, byte[] bytes, Random random) {
        int before = random.nextInt(20);
        switch (random.nextInt(5)) {
            case 0 -> digest.update(bytes);
            case 1 -> {
                byte[] larger = new byte[before + bytes.length + 5];
                System.arraycopy(bytes, 0, larger, before, bytes.length);
                digest.update(larger, before, bytes.length);
            }
            case 2 -> putBuffer(digest, ByteBuffer.allocateDirect(before + bytes.length + 5), before, bytes);
            case 3 -> putBuffer(digest, ByteBuffer.allocate(before + bytes.length + 5), before, bytes);
            default -> {
                for (byte single : bytes) {
                    digest.update(single);
                }
            }
        }
    }

    private static void putBuffer(MessageDigest digest, ByteBuffer buffer, int before, byte[] bytes) {
        buffer.position(before).put(bytes).flip().position(before);
        digest.update(buffer);
        assertThat(buffer.remaining()).isZero();
    }
}
