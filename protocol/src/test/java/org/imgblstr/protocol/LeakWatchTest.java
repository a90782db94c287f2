package org.imgblstr.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A buffer that is not released is found, whichever allocator made it; one that is released is not. */
@Timeout(60)
class LeakWatchTest {
    /** Buffers touched with this text are dropped by intention. */
    static final String PLANTED = "planted by LeakWatchTest";

    @Test
    void aBufferThatIsDroppedIsFoundAndOneThatIsReleasedIsNot() throws InterruptedException {
        make(ByteBufAllocator.DEFAULT, PLANTED + " default");
        make(PooledByteBufAllocator.DEFAULT, PLANTED + " pooled");
        make(PooledByteBufAllocator.DEFAULT, PLANTED + " and released").release();

        await(PLANTED + " default");
        await(PLANTED + " pooled");
        assertThat(LeakWatch.found(PLANTED + " and released")).isEmpty();
    }

    private static ByteBuf make(ByteBufAllocator allocator, String hint) {
        return allocator.directBuffer(64).touch(hint);
    }

    private static void await(String hint) throws InterruptedException {
        while (LeakWatch.found(hint).isEmpty()) {
            awaitCollection();
            LeakWatch.look();
            make(ByteBufAllocator.DEFAULT, "").release();
        }
    }

    /** Comes back when the collector has handed over what was dropped before. */
    private static void awaitCollection() throws InterruptedException {
        ReferenceQueue<Object> collected = new ReferenceQueue<>();
        WeakReference<Object> dropped = new WeakReference<>(new Object(), collected);
        System.gc();
        assertThat(collected.remove()).isSameAs(dropped);
    }
}
