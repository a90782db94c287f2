package org.imgblstr.sealing.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.sealing.Vector;
import org.imgblstr.sealing.primitive.Hashing;
import org.imgblstr.sealing.primitive.KeyAgreement;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.primitive.Signing;
import org.imgblstr.sealing.secret.JoinCode;
import org.imgblstr.sealing.secret.KeyFile;
import org.imgblstr.sealing.secret.Secret;
import org.imgblstr.sealing.secret.SecretException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each step of the key schedule against whole handshakes that lab/handshake.py has computed. */
class KeyScheduleVectorTest {
    static Stream<Arguments> handshakes() {
        return Primitives.all().stream().flatMap(form -> Vector.of("schedule.txt").stream()
                .map(vector -> Arguments.arguments(form.form(), vector, form)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("handshakes")
    void theHello(String form, Vector vector, Primitives primitives) {
        Hello hello = hello(vector, primitives);

        assertThat(hello.nameTag()).isEqualTo(vector.bytes("name_tag"));
        assertThat(hello.signedPart()).isEqualTo(vector.bytes("hello"));
        assertThat(hello.bytes())
                .hasSize(Hello.BYTES)
                .startsWith(vector.bytes("hello"))
                .endsWith(vector.bytes("signature"));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("handshakes")
    void theKeysOfASlaveAtBothSides(String form, Vector vector, Primitives primitives) {
        Hello hello = hello(vector, primitives);
        KeyAgreement agreement = primitives.agreement();
        byte[] exchange = agreement.publicKey(secret(vector, "x"));
        assertThat(exchange).isEqualTo(vector.bytes("X"));
        Transcript transcript = transcript(vector, hello, exchange, primitives.hashing());
        assertThat(transcript.digest()).isEqualTo(vector.bytes("h"));
        assertThat(transcript.digestWith(number(vector, "M"))).isEqualTo(vector.bytes("h2"));

        SecretBytes psk = sharedSecret(vector, primitives).key();
        assertThat(psk.copy()).isEqualTo(vector.bytes("psk"));
        SlaveKeys master = SlaveKeys.agree(primitives, psk, secret(vector, "e"), exchange, transcript)
                .orElseThrow();
        SlaveKeys slave = SlaveKeys.agree(primitives, psk, secret(vector, "x"), hello.exchange(), transcript)
                .orElseThrow();
        for (SlaveKeys keys : new SlaveKeys[] {master, slave}) {
            assertThat(keys.rsvp().copy()).isEqualTo(vector.bytes("k_rsvp"));
            SlaveKeys.PairKeys pair = keys.pair(number(vector, "M"));
            keys.close();
            assertThat(keys.rsvp().copy()).containsOnly(0);
            assertThat(pair.down().copy()).isEqualTo(vector.bytes("k_down"));
            assertThat(pair.up().copy()).isEqualTo(vector.bytes("k_up"));
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("handshakes")
    void theStepsBetween(String form, Vector vector, Primitives primitives) {
        SecretBytes shared = primitives
                .agreement()
                .agree(secret(vector, "e"), vector.bytes("X"))
                .orElseThrow();

        assertThat(shared.copy()).isEqualTo(vector.bytes("shared"));
        assertThat(primitives.hashing().extract(secret(vector, "psk"), shared).copy())
                .isEqualTo(vector.bytes("prk"));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("handshakes")
    void theKeysOfAnEpoch(String form, Vector vector, Primitives primitives) {
        int epoch = ByteBuffer.wrap(vector.bytes("epoch")).getInt();
        GroupKey group = new GroupKey(epoch, secret(vector, "group"));
        long session = number(vector, "session");

        assertThat(group.data(primitives.hashing(), session).copy()).isEqualTo(vector.bytes("k_data"));
        assertThat(group.state(primitives.hashing(), session).copy()).isEqualTo(vector.bytes("k_state"));
    }

    @Test
    void pythonSaysTheSameToday() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("python3", "../lab/handshake.py")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assumeTrue(process.waitFor() == 0, "python3-cryptography is not installed");

        assertThat(said).isEqualTo(Files.readString(Path.of("src/test/resources/vectors/schedule.txt")));
    }

    private static Hello hello(Vector vector, Primitives primitives) {
        boolean isCode = vector.bytes("code").length > 0;
        Signing signing = primitives.signing();
        long session = number(vector, "session");
        SecretBytes seed = secret(vector, "sign");
        Secret secret = sharedSecret(vector, primitives);
        assertThat(secret.keyId()).isEqualTo(vector.bytes("key_id"));
        String name = new String(vector.bytes("name"), StandardCharsets.UTF_8);
        Hello hello = Hello.of(
                secret,
                Hello.nameTag(primitives.hashing(), session, name),
                primitives.agreement().publicKey(secret(vector, "e")),
                signing.publicKey(secret(vector, "s")));
        return isCode ? hello : hello.signed(signing, seed, session);
    }

    /** As an operator gives it: five words, or a key file. */
    private static Secret sharedSecret(Vector vector, Primitives primitives) {
        String code = new String(vector.bytes("code"), StandardCharsets.US_ASCII);
        if (code.isEmpty()) {
            Iterator<byte[]> random =
                    List.of(vector.bytes("psk"), vector.bytes("sign")).iterator();
            return Secret.of(KeyFile.create(
                    primitives, bytes -> ByteBuffer.wrap(random.next()).get(bytes)));
        }
        try {
            return Secret.of(JoinCode.parse(code), Primitives.best().memoryHard());
        } catch (SecretException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Transcript transcript(Vector vector, Hello hello, byte[] exchange, Hashing hashing) {
        return Transcript.of(hashing, number(vector, "session"), hello, number(vector, "nonce"), exchange);
    }

    private static SecretBytes secret(Vector vector, String name) {
        return SecretBytes.copyOf(vector.bytes(name));
    }

    private static long number(Vector vector, String name) {
        return ByteBuffer.wrap(vector.bytes(name)).getLong();
    }
}
