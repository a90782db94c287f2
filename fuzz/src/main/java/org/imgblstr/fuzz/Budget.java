package org.imgblstr.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a decoder may allocate for one input, garbage included. For one thread. */
public final class Budget {
    /** More was allocated. The first time this may be what loading a class has taken; see {@link FuzzTarget#run}. */
    public static final class ExceededException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ExceededException(String message) {
            super(message);
        }
    }

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long mostBytes;
    private final long before = THREADS.getCurrentThreadAllocatedBytes();

    private Budget(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Begins to count. */
    public static Budget of(long mostBytes) {
        return new Budget(mostBytes);
    }

    /**
     * Ends the count.
     *
     * @throws ExceededException when more was allocated since
     */
    public void check() {
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (bytes > mostBytes) {
            throw new ExceededException(
                    "one input made the decoder allocate " + bytes + " bytes; it may allocate " + mostBytes);
        }
    }
}
