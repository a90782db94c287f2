package org.imgblstr.protocol.session;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.disk.device.AlignedBuffers;

/**
 * The direct memory of one session. When the session has ended it goes to the next one of this program: the JVM would free it some time after
 * nobody refers to it, and a slave that waits for session after session, or a master beside its slaves, would run out of it. Any thread.
 */
final class SessionMemory {
    /**
     * A buffer may be this much longer than the caller asked for, so that sessions with other datagram lengths use the
     * same buffers.
     */
    private static final int STEP_BYTES = 16 << 10;

    private static final Map<Integer, ArrayDeque<ByteBuffer>> IDLE = new TreeMap<>();

    private final List<ByteBuffer> taken = new ArrayList<>();

    /** A buffer of {@code bytes} bytes at least, in which the byte behind the header of an encoded track lies on a page. */
    synchronized ByteBuffer take(int bytes) {
        int rounded = Math.addExact(bytes, STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
        ByteBuffer buffer = idle(rounded);
        if (buffer == null) {
            buffer = allocate(rounded);
        }
        taken.add(buffer);
        return buffer.clear();
    }

    private static ByteBuffer idle(int bytes) {
        synchronized (IDLE) {
            ArrayDeque<ByteBuffer> idle = IDLE.get(bytes);
            return idle == null ? null : idle.pollLast();
        }
    }

    private static ByteBuffer allocate(int bytes) {
        try {
            return AlignedBuffers.allocate(bytes, EncodedTrack.HEADER_BYTES);
        } catch (OutOfMemoryError e) {
            // Buffers of other lengths are idle: the JVM frees them while it tries again.
            synchronized (IDLE) {
                IDLE.clear();
            }
            return AlignedBuffers.allocate(bytes, EncodedTrack.HEADER_BYTES);
        }
    }

    /** The session has ended, and no thread of it uses its memory any more: the next one may have it. A second call does nothing. */
    synchronized void give() {
        synchronized (IDLE) {
            for (ByteBuffer buffer : taken) {
                IDLE.computeIfAbsent(buffer.capacity(), bytes -> new ArrayDeque<>())
                        .addLast(buffer);
            }
        }
        taken.clear();
    }

    /** Bytes that wait for the next session. */
    static long idleBytes() {
        synchronized (IDLE) {
            return IDLE.entrySet().stream()
                    .mapToLong(size -> (long) size.getKey() * size.getValue().size())
                    .sum();
        }
    }
}
