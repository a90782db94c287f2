package org.imgblstr.disk.filesystem.encrypted;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What cryptsetup says. */
class CryptsetupTest {
    @Test
    void readsTheKeyOfWhatCryptsetupSays() {
        byte[] said = "UUID: ab\nMK bits:\t512\nMK dump:\t00 ff 1a \n\t\t7b \n".getBytes(StandardCharsets.US_ASCII);
        assertThat(Cryptsetup.parsed(said)).containsExactly(0, 0xFF, 0x1A, 0x7B);
        assertThat(Cryptsetup.parsed("No key".getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
    }
}
