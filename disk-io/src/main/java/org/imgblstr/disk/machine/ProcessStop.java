package org.imgblstr.disk.machine;

import com.sun.jna.LastErrorException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops this process, as a shell does with a job. */
public final class ProcessStop {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessStop.class);

    /** The same number on x86-64 and AArch64. */
    private static final int SIGSTOP = 19;

    private ProcessStop() {}

    /** Stops all threads and returns true once the process goes on; false when the process cannot be stopped in this way. Any thread. */
    public static boolean untilContinued() {
        try {
            ProcessCalls.kill((int) ProcessHandle.current().pid(), SIGSTOP);
            return true;
        } catch (LastErrorException | LinkageError e) {
            LOG.debug("the process cannot be stopped by a call", e);
            return false;
        }
    }
}
