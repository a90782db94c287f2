package org.imgblstr.disk.filesystem.encrypted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.imgblstr.disk.filesystem.FsTools;
import org.imgblstr.disk.filesystem.UnsureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What cryptsetup says, and how long it is waited for. */
class CryptsetupTest {
    private static final byte[] PHRASE = "correct horse".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @Test
    void readsTheKeyOfWhatCryptsetupSays() {
        byte[] said = "UUID: ab\nMK bits:\t512\nMK dump:\t00 ff 1a \n\t\t7b \n".getBytes(StandardCharsets.US_ASCII);
        assertThat(Cryptsetup.parsed(said)).containsExactly(0, 0xFF, 0x1A, 0x7B);
        assertThat(Cryptsetup.parsed("No key".getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
    }

    @Test
    @Timeout(60)
    void anInterruptEndsAKeySlotThatTakesHours() throws Exception {
        KeyArea area = slow();
        Cryptsetup keys = new Cryptsetup(PHRASE.clone());
        Thread interrupt = new Thread(() -> {
            awaitChild();
            keys.stop();
        });
        interrupt.start();
        assertThatThrownBy(() -> keys.open(area))
                .isInstanceOf(UnsureException.class)
                .hasMessageContaining("cryptsetup was interrupted");
        interrupt.join();
        assertThat(ProcessHandle.current().children().filter(CryptsetupTest::isCryptsetup))
                .isEmpty();
        assertThatThrownBy(() -> keys.open(area)).hasMessageContaining("cryptsetup was interrupted");
    }

    @Test
    @Timeout(60)
    void aKeySlotHasALimit() throws Exception {
        Cryptsetup keys = new Cryptsetup(PHRASE.clone(), Duration.ofSeconds(1));
        KeyArea area = slow();
        assertThatThrownBy(() -> keys.open(area))
                .isInstanceOf(UnsureException.class)
                .hasMessageContaining("did not open a key slot within 1 seconds");
        assertThat(keys.isWrongPhrase()).isFalse();
    }

    private static void awaitChild() {
        while (ProcessHandle.current().children().noneMatch(CryptsetupTest::isCryptsetup)) {
            Thread.onSpinWait();
        }
    }

    private static boolean isCryptsetup(ProcessHandle child) {
        return child.info().command().orElse("").endsWith("/cryptsetup");
    }

    /** A volume whose key slot is said to need 2^32 - 1 rounds. */
    private KeyArea slow() throws Exception {
        FsTools.need("cryptsetup");
        Path phrase = Files.write(folder.resolve("phrase"), PHRASE);
        Path file = FsTools.sparse(folder, "volume", 4L << 20);
        FsTools.run(
                "sh",
                "-ec",
                "cryptsetup luksFormat -q --type luks1 --pbkdf-force-iterations 1000 " + file + " --key-file "
                        + phrase);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        bytes.putInt(208 + 4, -1);
        return new KeyArea("LUKS", "luksDump", List.of(new KeyArea.Piece(0, bytes)));
    }
}
