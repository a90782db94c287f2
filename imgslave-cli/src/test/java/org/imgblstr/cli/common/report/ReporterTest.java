package org.imgblstr.cli.common.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
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
