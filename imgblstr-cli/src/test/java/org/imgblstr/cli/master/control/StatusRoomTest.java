package org.imgblstr.cli.master.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.imgblstr.protocol.contract.Attendance;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.session.SlaveProgress;
import org.junit.jupiter.api.Test;

class StatusRoomTest {
    private static final SlaveName PC02 = new SlaveName(0, "pc02", "10.0.0.12", SlaveMachine.UNKNOWN);
    private static final RefusedSlave SMALL = new RefusedSlave(new UUID(0, 1), PC02, "its disk is too small");
    private static final StatusRoom WAITING =
            new StatusRoom(new Attendance(1, 3, List.of("pc03"), List.of(SMALL)), List.of("pc03"), 250, 0, 0);

    @Test
    void whileSlavesAreAwaitedItSaysHowManyAreThereWhoIsMissingAndWhenItStarts() {
        SlaveName there = new SlaveName(1, "pc01", "10.0.0.11", SlaveMachine.UNKNOWN);
        StatusView view = new StatusView(
                "ab12",
                SessionPhase.WAITING,
                50,
                -1,
                "",
                List.of(SlaveProgress.atStart(there, "joined")),
                List.of(SMALL));

        assertThat(view.text(WAITING).lines())
                .startsWith(
                        "session ab12: waiting for slaves, 1 of 3 joined, 1 refused, 1 missing, starts in 4:10, open for 0:50")
                .contains("  missing: pc03")
                .anyMatch(line -> line.contains("pc02"));
    }

    @Test
    void onceDataFlowsItSaysHowMuchIsSentAndHowFast() {
        StatusRoom room =
                new StatusRoom(new Attendance(2, 0, List.of(), List.of()), List.of(), -1, 3 << 20, 940_000_000);

        assertThat(room.text(SessionPhase.SENDING)).isEqualTo("2 slaves, 3.0 MiB sent at 940 Mbit/s");
        assertThat(room.text(SessionPhase.READING_BACK)).isEqualTo("2 slaves, 3.0 MiB sent");
    }

    @Test
    void aRateThatTheOperatorSetIsNamedAsWhatLimits() {
        StatusRoom room =
                new StatusRoom(new Attendance(2, 0, List.of(), List.of()), List.of(), -1, 3 << 20, 400_000_000);
        StatusView view = new StatusView("ab12", SessionPhase.SENDING, 50, -1, "rate", List.of(), List.of());

        assertThat(view.text(room)).contains(", limited by --rate 400M");
    }
}
