package org.imgblstr.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymbolRunTest {
    private static final int SYMBOL_BYTES = 100;
    private static final int DATAGRAM_BYTES = SYMBOL_BYTES + SectorDataFlyweight.OVERHEAD_BYTES;
    private static final int TRACKS = 50;
    private static final int K = 20;

    private final ByteBuf buffer = Unpooled.directBuffer(1 << 16);
    private final DatagramBatch batch = new DatagramBatch().start(buffer);
    private final ByteBuffer content = ByteBuffer.allocate(256 * SYMBOL_BYTES);
    private final SymbolRun run = new SymbolRun();

    SymbolRunTest() {
        new Random(1).nextBytes(content.array());
    }

    @AfterEach
    void releaseTheBuffer() {
        buffer.release();
    }

    private void add(int sequence, int track, int symbol) {
        add(sequence, track, symbol, 0, false, SYMBOL_BYTES);
    }

    private void add(int sequence, int track, int symbol, int generation, boolean isFlush, int bytes) {
        int offset = buffer.writerIndex();
        int length = Samples.writeSymbol(
                buffer, 7, sequence, isFlush, track, symbol, K, generation, 0, content, symbol * SYMBOL_BYTES, bytes);
        batch.add(offset, length);
    }

    private int countFrom(int first) {
        return run.read(batch, first, TRACKS, SYMBOL_BYTES) ? run.count() : 0;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 40})
    void consecutiveSymbolsAreOneRunAcrossTheEndOfTheSources(int count) {
        for (int i = 0; i < count; i++) {
            add(i - 1, 3, 5 + i);
        }

        assertThat(countFrom(0)).isEqualTo(count);
        assertThat(run.track()).isEqualTo(3);
        assertThat(run.firstSymbol()).isEqualTo(5);
        assertThat(run.endSymbol()).isEqualTo(5 + count);
        assertThat(run.firstSequence()).isEqualTo(-1);
        assertThat(run.sourceSymbols()).isEqualTo(K);
        assertThat(run.isFlush()).isFalse();
        ByteBuffer copy = ByteBuffer.allocate(SYMBOL_BYTES);
        for (int symbol = 5; symbol < 5 + count; symbol++) {
            assertThat(run.copySymbol(symbol, copy, 0)).isEqualTo(SYMBOL_BYTES);
            assertThat(copy).isEqualTo(content.slice(symbol * SYMBOL_BYTES, SYMBOL_BYTES));
        }
    }

    @Test
    void anythingThatDoesNotFollowEndsARun() {
        add(1, 3, 5);
        add(3, 3, 6); // a sequence lacks
        add(4, 3, 8); // a symbol lacks
        add(5, 4, 9); // another track
        add(6, 4, 10, 1, false, SYMBOL_BYTES); // another generation
        add(7, 4, 11, 1, true, SYMBOL_BYTES); // the flush belongs to the run and ends it
        add(8, 4, 12, 1, false, SYMBOL_BYTES);

        int[] counts = {1, 1, 1, 1, 2};
        int first = 0;
        for (int count : counts) {
            assertThat(countFrom(first)).as("from %d", first).isEqualTo(count);
            first += count;
        }
        assertThat(run.isFlush()).isTrue();
        assertThat(countFrom(first)).isEqualTo(1);
    }

    @Test
    void theShortLastSourceSymbolEndsARun() {
        add(1, 3, K - 2);
        add(2, 3, K - 1, 0, false, 13);
        add(3, 3, K);

        assertThat(countFrom(0)).isEqualTo(2);
        assertThat(run.copySymbol(K - 1, ByteBuffer.allocate(SYMBOL_BYTES), 0)).isEqualTo(13);
    }

    @Test
    void aDamagedOrForeignDatagramEndsARun() {
        for (int i = 0; i < 6; i++) {
            add(i, 3, i);
        }
        buffer.setByte(batch.offset(2) + 40, buffer.getByte(batch.offset(2) + 40) ^ 1);
        buffer.setInt(batch.offset(4) + CommandFlyweight.SESSION, 8);

        assertThat(countFrom(0)).isEqualTo(2);
        assertThat(countFrom(3)).isEqualTo(1);
    }

    @Test
    void whatIsNoSectorDataOfTheSessionIsNoRun() {
        add(1, TRACKS, 0);
        add(2, 3, 5, 0, false, 13);

        assertThat(countFrom(0)).isZero();
        assertThat(countFrom(1)).isZero();
    }

    @Test
    void whateverIsInABatchNothingIsThrownAndRunsStayWithinIt() {
        Random random = new Random(2);
        for (int round = 0; round < 20_000; round++) {
            byte[] junk = new byte[random.nextInt(600)];
            random.nextBytes(junk);
            ByteBuf bytes = Unpooled.wrappedBuffer(junk);
            batch.start(bytes);
            batch.addSegments(0, junk.length, 1 + random.nextInt(200));
            for (int i = 0; i < batch.count(); i++) {
                assertThat(batch.isSound(i)).isFalse();
            }
        }
    }

    /** One byte of one datagram is another, and its checksum fits again: the run is as long as a look at each field finds. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void whateverByteDiffersTheRunIsAsLongAsItsFieldsSay(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            buffer.clear();
            batch.start(buffer);
            int first = random.nextInt(30);
            for (int i = 0; i < 6; i++) {
                add(i - 2, 3, first + i, 1, random.nextInt(12) == 0, SYMBOL_BYTES);
            }
            int changed = batch.offset(random.nextInt(6));
            buffer.setByte(
                    changed + random.nextInt(24), random.nextBoolean() ? random.nextInt(256) : random.nextInt(3));
            int body = DATAGRAM_BYTES - CommandFlyweight.TRAILER_BYTES;
            buffer.setInt(changed + body, DatagramBytes.crc32c(buffer, changed, body));

            assertThat(batch.isSound(0) ? countFrom(0) : 0)
                    .as("round %d", round)
                    .isEqualTo(countByFields());
        }
    }

    private int countByFields() {
        SectorDataFlyweight one = new SectorDataFlyweight();
        if (!batch.isSound(0)
                || !one.wrap(buffer, batch.offset(0), DATAGRAM_BYTES).isValid(TRACKS, SYMBOL_BYTES)) {
            return 0;
        }
        int session = one.session();
        int sequence = one.sequence();
        int track = one.track();
        int symbol = one.symbol();
        int k = one.sourceSymbols();
        int generation = one.generation();
        int count = 1;
        while (count < batch.count()
                && !one.isFlush()
                && batch.isSound(count)
                && one.wrap(buffer, batch.offset(count), DATAGRAM_BYTES).isValid(TRACKS, SYMBOL_BYTES)
                && one.session() == session
                && one.sequence() == sequence + count
                && one.track() == track
                && one.symbol() == symbol + count
                && one.sourceSymbols() == k
                && one.generation() == generation) {
            count++;
        }
        return count;
    }

    @Test
    void aPartOfARunIsTheSameSymbols() {
        for (int i = 0; i < 10; i++) {
            add(100 + i, 3, 5 + i, 0, i == 9, SYMBOL_BYTES);
        }
        assertThat(countFrom(0)).isEqualTo(10);

        SymbolRun middle = new SymbolRun().part(run, 2, 3);
        SymbolRun end = new SymbolRun().part(run, 9, 1);

        assertThat(middle.firstSymbol()).isEqualTo(7);
        assertThat(middle.endSymbol()).isEqualTo(10);
        assertThat(middle.firstSequence()).isEqualTo(102);
        assertThat(middle.isFlush()).isFalse();
        assertThat(end.isFlush()).isTrue();
        ByteBuffer copy = ByteBuffer.allocate(SYMBOL_BYTES);
        middle.copySymbol(9, copy, 0);
        assertThat(copy).isEqualTo(content.slice(9 * SYMBOL_BYTES, SYMBOL_BYTES));
    }

    @Test
    void aBatchIsCutIntoSegmentsOfWhichTheLastMayBeShorter() {
        batch.addSegments(10, 10 + 100 * DATAGRAM_BYTES + 1, DATAGRAM_BYTES);

        assertThat(batch.count()).isEqualTo(101);
        assertThat(batch.offset(100)).isEqualTo(10 + 100 * DATAGRAM_BYTES);
        assertThat(batch.length(99)).isEqualTo(DATAGRAM_BYTES);
        assertThat(batch.length(100)).isEqualTo(1);
    }
}
