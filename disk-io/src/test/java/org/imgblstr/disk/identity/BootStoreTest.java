package org.imgblstr.disk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Stores of the boot manager of Windows, and signed programs. */
class BootStoreTest {
    private static final String DISK = "11111111-2222-4333-8444-555555555555";
    private static final String PARTITION = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
    private static final String NEW = "01234567-89ab-4def-8123-456789abcdef";

    @Test
    void eachGuidIsReplacedInItsPlaceAndNothingElse() {
        byte[] hive = hive(7, 7);
        put(hive, 5000, PARTITION);
        put(hive, 5024, DISK);
        put(hive, hive.length - 16, PARTITION);

        byte[] changed = BootStore.rewritten(hive, Map.of(PARTITION, NEW, DISK, PARTITION, "1a2b-3c4d", "0000-0001"));

        byte[] expected = hive.clone();
        put(expected, 5000, NEW);
        put(expected, 5024, PARTITION);
        put(expected, hive.length - 16, NEW);
        assertThat(changed).isEqualTo(expected);
        assertThat(BootStore.in(hive, List.of(DISK, PARTITION, NEW, "1a2b-3c4d")))
                .containsExactlyInAnyOrder(DISK, PARTITION);
        assertThat(BootStore.in(changed, List.of(DISK))).isEmpty();
    }

    @Test
    void aHiveThatWasNotWrittenToItsEndIsNotClean() {
        assertThat(BootStore.isClean(hive(7, 7))).isTrue();
        assertThat(BootStore.isClean(hive(8, 7))).isFalse();
        assertThat(BootStore.isClean(new byte[4096])).isFalse();
        assertThat(BootStore.isClean(new byte[3])).isFalse();
    }

    @Test
    void onlyAProgramWithoutCertificatesMayChange() {
        assertThat(EfiProgram.isSigned(program(0x20B, 0))).isFalse();
        assertThat(EfiProgram.isSigned(program(0x10B, 0))).isFalse();
        assertThat(EfiProgram.isSigned(program(0x20B, 1))).isTrue();
        assertThat(EfiProgram.isSigned(program(0x10B, 1))).isTrue();
        assertThat(EfiProgram.isSigned(new byte[0])).isTrue();
        byte[] whole = program(0x20B, 0);
        for (int length = 0; length < 0x80 + 24 + 112 + 40; length++) {
            assertThat(EfiProgram.isSigned(Arrays.copyOf(whole, length)))
                    .as("cut at %d", length)
                    .isTrue();
        }
    }

    private static byte[] hive(int first, int second) {
        byte[] hive = new byte[8192];
        new Random(1).nextBytes(hive);
        ByteBuffer.wrap(hive)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("regf".getBytes(StandardCharsets.US_ASCII))
                .putInt(first)
                .putInt(second);
        return hive;
    }

    private static void put(byte[] hive, int at, String guid) {
        System.arraycopy(Guids.bytes(UUID.fromString(guid)), 0, hive, at, Guids.BYTES);
    }

    private static byte[] program(int magic, int certificateBytes) {
        ByteBuffer program = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        program.putShort(0, (short) 0x5A4D).putInt(0x3C, 0x80).putShort(0x80 + 24, (short) magic);
        int directories = 0x80 + 24 + (magic == 0x20B ? 112 : 96);
        return program.putInt(directories + 4 * 8 + 4, certificateBytes).array();
    }
}
