package org.imgblstr.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class BufferViewTest {
    private final BufferView view = new BufferView();

    private void assertSees(ByteBuf buffer) {
        int end = buffer.writerIndex();
        view.lookAt(buffer, end);
        for (int index = 0; index <= end - Long.BYTES; index += 5) {
            assertThat(view.getLong(index)).isEqualTo(buffer.getLong(index));
            assertThat(view.getInt(index)).isEqualTo(buffer.getInt(index));
            assertThat(view.crc32c(index, Long.BYTES)).isEqualTo(crcOf(buffer, index, Long.BYTES));
        }
        ByteBuffer copy = ByteBuffer.allocate(end + 2);
        view.copyTo(0, copy, 1, end);
        assertThat(Unpooled.wrappedBuffer(copy).slice(1, end)).isEqualTo(buffer.slice(0, end));
        assertThatThrownBy(() -> view.getLong(end - Long.BYTES + 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static int crcOf(ByteBuf buffer, int index, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.nioBuffer(index, length));
        return (int) crc.getValue();
    }

    /** A pool gives the same object out again with other memory, and the same memory with another object. */
    @Test
    void seesBuffersOfAPoolThatComeAgain() {
        Random random = new Random(3);
        var pool = new PooledByteBufAllocator(true);
        List<ByteBuf> held = new ArrayList<>();
        for (int round = 0; round < 300; round++) {
            ByteBuf buffer = pool.directBuffer(16 + random.nextInt(5000));
            byte[] bytes = new byte[8 + random.nextInt(buffer.capacity() - 8)];
            random.nextBytes(bytes);
            buffer.writeBytes(bytes);
            assertSees(buffer);
            held.add(buffer);
            if (held.size() > 5) {
                held.remove(random.nextInt(held.size())).release();
            }
        }
        held.forEach(ByteBuf::release);
    }

    @Test
    void seesWhatIsWrittenAfterItLookedAndABufferThatHasGrown() {
        ByteBuf buffer = Unpooled.directBuffer(64, 1 << 16).writeLong(1).writeLong(2);
        assertSees(buffer);
        buffer.setLong(8, 77);
        assertThat(view.getLong(8)).isEqualTo(77);
        buffer.writeZero(5000).writeLong(9);
        assertSees(buffer);
        buffer.release();
    }

    @Test
    void seesSlicesHeapBuffersAndBuffersOfSeveralPieces() {
        ByteBuf whole = Unpooled.directBuffer(64);
        for (int i = 0; i < 8; i++) {
            whole.writeLong(i * 0x0102_0304_0506_0708L);
        }
        assertSees(whole.slice(8, 40));
        assertSees(Unpooled.copiedBuffer(whole.nioBuffer()));
        assertSees(Unpooled.wrappedBuffer(whole.retainedSlice(0, 24), whole.retainedSlice(24, 40)));
        assertSees(whole);
        whole.release(3);
    }

    @Test
    void aWriterRefusesABufferOfSeveralPieces() {
        ByteBuf pieces = Unpooled.wrappedBuffer(new byte[20], new byte[20]);

        assertThatThrownBy(() -> new SymbolWriter().start(pieces, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("buffer: expected 1 piece of memory, found 2");
    }
}
