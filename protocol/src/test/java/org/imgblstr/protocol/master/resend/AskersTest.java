package org.imgblstr.protocol.master.resend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Who alone asked for a track. */
class AskersTest {
    private final Askers askers = new Askers();

    @Test
    void theOnlySlaveThatAskedIsKnownUntilAnotherAsks() {
        askers.add(7, 3);
        askers.add(7, 3);
        assertThat(askers.of(7)).isEqualTo(3);
        assertThat(askers.of(8)).isEqualTo(Askers.SEVERAL);

        askers.add(7, 65_534);
        assertThat(askers.of(7)).isEqualTo(Askers.SEVERAL);
        askers.add(7, 3);
        assertThat(askers.of(7)).isEqualTo(Askers.SEVERAL);

        askers.remove(7);
        askers.add(7, 65_534);
        assertThat(askers.of(7)).isEqualTo(65_534);
    }

    @Test
    void itTellsWhatASetForEachTrackWouldTell() {
        SplittableRandom random = new SplittableRandom(1);
        Map<Integer, Set<Integer>> expected = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            int track = random.nextInt(3_000);
            if (random.nextInt(3) == 0) {
                askers.remove(track);
                expected.remove(track);
            } else {
                int slave = 1 + random.nextInt(3);
                askers.add(track, slave);
                expected.computeIfAbsent(track, key -> new HashSet<>()).add(slave);
            }
            Set<Integer> all = expected.getOrDefault(track, Set.of());
            assertThat(askers.of(track))
                    .isEqualTo(all.size() == 1 ? all.iterator().next() : Askers.SEVERAL);
        }
        askers.clear();
        assertThat(askers.of(expected.keySet().iterator().next())).isEqualTo(Askers.SEVERAL);
    }

    @Test
    void beyondItsBoundNobodyInParticularAsked() {
        for (int page = 0; page < 5_000; page++) {
            askers.add(page * 1024, 1);
        }
        assertThat(askers.of(0)).isEqualTo(1);
        assertThat(askers.of(4_999 * 1024)).isEqualTo(Askers.SEVERAL);
    }
}
