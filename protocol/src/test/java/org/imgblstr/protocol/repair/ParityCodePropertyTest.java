package org.imgblstr.protocol.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any k symbols give the track: over every class of loss, number of symbols and length of symbol. */
class ParityCodePropertyTest {
    private static final byte GARBAGE = 0x6B;

    static Stream<Arguments> shapes() {
        long seed = System.nanoTime();
        return Stream.of(1, 2, 96, 182, 224)
                .flatMap(k -> Stream.of(7, 1444, 8944).map(symbolBytes -> Arguments.of(k, symbolBytes, seed)));
    }

    private static byte[] randomBytes(int bytes, Random random) {
        byte[] encoded = new byte[bytes];
        random.nextBytes(encoded);
        return encoded;
    }

    private static ByteBuffer at(int position, byte[] bytes, boolean direct) {
        var buffer = direct
                ? ByteBuffer.allocateDirect(position + bytes.length)
                : ByteBuffer.allocate(position + bytes.length);
        return buffer.put(position, bytes).position(position);
    }

    @ParameterizedTest(name = "{0} symbols of {1} bytes, seed {2}")
    @MethodSource("shapes")
    void aRowIsWhatSlowPolynomialsGive(int k, int symbolBytes, long seed) {
        var random = new Random(seed);
        for (int lastBytes : new int[] {1, symbolBytes / 2 + 1, symbolBytes}) {
            // given
            byte[] encoded = randomBytes((k - 1) * symbolBytes + lastBytes, random);
            int row = random.nextInt(ParityCode.maxRows(k));
            boolean direct = lastBytes != 1;
            var buffer = at(random.nextInt(9), encoded, direct);
            int position = buffer.position();
            byte[] out = new byte[symbolBytes + 3];
            Arrays.fill(out, GARBAGE);
            // when
            ParityCode.parity(row, k, symbolBytes, buffer, out);
            // then
            assertThat(Arrays.copyOf(out, symbolBytes)).isEqualTo(SlowParity.row(row, k, symbolBytes, encoded));
            assertThat(Arrays.copyOfRange(out, symbolBytes, out.length)).containsOnly(GARBAGE);
            assertThat(buffer.position()).isEqualTo(position);
            assertThat(buffer.remaining()).isEqualTo(encoded.length);
        }
    }

    @ParameterizedTest(name = "{0} symbols of {1} bytes, seed {2}")
    @MethodSource("shapes")
    void rowsReckonedTogetherAreThoseReckonedAlone(int k, int symbolBytes, long seed) {
        // given
        var random = new Random(seed);
        var encoded = at(random.nextInt(9), randomBytes((k - 1) * symbolBytes + 1, random), true);
        int rowCount = 8;
        int firstRow = random.nextInt(ParityCode.maxRows(k) - rowCount + 1);
        byte[][] together = new byte[rowCount + 1][symbolBytes + 3];
        for (byte[] row : together) {
            Arrays.fill(row, GARBAGE);
        }
        // when
        ParityCode.parity(firstRow, rowCount, k, symbolBytes, encoded, together);
        // then
        for (int row = 0; row < rowCount; row++) {
            byte[] alone = new byte[symbolBytes + 3];
            Arrays.fill(alone, GARBAGE);
            ParityCode.parity(firstRow + row, k, symbolBytes, encoded, alone);
            assertThat(together[row]).isEqualTo(alone);
        }
        assertThat(together[rowCount]).containsOnly(GARBAGE);
    }

    @ParameterizedTest(name = "{0} symbols of {1} bytes, seed {2}")
    @MethodSource("shapes")
    void anyLossThatTheRowsCoverIsRecovered(int k, int symbolBytes, long seed) {
        var random = new Random(seed);
        int most = Math.min(k, ParityCode.maxRows(k));
        for (List<Integer> lost : losses(k, most, random)) {
            for (int lastBytes : new int[] {symbolBytes, 1}) {
                recovers(k, symbolBytes, lastBytes, lost, random);
            }
        }
    }

    private static List<List<Integer>> losses(int k, int most, Random random) {
        var shuffled = new ArrayList<>(IntStream.range(0, k).boxed().toList());
        Collections.shuffle(shuffled, random);
        int some = 1 + random.nextInt(most);
        return List.of(
                List.of(),
                List.of(0),
                List.of(k - 1),
                List.of(k / 2),
                shuffled.subList(0, most),
                shuffled.subList(0, some));
    }

