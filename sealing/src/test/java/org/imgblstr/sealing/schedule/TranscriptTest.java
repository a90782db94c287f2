package org.imgblstr.sealing.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.secret.KeyFile;
import org.imgblstr.sealing.secret.Secret;
import org.junit.jupiter.api.Test;

/** What the keys of a session depend on, and what they do not. */
class TranscriptTest {
    private static final Primitives PRIMITIVES = Primitives.best();
    private static final long SESSION = 0x0123456789abcdefL;
    private static final long NONCE = 77;

    private final Random random = new Random(8);
    private final KeyFile file = KeyFile.create(PRIMITIVES, random::nextBytes);
    private final SecretBytes master = SecretBytes.random(32, random::nextBytes);
    private final SecretBytes slave = SecretBytes.random(32, random::nextBytes);
    private final Hello hello = hello(file);

    @Test
    void eachBitThatWasSaidChangesTheKeys() {
        byte[] exchange = PRIMITIVES.agreement().publicKey(slave);
        TreeSet<String> digests = new TreeSet<>();
        digests.add(digest(SESSION, hello, NONCE, exchange));
        int count = 1;
        for (int bit = 0; bit < 64; bit++, count += 2) {
            digests.add(digest(SESSION ^ 1L << bit, hello, NONCE, exchange));
            digests.add(digest(SESSION, hello, NONCE ^ 1L << bit, exchange));
        }
        for (int bit = 0; bit < 8 * Hello.SIGNED_BYTES; bit++) {
            Optional<Hello> other = Hello.read(flipped(hello.bytes(), bit));
            count += other.isPresent() ? 1 : 0;
            other.ifPresent(changed -> digests.add(digest(SESSION, changed, NONCE, exchange)));
        }
        for (int bit = 0; bit < 8 * exchange.length; bit++, count++) {
            digests.add(digest(SESSION, hello, NONCE, flipped(exchange, bit)));
        }
        assertThat(digests).hasSize(count).hasSizeGreaterThan(64 * 2 + 80 * 8 + 32 * 8);
    }

    /** A listener has all of that, and so could try secrets if a field depended on the secret without the exchange of keys. */
    @Test
    void nothingThatIsSaidInClearDependsOnTheSecret() {
        KeyFile other = KeyFile.create(PRIMITIVES, bytes -> file.seed().buffer().get(bytes));
        assertThat(other.secret().isSameAs(file.secret())).isFalse();

        assertThat(hello(other).bytes()).isEqualTo(hello.bytes());
        byte[] exchange = PRIMITIVES.agreement().publicKey(slave);
        assertThat(digest(SESSION, hello(other), NONCE, exchange)).isEqualTo(digest(SESSION, hello, NONCE, exchange));
    }

    @Test
    void whoHasTheSecretWithoutAPrivateKeyHasNoKey() {
        byte[] exchange = PRIMITIVES.agreement().publicKey(slave);
        Transcript transcript = Transcript.of(PRIMITIVES.hashing(), SESSION, hello, NONCE, exchange);
        SecretBytes listener = SecretBytes.random(32, random::nextBytes);

        SlaveKeys honest = keys(file.secret(), slave, hello.exchange(), transcript);

        assertThat(keys(file.secret(), master, exchange, transcript).rsvp().isSameAs(honest.rsvp()))
                .isTrue();
        assertThat(keys(file.secret(), listener, hello.exchange(), transcript)
                        .rsvp()
                        .isSameAs(honest.rsvp()))
                .isFalse();
        assertThat(keys(SecretBytes.random(32, random::nextBytes), slave, hello.exchange(), transcript)
                        .rsvp()
                        .isSameAs(honest.rsvp()))
                .isFalse();
    }

    @Test
    void allKeysOfASlaveDiffer() {
        byte[] exchange = PRIMITIVES.agreement().publicKey(slave);
        Transcript transcript = Transcript.of(PRIMITIVES.hashing(), SESSION, hello, NONCE, exchange);
        SlaveKeys keys = keys(file.secret(), slave, hello.exchange(), transcript);
        SlaveKeys.PairKeys one = keys.pair(1);
        SlaveKeys.PairKeys two = keys.pair(2);
        GroupKey group = GroupKey.random(1, random::nextBytes);
        List<SecretBytes> all = List.of(
                keys.rsvp(),
                one.down(),
                one.up(),
                two.down(),
                two.up(),
                group.secret(),
                group.data(PRIMITIVES.hashing(), SESSION),
                group.state(PRIMITIVES.hashing(), SESSION));

        assertThat(all.stream().map(key -> Arrays.toString(key.copy()))).doesNotHaveDuplicates();
    }

