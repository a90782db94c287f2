package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WaitingLineTest {
    private static final String ENTER = "; press Enter to start";

    @Test
    void itSaysHowManyAreThereAndWhoIsMissing() {
        assertThat(WaitingLine.of(1, 0, List.of(), "")).isEqualTo("waiting for slaves: 1 slave joined");
        assertThat(WaitingLine.of(2, 3, List.of(), ENTER))
                .isEqualTo("waiting for slaves: 2 of 3 slaves joined; press Enter to start");
        assertThat(WaitingLine.of(24, 26, List.of("lab-07", "lab-11"), ""))
                .isEqualTo("waiting for slaves: 24 of 26 slaves joined, missing: lab-07, lab-11");
    }

    @Test
    void asManyAreNamedAsALineHasRoomFor() {
        List<String> many = IntStream.range(10, 40).mapToObj(i -> "lab-" + i).toList();
        assertThat(WaitingLine.of(0, 30, many, ENTER))
                .isEqualTo("waiting for slaves: 0 of 30 slaves joined, 30 missing; press Enter to start");
        assertThat(WaitingLine.of(0, 30, many, ""))
                .isEqualTo("waiting for slaves: 0 of 30 slaves joined, missing: lab-10, lab-11 and 28 more");
        for (int i = 0; i <= 30; i++) {
            assertThat(WaitingLine.of(30 - i, 30, many.subList(0, i), ENTER)).hasSizeLessThanOrEqualTo(79);
        }
    }
}
