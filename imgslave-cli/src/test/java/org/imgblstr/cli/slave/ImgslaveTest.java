package org.imgblstr.cli.slave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.disk.device.Disk;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.Disks;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImgslaveTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path disk;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = folder.resolve("disk.raw");
        Files.write(disk, new byte[1 << 20]);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(
            value = {
                "'' | DEV is missing",
                "--nonsense DISK | there is no option '--nonsense' here",
                "--wait soon DISK | 'soon' is no duration",
                "--group 10.0.0.1 DISK | not a multicast address",
                "--ports 0 DISK | expected 1 to 65535",
                "--ports 65535 DISK | name its port too: --ports 65535:PORT",
                "--group 239.1.2.3:5 --ports 6 DISK | leave the port of --group out",
                "--label= DISK | --label",
                "--label a\u202Eb DISK | --label: expected 1 to 64 bytes of printable UTF-8, found 'a\uFFFDb'",
                "--session a\u009Bb DISK | --session: expected 1 to 64 bytes of printable UTF-8, found 'a\uFFFDb'",
                "--then poweroff --forever DISK | --then and --forever cannot be used together",
                "--then= DISK | --then: expected poweroff, reboot or a command, found nothing",
                "--no-verify --verify full DISK | --verify and --no-verify cannot be used together",
                "/nonexistent/disk | /nonexistent/disk",
                "--key-file= DISK | expected the name of a file, found ''; where a script gives it by a variable",
                "/tmp/l\uFFFDst | holds bytes that are not UTF-8",
                "--log a\0b DISK | cannot be the name of a file here"
            },
            delimiter = '|')
    void wrongUsageIsExitCode2AndOneLine(String args, String message) {
        assertThat(run(args)).isEqualTo(ExitCode.USAGE);
        assertThat(text(err)).contains(message).hasLineCount(1);
        assertThat(out.size()).isZero();
    }

    @Test
    void thePlanNamesTheTargetAndWritesNothing() throws IOException {
        assertThat(run("--plan DISK")).isEqualTo(ExitCode.DONE);
        assertThat(text(out)).contains("overwrite " + disk, "239.255.73.77:18765");
        assertThat(Files.readAllBytes(disk)).containsOnly(0);
    }

    @Test
    void aPlanNeedsNoSecretAndASlaveDoes() throws IOException {
        assertThat(runAsItIs("--plan DISK")).isEqualTo(ExitCode.DONE);
        assertThat(text(out)).contains("session sealed (join code)");
        assertThat(runAsItIs("--interface lo --wait 1s DISK")).isEqualTo(ExitCode.NOT_AUTHENTIC);
        assertThat(text(err))
                .startsWith("imgslave: no join code: give --code-file")
                .hasLineCount(1);
        assertThat(Files.readAllBytes(disk)).containsOnly(0);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource({
        "--ports 4000, 239.255.73.77:4000",
        "--ports 4000:5000, 239.255.73.77:4000",
        "--group 239.1.2.3, 239.1.2.3:18765",
        "--group 239.1.2.3 --ports 4000, 239.1.2.3:4000",
        "--group 239.1.2.3:4000 --ports 4000:9, 239.1.2.3:4000"
    })
    void groupAndPortsTogetherNameWhereTheSlaveHears(String args, String group) {
        assertThat(run("--plan " + args + " DISK")).isEqualTo(ExitCode.DONE);
        assertThat(text(out)).contains(group + " ");
    }

    @Test
    void aMasterIsToldWhatIsOverwrittenAndNothingThatATerminalObeys() {
        var drive = new DiskIdentity(
                "/dev/disk/by-id/x", "/dev/sda", "SSD\u202E1", "S\u001B5", 42, 512, DiskIdentity.Kind.DISK);
        assertThat(ImgslaveCommand.machine(drive))
                .isEqualTo(new SlaveMachine("", "/dev/sda", "SSD\uFFFD1", "S\uFFFD5", 42));
        var file = new DiskIdentity("a.img", "/tmp/a.img", "", "", 42, 512, DiskIdentity.Kind.FILE);
        assertThat(ImgslaveCommand.machine(file)).isEqualTo(new SlaveMachine("", "/tmp/a.img", "file", "", 42));
    }

    /** Neither a plan nor a slave that found no master has a complete disk. */
    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource({"--plan", "--wait 1s --interface lo --group 239.255.91.19:23919"})
    void whatLeavesNoCompleteDiskRunsNoCommand(String args) throws IOException {
        Path trace = folder.resolve("trace");
        run(args + " --then >" + trace + " DISK");
        assertThat(trace).doesNotExist();
    }

    @Test
    void aFolderIsNoDisk() {
        assertThat(run(folder.toString())).isEqualTo(ExitCode.DOES_NOT_FIT);
        assertThat(text(err)).contains(folder.toString());
    }

    @Test
    void aSlaveThatNoMasterFindsGivesUp() {
        assertThat(run("--interface lo --group 239.255.91.17:23917 --wait 1s --label lonely DISK"))
                .isEqualTo(ExitCode.NOBODY_ANSWERED);
        assertThat(text(err)).startsWith("listening on lo");
    }

    @Test
    void anUnknownInterfaceIsNoNetwork() {
        assertThat(run("--interface nosuch0 --wait 1s DISK")).isEqualTo(ExitCode.NETWORK);
        assertThat(text(err)).contains("nosuch0").doesNotContain("listening");
    }

    @Test
    void aTargetThatAnotherSlaveHoldsIsRefusedBeforeAnythingIsSaidToAMaster() throws Exception {
        try (Disk held = Disks.openForWriting(disk.toString())) {
            assertThat(held.sizeBytes()).isPositive();
            assertThat(run("--interface lo --wait 1s DISK")).isEqualTo(ExitCode.REFUSED);
        }
        assertThat(text(err)).contains("in use").doesNotContain("listening");
        assertThat(run("--interface lo --wait 1s DISK")).isEqualTo(ExitCode.NOBODY_ANSWERED);
        assertThat(text(err)).contains("listening on lo");
    }

    @Test
    void aPartitionThatIsNotThereFailsBeforeTheSlaveListens() {
        assertThat(run("--interface lo --wait 1s --partition 9 DISK")).isEqualTo(ExitCode.DOES_NOT_FIT);
        assertThat(text(err)).doesNotContain("listening");
    }

    @Test
    void aNameOfASessionThatCannotBeIsWrongUsage() {
        assertThat(run("--session " + "x".repeat(65) + " --wait 1s DISK")).isEqualTo(ExitCode.USAGE);
        assertThat(text(err)).contains("--session", "64 bytes");
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @EnumSource(Result.class)
    void onlyACompleteDiskIsExitCode0AndCalledDone(Result result) {
        SlaveResult end = new SlaveResult(new SlaveName(1, "pc", ""), result, 0, "", 1, "why", SlaveCounters.NONE);
        String last = SlaveRun.line(end, "/dev/sdz", Verification.SAMPLE, "");
        assertThat(SlaveRun.exitCode(result) == ExitCode.DONE).isEqualTo(result == Result.COMPLETE);
        assertThat(last).startsWith(result == Result.COMPLETE ? "done: /dev/sdz" : "not complete: /dev/sdz: why");
    }

    @Test
    void aRunThatWasInterruptedSaysWhatIsOnTheDisk() {
        SlaveResult end =
                new SlaveResult(new SlaveName(1, "pc", ""), Result.INTERRUPTED, 0, "", 1, "why", SlaveCounters.NONE);
        assertThat(SlaveRun.line(end, "/dev/sdz", Verification.SAMPLE, SlaveRun.UNTOUCHED))
                .isEqualTo("not complete: /dev/sdz: why; nothing was written");
        assertThat(SlaveRun.line(end, "/dev/sdz", Verification.SAMPLE, ""))
                .contains("why; the disk is written in part");
    }

    /** Its session takes it no more, so starting it at once would not complete the disk. */
    @Test
    void aSlaveThatWasRemovedIsSentToTheNextSession() {
        SlaveResult end =
                new SlaveResult(new SlaveName(1, "pc", ""), Result.KICKED, 0, "", 1, "why", SlaveCounters.NONE);
        assertThat(SlaveRun.line(end, "/dev/sdz", Verification.SAMPLE, ""))
                .endsWith("why; the disk is written in part: start imgslave again for the next session");
    }

    @Test
    void theDiskIsNamedOnce() {
        SlaveResult end = new SlaveResult(
                new SlaveName(1, "pc", ""), Result.DOES_NOT_FIT, 0, "", 1, "/dev/sdz (4 GB): why", SlaveCounters.NONE);
        assertThat(SlaveRun.line(end, "/dev/sdz", Verification.SAMPLE, SlaveRun.UNTOUCHED))
                .isEqualTo("not complete: /dev/sdz (4 GB): why; nothing was written");
        assertThat(SlaveRun.line(end, "/dev/sd", Verification.SAMPLE, SlaveRun.UNTOUCHED))
                .startsWith("not complete: /dev/sd: /dev/sdz");
    }

    @Test
    void thePlanNamesTheSlaveAsAListOfExpectedSlavesMay() {
        assertThat(run("--plan --label pc03 DISK")).isEqualTo(ExitCode.DONE);
        assertThat(text(out)).contains("this slave is pc03");
    }

    /** The disk has kept what was sent to it. */
    @Test
    void anotherContentDigestIsNoFailureOfTheDevice() {
        assertThat(SlaveRun.exitCode(Result.VERIFY_FAILED)).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(SlaveRun.exitCode(Result.DISK_ERROR)).isEqualTo(ExitCode.DEVICE_FAILED);
    }

    @Test
    void helpVersionAndCompletionGoToStandardOutput() {
        assertThat(run("--help")).isZero();
        assertThat(text(out))
                .contains("Usage: imgslave", "--discard", "Exit codes")
                .doesNotContain("--window");
        out.reset();
        assertThat(run("--version")).isZero();
        assertThat(text(out)).contains("imgslave 0.").doesNotContain("$");
        out.reset();
        assertThat(run("generate-completion")).isZero();
        assertThat(text(out)).contains("complete").contains("imgslave");
        assertThat(err.size()).isZero();
    }

    @Test
    void manualPagesAreWrittenWithoutADisk() {
        assertThat(run("generate-man-pages " + folder.resolve("new/man1"))).isZero();
        assertThat(folder.resolve("new/man1/imgslave.1")).content().contains(".SH OPTIONS", "\\fB\\-\\-discard\\fR");
    }

    @Test
    void disksAreListedWithoutADiskToOverwrite() {
        assertThat(run("disks --no-used DISK")).isZero();
        assertThat(text(out)).contains("in use", disk.toString()).contains("file");
        out.reset();
        assertThat(run("disks --json --no-used")).isZero();
        assertThat(text(out)).startsWith("{\"disks\":[").hasLineCount(1);
        assertThat(run("disks " + folder.resolve("none"))).isEqualTo(ExitCode.USAGE);
        assertThat(text(err)).contains("cannot be opened");
    }

    /** Nothing is heard here, so that the sessions it takes need no key. */
    private int run(String args) {
        boolean isSlave = args.contains("DISK") && !args.startsWith("disks");
        return runAsItIs(isSlave ? "--open " + args : args);
    }

    private int runAsItIs(String args) {
        String[] words = args.isBlank()
                ? new String[0]
                : args.replace("DISK", disk.toString()).split(" ");
        return ImgslaveMain.run(
                Setting.unattended(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                words);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
