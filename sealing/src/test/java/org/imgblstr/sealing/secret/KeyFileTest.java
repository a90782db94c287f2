package org.imgblstr.sealing.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.imgblstr.sealing.Vector;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.secret.KeyFile.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyFileTest {
    private static final Primitives PRIMITIVES = Primitives.best();
    private static final HexFormat HEX = HexFormat.of();

    private final KeyFile file = KeyFile.create(PRIMITIVES, new Random(3)::nextBytes);

    @Test
    void holdsWhatPythonComputes() {
        Vector vector = Vector.of("schedule.txt").get(1);
        ByteBuffer random = ByteBuffer.wrap(join(vector.bytes("psk"), vector.bytes("sign")));
        KeyFile made = KeyFile.create(PRIMITIVES, random::get);
        String verify = HEX.formatHex(made.verify());

        assertThat(text(made))
                .matches("imgblstr key 1\nuse: master\nid: " + vector.word("key_id") + "\nsecret: " + vector.word("psk")
                        + "\nsign: " + vector.word("sign") + "\nverify: " + verify + "\ncheck: [0-9a-f]{8}\n");
        assertThat(made.id()).isEqualTo(vector.bytes("key_id"));
        assertThat(made).hasToString("key " + vector.word("key_id") + " for master");
    }

    @Test
    void slavesCannotSignAndThePublicFileHasNoSecret() {
        assertThat(text(file)).contains("\nsecret: ", "\nsign: ", "\nverify: ");
        assertThat(text(file.as(Use.SLAVE)))
                .contains("\nsecret: ", "\nverify: ")
                .doesNotContain("sign");
        assertThat(text(file.as(Use.PUBLIC))).contains("\nverify: ").doesNotContain("sign", "secret");
        assertThatThrownBy(() -> file.as(Use.SLAVE).seed()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> file.as(Use.PUBLIC).secret()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> file.as(Use.SLAVE).as(Use.MASTER)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void isReadAsItWasWritten(Use use) throws SecretException {
        byte[] content = file.as(use).content(PRIMITIVES);

        KeyFile read = KeyFile.parse(content, PRIMITIVES);

        assertThat(content).hasSizeLessThanOrEqualTo(KeyFile.MOST_BYTES);
        assertThat(read.content(PRIMITIVES)).isEqualTo(content);
        assertThat(read.use()).isEqualTo(use);
        assertThat(read.verify()).isEqualTo(file.verify());
    }

    @ParameterizedTest
    @EnumSource
    void damageAtEachByteIsFound(Use use) {
        byte[] content = file.as(use).content(PRIMITIVES);
        for (int at = 0; at < content.length; at++) {
            for (int change : new int[] {0x01, 0x02, 0x10, 0x20, 0x80, 0xff}) {
                byte[] damaged = content.clone();
                damaged[at] ^= (byte) change;
                assertThatThrownBy(() -> KeyFile.parse(damaged, PRIMITIVES))
                        .as("byte " + at)
                        .isInstanceOf(SecretException.class);
            }
            byte[] cut = Arrays.copyOf(content, at);
            assertThatThrownBy(() -> KeyFile.parse(cut, PRIMITIVES))
                    .as("cut at " + at)
                    .isInstanceOf(SecretException.class);
            byte[] longer =
                    join(Arrays.copyOf(content, at), new byte[] {'a'}, Arrays.copyOfRange(content, at, content.length));
            assertThatThrownBy(() -> KeyFile.parse(longer, PRIMITIVES))
                    .as("one more at " + at)
                    .isInstanceOf(SecretException.class);
        }
    }

    @Test
    void messagesNameTheLineAndNoSecret() {
        String text = text(file);
        String secret = HEX.formatHex(file.secret().copy());

        assertRefused("#!/bin/sh\n", "it does not begin with \"imgblstr key 1\"");
        assertRefused(text.replace("use: master", "use: nobody"), "line 2: expected use: master, slave or public");
        assertRefused(text.replace("id: ", "ID: "), "line 3: expected id: and 16 hexadecimal digits");
        assertRefused(text.replace("secret: ", "secret: \n"), "line 4: expected secret: and 64 hexadecimal digits");
        assertRefused(text.replace("verify: ", "comment: a\nverify: "), "line 6: expected verify: and 64 ");
        assertRefused(text.replace(secret, secret.replace('a', 'b')), "its check does not fit: the file was changed");
        assertRefused(text + "\n", "line 8: expected the end of the file");
    }

    /** Of two files that somebody has put together, with a check that fits. */
    @Test
    void partsOfOtherKeysAreRefused() {
        KeyFile other = KeyFile.create(PRIMITIVES, new Random(4)::nextBytes);
        String mixed = text(file)
                .replaceAll("sign: .*", "sign: " + HEX.formatHex(other.seed().copy()));
        String foreign = text(file).replaceAll("id: .*", "id: " + other.idText());

        assertRefused(checked(mixed), "its verify key is not that of its sign key");
        assertRefused(checked(foreign), "its id is not that of its verify key");
    }

    @Test
    void isASecretOfItsKind() {
        Secret secret = Secret.of(file.as(Use.SLAVE));

        assertThat(secret.kind()).isEqualTo(Secret.Kind.KEY_FILE);
        assertThat(secret.keyId()).isEqualTo(file.id());
        assertThat(secret.key().isSameAs(file.secret())).isTrue();
        assertThat(secret.verify()).contains(file.verify());
    }

    @Test
    void secretsAreWiped() {
        KeyFile slave = file.as(Use.SLAVE);
        file.close();

        assertThat(file.secret().copy()).containsOnly(0);
        assertThat(file.seed().copy()).containsOnly(0);
        assertThat(slave.secret().copy()).isNotEqualTo(new byte[32]);
    }

    private static void assertRefused(String text, String message) {
        assertThatThrownBy(() -> KeyFile.parse(text.getBytes(StandardCharsets.US_ASCII), PRIMITIVES))
                .isInstanceOf(SecretException.class)
                .hasMessageStartingWith(message);
    }

    /** The text with a check of the lines before. */
    private static String checked(String text) {
        String before = text.substring(0, text.indexOf("check: "));
        byte[] digest = PRIMITIVES.hashing().sha256(before.getBytes(StandardCharsets.US_ASCII));
        return before + "check: " + HEX.formatHex(digest, 0, 4) + "\n";
    }

    private static String text(KeyFile file) {
        return new String(file.content(PRIMITIVES), StandardCharsets.US_ASCII);
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer joined = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(joined::put);
        return joined.array();
    }
}
