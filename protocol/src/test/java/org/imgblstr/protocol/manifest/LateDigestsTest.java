package org.imgblstr.protocol.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Digests of tracks that were sent without. */
class LateDigestsTest {
    private final LateDigests late = new LateDigests();
    private final Map<Integer, byte[]> taken = new HashMap<>();

    @Test
    void whatIsWantedIsHashedWhenItIsReadAndGivenOnce() {
        late.want(3);
        assertThat(late.isWanted(3)).isTrue();
        assertThat(late.isWanted(4)).isFalse();

        byte[] digest = new byte[32];
        late.found(3, digest);
        late.found(4, digest);
        assertThat(late.isWanted(3)).isFalse();
        late.want(3);
        assertThat(late.isWanted(3)).as("it is here and not taken yet").isFalse();

        late.take(taken::put);
        assertThat(taken).containsOnlyKeys(3);
        taken.clear();
        late.take(taken::put);
        assertThat(taken).isEmpty();
    }

    @Test
    void aTrackIsReadOnceForItsDigestAloneAndNotTooManyAtATime() {
        assertThat(late.wantNow(0)).isTrue();
        assertThat(late.wantNow(0)).isFalse();
        for (int track = 1; track < LateDigests.MOST_TO_READ; track++) {
            assertThat(late.wantNow(track)).isTrue();
        }
        assertThat(late.wantNow(1_000)).isFalse();
        assertThat(late.isWanted(1_000)).as("a repair may bring it").isTrue();

        late.found(0, new byte[32]);
        assertThat(late.wantNow(1_000)).isTrue();
        assertThat(late.wantNow(0)).as("it is here").isFalse();
    }
}
