package org.imgblstr.protocol.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttendanceTest {
    private static final RefusedSlave SMALL =
            refused("pc11", "its disk has 24.0 MiB and the image needs 64.0 MiB: choose a larger one");

    private static RefusedSlave refused(String label, String reason) {
        return new RefusedSlave(new UUID(0, 1), name(label), reason);
    }

    private static SlaveName name(String label) {
        return new SlaveName(0, label, "10.0.0.1", SlaveMachine.UNKNOWN);
    }

    @Test
    void whoIsMissingIsNamedAsFarAsThereIsRoom() {
        Attendance room = new Attendance(9, 12, List.of("pc03", "pc07", "pc12"), List.of());
        assertThat(room.text(80)).isEqualTo("9 of 12 joined, 3 missing: pc03, pc07, pc12");
        assertThat(room.text(43)).isEqualTo("9 of 12 joined, 3 missing: pc03, pc07, pc12");
        assertThat(room.text(42)).isEqualTo("9 of 12 joined, 3 missing: pc03 and 2 more");
        assertThat(room.text(41)).isEqualTo("9 of 12 joined, 3 missing");
        assertThat(room.counts()).isEqualTo("9 of 12 joined, 3 missing");
        assertThat(room.text(24)).isEqualTo("9 of 12 joined");
        assertThat(room.text(0)).isEqualTo("9 of 12 joined");
    }

    @Test
    void withoutAListOnlyTheNumberIsKnown() {
        assertThat(new Attendance(9, 12, List.of(), List.of()).text(80)).isEqualTo("9 of 12 joined, 3 missing");
        assertThat(new Attendance(9, 12, List.of(), List.of(SMALL)).text(80))
                .isEqualTo("9 of 12 joined, 1 refused, 2 missing");
        assertThat(new Attendance(12, 12, List.of(), List.of()).text(80)).isEqualTo("12 of 12 joined");
        assertThat(new Attendance(1, 0, List.of(), List.of()).text(80)).isEqualTo("1 slave joined");
    }

    @Test
    void aRefusedSlaveOfTheListIsNotMissing() {
        ExpectedSlaves expected = new ExpectedSlaves(List.of("pc01", "pc03", "pc11"), false);
        Attendance room = Attendance.of(3, expected, List.of(name("pc01")), List.of(SMALL));
        assertThat(room.text(80)).isEqualTo("1 of 3 joined, 1 refused, 1 missing: pc03");
        assertThat(room.absent(5))
                .isEqualTo("1 missing: pc03; refused: pc11 (its disk has 24.0 MiB and the image needs 64.0 MiB)");
    }

    @Test
    void aQuestionNamesAFewAndLeavesLongReasonsOut() {
        List<String> room = IntStream.rangeClosed(1, 25).mapToObj(i -> "pc" + i).toList();
        assertThat(new Attendance(0, 25, room, List.of()).absent(3)).isEqualTo("25 missing: pc1, pc2, pc3 and 22 more");
        assertThat(new Attendance(0, 2, List.of(), List.of(refused("a", "x".repeat(200)), SMALL)).absent(1))
                .isEqualTo("refused: a and 1 more");
        assertThat(new Attendance(0, 3, List.of(), List.of()).absent(3)).isEqualTo("3 missing");
    }
}
