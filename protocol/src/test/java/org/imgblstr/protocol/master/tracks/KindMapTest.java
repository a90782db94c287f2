package org.imgblstr.protocol.master.tracks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.imgblstr.codec.TrackKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KindMapTest {
    private static final List<TrackKind> KINDS = List.of(TrackKind.values());

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void countsDataTracksAsAListDoes(long seed) {
        // given
        Random random = new Random(seed);
        KindMap map = new KindMap();
        List<TrackKind> kinds = new ArrayList<>();
        while (kinds.size() < 20_000) {
            TrackKind kind = KINDS.get(random.nextInt(KINDS.size()));
            int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 5000 : 5);
            map.append(count, kind);
            for (int i = 0; i < count; i++) {
                kinds.add(kind);
            }
        }
        // when, then
        int data = 0;
        int used = 0;
        for (int track = 0; track < kinds.size(); track++) {
            assertThat(map.dataBefore(track)).isEqualTo(data);
            assertThat(map.kindOf(track)).isEqualTo(kinds.get(track));
            assertThat(map.usedBefore(track)).isEqualTo(used);
            data += kinds.get(track).isEncoded() ? 1 : 0;
            used += kinds.get(track) == TrackKind.UNUSED ? 0 : 1;
        }
        assertThat(map.dataCount()).isEqualTo(data);
        assertThat(map.dataBefore(kinds.size())).isEqualTo(data);
        assertThat(map.dataBefore(Integer.MAX_VALUE))
                .as("tracks not reached yet")
                .isEqualTo(data);
    }
}
