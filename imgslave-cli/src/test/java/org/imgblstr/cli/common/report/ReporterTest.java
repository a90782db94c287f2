package org.imgblstr.cli.common.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.session.SlaveProgress;
import org.junit.jupiter.api.Test;

/** The progress line for a person. */
class ReporterTest {
    private static final long GAP_NS = 20_000_000_000L;
    private static final long MIB = 1 << 20;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Reporter reporter = new Reporter(streams(), false, false, Clock.systemUTC());
    private long nowNs;

    private Streams streams() {
        PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
        return Streams.unattended(err, err);
    }

    @Test
    void whoJoinsIsToldWithWhatItOverwrites() {
        var machine = new SlaveMachine("52:54:00:12:34:56", "/dev/sda", "Samsung SSD 870", "S5Y1", 500_107_862_016L);
        joined(machine);
        joined(new SlaveMachine("", "/tmp/disk.img", SlaveMachine.FILE, "", 64 * MIB));
        joined(new SlaveMachine("", "/dev/vda", "", "", 0));
        joined(SlaveMachine.UNKNOWN);

        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "slave 3 joined: lab-07, 10.0.0.7, /dev/sda, Samsung SSD 870 (S5Y1), 465.8 GiB",
                        "slave 3 joined: lab-07, 10.0.0.7, /tmp/disk.img, file, 64.0 MiB",
                        "slave 3 joined: lab-07, 10.0.0.7, /dev/vda",
                        "slave 3 joined: lab-07, 10.0.0.7");
    }

    /** "left: is silent" was said of a slave that was still counted. */
    @Test
    void whatBecameOfASlaveIsASentence() {
        SlaveName who = new SlaveName(3, "lab-07", "10.0.0.7", SlaveMachine.UNKNOWN);
        reporter.slaveLeft(SlaveProgress.atStart(who, "joined"), "is silent");
        assertThat(said.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("slave 3 (lab-07, 10.0.0.7) is silent");
    }

    /** A link that was down: one leaves, and the same one comes back. */
    @Test
    void programsHearOfEachReturnAsOfEachLeave() {
        Reporter json = new Reporter(streams(), true, true, Clock.systemUTC());
        SlaveName who = new SlaveName(3, "lab-07", "10.0.0.7", SlaveMachine.UNKNOWN);
        json.slaveLeft(SlaveProgress.atStart(who, "silent"), "is silent");
        json.slaveBack(SlaveProgress.atStart(who, "receiving"), "is back");
        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.contains("\"slave\":3,"))
                .first()
                .asString()
                .startsWith("{\"event\":\"slave-left\"");
        assertThat(said.toString(StandardCharsets.UTF_8).lines().skip(1))
                .singleElement()
                .asString()
                .startsWith("{\"event\":\"slave-back\"")
                .contains("\"reason\":\"is back\"");
    }

    /** All was sent, and the last slave lacks a tenth. */
    @Test
    void programsAndPeopleAreToldTheSameNumber() {
        Progress progress = new Progress("catching up", 80 * MIB, 80 * MIB, 0, 8 * MIB, Map.of(1, 8 * MIB), List.of());
        new Reporter(streams(), true, true, Clock.systemUTC()).progress(progress, 1);
        reporter.progress(progress, 1);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("\"bytesDone\":" + 80 * MIB + ",")
                .contains("\"percent\":90,")
                .contains("catching up  90.9%");
    }

    @Test
    void aDiskThatWasNotReadBackIsSaidToBeSo() {
        SlaveCounters unread = new SlaveCounters(9, 0, 0, 0, 0, false);
        SlaveName who = new SlaveName(3, "lab-07", "10.0.0.7", SlaveMachine.UNKNOWN);
        SlaveResult complete = new SlaveResult(who, SlaveResult.Result.COMPLETE, MIB, "", 1, "", unread);
        SlaveResult failed = new SlaveResult(who, SlaveResult.Result.DISK_ERROR, MIB, "", 1, "why", unread);
        assertThat(Reporter.text(complete)).isEqualTo("slave 3 (lab-07, 10.0.0.7) complete, not read back");
        assertThat(Reporter.text(failed)).isEqualTo("slave 3 (lab-07, 10.0.0.7) disk failed: why");
        new Reporter(streams(), true, true, Clock.systemUTC()).slaveResult(complete);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("\"result\":\"complete\"", "\"readBack\":false");
    }

    private void joined(SlaveMachine machine) {
        reporter.slaveJoined(SlaveProgress.atStart(new SlaveName(3, "lab-07", "10.0.0.7", machine), "joined"));
    }

    /** The line that is shown. */
    private String shown(long done, long total) {
        said.reset();
        nowNs += GAP_NS;
        reporter.progress(Progress.of("imaging", done, total), nowNs);
        return said.toString(StandardCharsets.UTF_8).strip();
    }

    /** For four seconds after a pause its time stood in the rate. */
    @Test
    void aPauseIsNoRate() {
        at("sending", 20 * MIB);
        at("sending", 40 * MIB);
        at("paused", 40 * MIB);
        at("paused", 40 * MIB);
        at("sending", 40 * MIB);
        assertThat(at("sending", 60 * MIB)).contains("  1.0 MB/s  ");
    }

    private String at(String phase, long done) {
        said.reset();
        nowNs += GAP_NS;
        reporter.progress(Progress.of(phase, done, 80 * MIB), nowNs);
        return said.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void aRateIsToldOnceItIsKnownAndNotWhenAllIsDone() {
        assertThat(shown(0, 0)).isEqualTo("imaging");
        reporter.newPhase();
        assertThat(shown(20 * MIB, 80 * MIB)).isEqualTo("imaging  25.0%  20.0 MiB of 80.0 MiB");
        assertThat(shown(40 * MIB, 80 * MIB)).isEqualTo("imaging  50.0%  0:40 left  1.0 MB/s  40.0 MiB of 80.0 MiB");
        assertThat(shown(80 * MIB, 80 * MIB)).isEqualTo("imaging 100.0%  80.0 MiB of 80.0 MiB");
    }

    @Test
    void aRunThatStandsStillSaysSo() {
        shown(20 * MIB, 80 * MIB);
        assertThat(shown(20 * MIB, 80 * MIB)).isEqualTo("imaging  25.0%  0 B/s  20.0 MiB of 80.0 MiB");
    }
}
