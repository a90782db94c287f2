package org.imgblstr.sealing.primitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All forms do the same with anything, and refuse the same. */
class PrimitivesPropertyTest {
    private static final List<Primitives> FORMS = Primitives.all();
    private static final Primitives JAVA = Primitives.ofJava();

    private final Random random = new Random(11);

    static List<Primitives> forms() {
        return FORMS;
    }

    @Test
    void theFastestFormThatIsThereComesFirst() {
        boolean hasForeignCalls = Runtime.version().feature() >= 22;
        String expected = Libcrypto.find().isEmpty()
                ? "Java"
                : hasForeignCalls ? "libcrypto by foreign calls" : "libcrypto by JNA";

        assertThat(Primitives.best().form()).isEqualTo(expected);
        assertThat(FORMS).extracting(Primitives::form).last().isEqualTo("Java");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void whatOneFormSealsAnotherOpens(Primitives form) {
        byte[] key = bytes(32);
        try (Aead ours = form.aead(SecretBytes.copyOf(key));
                Aead java = JAVA.aead(SecretBytes.copyOf(key))) {
            for (int round = 0; round < 300; round++) {
                int length = round < 100 ? round : random.nextInt(9000);
                byte[] plain = bytes(20 + length + 16 + 5);
                ByteBuffer buffer = direct(plain);

                buffer.position(7).limit(11);
                ours.seal(buffer, 3, 20, length);
                assertThat(buffer.position()).isEqualTo(7);
                assertThat(buffer.limit()).isEqualTo(11);
                buffer.clear();

                ByteBuffer sealed = direct(plain);
                java.seal(sealed, 3, 20, length);
                assertThat(buffer).isEqualTo(sealed);
                assertThat(java.open(buffer, 3, 20, length)).isTrue();
                assertThat(ours.open(sealed, 3, 20, length)).isTrue();
                assertThat(buffer.slice(0, 20 + length)).isEqualTo(ByteBuffer.wrap(plain, 0, 20 + length));
                assertThat(sealed.slice(0, 20 + length)).isEqualTo(ByteBuffer.wrap(plain, 0, 20 + length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void eachBitOfNonceBytesAndTagCounts(Primitives form) {
        int length = 40;
        byte[] sealed = bytes(12 + length + 16);
        ByteBuffer buffer = direct(sealed);
        try (Aead aead = form.aead(SecretBytes.copyOf(bytes(32)))) {
            aead.seal(buffer, 0, 12, length);
            buffer.get(0, sealed);
            for (int bit = 0; bit < 8 * sealed.length; bit++) {
                ByteBuffer damaged = direct(sealed);
                damaged.put(bit / 8, (byte) (damaged.get(bit / 8) ^ 1 << bit % 8));
                assertThat(aead.open(damaged, 0, 12, length)).as("bit " + bit).isFalse();
            }
            assertThat(aead.open(direct(sealed), 0, 12, length)).isTrue();
            assertThat(aead.open(direct(sealed), 0, 12, length - 1)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void keysAgreeAndSignaturesAreTheSame(Primitives form) {
        for (int round = 0; round < 20; round++) {
            SecretBytes one = SecretBytes.copyOf(bytes(32));
            SecretBytes other = SecretBytes.copyOf(bytes(32));
            byte[] publicOne = form.agreement().publicKey(one);
            assertThat(publicOne).isEqualTo(JAVA.agreement().publicKey(one));
            assertThat(form.agreement()
                            .agree(one, JAVA.agreement().publicKey(other))
                            .orElseThrow()
                            .isSameAs(JAVA.agreement().agree(other, publicOne).orElseThrow()))
                    .isTrue();

            byte[] message = bytes(random.nextInt(300));
            byte[] signature = form.signing().sign(one, message);
            byte[] verify = form.signing().publicKey(one);
            assertThat(signature).isEqualTo(JAVA.signing().sign(one, message));
            assertThat(verify).isEqualTo(JAVA.signing().publicKey(one));
            assertThat(form.signing().isSigned(verify, message, signature)).isTrue();
            signature[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            assertThat(form.signing().isSigned(verify, message, signature)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void hashesAreTheSame(Primitives form) {
        for (int round = 0; round < 30; round++) {
            SecretBytes key = SecretBytes.copyOf(bytes(random.nextInt(100)));
            byte[] message = bytes(random.nextInt(300));
            ByteBuffer part = direct(message).position(message.length / 3);
            assertThat(form.hashing().hmac(key, part).copy())
                    .isEqualTo(JAVA.hashing().hmac(key, part).copy());
            assertThat(form.hashing().sha256(message, new byte[3], message))
                    .isEqualTo(JAVA.hashing().sha256(message, new byte[3], message));
        }
    }

    @Test
    void javaAloneMakesNoKeyOfACodeAndSaysWhatIsMissing() {
        assertThatThrownBy(() -> JAVA.memoryHard().scrypt(SecretBytes.copyOf(bytes(3)), bytes(3), 1024, 8, 1, 32))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("install libssl3");
    }

    @Test
    void costsThatMakeNoSenseAreRefused() {
        SecretBytes key = SecretBytes.copyOf(bytes(32));
        assertThatThrownBy(() -> MemoryHard.check(1000, 8, 1)).isInstanceOf(IllegalArgumentException.class);
        Primitives.all().stream()
                .filter(form -> form.form().startsWith("libcrypto"))
                .forEach(form -> assertThatThrownBy(() -> form.memoryHard().scrypt(key, bytes(3), 1000, 8, 1, 32))
                        .isInstanceOf(IllegalArgumentException.class));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void whatMakesNoSenseIsRefused(Primitives form) {
        SecretBytes key = SecretBytes.copyOf(bytes(32));
        assertThat(form.agreement().agree(key, bytes(31))).isEmpty();
        assertThat(form.agreement().agree(key, bytes(33))).isEmpty();
        assertThat(form.signing().isSigned(bytes(31), bytes(3), bytes(64))).isFalse();
        assertThat(form.signing().isSigned(form.signing().publicKey(key), bytes(3), bytes(63)))
                .isFalse();
        assertThatThrownBy(() -> form.aead(SecretBytes.copyOf(bytes(16)))).isInstanceOf(IllegalArgumentException.class);
        Aead aead = form.aead(key);
        assertThatThrownBy(() -> aead.seal(ByteBuffer.allocate(100), 0, 12, 20))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> aead.seal(direct(bytes(100)), 0, 11, 20)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> aead.open(direct(bytes(100)), 0, 12, 73))
                .isInstanceOf(IndexOutOfBoundsException.class);
        aead.close();
        assertThatThrownBy(() -> aead.seal(direct(bytes(100)), 0, 12, 20)).isInstanceOf(IllegalStateException.class);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).clear();
    }
}
