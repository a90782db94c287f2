package org.imgblstr.disk.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalsTest {
    @ParameterizedTest
    @CsvSource({
        "0.05, 1, 0.1",
        "0, 2, 0.00",
        "999.95, 1, 1000.0",
        "2.5, 0, 3",
        "-0.25, 1, -0.3",
        "1e21, 0, 1000000000000000000000",
        "NaN, 1, NaN"
    })
    void aNumberHasItsDigits(double value, int digits, String expected) {
        assertThat(Decimals.of(value, digits)).isEqualTo(expected);
    }

    @Test
    void numbersAreThoseOfTheFormatter() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 2000; i++) {
            double value = Math.scalb(random.nextDouble(), random.nextInt(60));
            int digits = random.nextInt(4);
            assertThat(Decimals.of(value, digits))
                    .as("%s with %d digits", value, digits)
                    .isEqualTo(String.format(Locale.ROOT, "%." + digits + "f", value));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 00", "7, 07", "10, 10", "123, 123", "-3, -3"})
    void twoDigitsAtLeast(long value, String expected) {
        assertThat(Decimals.ofTwo(value)).isEqualTo(expected);
    }
}
