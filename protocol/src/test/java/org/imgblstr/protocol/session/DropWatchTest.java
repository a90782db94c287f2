package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropWatchTest {
    private final List<String> warnings = new ArrayList<>();
    private final DropWatch watch = new DropWatch(warnings::add);

    @Test
    void aFewDropsAreCountedWithoutAWarning() {
        assertThat(watch.onCount(99)).isEqualTo(99);
        watch.onEnd();
        assertThat(warnings).isEmpty();
    }

    @Test
    void manyDropsAreWarnedOfOnceAndTheirSumSaidAtTheEnd() {
        watch.onCount(150);
        watch.onCount(1500);
        assertThat(warnings).singleElement().asString().contains("150 so far", "sysctl -w net.core.rmem_max=");

        watch.onEnd();
        assertThat(warnings).hasSize(2);
        assertThat(warnings.get(1)).contains("1500 so far");
    }

    @Test
    void theCountFitsTheReport() {
        assertThat(watch.onCount(1L << 40)).isEqualTo(Integer.MAX_VALUE);
    }
}
