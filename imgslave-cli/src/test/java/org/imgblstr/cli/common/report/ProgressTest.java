package org.imgblstr.cli.common.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void thePercentIsWhatIsDoneOfAllThatIsToBeDone() {
        assertThat(Progress.of("writing", 0, 0).percent()).isZero();
        assertThat(Progress.of("writing", 25, 100).percent()).isEqualTo(25);
        assertThat(at(69, Map.of(0, 31L, 1, 31L)).percent()).isEqualTo(69);
        assertThat(at(69, Map.of(0, 31L, 1, 97L)).percent())
                .as("slave 1 came late: 97 are to be sent yet, of 166")
                .isEqualTo(41);
        assertThat(at(100, Map.of(0, 0L, 1, 25L)).percent()).isEqualTo(80);
        assertThat(at(1000, Map.of(0, 0L, 1, 1L)).percent()).as("not all").isEqualTo(99);
        assertThat(at(100, Map.of(0, 0L, 1, 0L)).percent()).isEqualTo(100);
    }

    private static Progress at(long sent, Map<Integer, Long> left) {
        return new Progress("sending", sent, 100, 0, 100 - sent, left, List.of());
    }
}
