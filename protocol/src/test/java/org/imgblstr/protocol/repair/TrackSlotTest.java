package org.imgblstr.protocol.repair;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.imgblstr.protocol.wire.SymbolRun;
import org.imgblstr.protocol.wire.SymbolWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackSlotTest {
    private static final int TRACK = 7;
    private static final int SESSION = 1;

    /** Symbols come in any order, some of them twice, in runs of one: whichever k come first recover the track. */
    @ParameterizedTest(name = "k {0}, {1} rows, {2} bytes")
    @CsvSource({"1,1,64", "2,5,64", "30,30,300", "100,100,64", "182,73,64", "224,31,64", "29,220,200"})
    void anySymbolsInAnyOrderRecoverTheTrack(int k, int rows, int symbolBytes) {
        for (int seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            byte[] track = new byte[k * symbolBytes];
            random.nextBytes(track);
            SlotPool pool =
                    new SlotPool(1, k * symbolBytes, bytes -> new SymbolMemory(ByteBuffer.allocateDirect(bytes)));
            pool.symbolBytes(symbolBytes);
            // The second time the slot has been used before.
            for (int time = 0; time < 2; time++) {
                TrackSlot slot = pool.take(TRACK, 0, k);
                fill(slot, track, shuffled(k + rows, random), symbolBytes);
                byte[] found = new byte[track.length];
                slot.recovered().get(found);
                assertThat(found).isEqualTo(track);
                pool.give(slot);
            }
        }
    }

    /** A slave that lost half of each track has a window full of parity: on the heap that would be more than its start script allows. */
    @Test
    void parityTakesNoMemoryOfItsOwn() {
        int k = 29;
        int symbolBytes = 8_900;
        TrackSlot slot = new TrackSlot(new SymbolMemory(ByteBuffer.allocateDirect(k * symbolBytes)));
        byte[] track = new byte[k * symbolBytes];
        List<SymbolRun> runs = new ArrayList<>();
        for (int row = 0; row < k - 1; row++) {
            runs.add(run(track, k, k + row, symbolBytes));
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        slot.begin(TRACK, 0, k, symbolBytes);
        long before = threads.getCurrentThreadAllocatedBytes();
        runs.forEach(slot::add);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(slot.deficit()).isEqualTo(1);
        assertThat(allocated).isLessThan(4L * symbolBytes);
    }

    private static List<Integer> shuffled(int count, Random random) {
        List<Integer> symbols = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            symbols.add(i);
            symbols.add(random.nextInt(count));
        }
        Collections.shuffle(symbols, random);
        return symbols;
    }

    private static void fill(TrackSlot slot, byte[] track, List<Integer> symbols, int symbolBytes) {
        int next = 0;
        while (slot.deficit() > 0) {
            slot.add(run(track, slot.symbolCount(), symbols.get(next++), symbolBytes));
        }
        // One too many changes nothing.
        slot.add(run(track, slot.symbolCount(), symbols.get(next % symbols.size()), symbolBytes));
    }

    private static SymbolRun run(byte[] track, int k, int symbol, int symbolBytes) {
        ByteBuffer source = ByteBuffer.allocateDirect(track.length).put(0, track);
        byte[] payload = new byte[symbolBytes];
        if (symbol < k) {
            source.get(symbol * symbolBytes, payload);
        } else {
            ParityCode.parity(symbol - k, k, symbolBytes, source, payload);
        }
        ByteBuf datagram = Unpooled.buffer(symbolBytes + SectorDataFlyweight.OVERHEAD_BYTES);
        SymbolWriter writer = new SymbolWriter().start(datagram, SESSION).track(TRACK, k, 0);
        writer.append(symbol, false, symbol, 0, ByteBuffer.wrap(payload), 0, symbolBytes);
        writer.finish();
        SymbolRun run = new SymbolRun();
        DatagramBatch batch = new DatagramBatch().start(datagram);
        batch.add(0, datagram.writerIndex());
        assertThat(run.read(batch, 0, TRACK + 1, symbolBytes)).isTrue();
        return run;
    }
}
