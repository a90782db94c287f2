package org.imgblstr.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The paths that each datagram of data takes leave no garbage: 85 000 datagrams a second fill a gigabit. */
class AllocationTest {
    private static final int SYMBOL_BYTES = Datagram.ETHERNET_SYMBOL_BYTES;
    private static final int DATAGRAMS = 20_000;
    private static final int BATCH = 40;

    /** From Java 24 on Netty does without Unsafe and makes a view of 64 bytes for each copy, of which a datagram needs two at most. */
    private static final long MOST_BYTES = (long) DATAGRAMS * (PlatformDependent.hasUnsafe() ? 1 : 2 * 64 + 1);

    private final ByteBuffer ring = ByteBuffer.allocateDirect(1 << 20);
    /** Not followed by LeakWatch, which wraps buffers. */
    private final ByteBuf out = new UnpooledByteBufAllocator(true, true).directBuffer(65_536);

    private final SectorDataFlyweight flyweight = new SectorDataFlyweight();
    private final SymbolWriter writer = new SymbolWriter();

    @Test
    void writingSymbolsAllocatesNothing() {
        assertThat(allocatedBytesOf(this::writeBatch)).isLessThan(MOST_BYTES);
        out.release();
    }

    @Test
    void checkingDatagramsInASliceAllocatesNothing() {
        writeBatch();
        ByteBuf slice = out.retainedSlice(0, SYMBOL_BYTES + SectorDataFlyweight.OVERHEAD_BYTES);

        assertThat(allocatedBytesOf(() -> readOften(slice))).isLessThan(MOST_BYTES);

        slice.release();
        out.release();
    }

    @Test
    void checkingAndCopyingABatchByRunsAllocatesNothing() {
        writeBatch();
        DatagramBatch batch = new DatagramBatch();
        SymbolRun run = new SymbolRun();

        assertThat(allocatedBytesOf(() -> readRuns(batch, run))).isLessThan(DATAGRAMS);

        out.release();
    }

    private void readRuns(DatagramBatch batch, SymbolRun run) {
        batch.start(out);
        batch.addSegments(0, out.writerIndex(), SYMBOL_BYTES + SectorDataFlyweight.OVERHEAD_BYTES);
        if (!batch.isSound(0) || !run.read(batch, 0, 10, SYMBOL_BYTES) || run.count() != BATCH) {
            throw new AssertionError("the batch was written well");
        }
        for (int symbol = 0; symbol < BATCH; symbol++) {
            run.copySymbol(symbol, ring, symbol * SYMBOL_BYTES);
        }
    }

    private void writeBatch() {
        writer.start(out.clear(), 1).track(3, 100, 0);
        for (int symbol = 0; symbol < BATCH; symbol++) {
            writer.append(symbol, false, symbol, 6, ring, symbol * SYMBOL_BYTES, SYMBOL_BYTES);
        }
        writer.finish();
    }

    private void readOften(ByteBuf datagram) {
        for (int i = 0; i < BATCH; i++) {
            if (!Datagram.isSound(datagram) || !flyweight.wrap(datagram).isValid(10, SYMBOL_BYTES)) {
                throw new AssertionError("the datagram was written well");
            }
        }
    }

    /** Garbage of {@link #DATAGRAMS}, after as many to warm up. */
    private static long allocatedBytesOf(Runnable batch) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        repeat(batch);
        long before = threads.getCurrentThreadAllocatedBytes();
        repeat(batch);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void repeat(Runnable batch) {
        for (int i = 0; i < DATAGRAMS / BATCH; i++) {
            batch.run();
        }
    }
}
