package org.imgblstr.disk.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameListTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | a and 2 more
            2 | a, b and 1 more
            3 | a, b, c
            4 | a, b, c
            """)
    void asManyAreNamedAsWereAllowed(int most, String text) {
        assertThat(NameList.of(List.of("a", "b", "c"), most)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0", "3"})
    void nobodyIsNothing(int most) {
        assertThat(NameList.of(List.of(), most)).isEmpty();
    }
}