    private static void recovers(int k, int symbolBytes, int lastBytes, List<Integer> lost, Random random) {
        // given all rows of the code in any order, of which as many are received as sources were lost
        byte[] encoded = randomBytes((k - 1) * symbolBytes + lastBytes, random);
        var allRows = new ArrayList<>(
                IntStream.range(0, ParityCode.maxRows(k)).boxed().toList());
        Collections.shuffle(allRows, random);
        int[] rows = allRows.stream().limit(lost.size()).mapToInt(row -> row).toArray();
        byte[][] parityRows = new byte[rows.length][symbolBytes];
        boolean direct = random.nextBoolean();
        for (int r = 0; r < rows.length; r++) {
            ParityCode.parity(rows[r], k, symbolBytes, at(0, encoded, direct), parityRows[r]);
        }
        byte[] padded = Arrays.copyOf(encoded, k * symbolBytes);
        var have = new BitSet();
        have.set(0, k);
        var slot = at(3, padded, direct);
        for (int source : lost) {
            have.clear(source);
            for (int i = 0; i < symbolBytes; i++) {
                slot.put(3 + source * symbolBytes + i, GARBAGE);
            }
        }
        // when
        ParityCode.recover(k, symbolBytes, slot, have, rows, parityRows);
        // then
        byte[] recovered = new byte[k * symbolBytes];
        slot.get(slot.position(), recovered);
        assertThat(Arrays.equals(recovered, padded))
                .as("lost %s, rows %s", lost, Arrays.toString(rows))
                .isTrue();
        assertThat(slot.position()).isEqualTo(3);
        assertThat(have.cardinality()).isEqualTo(k - lost.size());
    }

    @Test
    void rowsBeyondThoseNeededAreLeftAlone() {
        byte[][] parityRows = {new byte[7], {1, 2, 3, 4, 5, 6, 7}};
        ParityCode.parity(4, 1, 7, ByteBuffer.wrap(new byte[] {9, 8, 7}), parityRows[0]);
        var slot = ByteBuffer.allocate(7);
        ParityCode.recover(1, 7, slot, new BitSet(), new int[] {4, 5}, parityRows);
        assertThat(slot.array()).containsExactly(9, 8, 7, 0, 0, 0, 0);
        assertThat(parityRows[1]).containsExactly(1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void whatDoesNotFitTogetherIsRefusedAndChangesNothing() {
        var encoded = ByteBuffer.allocate(14);
        byte[] out = new byte[7];
        refused(() -> ParityCode.parity(254, 2, 7, encoded, out));
        refused(() -> ParityCode.parity(-1, 2, 7, encoded, out));
        refused(() -> ParityCode.parity(0, 1, 7, encoded, out));
        refused(() -> ParityCode.parity(0, 3, 7, encoded, out));
        refused(() -> ParityCode.parity(0, 0, 7, encoded, out));
        refused(() -> ParityCode.parity(0, 256, 7, encoded, out));
        refused(() -> ParityCode.parity(0, 2, 0, encoded, out));
        refused(() -> ParityCode.parity(0, 2, 7, encoded, new byte[6]));
        refused(() -> ParityCode.parity(253, 2, 2, 7, encoded, new byte[2][7]));
        refused(() -> ParityCode.parity(0, 2, 2, 7, encoded, new byte[][] {out, new byte[6]}));
        assertThat(out).containsOnly(0);
        var none = new BitSet();
        var slot = ByteBuffer.allocate(14);
        byte[][] two = {{1, 1, 1, 1, 1, 1, 1}, {2, 2, 2, 2, 2, 2, 2}};
        refused(() -> ParityCode.recover(2, 7, slot, none, new int[] {0}, two));
        refused(() -> ParityCode.recover(2, 7, slot, none, new int[] {0, 0}, two));
        refused(() -> ParityCode.recover(2, 7, slot, none, new int[] {0, 254}, two));
        refused(() -> ParityCode.recover(2, 7, slot, none, new int[] {0, 1}, new byte[][] {two[0]}));
        refused(() -> ParityCode.recover(2, 7, slot, none, new int[] {0, 1}, new byte[][] {two[0], {1}}));
        refused(() -> ParityCode.recover(3, 7, slot, none, new int[] {0, 1, 2}, two));
        assertThat(slot.array()).containsOnly(0);
        assertThat(two[0]).containsOnly(1);
        assertThat(two[1]).containsOnly(2);
    }

    private static void refused(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
    }
}
