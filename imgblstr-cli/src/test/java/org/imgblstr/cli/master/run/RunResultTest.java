package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.imgblstr.cli.common.report.Sealing;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.cli.master.job.Job;
import org.imgblstr.cli.master.job.Mode;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RunResultTest {
    @ParameterizedTest(name = "[{index}] {0}")
    @EnumSource(Result.class)
    void onlyACompleteSlaveIsCountedAndTheOthersAreNamed(Result result) {
        // given
        boolean isComplete = result == Result.COMPLETE;
        SlaveResult slave = slave(result, isComplete ? "" : "why");
        RunResult run = new RunResult(Mode.UPLOAD_BROADCAST, List.of(slave), true, true, false, true, true);
        int code = run.exitCode();
        // when
        List<String> lines = run.lines(
                new Summary(code, 1, new Summary.Amounts(1, 1, 1), List.of(slave)),
                new Job(Mode.BROADCAST, "d", null, null),
                1,
                Sealing.OPEN,
                0);
        // then
        assertThat(code == ExitCode.DONE).isEqualTo(isComplete);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(2)).startsWith(isComplete ? "  1 slave: 1 complete" : "  1 slave: 1 ");
        assertThat(lines.get(lines.size() - 1))
                .startsWith(isComplete ? "done: " : "incomplete (1 of 1 slave not complete): ");
        assertThat(lines.get(1)).matches("      1  pc     10\\.0\\.0\\.2 .*" + (isComplete ? "complete .*" : " why"));
    }

    @Test
    void whoIsMissingAndWhoWasRefusedIsNamedAndCounted() {
        var stranger =
                new RefusedSlave(new UUID(1, 2), new SlaveName(0, "lab-99", "10.0.0.9"), "it is not on the list");
        Summary summary = new Summary(
                ExitCode.INCOMPLETE,
                1,
                new Summary.Amounts(1, 1, 1),
                List.of(slave(Result.COMPLETE), slave(Result.LOST), slave(Result.COMPLETE)),
                List.of(stranger),
                List.of("lab-07", "lab-11"),
                Unreadable.NOTHING);

        List<String> lines = new RunResult(Mode.BROADCAST, summary.slaves(), false, true, false, true, true)
                .lines(summary, new Job(Mode.BROADCAST, "d", null, null), 1, Sealing.CODE, 0);

        assertThat(lines.subList(4, 8))
                .containsExactly(
                        "  lab-99 (10.0.0.9) cannot take part: it is not on the list",
                        "  missing: lab-07, lab-11",
                        "  6 slaves: 2 complete, 1 lost, 1 refused, 2 missing",
                        lines.get(7));
        assertThat(lines.get(7))
                .startsWith("incomplete (fewer slaves took part than were asked for, 1 of 3 slaves not complete): ");
    }

    @Test
    void whoSendsToSlavesAloneHasImagedNothingWhenNoneIsComplete() {
        List<SlaveResult> kicked = List.of(slave(Result.KICKED));
        RunResult run = new RunResult(Mode.BROADCAST, kicked, true, true, false, true, true);

        assertThat(run.isAnythingWhole()).isFalse();
        assertThat(run.lines(
                        new Summary(run.exitCode(), 31, new Summary.Amounts(0, 0, 4_900_000), kicked),
                        new Job(Mode.BROADCAST, "d", null, null),
                        64 << 20,
                        Sealing.OPEN,
                        0))
                .endsWith("incomplete (1 of 1 slave not complete): nothing imaged, 4.7 MiB sent, open, in 0:31");
        assertThat(new RunResult(Mode.UPLOAD_BROADCAST, kicked, true, true, false, true, true).isAnythingWhole())
                .as("there is the image")
                .isTrue();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource("runs")
    void onlyARunThatDidAllThatWasAskedForIsDone(String run, RunResult result, int exitCode) {
        assertThat(result.exitCode()).isEqualTo(exitCode);
    }

    static Stream<Arguments> runs() {
        List<SlaveResult> none = List.of();
        List<SlaveResult> good = List.of(slave(Result.COMPLETE));
        List<SlaveResult> lost = List.of(slave(Result.LOST));
        List<SlaveResult> mixed = List.of(slave(Result.COMPLETE), slave(Result.LOST));
        return Stream.of(
                arguments("upload", new RunResult(Mode.UPLOAD, none, true, true, false, true, true), ExitCode.DONE),
                arguments(
                        "source changed",
                        new RunResult(Mode.UPLOAD, none, true, false, false, true, true),
                        ExitCode.INCOMPLETE),
                arguments(
                        "bad sectors",
                        new RunResult(Mode.UPLOAD, none, true, true, false, false, true),
                        ExitCode.INCOMPLETE),
                arguments("slave", new RunResult(Mode.BROADCAST, good, true, true, false, true, true), ExitCode.DONE),
                arguments(
                        "too few",
                        new RunResult(Mode.BROADCAST, good, false, true, false, true, true),
                        ExitCode.INCOMPLETE),
                arguments(
                        "nobody",
                        new RunResult(Mode.BROADCAST, none, true, true, false, true, true),
                        ExitCode.INCOMPLETE),
                arguments(
                        "all lost",
                        new RunResult(Mode.BROADCAST, lost, true, true, false, true, true),
                        ExitCode.PEER_LOST),
                arguments(
                        "all lost",
                        new RunResult(Mode.BROADCAST_IMAGE, lost, true, true, false, true, true),
                        ExitCode.PEER_LOST),
                arguments(
                        "image made",
                        new RunResult(Mode.UPLOAD_BROADCAST, lost, true, true, false, true, true),
                        ExitCode.INCOMPLETE),
                arguments(
                        "one lost",
                        new RunResult(Mode.BROADCAST, mixed, true, true, false, true, true),
                        ExitCode.INCOMPLETE),
                arguments(
                        "no image",
                        new RunResult(Mode.UPLOAD_BROADCAST, good, true, true, true, true, true),
                        ExitCode.INCOMPLETE));
    }

    private static SlaveResult slave(Result result) {
        return slave(result, "");
    }

    private static SlaveResult slave(Result result, String message) {
        return new SlaveResult(new SlaveName(1, "pc", "10.0.0.2"), result, 0, "", 1, message, SlaveCounters.NONE);
    }

    @Test
    void theLastLineCountsWhatThePlanAndTheProgressCount() {
        assertThat(lines(new Summary.ImageFile("i", 2048, true)))
                .containsExactly(
                        "image: i, 2.0 KiB, verified",
                        "done: a source of 64.0 MiB imaged, 20.0 MiB of it read, 3.0 MiB of that not zero, in 0:02, 10 MB/s");
    }

    @Test
    void anImageIsCalledVerifiedOnlyWhenItWasReadBackAndNotAtAllWhenThereIsNone() {
        assertThat(lines(new Summary.ImageFile("i", 2048, false))).startsWith("image: i, 2.0 KiB, not verified");
        assertThat(lines(Summary.ImageFile.NONE)).hasSize(1);
    }

    private static List<String> lines(Summary.ImageFile image) {
        var amounts = new Summary.Amounts(64 << 20, 3 << 20, 0, image);
        Summary summary = new Summary(ExitCode.DONE, 2, amounts, List.of());
        return new RunResult(Mode.UPLOAD, List.of(), true, true, false, true, true)
                .lines(summary, new Job(Mode.UPLOAD, "d", Path.of("i"), null), 20 << 20, null, 0);
    }
}
