package org.imgblstr.disk.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The calls of the kernel that this program never makes, as a filter that answers them with "not permitted". Sources: seccomp(2), the tables of calls of
 * Linux for x86-64 and for AArch64. No thread of its own.
 */
final class CallFilter {
    private static final short LOAD_WORD = 0x20;
    private static final short JUMP_IF_EQUAL = 0x15;
    private static final short JUMP_IF_AT_LEAST = 0x35;
    private static final short RETURN = 0x06;
    private static final int ALLOW = 0x7fff0000;
    private static final int NOT_PERMITTED = 0x00050000 | 1;
    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;
    static final int INSTRUCTION_BYTES = 8;

    /** Numbers from here on are those of the x32 ABI, under which each call has a second number. */
    private static final int X32 = 0x40000000;

    /** A group of calls: numbers of x86-64 and of AArch64, in the same order. */
    private record Calls(List<Integer> x86, List<Integer> arm) {
        /** execve, execveat. */
        static final Calls PROGRAMS = new Calls(List.of(59, 322), List.of(221, 281));

        /** mount, umount2, pivot_root, open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr. */
        static final Calls MOUNTS = new Calls(
                List.of(165, 166, 155, 428, 429, 430, 431, 432, 433, 442),
                List.of(40, 39, 41, 428, 429, 430, 431, 432, 433, 442));

        /**
         * ptrace, process_vm_readv, process_vm_writev, pidfd_getfd, init_module, finit_module, delete_module, kexec_load, kexec_file_load, bpf, keyctl,
         * add_key, request_key, setns, unshare, perf_event_open.
         */
        static final Calls OTHERS = new Calls(
                List.of(101, 310, 311, 438, 175, 313, 176, 246, 320, 321, 250, 248, 249, 308, 272, 298),
                List.of(117, 270, 271, 438, 105, 273, 106, 104, 294, 280, 219, 217, 218, 268, 97, 241));
    }

    /** A kind of processor. */
    enum Processor {
        X86_64(0xc000003e, 317),
        AARCH64(0xc00000b7, 277);

        private final int audit;
        private final int seccomp;

        Processor(int audit, int seccomp) {
            this.audit = audit;
            this.seccomp = seccomp;
        }

        /** Number of the call seccomp. */
        int seccomp() {
            return seccomp;
        }

        /** That of this machine by the name that Java gives it; null when it is another. */
        static Processor of(String name) {
            return switch (name) {
                case "amd64" -> X86_64;
                case "aarch64" -> AARCH64;
                default -> null;
            };
        }
    }

    private final Processor processor;
    private final List<Integer> refused = new ArrayList<>();

    /** {@code needs}: what this program is still going to do. */
    CallFilter(Processor processor, Set<Privileges.Need> needs) {
        this.processor = processor;
        refuse(Calls.OTHERS);
        if (!needs.contains(Privileges.Need.PROGRAMS)) {
            refuse(Calls.PROGRAMS);
        }
        if (!needs.contains(Privileges.Need.MOUNTS)) {
            refuse(Calls.MOUNTS);
        }
    }

    private void refuse(Calls calls) {
        refused.addAll(processor == Processor.X86_64 ? calls.x86() : calls.arm());
    }

    /** The program of the filter, in the byte order of this machine: instructions of 8 bytes. */
    byte[] program() {
        boolean hasX32 = processor == Processor.X86_64;
        int last = refused.size();
        ByteBuffer program = ByteBuffer.allocate(INSTRUCTION_BYTES * (last + 5 + (hasX32 ? 1 : 0)))
                .order(ByteOrder.nativeOrder());
        // Jumps count instructions to skip; behind the list stand "allow" and "refuse".
        put(program, LOAD_WORD, 0, 0, ARCHITECTURE);
        put(program, JUMP_IF_EQUAL, 0, last + 2 + (hasX32 ? 1 : 0), processor.audit);
        put(program, LOAD_WORD, 0, 0, NUMBER);
        if (hasX32) {
            put(program, JUMP_IF_AT_LEAST, last + 1, 0, X32);
        }
        for (int i = 0; i < last; i++) {
            put(program, JUMP_IF_EQUAL, last - i, 0, refused.get(i));
        }
        put(program, RETURN, 0, 0, ALLOW);
        put(program, RETURN, 0, 0, NOT_PERMITTED);
        return program.array();
    }

    private static void put(ByteBuffer program, short code, int skipIfTrue, int skipIfFalse, int operand) {
        program.putShort(code).put((byte) skipIfTrue).put((byte) skipIfFalse).putInt(operand);
    }
}
