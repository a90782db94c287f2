package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionMemoryTest {
    /** An odd size that no other test takes. */
    private static final int BYTES = 5 * (16 << 10) - 7;

    @Test
    void oneSessionAfterTheOtherTakesNoMoreMemoryThanTheFirst() {
        useAndGive(BYTES);
        long idle = SessionMemory.idleBytes();
        for (int session = 0; session < 5; session++) {
            // Other lengths of datagrams make a few bytes more or less.
            useAndGive(BYTES - 100 * session);
        }
        assertThat(SessionMemory.idleBytes()).isEqualTo(idle);
    }

    private static void useAndGive(int bytes) {
        SessionMemory memory = new SessionMemory();
        for (int i = 0; i < 10; i++) {
            assertThat(memory.take(bytes).remaining()).isGreaterThanOrEqualTo(bytes);
        }
        memory.give();
        memory.give();
    }

    @Test
    void twoSessionsNeverHaveTheSameBuffer() {
        SessionMemory first = new SessionMemory();
        SessionMemory second = new SessionMemory();
        List<ByteBuffer> ofSecond = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            first.take(BYTES).put(0, (byte) 1);
            ofSecond.add(second.take(BYTES).put(0, (byte) 2));
        }
        assertThat(ofSecond).allMatch(buffer -> buffer.get(0) == 2);
        first.give();
        second.give();
    }
}
