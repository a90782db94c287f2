package org.imgblstr.cli.master.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.cli.common.report.Board;
import org.imgblstr.cli.common.report.Pace;
import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.HoldUp;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.Words;
import org.imgblstr.protocol.session.MasterOptions;
import org.imgblstr.protocol.session.MasterProgress;
import org.imgblstr.protocol.session.SessionControl;
import org.imgblstr.protocol.session.SlaveProgress;
import org.junit.jupiter.api.Test;

/** Rates and times of the screen on disks of 500 GB of which 8 GiB are used. A slave keeps up, another one takes half of what is sent. Four looks a second. */
class ScreenModelTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DISK_BYTES = 500_107_862_016L;
    private static final long USED_BYTES = 8L << 30;
    private static final long RATE = 100L << 20;

    /** What is sent is compressed to half of it. */
    private static final long WIRE_RATE = RATE / 2;

    private static final SlaveMachine MACHINE = new SlaveMachine("", "/dev/sda", "", "", DISK_BYTES);
    private static final SlaveName QUICK = new SlaveName(1, "quick", "10.0.0.11", MACHINE);
    private static final SlaveName SLOW = new SlaveName(2, "slow", "10.0.0.12", MACHINE);

    private final ScreenModel model = new ScreenModel(
            new LiveScreen.Title("imgblstr  /dev/sda", ""),
            new MasterOptions.Start(2, null, 1, ExpectedSlaves.ANYBODY),
            SessionControl.Standing::limit,
            0);
    private final Reporter reporter = new Reporter(silent(), false, false, Clock.systemUTC());
    private final Told board = new Told();

    private static Streams silent() {
        PrintStream none = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return Streams.unattended(none, none);
    }

    /** Keeps what was told last, as the screen does. */
    private static final class Told implements Board {
        private ScreenModel.Told last = ScreenModel.Told.NOTHING;

        @Override
        public void line(String text) {}

        @Override
        public void progress(Progress progress, Pace pace, Map<Integer, Pace> slaves) {
            last = new ScreenModel.Told(progress, pace, slaves);
        }

        @Override
        public void leave() {}

        @Override
        public List<String> lines() {
            return new ArrayList<>();
        }
    }

    /** The screen at a second of the pass. */
    private ScreenView at(int seconds) {
        reporter.show(board);
        ScreenView view = null;
        for (int look = 0; look <= 4 * seconds; look++) {
            long nowNs = look * SECOND_NS / 4;
            view = look(RATE * look / 4, nowNs);
        }
        return view;
    }

    private ScreenView look(long sent, long nowNs) {
        List<SlaveProgress> slaves = List.of(slave(QUICK, sent), slave(SLOW, sent / 2));
        Map<Integer, Long> left = new HashMap<>();
        left.put(Progress.OWN_WORK, USED_BYTES - sent);
        slaves.forEach(slave -> left.put(slave.who().slave(), USED_BYTES - slave.bytesDone()));
        long wire = WIRE_RATE * nowNs / SECOND_NS;
        SessionPhase phase = SessionPhase.SENDING;
        reporter.progress(
                new Progress(Words.of(phase), sent, USED_BYTES, wire, USED_BYTES - sent, left, slaves), nowNs);
        var standing = new SessionControl.Standing(phase, HoldUp.WIRE, "");
        var session = new MasterProgress(0xab12, sent, wire, 8 * WIRE_RATE, standing, slaves);
        return model.view(
                session, board.last, List.of(), List.of(), new ScreenView.Foot(ScreenView.Page.SLAVES, 0), nowNs);
    }

    private static SlaveProgress slave(SlaveName who, long usedBytesDone) {
        var amount = new SlaveProgress.Amount(usedBytesDone, usedBytesDone, 0);
        return new SlaveProgress(who, amount, RATE, SlaveCounters.NONE, "receiving", 0);
    }

    private static SlaveRow row(ScreenView view, SlaveName who) {
        return view.slaves().stream()
                .filter(row -> row.slave().who().equals(who))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void rateAndTimeLeftAreThoseOfBytesThatAreSentAndNotOfTheDisk() {
        int seconds = 40;
        long sent = seconds * RATE;
        SessionHead.Amounts head = at(seconds).head().amounts();
        assertThat(head.bytesSent()).isEqualTo(sent);
        assertThat(head.bytesTotal())
                .as("%d bytes of the disk are not used", DISK_BYTES - USED_BYTES)
                .isEqualTo(USED_BYTES);
        assertThat(head.pace().rate()).isCloseTo(RATE, within(1.0));
        assertThat(head.wireBitsPerSecond()).isCloseTo(8.0 * WIRE_RATE, within(1.0));
    }

    @Test
    void eachRowGoesAtItsOwnRateAndTheHeadEndsWithTheLastOfThem() {
        int seconds = 40;
        ScreenView view = at(seconds);
        SlaveRow quick = row(view, QUICK);
        SlaveRow slow = row(view, SLOW);
        assertThat(quick.pace().rate()).isCloseTo(RATE, within(1.0));
        assertThat(slow.pace().rate()).isCloseTo(RATE / 2.0, within(1.0));
        assertThat(quick.pace().etaSeconds()).isEqualTo(secondsFor(USED_BYTES - seconds * RATE, RATE));
        assertThat(slow.pace().etaSeconds()).isEqualTo(secondsFor(USED_BYTES - seconds * RATE / 2, RATE / 2));
        assertThat(view.head().amounts().pace().etaSeconds())
                .as("the session ends with its last slave")
                .isEqualTo(slow.pace().etaSeconds());
        assertThat(view.slaves().get(0)).as("worst first").isEqualTo(slow);
    }

    @Test
    void percentIsOfTheUsedBytesInHeadAndRows() {
        int seconds = 40;
        ScreenView view = at(seconds);
        long sent = seconds * RATE;
        assertThat(row(view, QUICK).percent()).isEqualTo((int) (100 * sent / USED_BYTES));
        assertThat(row(view, SLOW).percent()).isEqualTo((int) (100 * (sent / 2) / USED_BYTES));
        assertThat(view.head().amounts().percent())
                .as("what was sent, of that and what the slave lacks that lacks most")
                .isEqualTo((int) (100 * sent / (sent + USED_BYTES - sent / 2)));
    }

    private static long secondsFor(long bytes, long rate) {
        return (bytes + rate - 1) / rate;
    }
}
