package org.imgblstr.sealing.primitive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SecretBytesTest {
    @Test
    void areNeverPrinted() {
        assertThat(SecretBytes.ofAscii("aardvark")).hasToString("hidden");
    }

    @Test
    void areTakenFromAnArrayThatKeepsNothing() {
        byte[] bytes = {1, 2, 3};
        SecretBytes secret = SecretBytes.take(bytes);

        assertThat(bytes).containsOnly(0);
        assertThat(secret.copy()).containsExactly(1, 2, 3);
    }

    @Test
    void areZerosOnceClosed() {
        SecretBytes secret = SecretBytes.random(32, bytes -> Arrays.fill(bytes, (byte) 9));
        assertThat(secret.copy()).containsOnly(9);

        secret.close();

        assertThat(secret.copy()).containsOnly(0);
    }

    @Test
    void areTheSameWhenEachByteIs() {
        SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2, 3});

        assertThat(secret.isSameAs(SecretBytes.copyOf(new byte[] {1, 2, 3}))).isTrue();
        assertThat(secret.isSameAs(SecretBytes.copyOf(new byte[] {1, 2, 4}))).isFalse();
        assertThat(secret.isSameAs(SecretBytes.copyOf(new byte[] {1, 2}))).isFalse();
        assertThat(secret.isSameAs(SecretBytes.copyOf(new byte[] {1, 2, 3, 0}))).isFalse();
    }
}