    @Test
    void aPublicKeyOfASmallGroupIsRefused() {
        Transcript transcript = Transcript.of(PRIMITIVES.hashing(), SESSION, hello, NONCE, new byte[32]);

        assertThat(SlaveKeys.agree(PRIMITIVES, file.secret(), master, new byte[32], transcript))
                .isEmpty();
    }

    @Test
    void aHelloIsSignedForOneSession() {
        Hello signed = hello.signed(PRIMITIVES.signing(), file.seed(), SESSION);
        byte[] verify = file.verify();

        assertThat(hello.isSignedBy(PRIMITIVES.signing(), verify, SESSION)).isFalse();
        assertThat(signed.isSignedBy(PRIMITIVES.signing(), verify, SESSION)).isTrue();
        assertThat(signed.isSignedBy(PRIMITIVES.signing(), verify, SESSION + 1)).isFalse();
        for (int bit = 0; bit < 8 * Hello.BYTES; bit++) {
            assertThat(Hello.read(flipped(signed.bytes(), bit))
                            .filter(read -> read.isSignedBy(PRIMITIVES.signing(), verify, SESSION)))
                    .as("bit " + bit)
                    .isEmpty();
        }
    }

    @Test
    void aHelloIsReadAsItWasWritten() {
        Hello read = Hello.read(hello.bytes()).orElseThrow();

        assertThat(read.kind()).isEqualTo(Secret.Kind.KEY_FILE);
        assertThat(read.keyId()).isEqualTo(file.id());
        assertThat(read.exchange()).isEqualTo(PRIMITIVES.agreement().publicKey(master));
        assertThat(read.verify()).isEqualTo(file.verify());
        assertThat(Hello.read(Arrays.copyOf(hello.bytes(), Hello.BYTES - 1))).isEmpty();
        assertThat(Hello.read(Arrays.copyOf(hello.bytes(), Hello.BYTES + 1))).isEmpty();
        assertThat(Hello.read(new byte[Hello.BYTES])).isEmpty();
    }

    @Test
    void namesAreTaggedForOneSession() {
        byte[] tag = Hello.nameTag(PRIMITIVES.hashing(), SESSION, "room5");

        assertThat(tag).hasSize(8).isEqualTo(Hello.nameTag(PRIMITIVES.hashing(), SESSION, "room5"));
        assertThat(tag).isNotEqualTo(Hello.nameTag(PRIMITIVES.hashing(), SESSION + 1, "room5"));
        assertThat(tag).isNotEqualTo(Hello.nameTag(PRIMITIVES.hashing(), SESSION, "room6"));
        assertThat(Hello.nameTag(PRIMITIVES.hashing(), SESSION, "")).containsOnly(0);
    }

    @Test
    void whatIsSignedForOnePurposeIsNoSignatureForAnother() {
        assertThat(Arrays.stream(SignedBytes.values()).map(kind -> Arrays.toString(kind.of(SESSION, new byte[9]))))
                .doesNotHaveDuplicates();
    }

    @Test
    void epochsBeginWithOne() {
        assertThatThrownBy(() -> GroupKey.random(0, random::nextBytes)).isInstanceOf(IllegalArgumentException.class);
    }

    private Hello hello(KeyFile keyFile) {
        return Hello.of(
                Secret.of(keyFile),
                Hello.nameTag(PRIMITIVES.hashing(), SESSION, "room5"),
                PRIMITIVES.agreement().publicKey(master),
                keyFile.verify());
    }

    private static SlaveKeys keys(SecretBytes secret, SecretBytes own, byte[] other, Transcript transcript) {
        return SlaveKeys.agree(PRIMITIVES, secret, own, other, transcript).orElseThrow();
    }

    private static String digest(long session, Hello hello, long nonce, byte[] exchange) {
        return Arrays.toString(Transcript.of(PRIMITIVES.hashing(), session, hello, nonce, exchange)
                .digest());
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        return flipped;
    }
}
