package org.imgblstr.cli.common.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.Test;

class TrackMemoryTest {
    private static final long MIB = 1 << 20;

    private final TrackMemory memory = new TrackMemory(128 * MIB, 16 * MIB, 72 * MIB);

    @Test
    void tracksGetWhatTheMachineCanSpareUpToTheMost() {
        assertThat(memory.of(Long.MAX_VALUE)).isEqualTo(128 * MIB);
        assertThat(memory.of(200 * MIB)).isEqualTo(128 * MIB);
        assertThat(memory.of(199 * MIB)).isEqualTo(127 * MIB);
        assertThat(memory.of(88 * MIB)).isEqualTo(16 * MIB);
    }

    @Test
    void lessThanTheLeastIsRefused() {
        assertThatThrownBy(() -> memory.of(88 * MIB - 1))
                .isInstanceOfSatisfying(CliException.class, refused -> assertThat(refused.exitCode())
                        .isEqualTo(ExitCode.REFUSED))
                .hasMessageContaining("expected at least 88.0 MiB");
        assertThatThrownBy(() -> memory.of(0)).isInstanceOf(CliException.class);
    }
}
