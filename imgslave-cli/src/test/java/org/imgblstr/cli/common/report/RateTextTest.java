package org.imgblstr.cli.common.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.imgblstr.cli.common.value.BitRateConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"100K", "400M", "999.5M", "1G", "1.5G", "40G", "12.345678M"})
    void aRateIsToldAsItWasGiven(String given) {
        assertThat(RateText.of(new BitRateConverter().convert(given))).isEqualTo(given);
    }

    @Test
    void theLimitNamesTheOptionAndItsValueAndOthersAreAsTheyWere() {
        assertThat(RateText.ofLimit("rate", 400_000_000)).isEqualTo("--rate 400M");
        assertThat(RateText.ofLimit("wire", 400_000_000)).isEqualTo("the network");
        assertThat(RateText.ofLimit("slave:pc3", 400_000_000)).isEqualTo("slave pc3");
    }
}
