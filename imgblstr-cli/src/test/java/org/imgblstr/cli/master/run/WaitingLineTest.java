package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.imgblstr.protocol.contract.Attendance;
import org.junit.jupiter.api.Test;

class WaitingLineTest {
    private static final String ENTER = "; press Enter to start";

    private static String line(int joined, int wanted, List<String> missing, String hint) {
        return WaitingLine.of(new Attendance(joined, wanted, missing, List.of()), -1, hint);
    }

    @Test
    void itSaysHowManyAreThereAndWhoIsMissing() {
        assertThat(line(1, 0, List.of(), "")).isEqualTo("waiting for slaves: 1 slave joined");
        assertThat(line(2, 3, List.of(), ENTER))
                .isEqualTo("waiting for slaves: 2 of 3 joined, 1 missing; press Enter to start");
        assertThat(line(24, 26, List.of("lab-07", "lab-11"), ""))
                .isEqualTo("waiting for slaves: 24 of 26 joined, 2 missing: lab-07, lab-11");
    }

    @Test
    void itSaysWhenTheSessionStartsByItself() {
        Attendance room = new Attendance(2, 3, List.of("lab-07"), List.of());
        assertThat(WaitingLine.of(room, 250, ENTER))
                .isEqualTo("waiting for slaves: 2 of 3 joined, starts in 4:10; press Enter to start");
        assertThat(WaitingLine.of(room, 250, ""))
                .isEqualTo("waiting for slaves: 2 of 3 joined, 1 missing: lab-07, starts in 4:10");
    }

    @Test
    void asManyAreNamedAsALineHasRoomFor() {
        List<String> many = IntStream.range(10, 40).mapToObj(i -> "lab-" + i).toList();
        assertThat(line(0, 30, many, ENTER))
                .isEqualTo("waiting for slaves: 0 of 30 joined, 30 missing; press Enter to start");
        assertThat(line(0, 30, many, ""))
                .isEqualTo("waiting for slaves: 0 of 30 joined, 30 missing: lab-10, lab-11 and 28 more");
        for (int i = 0; i <= 30; i++) {
            assertThat(line(30 - i, 30, many.subList(0, i), ENTER)).hasSizeLessThanOrEqualTo(79);
        }
    }
}
