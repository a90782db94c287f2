package org.imgblstr.sealing.primitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.imgblstr.sealing.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each form of each primitive against the vectors of the standards; python-cryptography and openssl compute the same (lab/vectors.py). */
class PrimitiveVectorTest {
    static Stream<Arguments> x25519() {
        return all("x25519.txt");
    }

    static Stream<Arguments> ed25519() {
        return all("ed25519.txt");
    }

    static Stream<Arguments> hmac() {
        return all("hmac.txt");
    }

    static Stream<Arguments> hkdf() {
        return all("hkdf.txt");
    }

    static Stream<Arguments> scrypt() {
        return all("scrypt.txt").filter(arguments -> !arguments.get()[0].equals("Java"));
    }

    static Stream<Arguments> gcm() {
        return all("gcm.txt");
    }

    private static Stream<Arguments> all(String file) {
        return Primitives.all().stream()
                .flatMap(form -> Vector.of(file).stream().map(vector -> arguments(form.form(), vector, form)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void x25519(String form, Vector vector, Primitives primitives) {
        SecretBytes key = secret(vector, "private");
        if (!vector.has("public")) {
            assertThat(primitives.agreement().publicKey(key)).isEqualTo(vector.bytes("shared"));
            return;
        }
        Optional<SecretBytes> shared = primitives.agreement().agree(key, vector.bytes("public"));
        if (vector.word("shared").equals("refused")) {
            assertThat(shared).isEmpty();
        } else {
            assertThat(shared.orElseThrow().copy()).isEqualTo(vector.bytes("shared"));
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void ed25519(String form, Vector vector, Primitives primitives) {
        Signing signing = primitives.signing();
        byte[] message = vector.bytes("message");
        if (vector.has("seed")) {
            assertThat(signing.publicKey(secret(vector, "seed"))).isEqualTo(vector.bytes("public"));
            assertThat(signing.sign(secret(vector, "seed"), message)).isEqualTo(vector.bytes("signature"));
        }
        assertThat(signing.isSigned(vector.bytes("public"), message, vector.bytes("signature")))
                .isEqualTo(vector.isGood());
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void hmac(String form, Vector vector, Primitives primitives) {
        SecretBytes mac = primitives.hashing().hmac(secret(vector, "key"), ByteBuffer.wrap(vector.bytes("message")));

        assertThat(mac.copy()).isEqualTo(vector.bytes("mac"));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void hkdf(String form, Vector vector, Primitives primitives) {
        byte[] okm = vector.bytes("okm");
        SecretBytes prk = primitives.hashing().extract(secret(vector, "salt"), secret(vector, "input"));

        assertThat(prk.copy()).isEqualTo(vector.bytes("prk"));
        assertThat(primitives
                        .hashing()
                        .expand(prk, vector.bytes("info"), okm.length)
                        .copy())
                .isEqualTo(okm);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void scrypt(String form, Vector vector, Primitives primitives) {
        byte[] key = vector.bytes("key");

        assertThat(primitives
                        .memoryHard()
                        .scrypt(
                                secret(vector, "password"),
                                vector.bytes("salt"),
                                vector.number("n"),
                                vector.number("r"),
                                vector.number("p"),
                                key.length)
                        .copy())
                .isEqualTo(key);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void gcm(String form, Vector vector, Primitives primitives) {
        byte[] plain = vector.bytes("plain");
        byte[] sealed = vector.bytes("sealed");
        ByteBuffer buffer = ByteBuffer.allocateDirect(Aead.NONCE_BYTES + sealed.length + Aead.TAG_BYTES);
        buffer.put(vector.bytes("nonce")).put(sealed).put(vector.bytes("tag"));
        ByteBuffer received = copy(buffer);
        try (Aead aead = primitives.aead(secret(vector, "key"))) {
            assertThat(aead.open(received, 0, Aead.NONCE_BYTES, plain.length)).isEqualTo(vector.isGood());
            if (vector.isGood()) {
                assertThat(received.slice(Aead.NONCE_BYTES, plain.length)).isEqualTo(ByteBuffer.wrap(plain));
                aead.seal(received, 0, Aead.NONCE_BYTES, plain.length);
                assertThat(received.clear()).isEqualTo(buffer.clear());
            }
        }
    }

    /** A second and a third opinion: the same vectors by programs that share no line with ours. */
    @Test
    void pythonAndOpensslSayTheSame() throws IOException, InterruptedException {
        assumeTrue(
                new ProcessBuilder("python3", "-c", "import cryptography; assert 1")
                                .redirectErrorStream(true)
                                .start()
                                .waitFor()
                        == 0,
                "python3-cryptography is not installed");
        Process process = new ProcessBuilder("python3", "../lab/vectors.py", "src/test/resources/vectors")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("results are as the vectors say");
    }

    private static SecretBytes secret(Vector vector, String name) {
        return SecretBytes.copyOf(vector.bytes(name));
    }

    private static ByteBuffer copy(ByteBuffer buffer) {
        return ByteBuffer.allocateDirect(buffer.capacity())
                .put(buffer.duplicate().clear())
                .clear();
    }
}
