package org.imgblstr.cli.master.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.imgblstr.protocol.contract.Attendance;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.session.MasterOptions;
import org.imgblstr.protocol.session.MasterProgress;
import org.imgblstr.protocol.session.SessionControl;
import org.imgblstr.protocol.session.SlaveProgress;
import org.junit.jupiter.api.Test;

class StatusRoomTest {
    private static final SessionTitle NAMED = new SessionTitle(0xab12, "lab-2");
    private static final SlaveName PC02 = new SlaveName(0, "pc02", "10.0.0.12", SlaveMachine.UNKNOWN);
    private static final RefusedSlave SMALL = new RefusedSlave(new UUID(0, 1), PC02, "its disk is too small");
    private static final StatusRoom WAITING =
            new StatusRoom(new Attendance(1, 3, List.of("pc03"), List.of(SMALL)), 250, 0, 0);

    @Test
    void whileSlavesAreAwaitedItSaysHowManyAreThereWhoIsMissingAndWhenItStarts() {
        SlaveName there = new SlaveName(1, "pc01", "10.0.0.11", SlaveMachine.UNKNOWN);
        StatusView view = new StatusView(
                NAMED,
                SessionPhase.WAITING,
                50,
                -1,
                "",
                List.of(SlaveProgress.atStart(there, "joined")),
                List.of(SMALL));

        assertThat(view.text(WAITING).lines())
                .startsWith(
                        "session lab-2 (000000000000ab12): waiting for slaves, 1 of 3 joined, 1 refused, 1 missing, starts in 4:10, open for 0:50")
                .contains("  missing: pc03")
                .anyMatch(line -> line.contains("pc02"));
    }

    /** The line counted such a slave as missing, and the list did not name it. */
    @Test
    void whoIsCountedAsMissingIsNamedAndWhoLeavesAfterTheStartIsNot() {
        var start = new MasterOptions.Start(
                3, Duration.ofMinutes(5), 1, new ExpectedSlaves(List.of("pc01", "pc02", "pc03"), false));
        StatusRoom waiting = StatusRoom.of(start, progress(SessionPhase.WAITING), List.of(SMALL), 50);
        assertThat(waiting.text(SessionPhase.WAITING)).startsWith("1 of 3 joined, 1 refused, 1 missing");
        assertThat(waiting.there().missing()).containsExactly("pc03");

        StatusRoom sending = StatusRoom.of(start, progress(SessionPhase.SENDING), List.of(SMALL), 50);
        assertThat(sending.text(SessionPhase.SENDING)).startsWith("1 slave");
        assertThat(sending.there().missing()).isEmpty();
    }

    /** One slave is there, another one has left. */
    private static MasterProgress progress(SessionPhase phase) {
        SlaveName there = new SlaveName(1, "pc01", "10.0.0.11", SlaveMachine.UNKNOWN);
        SlaveName left = new SlaveName(2, "pc03", "10.0.0.13", SlaveMachine.UNKNOWN);
        return new MasterProgress(
                0xab12,
                0,
                0,
                0,
                new SessionControl.Standing(phase, null, ""),
                List.of(SlaveProgress.atStart(there, "joined"), SlaveProgress.atStart(left, "gone")));
    }

    @Test
    void onceDataFlowsItSaysHowMuchIsSentAndHowFast() {
        StatusRoom room = new StatusRoom(new Attendance(2, 0, List.of(), List.of()), -1, 3 << 20, 940_000_000);

        assertThat(room.text(SessionPhase.SENDING)).isEqualTo("2 slaves, 3.0 MiB sent at 940 Mbit/s");
        assertThat(room.text(SessionPhase.READING_BACK)).isEqualTo("2 slaves, 3.0 MiB sent");
    }

    @Test
    void aRateThatTheOperatorSetIsNamedAsWhatLimits() {
        StatusRoom room = new StatusRoom(new Attendance(2, 0, List.of(), List.of()), -1, 3 << 20, 400_000_000);
        StatusView view = new StatusView(NAMED, SessionPhase.SENDING, 50, -1, "rate", List.of(), List.of());

        assertThat(view.text(room)).contains(", limited by --rate 400M");
    }
}
