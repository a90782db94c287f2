package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.imgblstr.cli.common.ExitCode;
import org.imgblstr.cli.common.Summary;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {
    @ParameterizedTest(name = "[{index}] {0}")
    @EnumSource(Result.class)
    void onlyACompleteSlaveIsCountedAndTheOthersAreNamed(Result result) {
        // given
        boolean isComplete = result == Result.COMPLETE;
        SlaveResult slave = new SlaveResult(1, "pc", "10.0.0.2", result, 0, "", 1, isComplete ? "" : "why");
        int code = Outcome.isComplete(slave) ? ExitCode.DONE : ExitCode.INCOMPLETE;
        // when
        List<String> lines = Outcome.lines(
                new Summary(code, 1, 1, 1, 1, List.of(slave)), new Job(Mode.BROADCAST, "d", null, null), 1, 0);
        // then
        assertThat(code == ExitCode.DONE).isEqualTo(isComplete);
        assertThat(lines).hasSize(isComplete ? 1 : 2);
        assertThat(lines.get(lines.size() - 1))
                .startsWith(isComplete ? "done: " : "incomplete: ")
                .contains(isComplete ? "1 of 1 slave complete" : "0 of 1 slave complete");
        assertThat(lines.get(0)).contains(isComplete ? "done" : "slave 1 (pc, 10.0.0.2)");
    }

    @Test
    void theLastLineCountsWhatThePlanAndTheProgressCount() {
        // given
        Summary summary = new Summary(ExitCode.DONE, 2, 64 << 20, 3 << 20, 0, List.of());
        // when
        List<String> lines = Outcome.lines(summary, new Job(Mode.UPLOAD, "d", Path.of("i"), null), 20 << 20, 2048);
        // then
        assertThat(lines)
                .containsExactly("done: 64.0 MiB imaged, 20.0 MiB of it used, 3.0 MiB of that not zero,"
                        + " image file 2.0 KiB, in 0:02, 10 MB/s");
    }
}
