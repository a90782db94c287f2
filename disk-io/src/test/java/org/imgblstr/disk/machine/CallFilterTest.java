package org.imgblstr.disk.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.imgblstr.disk.machine.CallFilter.Processor;
import org.imgblstr.disk.machine.Privileges.Need;
import org.junit.jupiter.api.Test;

/** The program of the filter, run by an interpreter of the few instructions that it has. */
class CallFilterTest {
    private static final int X86_64 = 0xc000003e;
    private static final int AARCH64 = 0xc00000b7;
    private static final int I386 = 0x40000003;
    private static final int EXECVE = 59;
    private static final int MOUNT = 165;

    private static boolean isAllowed(Processor processor, Set<Need> needs, int architecture, int number) {
        ByteBuffer program =
                ByteBuffer.wrap(new CallFilter(processor, needs).program()).order(ByteOrder.nativeOrder());
        long value = 0;
        int at = 0;
        while (true) {
            int place = at * CallFilter.INSTRUCTION_BYTES;
            int code = program.getShort(place);
            int ifTrue = program.get(place + 2) & 0xff;
            int ifFalse = program.get(place + 3) & 0xff;
            long operand = program.getInt(place + 4) & 0xffff_ffffL;
            at++;
            switch (code) {
                case 0x20 -> value = (operand == 4 ? architecture : number) & 0xffff_ffffL;
                case 0x15 -> at += value == operand ? ifTrue : ifFalse;
                case 0x35 -> at += value >= operand ? ifTrue : ifFalse;
                case 0x06 -> {
                    assertThat(operand).isIn(0x7fff_0000L, 0x0005_0001L);
                    return operand == 0x7fff_0000L;
                }
                default -> throw new IllegalStateException("instruction " + code);
            }
        }
    }

    private static List<Integer> refused(Processor processor, int architecture, Set<Need> needs) {
        return IntStream.range(0, 600)
                .filter(number -> !isAllowed(processor, needs, architecture, number))
                .boxed()
                .toList();
    }

    @Test
    void exactlyTheCallsOfTheListAreRefused() {
        assertThat(refused(Processor.X86_64, X86_64, Set.of()))
                .containsExactly(
                        59, 101, 155, 165, 166, 175, 176, 246, 248, 249, 250, 272, 298, 308, 310, 311, 313, 320, 321,
                        322, 428, 429, 430, 431, 432, 433, 438, 442);
        assertThat(refused(Processor.AARCH64, AARCH64, Set.of()))
                .containsExactly(
                        39, 40, 41, 97, 104, 105, 106, 117, 217, 218, 219, 221, 241, 268, 270, 271, 273, 280, 281, 294,
                        428, 429, 430, 431, 432, 433, 438, 442);
    }

    @Test
    void whatIsStillNeededIsAllowed() {
        assertThat(isAllowed(Processor.X86_64, EnumSet.of(Need.PROGRAMS), X86_64, EXECVE))
                .isTrue();
        assertThat(isAllowed(Processor.X86_64, EnumSet.of(Need.PROGRAMS), X86_64, MOUNT))
                .isFalse();
        assertThat(refused(Processor.X86_64, X86_64, EnumSet.allOf(Need.class)))
                .doesNotContain(EXECVE, MOUNT)
                .contains(101, 308, 321)
                .hasSize(16);
    }

    @Test
    void callsOfAnotherArchitectureAreRefusedWhateverTheirNumber() {
        assertThat(refused(Processor.X86_64, I386, EnumSet.allOf(Need.class))).hasSize(600);
        assertThat(refused(Processor.AARCH64, X86_64, EnumSet.allOf(Need.class)))
                .hasSize(600);
        assertThat(isAllowed(Processor.X86_64, Set.of(), X86_64, 0x4000_0000 | 1))
                .as("x32 has a second number for each call")
                .isFalse();
    }

    @Test
    void aProcessorThatIsNotKnownHasNoFilter() {
        assertThat(Processor.of("amd64")).isEqualTo(Processor.X86_64);
        assertThat(Processor.of("aarch64")).isEqualTo(Processor.AARCH64);
        assertThat(Processor.of("riscv64")).isNull();
    }
}
