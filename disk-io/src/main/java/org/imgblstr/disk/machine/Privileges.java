package org.imgblstr.disk.machine;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up rights of this process that it does not need any more, so that a fault that lets somebody else's bytes act in it leads to less. Nothing of
 * it is needed for a session: where the kernel does not let a right go, the log says so at debug level, and the program goes on. Any thread.
 * Specification: docs/security.md, section 11.
 */
public final class Privileges {
    private static final Logger LOG = LoggerFactory.getLogger(Privileges.class);

    private static final int SET_DUMPABLE = 4;
    private static final int SET_NO_NEW_PRIVS = 38;
    private static final int SET_MODE_FILTER = 1;
    private static final int ALL_THREADS = 1;

    /** Linux before 5.16 would make each filtered process slower, for the sake of programs that run strangers' code. Known from Linux 4.17 on. */
    private static final int AT_FULL_SPEED = 4;

    private static final int EINVAL = 22;
    private static final int FPROG_BYTES = 16;
    private static final int FPROG_FILTER = 8;

    /** Of the header of capset: version 3, with 64 bits for each set. */
    private static final int CAPABILITY_VERSION = 0x20080522;

    private static final int HEADER_BYTES = 8;

    /** Effective, permitted and inheritable, first the low halves of all three. */
    private static final int SETS_BYTES = 24;

    private static final int EFFECTIVE = 0;
    private static final int PERMITTED = 4;
    private static final int NETWORK = 1 << 12;

    /** What a program is still going to do. */
    public enum Need {
        /** Starts other programs. */
        PROGRAMS,
        /** Mounts file systems, or starts a program that does. */
        MOUNTS
    }

    private Privileges() {}

    /** Keeps other programs of the same user from looking into the memory of this one, and the kernel from writing it to a file. For the whole process. */
    public static void hide() {
        attempt("memory cannot be hidden", () -> prctl(SET_DUMPABLE, 0));
    }

    /** Refuses all threads, from now on, what this program never does: {@code needs} are the exceptions. For the whole process and its children, for ever. */
    public static void refuse(Set<Need> needs) {
        CallFilter.Processor processor = CallFilter.Processor.of(System.getProperty("os.arch"));
        if (processor == null) {
            LOG.debug("no filter of calls is known for this processor");
            return;
        }
        attempt("calls cannot be refused", () -> {
            byte[] program = new CallFilter(processor, needs).program();
            try (Memory filter = new Memory(program.length);
                    Memory fprog = new Memory(FPROG_BYTES)) {
                filter.write(0, program, 0, program.length);
                fprog.clear();
                fprog.setShort(0, (short) (program.length / CallFilter.INSTRUCTION_BYTES));
                fprog.setPointer(FPROG_FILTER, filter);
                prctl(SET_NO_NEW_PRIVS, 1);
                long failed = filter(processor, fprog);
                if (failed != 0) {
                    LOG.debug("calls cannot be refused: thread {} has another filter", failed);
                }
            }
        });
    }

    private static long filter(CallFilter.Processor processor, Pointer fprog) {
        try {
            return seccomp(processor, ALL_THREADS | AT_FULL_SPEED, fprog);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == EINVAL) {
                return seccomp(processor, ALL_THREADS, fprog);
            }
            throw e;
        }
    }

    /** Returns 0, or the number of a thread that has a filter of its own. */
    private static long seccomp(CallFilter.Processor processor, int flags, Pointer fprog) {
        return ProcessCalls.syscall(
                        new NativeLong(processor.seccomp()),
                        new NativeLong(SET_MODE_FILTER),
                        new NativeLong(flags),
                        fprog)
                .longValue();
    }

    /** Drops all capabilities of the calling thread, and of those that it will start; {@code mayOpenSockets}: but the one for buffers of sockets. */
    public static void dropCapabilities(boolean mayOpenSockets) {
        attempt("capabilities cannot be dropped", () -> {
            try (Memory header = new Memory(HEADER_BYTES);
                    Memory sets = new Memory(SETS_BYTES)) {
                header.clear();
                header.setInt(0, CAPABILITY_VERSION);
                ProcessCalls.capget(header, sets);
                int kept = mayOpenSockets ? sets.getInt(PERMITTED) & NETWORK : 0;
                sets.clear();
                sets.setInt(EFFECTIVE, kept);
                sets.setInt(PERMITTED, kept);
                ProcessCalls.capset(header, sets);
            }
        });
    }

    /** Overwrites join codes in the environment of this process, which its user and root can read. What Java has read of them before, Java keeps. */
    public static void forgetCodes() {
        attempt("the environment cannot be changed", () -> {
            for (String name : ChildProcess.SECRETS) {
                Pointer value = ProcessCalls.getenv(name);
                if (value != null) {
                    value.clear(length(value));
                }
            }
        });
    }

    private static long length(Pointer text) {
        return text.indexOf(0, (byte) 0);
    }

    private static void prctl(int option, long value) {
        NativeLong none = new NativeLong(0);
        ProcessCalls.prctl(option, new NativeLong(value), none, none, none);
    }

    private static void attempt(String what, Runnable change) {
        try {
            change.run();
        } catch (LastErrorException e) {
            LOG.debug("{}: error {}", what, e.getErrorCode());
        } catch (LinkageError | IllegalArgumentException e) {
            LOG.debug("{}", what, e);
        }
    }
}
