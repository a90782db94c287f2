package org.imgblstr.disk.machine;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import org.imgblstr.sealing.primitive.Libcrypto;

/** Calls of the C library about this process and its threads. Loading this class starts JNA. */
final class ProcessCalls {
    static {
        Libcrypto.keepJnaFromSearching();
        Native.register(ProcessCalls.class, NativeLibrary.getProcess());
    }

    private ProcessCalls() {}

    /** The value of a variable, where it lies in memory; null for none. */
    static native Pointer getenv(String name);

    static native int prctl(int option, NativeLong second, NativeLong third, NativeLong fourth, NativeLong fifth)
            throws LastErrorException;

    static native NativeLong syscall(NativeLong number, NativeLong first, NativeLong second, Pointer third)
            throws LastErrorException;

    static native int kill(int process, int signal) throws LastErrorException;

    /** Of the calling thread: capabilities(7). */
    static native int capget(Pointer header, Pointer data) throws LastErrorException;

    /** Of the calling thread alone. */
    static native int capset(Pointer header, Pointer data) throws LastErrorException;
}
