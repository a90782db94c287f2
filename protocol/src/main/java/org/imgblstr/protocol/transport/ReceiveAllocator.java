package org.imgblstr.protocol.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/** Has a socket read into the transport's {@link ReceiveBuffer}, and no oftener than there is something to read. On the loop only. */
final class ReceiveAllocator extends DefaultMaxMessagesRecvByteBufAllocator {
    private final ReceiveBuffer buffer;
    private final ReadMode mode;

    ReceiveAllocator(ReceiveBuffer buffer, ReadMode mode, int messagesInARow) {
        super(messagesInARow);
        this.buffer = buffer;
        this.mode = mode;
    }

    @Override
    public ExtendedHandle newHandle() {
        return new ReadHandle();
    }

    private final class ReadHandle extends MaxMessageHandle {
        @Override
        public ByteBuf allocate(ByteBufAllocator unused) {
            return buffer.start();
        }

        @Override
        public int guess() {
            return buffer.capacity();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            boolean isWorthIt = mode.mayBeMore(buffer);
            mode.onRead(buffer);
            return isWorthIt && super.continueReading(maybeMore);
        }
    }
}
