package org.imgblstr.protocol.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForgeryWatchTest {
    private final List<String> said = new ArrayList<>();
    private final ForgeryWatch watch = new ForgeryWatch(said::add);
    private final SealCounts counts = new SealCounts();

    private void forge(long datagrams) {
        for (long i = 0; i < datagrams; i++) {
            counts.onBadTag();
        }
    }

    @Test
    void saysNothingOfAFewStrayDatagrams() {
        forge(ForgeryWatch.WORTH_A_WARNING - 1);
        watch.onCounts(counts);
        watch.onEnd(counts);

        assertThat(said).isEmpty();
    }

    @Test
    void whatANetworkDoesByItselfIsNoForgery() {
        for (int i = 0; i < 10_000; i++) {
            counts.onReplayed();
            counts.onUnknownEpoch();
        }
        watch.onEnd(counts);

        assertThat(said).isEmpty();
    }

    @Test
    void aRoomThatIsSwitchedOnTogetherIsNoFloodAndAFloodIsOne() {
        for (long i = 1; i < SealCounts.MOST_LIMITED; i++) {
            counts.onLimited();
        }
        watch.onCounts(counts);
        assertThat(said).isEmpty();

        counts.onLimited();
        watch.onCounts(counts);
        assertThat(said).hasSize(1);
    }

    @Test
    void saysItOnceAndTheTotalAtTheEnd() {
        forge(120);
        watch.onCounts(counts);
        forge(880);
        watch.onCounts(counts);

        assertThat(said).hasSize(1);
        assertThat(said.get(0)).contains("120 so far");

        counts.onOpen();
        watch.onEnd(counts);

        assertThat(said).hasSize(2);
        assertThat(said.get(1)).contains("1000 with a false seal").contains("1 not sealed");
    }

    @Test
    void whoComesTogetherAtTheEndIsSaidOnceOnly() {
        forge(120);
        watch.onEnd(counts);

        assertThat(said).singleElement().asString().contains("120 with a false seal");
    }

    /** All may come between two looks at the counts. */
    @Test
    void theTotalIsSaidAlsoWhenItHasNotGrownSinceTheWarning() {
        forge(2411);
        watch.onCounts(counts);
        watch.onEnd(counts);

        assertThat(said).hasSize(2);
        assertThat(said.get(0)).contains("2411 so far");
        assertThat(said.get(1)).contains("opened 0, not believed: 2411 with a false seal");
    }

    @Test
    void sumsTheCountsOfSeveralOpeners() {
        SealCounts other = new SealCounts();
        other.onBadTag();
        other.onLimited();
        other.onMalformed();
        forge(2);

        assertThat(counts.add(other).forged()).isEqualTo(4);
        assertThat(counts.limited()).isEqualTo(1);
        assertThat(counts.badTag()).isEqualTo(3);
    }
}
