package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.session.SessionControl.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {
    private static final Summary DONE = new Summary(ExitCode.DONE, 2, new Summary.Amounts(8, 4, 2), List.of());
    private static final Summary STOPPED = new Summary(ExitCode.INTERRUPTED, 2, Summary.Amounts.NONE, List.of());

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void itsNameSaysWhetherItIsTheSummaryOrATable() throws IOException {
        Path json = folder.resolve("a.JSON");
        Path csv = folder.resolve("a.csv");
        assertThat(write(json, false, DONE)).isEqualTo(DONE);
        assertThat(write(csv, false, DONE)).isEqualTo(DONE);

        assertThat(Files.readString(json))
                .startsWith("{\"event\":\"summary\",")
                .contains("\"session\":\"000000000000002a\",\"exitCode\":0,")
                .endsWith("}\n");
        assertThat(Files.readString(csv)).startsWith("label,address,").hasLineCount(1);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("report: " + json, "report: " + csv);
    }

    @Test
    void aRunWhoseReportIsNotWrittenIsNotDone() throws IOException {
        Path lost = folder.resolve("none/a.csv");

        assertThat(write(lost, false, DONE).exitCode()).isNotEqualTo(ExitCode.DONE);
        assertThat(write(lost, false, STOPPED)).as("why it failed counts").isEqualTo(STOPPED);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("warning: the report is not written: ");
        Path taken = Files.createDirectory(folder.resolve("taken.json"));
        assertThat(write(taken, true, DONE).exitCode()).isNotEqualTo(ExitCode.DONE);
    }

    @Test
    void anOlderReportIsKeptAndTheNewOneGetsANumber() throws IOException {
        Path old = Files.writeString(folder.resolve("room.1.csv"), "old");
        ReportFile report = new ReportFile(old, false);

        assertThat(report.remark()).hasValueSatisfying(text -> assertThat(text)
                .contains(old + " exists already and is kept", "will be " + folder.resolve("room.1.2.csv")));
        assertThat(write(report, DONE)).isEqualTo(DONE);
        Path third = folder.resolve("room.1.3.csv");
        assertThat(report.choose(old.toString(), file -> {}).text()).contains("written to " + third);
        assertThat(write(report, DONE)).isEqualTo(DONE);

        assertThat(old).hasContent("old");
        assertThat(folder.resolve("room.1.2.csv")).content().startsWith("label,address,");
        assertThat(third).content().startsWith("label,address,");
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("report: " + third, "(an older one is kept: " + old);
    }

    @Test
    void aForcedRunReplacesTheOlderReport() throws IOException {
        Path old = Files.writeString(folder.resolve("room.json"), "old");
        ReportFile report = new ReportFile(old, true);

        assertThat(report.remark()).isEmpty();
        assertThat(write(report, DONE)).isEqualTo(DONE);
        assertThat(Files.readString(old)).startsWith("{");
    }

    @Test
    void anInterruptDoesNotKeepItFromBeingWritten() {
        Path file = folder.resolve("a.json");
        Thread.currentThread().interrupt();

        write(file, false, STOPPED);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).content().contains("\"exitCode\":130");
    }

    @Test
    void withoutAFileThereIsNone() {
        assertThat(ReportFile.NONE.write(DONE, 0, null)).isEqualTo(DONE);
    }

    @Test
    void aReportThatIsAskedForLaterIsCheckedFirst() {
        ReportFile report = new ReportFile(null, false);

        Answer refused = report.choose("late.csv", file -> {
            throw CliException.refused("taken");
        });
        assertThat(refused).isEqualTo(new Answer(ExitCode.USAGE, "no report: taken"));
        assertThat(report.write(DONE, 0, null)).as("none is written").isEqualTo(DONE);

        Path late = folder.resolve("late.csv");
        assertThat(report.choose(late.toString(), file -> {}).isDone()).isTrue();
        write(report, DONE);
        assertThat(late).content().startsWith("label,address,");
    }

    private Summary write(Path file, boolean mayReplace, Summary summary) {
        return write(new ReportFile(file, mayReplace), summary);
    }

    private Summary write(ReportFile report, Summary summary) {
        PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
        Reporter reporter = new Reporter(Streams.unattended(err, err), false, false, Clock.systemUTC());
        return report.write(summary, 42, reporter);
    }
}
